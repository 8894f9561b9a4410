CREATE TABLE market_days (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	day INTEGER NOT NULL,
	briefed_at INTEGER,
	closed_at INTEGER,
	trades TEXT,
	still_broken TEXT,
	CONSTRAINT pk_market_days PRIMARY KEY (id),
	CONSTRAINT uq_market_days_user_id_day UNIQUE (user_id, day),
	CONSTRAINT ck_market_days_closed CHECK ((closed_at IS NULL) = (trades IS NULL) AND (closed_at IS NULL) = (still_broken IS NULL)),
	CONSTRAINT ck_market_days_reason CHECK (briefed_at IS NOT NULL OR closed_at IS NOT NULL),
	CONSTRAINT fk_market_days_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE user_progress (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	streak INTEGER NOT NULL,
	best_streak INTEGER NOT NULL,
	adherent_days INTEGER NOT NULL,
	closed_trades INTEGER NOT NULL,
	banked_days INTEGER NOT NULL,
	prestige INTEGER NOT NULL,
	settled_day INTEGER NOT NULL,
	is_game_off INTEGER NOT NULL,
	CONSTRAINT pk_user_progress PRIMARY KEY (id),
	CONSTRAINT ck_user_progress_counts CHECK (streak >= 0 AND best_streak >= streak AND adherent_days >= best_streak AND closed_trades >= 0 AND banked_days >= 0 AND prestige >= 0),
	CONSTRAINT uq_user_progress_user_id UNIQUE (user_id),
	CONSTRAINT fk_user_progress_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE xp_transactions (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	cause TEXT NOT NULL,
	kind TEXT NOT NULL,
	base INTEGER NOT NULL,
	amount INTEGER NOT NULL,
	day INTEGER NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_xp_transactions PRIMARY KEY (id),
	CONSTRAINT uq_xp_transactions_user_id_cause UNIQUE (user_id, cause),
	CONSTRAINT ck_xp_transactions_kind_known CHECK (kind IN ('ADHERENT_DAY', 'ADHERENT_WEEK', 'DIARY', 'LESSON', 'PERFECT_QUIZ', 'ACHIEVEMENT', 'CHALLENGE', 'PRESTIGE', 'PURCHASE')),
	CONSTRAINT ck_xp_transactions_spending CHECK ((amount < 0) = (kind IN ('PRESTIGE', 'PURCHASE'))),
	CONSTRAINT ck_xp_transactions_amount CHECK (amount <> 0 AND amount <= 1000 AND base >= 0),
	CONSTRAINT fk_xp_transactions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_xp_transactions_day ON xp_transactions (user_id, day);

CREATE TRIGGER tr_xp_transactions_no_update BEFORE UPDATE ON xp_transactions BEGIN SELECT RAISE(ABORT, 'xp_transactions rows are never edited'); END;

CREATE TRIGGER tr_xp_transactions_no_delete BEFORE DELETE ON xp_transactions BEGIN SELECT RAISE(ABORT, 'xp_transactions rows are never edited'); END;
