CREATE TABLE achievements (
	id INTEGER NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	text TEXT NOT NULL,
	about TEXT NOT NULL,
	condition TEXT NOT NULL,
	least INTEGER NOT NULL,
	subject TEXT NOT NULL,
	xp INTEGER NOT NULL,
	CONSTRAINT pk_achievements PRIMARY KEY (id),
	CONSTRAINT uq_achievements_code UNIQUE (code),
	CONSTRAINT ck_achievements_about_known CHECK (about IN ('ADHERENCE', 'RISK', 'KNOWLEDGE', 'PRACTICE', 'STRATEGIES', 'COMMUNITY')),
	CONSTRAINT ck_achievements_figures CHECK (least >= 1 AND xp BETWEEN 0 AND 500)
)
 STRICT;

CREATE TABLE board_members (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	board TEXT NOT NULL,
	pseudonym TEXT NOT NULL,
	folded TEXT NOT NULL,
	since INTEGER NOT NULL,
	CONSTRAINT pk_board_members PRIMARY KEY (id),
	CONSTRAINT uq_board_members_user_id_board UNIQUE (user_id, board),
	CONSTRAINT uq_board_members_board_folded UNIQUE (board, folded),
	CONSTRAINT ck_board_members_board_known CHECK (board IN ('ADHERENCE', 'CALIBRATION')),
	CONSTRAINT ck_board_members_pseudonym CHECK (length(pseudonym) BETWEEN 3 AND 20),
	CONSTRAINT ck_board_members_folded CHECK (folded = lower(pseudonym)),
	CONSTRAINT fk_board_members_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE challenges (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	day INTEGER NOT NULL,
	place INTEGER NOT NULL,
	code TEXT NOT NULL,
	met_at INTEGER,
	CONSTRAINT pk_challenges PRIMARY KEY (id),
	CONSTRAINT uq_challenges_user_id_day_place UNIQUE (user_id, day, place),
	CONSTRAINT uq_challenges_user_id_day_code UNIQUE (user_id, day, code),
	CONSTRAINT ck_challenges_place CHECK (place BETWEEN 0 AND 2),
	CONSTRAINT fk_challenges_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE forecasts (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	signal_id INTEGER NOT NULL,
	percent INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_forecasts PRIMARY KEY (id),
	CONSTRAINT uq_forecasts_user_id_signal_id UNIQUE (user_id, signal_id),
	CONSTRAINT ck_forecasts_percent CHECK (percent BETWEEN 1 AND 99),
	CONSTRAINT fk_forecasts_user_id FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT fk_forecasts_signal_id FOREIGN KEY(signal_id) REFERENCES signals (id)
)
 STRICT;

CREATE INDEX ix_forecasts_user ON forecasts (user_id, at);

CREATE TABLE gear (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	code TEXT NOT NULL,
	origin TEXT NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_gear PRIMARY KEY (id),
	CONSTRAINT uq_gear_user_id_code UNIQUE (user_id, code),
	CONSTRAINT ck_gear_origin_known CHECK (origin IN ('UNLOCKED', 'BOUGHT')),
	CONSTRAINT fk_gear_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE user_achievements (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	achievement_id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_user_achievements PRIMARY KEY (id),
	CONSTRAINT uq_user_achievements_user_id_achievement_id UNIQUE (user_id, achievement_id),
	CONSTRAINT fk_user_achievements_user_id FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT fk_user_achievements_achievement_id FOREIGN KEY(achievement_id) REFERENCES achievements (id)
)
 STRICT;

CREATE TABLE gear_worn (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	slot TEXT NOT NULL,
	place INTEGER NOT NULL,
	gear_id INTEGER NOT NULL,
	CONSTRAINT pk_gear_worn PRIMARY KEY (id),
	CONSTRAINT uq_gear_worn_user_id_slot_place UNIQUE (user_id, slot, place),
	CONSTRAINT ck_gear_worn_slot_known CHECK (slot IN ('INDICATOR', 'STRATEGY', 'SAFETY', 'THEME', 'VOICE')),
	CONSTRAINT ck_gear_worn_place CHECK (place BETWEEN 0 AND 1),
	CONSTRAINT fk_gear_worn_user_id FOREIGN KEY(user_id) REFERENCES users (id),
	CONSTRAINT uq_gear_worn_gear_id UNIQUE (gear_id),
	CONSTRAINT fk_gear_worn_gear_id FOREIGN KEY(gear_id) REFERENCES gear (id)
)
 STRICT;
