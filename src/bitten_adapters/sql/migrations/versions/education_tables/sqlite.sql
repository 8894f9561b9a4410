CREATE TABLE diary_entries (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	day INTEGER NOT NULL,
	text TEXT NOT NULL,
	account TEXT,
	ticket INTEGER,
	mood TEXT,
	CONSTRAINT pk_diary_entries PRIMARY KEY (id),
	CONSTRAINT uq_diary_entries_public_id UNIQUE (public_id),
	CONSTRAINT ck_diary_entries_mood_known CHECK (mood IS NULL OR mood IN ('CALM', 'CONFIDENT', 'UNSURE', 'IMPATIENT', 'FRUSTRATED', 'TIRED')),
	CONSTRAINT ck_diary_entries_trade CHECK ((account IS NULL) = (ticket IS NULL)),
	CONSTRAINT ck_diary_entries_text CHECK (length(text) BETWEEN 1 AND 4000),
	CONSTRAINT fk_diary_entries_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_diary_entries_user ON diary_entries (user_id, at);

CREATE TABLE lessons (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	course TEXT NOT NULL,
	lesson TEXT NOT NULL,
	version INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_lessons PRIMARY KEY (id),
	CONSTRAINT uq_lessons_user_id_course_lesson UNIQUE (user_id, course, lesson),
	CONSTRAINT ck_lessons_version CHECK (version >= 1),
	CONSTRAINT fk_lessons_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE missions (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	mission TEXT NOT NULL,
	version INTEGER NOT NULL,
	at INTEGER NOT NULL,
	evidence TEXT NOT NULL,
	CONSTRAINT pk_missions PRIMARY KEY (id),
	CONSTRAINT uq_missions_user_id_mission UNIQUE (user_id, mission),
	CONSTRAINT ck_missions_version CHECK (version >= 1),
	CONSTRAINT fk_missions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE quiz_results (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	quiz TEXT NOT NULL,
	version INTEGER NOT NULL,
	at INTEGER NOT NULL,
	pass_percent INTEGER NOT NULL,
	answers TEXT NOT NULL,
	is_passed INTEGER NOT NULL,
	CONSTRAINT pk_quiz_results PRIMARY KEY (id),
	CONSTRAINT uq_quiz_results_public_id UNIQUE (public_id),
	CONSTRAINT ck_quiz_results_mark CHECK (pass_percent BETWEEN 1 AND 100 AND version >= 1),
	CONSTRAINT fk_quiz_results_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_quiz_results_user ON quiz_results (user_id, quiz);
