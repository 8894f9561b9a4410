CREATE TABLE market_days (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	day BIGINT NOT NULL,
	briefed_at TIMESTAMP WITH TIME ZONE,
	closed_at TIMESTAMP WITH TIME ZONE,
	trades TEXT COLLATE "C",
	still_broken TEXT COLLATE "C",
	CONSTRAINT pk_market_days PRIMARY KEY (id),
	CONSTRAINT uq_market_days_user_id_day UNIQUE (user_id, day),
	CONSTRAINT ck_market_days_closed CHECK ((closed_at IS NULL) = (trades IS NULL) AND (closed_at IS NULL) = (still_broken IS NULL)),
	CONSTRAINT ck_market_days_reason CHECK (briefed_at IS NOT NULL OR closed_at IS NOT NULL),
	CONSTRAINT fk_market_days_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE market_days IS 'Market days of people: whether they prepared for one, and what was closed on it.';

CREATE TABLE user_progress (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	streak BIGINT NOT NULL,
	best_streak BIGINT NOT NULL,
	adherent_days BIGINT NOT NULL,
	closed_trades BIGINT NOT NULL,
	banked_days BIGINT NOT NULL,
	prestige BIGINT NOT NULL,
	settled_day BIGINT NOT NULL,
	is_game_off BOOLEAN NOT NULL,
	CONSTRAINT pk_user_progress PRIMARY KEY (id),
	CONSTRAINT ck_user_progress_counts CHECK (streak >= 0 AND best_streak >= streak AND adherent_days >= best_streak AND closed_trades >= 0 AND banked_days >= 0 AND prestige >= 0),
	CONSTRAINT uq_user_progress_user_id UNIQUE (user_id),
	CONSTRAINT fk_user_progress_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE user_progress IS 'Where people stand beyond the ledger.';

CREATE TABLE xp_transactions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	cause TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	base BIGINT NOT NULL,
	amount BIGINT NOT NULL,
	day BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_xp_transactions PRIMARY KEY (id),
	CONSTRAINT uq_xp_transactions_user_id_cause UNIQUE (user_id, cause),
	CONSTRAINT ck_xp_transactions_kind_known CHECK (kind IN ('ADHERENT_DAY', 'ADHERENT_WEEK', 'DIARY', 'LESSON', 'PERFECT_QUIZ', 'ACHIEVEMENT', 'CHALLENGE', 'PRESTIGE', 'PURCHASE')),
	CONSTRAINT ck_xp_transactions_spending CHECK ((amount < 0) = (kind IN ('PRESTIGE', 'PURCHASE'))),
	CONSTRAINT ck_xp_transactions_amount CHECK (amount <> 0 AND amount <= 1000 AND base >= 0),
	CONSTRAINT fk_xp_transactions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_xp_transactions_day ON xp_transactions (user_id, day);

COMMENT ON TABLE xp_transactions IS 'The XP ledger; rows never change, and a cause is booked once.';

CREATE TRIGGER tr_xp_transactions_no_update BEFORE UPDATE ON xp_transactions FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_xp_transactions_no_delete BEFORE DELETE ON xp_transactions FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_xp_transactions_no_truncate BEFORE TRUNCATE ON xp_transactions FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();
