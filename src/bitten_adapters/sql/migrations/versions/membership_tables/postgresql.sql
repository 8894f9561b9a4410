CREATE TABLE gateway_events (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	gateway TEXT COLLATE "C" NOT NULL,
	event_id TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	sequence BIGINT NOT NULL,
	user_public_id TEXT COLLATE "C" NOT NULL,
	subscription_ref TEXT COLLATE "C" NOT NULL,
	plan_id TEXT COLLATE "C" NOT NULL,
	period_start TIMESTAMP WITH TIME ZONE,
	period_end TIMESTAMP WITH TIME ZONE,
	payment_ref TEXT COLLATE "C" NOT NULL,
	amount NUMERIC(18, 2),
	currency TEXT COLLATE "C",
	is_test BOOLEAN NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_gateway_events PRIMARY KEY (id),
	CONSTRAINT uq_gateway_events_gateway_event_id UNIQUE (gateway, event_id),
	CONSTRAINT ck_gateway_events_kind_known CHECK (kind IN ('TRIAL_STARTED', 'PERIOD_PAID', 'PAYMENT_FAILED', 'PLAN_SCHEDULED', 'CANCEL_REQUESTED', 'CANCEL_WITHDRAWN', 'REFUNDED', 'ENDED')),
	CONSTRAINT ck_gateway_events_sequence CHECK (sequence >= 0),
	CONSTRAINT ck_gateway_events_period CHECK ((period_start IS NULL) = (period_end IS NULL)),
	CONSTRAINT ck_gateway_events_span CHECK (period_end IS NULL OR period_end > period_start),
	CONSTRAINT ck_gateway_events_payment CHECK ((amount IS NULL) = (payment_ref = '') AND (amount IS NULL) = (currency IS NULL)),
	CONSTRAINT ck_gateway_events_amount CHECK (amount IS NULL OR amount >= 0)
);

CREATE INDEX ix_gateway_events_subscription ON gateway_events (gateway, subscription_ref);

COMMENT ON TABLE gateway_events IS 'What payment gateways told, each event once; subscriptions and payments are worked out from these rows.';

CREATE TABLE press_pass_days (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	day BIGINT NOT NULL,
	most BIGINT NOT NULL,
	CONSTRAINT pk_press_pass_days PRIMARY KEY (id),
	CONSTRAINT uq_press_pass_days_day UNIQUE (day),
	CONSTRAINT ck_press_pass_days_most CHECK (most >= 0)
);

COMMENT ON TABLE press_pass_days IS 'Days on which press passes are given: whoever claims holds the row, and the count is that of the passes.';

CREATE TABLE subscription_plans (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	plan_id TEXT COLLATE "C" NOT NULL,
	tier TEXT COLLATE "C" NOT NULL,
	price NUMERIC(18, 2) NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	is_offered BOOLEAN NOT NULL,
	CONSTRAINT pk_subscription_plans PRIMARY KEY (id),
	CONSTRAINT uq_subscription_plans_plan_id UNIQUE (plan_id),
	CONSTRAINT ck_subscription_plans_tier CHECK (tier IN ('NIBBLER', 'FANG', 'COMMANDER', 'APEX')),
	CONSTRAINT ck_subscription_plans_price CHECK (price > 0),
	CONSTRAINT ck_subscription_plans_currency CHECK (length(currency) = 3)
);

COMMENT ON TABLE subscription_plans IS 'Monthly plans; they are never deleted, only no longer offered.';

CREATE TABLE payment_transactions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	gateway TEXT COLLATE "C" NOT NULL,
	payment_ref TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	subscription_ref TEXT COLLATE "C" NOT NULL,
	plan_id TEXT COLLATE "C" NOT NULL,
	amount NUMERIC(18, 2) NOT NULL,
	refunded NUMERIC(18, 2) NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	paid_at TIMESTAMP WITH TIME ZONE NOT NULL,
	refunded_at TIMESTAMP WITH TIME ZONE,
	is_test BOOLEAN NOT NULL,
	CONSTRAINT pk_payment_transactions PRIMARY KEY (id),
	CONSTRAINT uq_payment_transactions_gateway_payment_ref UNIQUE (gateway, payment_ref),
	CONSTRAINT ck_payment_transactions_amount CHECK (amount >= 0 AND refunded BETWEEN 0 AND amount),
	CONSTRAINT ck_payment_transactions_refund CHECK (refunded = 0 OR refunded_at IS NOT NULL),
	CONSTRAINT ck_payment_transactions_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_payment_transactions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_payment_transactions_user ON payment_transactions (user_id, paid_at);

COMMENT ON TABLE payment_transactions IS 'Money that moved, as gateways say, with what was given back.';

CREATE TABLE press_passes (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	telegram_key BYTEA NOT NULL,
	user_id BIGINT,
	day BIGINT NOT NULL,
	claimed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	activated_at TIMESTAMP WITH TIME ZONE,
	converted_at TIMESTAMP WITH TIME ZONE,
	revoked_at TIMESTAMP WITH TIME ZONE,
	reminders_sent BIGINT NOT NULL,
	wants_reminders BOOLEAN NOT NULL,
	score_day BIGINT NOT NULL,
	score_points BIGINT NOT NULL,
	CONSTRAINT pk_press_passes PRIMARY KEY (id),
	CONSTRAINT uq_press_passes_telegram_key UNIQUE (telegram_key),
	CONSTRAINT uq_press_passes_user_id UNIQUE (user_id),
	CONSTRAINT ck_press_passes_key CHECK (length(telegram_key) = 32),
	CONSTRAINT ck_press_passes_span CHECK (ends_at > claimed_at),
	CONSTRAINT ck_press_passes_reminders CHECK (reminders_sent BETWEEN 0 AND 2),
	CONSTRAINT ck_press_passes_score CHECK (score_points >= 0),
	CONSTRAINT fk_press_passes_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_press_passes_day ON press_passes (day);

COMMENT ON TABLE press_passes IS 'Press passes, one in the life of a Telegram id; the keyed hash of the id outlives its person.';

CREATE TABLE trial_marks (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	telegram_key BYTEA NOT NULL,
	user_id BIGINT,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_trial_marks PRIMARY KEY (id),
	CONSTRAINT uq_trial_marks_telegram_key UNIQUE (telegram_key),
	CONSTRAINT ck_trial_marks_key CHECK (length(telegram_key) = 32),
	CONSTRAINT fk_trial_marks_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_trial_marks_user ON trial_marks (user_id);

COMMENT ON TABLE trial_marks IS 'Trials that were given, one in the life of a Telegram id; the keyed hash of the id outlives its person.';

CREATE TABLE user_subscriptions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	gateway TEXT COLLATE "C" NOT NULL,
	subscription_ref TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
	periods TEXT COLLATE "C" NOT NULL,
	next_plan_id TEXT COLLATE "C" NOT NULL,
	next_tier TEXT COLLATE "C",
	cancelled_at TIMESTAMP WITH TIME ZONE,
	failed_at TIMESTAMP WITH TIME ZONE,
	events BIGINT NOT NULL,
	is_test BOOLEAN NOT NULL,
	is_current BOOLEAN NOT NULL,
	CONSTRAINT pk_user_subscriptions PRIMARY KEY (id),
	CONSTRAINT uq_user_subscriptions_gateway_subscription_ref UNIQUE (gateway, subscription_ref),
	CONSTRAINT ck_user_subscriptions_next_tier_known CHECK (next_tier IS NULL OR next_tier IN ('NONE', 'PRESS_PASS', 'NIBBLER', 'FANG', 'COMMANDER', 'APEX')),
	CONSTRAINT ck_user_subscriptions_next_plan CHECK ((next_tier IS NULL) = (next_plan_id = '')),
	CONSTRAINT ck_user_subscriptions_events CHECK (events >= 0),
	CONSTRAINT fk_user_subscriptions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_user_subscriptions_user ON user_subscriptions (user_id);

CREATE UNIQUE INDEX uq_user_subscriptions_current ON user_subscriptions (user_id) WHERE is_current;

COMMENT ON TABLE user_subscriptions IS 'Subscriptions as their events tell them: it can be dropped and worked out anew.';
