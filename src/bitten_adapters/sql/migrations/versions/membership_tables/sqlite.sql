CREATE TABLE gateway_events (
	id INTEGER NOT NULL,
	gateway TEXT NOT NULL,
	event_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	user_public_id TEXT NOT NULL,
	subscription_ref TEXT NOT NULL,
	plan_id TEXT NOT NULL,
	period_start INTEGER,
	period_end INTEGER,
	payment_ref TEXT NOT NULL,
	amount INTEGER,
	currency TEXT,
	is_test INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	CONSTRAINT pk_gateway_events PRIMARY KEY (id),
	CONSTRAINT uq_gateway_events_gateway_event_id UNIQUE (gateway, event_id),
	CONSTRAINT ck_gateway_events_kind_known CHECK (kind IN ('TRIAL_STARTED', 'PERIOD_PAID', 'PAYMENT_FAILED', 'PLAN_SCHEDULED', 'CANCEL_REQUESTED', 'CANCEL_WITHDRAWN', 'REFUNDED', 'ENDED')),
	CONSTRAINT ck_gateway_events_sequence CHECK (sequence >= 0),
	CONSTRAINT ck_gateway_events_period CHECK ((period_start IS NULL) = (period_end IS NULL)),
	CONSTRAINT ck_gateway_events_span CHECK (period_end IS NULL OR period_end > period_start),
	CONSTRAINT ck_gateway_events_payment CHECK ((amount IS NULL) = (payment_ref = '') AND (amount IS NULL) = (currency IS NULL)),
	CONSTRAINT ck_gateway_events_amount CHECK (amount IS NULL OR amount >= 0)
)
 STRICT;

CREATE INDEX ix_gateway_events_subscription ON gateway_events (gateway, subscription_ref);

CREATE TABLE press_pass_days (
	id INTEGER NOT NULL,
	day INTEGER NOT NULL,
	most INTEGER NOT NULL,
	CONSTRAINT pk_press_pass_days PRIMARY KEY (id),
	CONSTRAINT uq_press_pass_days_day UNIQUE (day),
	CONSTRAINT ck_press_pass_days_most CHECK (most >= 0)
)
 STRICT;

CREATE TABLE subscription_plans (
	id INTEGER NOT NULL,
	plan_id TEXT NOT NULL,
	tier TEXT NOT NULL,
	price INTEGER NOT NULL,
	currency TEXT NOT NULL,
	is_offered INTEGER NOT NULL,
	CONSTRAINT pk_subscription_plans PRIMARY KEY (id),
	CONSTRAINT uq_subscription_plans_plan_id UNIQUE (plan_id),
	CONSTRAINT ck_subscription_plans_tier CHECK (tier IN ('NIBBLER', 'FANG', 'COMMANDER', 'APEX')),
	CONSTRAINT ck_subscription_plans_price CHECK (price > 0),
	CONSTRAINT ck_subscription_plans_currency CHECK (length(currency) = 3)
)
 STRICT;

CREATE TABLE payment_transactions (
	id INTEGER NOT NULL,
	gateway TEXT NOT NULL,
	payment_ref TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	subscription_ref TEXT NOT NULL,
	plan_id TEXT NOT NULL,
	amount INTEGER NOT NULL,
	refunded INTEGER NOT NULL,
	currency TEXT NOT NULL,
	paid_at INTEGER NOT NULL,
	refunded_at INTEGER,
	is_test INTEGER NOT NULL,
	CONSTRAINT pk_payment_transactions PRIMARY KEY (id),
	CONSTRAINT uq_payment_transactions_gateway_payment_ref UNIQUE (gateway, payment_ref),
	CONSTRAINT ck_payment_transactions_amount CHECK (amount >= 0 AND refunded BETWEEN 0 AND amount),
	CONSTRAINT ck_payment_transactions_refund CHECK (refunded = 0 OR refunded_at IS NOT NULL),
	CONSTRAINT ck_payment_transactions_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_payment_transactions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_payment_transactions_user ON payment_transactions (user_id, paid_at);

CREATE TABLE press_passes (
	id INTEGER NOT NULL,
	telegram_key BLOB NOT NULL,
	user_id INTEGER,
	day INTEGER NOT NULL,
	claimed_at INTEGER NOT NULL,
	ends_at INTEGER NOT NULL,
	activated_at INTEGER,
	converted_at INTEGER,
	revoked_at INTEGER,
	reminders_sent INTEGER NOT NULL,
	wants_reminders INTEGER NOT NULL,
	score_day INTEGER NOT NULL,
	score_points INTEGER NOT NULL,
	CONSTRAINT pk_press_passes PRIMARY KEY (id),
	CONSTRAINT uq_press_passes_telegram_key UNIQUE (telegram_key),
	CONSTRAINT uq_press_passes_user_id UNIQUE (user_id),
	CONSTRAINT ck_press_passes_key CHECK (length(telegram_key) = 32),
	CONSTRAINT ck_press_passes_span CHECK (ends_at > claimed_at),
	CONSTRAINT ck_press_passes_reminders CHECK (reminders_sent BETWEEN 0 AND 2),
	CONSTRAINT ck_press_passes_score CHECK (score_points >= 0),
	CONSTRAINT fk_press_passes_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_press_passes_day ON press_passes (day);

CREATE TABLE trial_marks (
	id INTEGER NOT NULL,
	telegram_key BLOB NOT NULL,
	user_id INTEGER,
	at INTEGER NOT NULL,
	CONSTRAINT pk_trial_marks PRIMARY KEY (id),
	CONSTRAINT uq_trial_marks_telegram_key UNIQUE (telegram_key),
	CONSTRAINT ck_trial_marks_key CHECK (length(telegram_key) = 32),
	CONSTRAINT fk_trial_marks_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_trial_marks_user ON trial_marks (user_id);

CREATE TABLE user_subscriptions (
	id INTEGER NOT NULL,
	gateway TEXT NOT NULL,
	subscription_ref TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	begun_at INTEGER NOT NULL,
	periods TEXT NOT NULL,
	next_plan_id TEXT NOT NULL,
	next_tier TEXT,
	cancelled_at INTEGER,
	failed_at INTEGER,
	events INTEGER NOT NULL,
	is_test INTEGER NOT NULL,
	is_current INTEGER NOT NULL,
	CONSTRAINT pk_user_subscriptions PRIMARY KEY (id),
	CONSTRAINT uq_user_subscriptions_gateway_subscription_ref UNIQUE (gateway, subscription_ref),
	CONSTRAINT ck_user_subscriptions_next_tier_known CHECK (next_tier IS NULL OR next_tier IN ('NONE', 'PRESS_PASS', 'NIBBLER', 'FANG', 'COMMANDER', 'APEX')),
	CONSTRAINT ck_user_subscriptions_next_plan CHECK ((next_tier IS NULL) = (next_plan_id = '')),
	CONSTRAINT ck_user_subscriptions_events CHECK (events >= 0),
	CONSTRAINT fk_user_subscriptions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_user_subscriptions_user ON user_subscriptions (user_id);

CREATE UNIQUE INDEX uq_user_subscriptions_current ON user_subscriptions (user_id) WHERE is_current;
