CREATE TABLE achievements (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	code TEXT COLLATE "C" NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	text TEXT COLLATE "C" NOT NULL,
	about TEXT COLLATE "C" NOT NULL,
	condition TEXT COLLATE "C" NOT NULL,
	least BIGINT NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	xp BIGINT NOT NULL,
	CONSTRAINT pk_achievements PRIMARY KEY (id),
	CONSTRAINT uq_achievements_code UNIQUE (code),
	CONSTRAINT ck_achievements_about_known CHECK (about IN ('ADHERENCE', 'RISK', 'KNOWLEDGE', 'PRACTICE', 'STRATEGIES', 'COMMUNITY')),
	CONSTRAINT ck_achievements_figures CHECK (least >= 1 AND xp BETWEEN 0 AND 500)
);

COMMENT ON TABLE achievements IS 'Achievements as they were published; one that is no more stays for those who have it.';

CREATE TABLE board_members (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	board TEXT COLLATE "C" NOT NULL,
	pseudonym TEXT COLLATE "C" NOT NULL,
	folded TEXT COLLATE "C" NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_board_members PRIMARY KEY (id),
	CONSTRAINT uq_board_members_user_id_board UNIQUE (user_id, board),
	CONSTRAINT uq_board_members_board_folded UNIQUE (board, folded),
	CONSTRAINT ck_board_members_board_known CHECK (board IN ('ADHERENCE', 'CALIBRATION')),
	CONSTRAINT ck_board_members_pseudonym CHECK (length(pseudonym) BETWEEN 3 AND 20),
	CONSTRAINT ck_board_members_folded CHECK (folded = lower(pseudonym)),
	CONSTRAINT fk_board_members_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE board_members IS 'Who asked to be ranked, under which name.';

CREATE TABLE challenges (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	day BIGINT NOT NULL,
	place BIGINT NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	met_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_challenges PRIMARY KEY (id),
	CONSTRAINT uq_challenges_user_id_day_place UNIQUE (user_id, day, place),
	CONSTRAINT uq_challenges_user_id_day_code UNIQUE (user_id, day, code),
	CONSTRAINT ck_challenges_place CHECK (place BETWEEN 0 AND 2),
	CONSTRAINT fk_challenges_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE challenges IS 'Challenges that were set for people''s days, and when they were found met.';

CREATE TABLE forecasts (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	signal_id BIGINT NOT NULL,
	percent BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_forecasts PRIMARY KEY (id),
	CONSTRAINT uq_forecasts_user_id_signal_id UNIQUE (user_id, signal_id),
	CONSTRAINT ck_forecasts_percent CHECK (percent BETWEEN 1 AND 99),
	CONSTRAINT fk_forecasts_user_id FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT fk_forecasts_signal_id FOREIGN KEY(signal_id) REFERENCES signals (id)
);

CREATE INDEX ix_forecasts_user ON forecasts (user_id, at);

COMMENT ON TABLE forecasts IS 'Chances people gave to signals before their outcome was known, never changed.';

CREATE TABLE gear (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	code TEXT COLLATE "C" NOT NULL,
	origin TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_gear PRIMARY KEY (id),
	CONSTRAINT uq_gear_user_id_code UNIQUE (user_id, code),
	CONSTRAINT ck_gear_origin_known CHECK (origin IN ('UNLOCKED', 'BOUGHT')),
	CONSTRAINT fk_gear_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE gear IS 'Gear and goods of the shop that people own; nothing is taken back.';

CREATE TABLE user_achievements (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	achievement_id BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_user_achievements PRIMARY KEY (id),
	CONSTRAINT uq_user_achievements_user_id_achievement_id UNIQUE (user_id, achievement_id),
	CONSTRAINT fk_user_achievements_user_id FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT fk_user_achievements_achievement_id FOREIGN KEY(achievement_id) REFERENCES achievements (id)
);

COMMENT ON TABLE user_achievements IS 'Who has which achievement, each once.';

CREATE TABLE gear_worn (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	slot TEXT COLLATE "C" NOT NULL,
	place BIGINT NOT NULL,
	gear_id BIGINT NOT NULL,
	CONSTRAINT pk_gear_worn PRIMARY KEY (id),
	CONSTRAINT uq_gear_worn_user_id_slot_place UNIQUE (user_id, slot, place),
	CONSTRAINT ck_gear_worn_slot_known CHECK (slot IN ('INDICATOR', 'STRATEGY', 'SAFETY', 'THEME', 'VOICE')),
	CONSTRAINT ck_gear_worn_place CHECK (place BETWEEN 0 AND 1),
	CONSTRAINT fk_gear_worn_user_id FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT uq_gear_worn_gear_id UNIQUE (gear_id),
	CONSTRAINT fk_gear_worn_gear_id FOREIGN KEY(gear_id) REFERENCES gear (id)
);

COMMENT ON TABLE gear_worn IS 'What people have put where.';
