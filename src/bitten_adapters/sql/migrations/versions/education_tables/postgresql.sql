CREATE TABLE diary_entries (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	day BIGINT NOT NULL,
	text TEXT COLLATE "C" NOT NULL,
	account TEXT COLLATE "C",
	ticket BIGINT,
	mood TEXT COLLATE "C",
	CONSTRAINT pk_diary_entries PRIMARY KEY (id),
	CONSTRAINT uq_diary_entries_public_id UNIQUE (public_id),
	CONSTRAINT ck_diary_entries_mood_known CHECK (mood IS NULL OR mood IN ('CALM', 'CONFIDENT', 'UNSURE', 'IMPATIENT', 'FRUSTRATED', 'TIRED')),
	CONSTRAINT ck_diary_entries_trade CHECK ((account IS NULL) = (ticket IS NULL)),
	CONSTRAINT ck_diary_entries_text CHECK (length(text) BETWEEN 1 AND 4000),
	CONSTRAINT fk_diary_entries_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_diary_entries_user ON diary_entries (user_id, at);

COMMENT ON TABLE diary_entries IS 'What people wrote to themselves; nobody else reads it.';

CREATE TABLE lessons (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	course TEXT COLLATE "C" NOT NULL,
	lesson TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_lessons PRIMARY KEY (id),
	CONSTRAINT uq_lessons_user_id_course_lesson UNIQUE (user_id, course, lesson),
	CONSTRAINT ck_lessons_version CHECK (version >= 1),
	CONSTRAINT fk_lessons_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE lessons IS 'Lessons people have read, each once.';

CREATE TABLE missions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	mission TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	evidence TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_missions PRIMARY KEY (id),
	CONSTRAINT uq_missions_user_id_mission UNIQUE (user_id, mission),
	CONSTRAINT ck_missions_version CHECK (version >= 1),
	CONSTRAINT fk_missions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE missions IS 'Missions people have fulfilled, each once, with what fulfilled them.';

CREATE TABLE quiz_results (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	quiz TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	pass_percent BIGINT NOT NULL,
	answers TEXT COLLATE "C" NOT NULL,
	is_passed BOOLEAN NOT NULL,
	CONSTRAINT pk_quiz_results PRIMARY KEY (id),
	CONSTRAINT uq_quiz_results_public_id UNIQUE (public_id),
	CONSTRAINT ck_quiz_results_mark CHECK (pass_percent BETWEEN 1 AND 100 AND version >= 1),
	CONSTRAINT fk_quiz_results_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_quiz_results_user ON quiz_results (user_id, quiz);

COMMENT ON TABLE quiz_results IS 'Tries at quizzes, graded by the mark that held then.';
