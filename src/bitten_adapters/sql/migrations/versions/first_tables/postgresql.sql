CREATE TABLE accounts (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	user_public_id TEXT COLLATE "C" NOT NULL,
	broker TEXT COLLATE "C" NOT NULL,
	is_live BOOLEAN NOT NULL,
	is_netting BOOLEAN NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	opening NUMERIC(18, 2) NOT NULL,
	balance NUMERIC(18, 2) NOT NULL,
	leverage NUMERIC NOT NULL,
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	standing TEXT COLLATE "C" NOT NULL,
	standing_reason TEXT COLLATE "C" NOT NULL,
	epoch BIGINT NOT NULL,
	next_sequence BIGINT NOT NULL,
	last_deal BIGINT NOT NULL,
	CONSTRAINT pk_accounts PRIMARY KEY (id),
	CONSTRAINT uq_accounts_public_id UNIQUE (public_id),
	CONSTRAINT uq_accounts_epoch UNIQUE (epoch),
	CONSTRAINT ck_accounts_standing_known CHECK (standing IN ('COLD', 'READY', 'FROZEN')),
	CONSTRAINT ck_accounts_currency CHECK (length(currency) = 3),
	CONSTRAINT ck_accounts_leverage CHECK (CAST(leverage AS REAL) > 0),
	CONSTRAINT ck_accounts_epoch CHECK (epoch >= 1 AND epoch < 2097152),
	CONSTRAINT ck_accounts_next_sequence CHECK (next_sequence >= 1 AND next_sequence <= 4294967296),
	CONSTRAINT ck_accounts_last_deal CHECK (last_deal >= 0)
);

COMMENT ON TABLE accounts IS 'Trading accounts; the row is locked while anything about the account is decided.';

CREATE TABLE anchors (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	day BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	root BYTEA NOT NULL,
	heads TEXT COLLATE "C" NOT NULL,
	key_id TEXT COLLATE "C" NOT NULL,
	signature BYTEA NOT NULL,
	published_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_anchors PRIMARY KEY (id),
	CONSTRAINT uq_anchors_day UNIQUE (day),
	CONSTRAINT ck_anchors_root CHECK (length(root) = 32)
);

COMMENT ON TABLE anchors IS 'Signed statements of where the whole journal stood, one a day.';

CREATE TABLE audit_log (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	actor TEXT COLLATE "C" NOT NULL,
	action TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	detail TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_audit_log PRIMARY KEY (id)
);

CREATE INDEX ix_audit_log_at ON audit_log (at);

COMMENT ON TABLE audit_log IS 'What people and the operator did; rows never change.';

CREATE TABLE emergency_stops (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	scope TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	set_by TEXT COLLATE "C" NOT NULL,
	set_at TIMESTAMP WITH TIME ZONE NOT NULL,
	released_by TEXT COLLATE "C",
	released_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_emergency_stops PRIMARY KEY (id),
	CONSTRAINT ck_emergency_stops_scope_known CHECK (scope IN ('GLOBAL', 'BROKER', 'USER')),
	CONSTRAINT ck_emergency_stops_kind_known CHECK (kind IN ('PAUSE', 'HALT', 'LOCK')),
	CONSTRAINT ck_emergency_stops_subject CHECK ((subject = '') = (scope = 'GLOBAL')),
	CONSTRAINT ck_emergency_stops_release CHECK ((released_by IS NULL) = (released_at IS NULL))
);

CREATE UNIQUE INDEX uq_emergency_stops_in_force ON emergency_stops (scope, subject, kind) WHERE released_at IS NULL;

COMMENT ON TABLE emergency_stops IS 'What blocks opening: whom, since when, and who ended it.';

CREATE TABLE inbox_updates (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	bot TEXT COLLATE "C" NOT NULL,
	update_id BIGINT NOT NULL,
	body TEXT COLLATE "C" NOT NULL,
	received_at TIMESTAMP WITH TIME ZONE NOT NULL,
	failures BIGINT NOT NULL,
	is_parked BOOLEAN NOT NULL,
	handled_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_inbox_updates PRIMARY KEY (id),
	CONSTRAINT uq_inbox_updates_bot_update_id UNIQUE (bot, update_id),
	CONSTRAINT ck_inbox_updates_failures CHECK (failures >= 0)
);

CREATE INDEX ix_inbox_updates_waiting ON inbox_updates (bot, update_id) WHERE handled_at IS NULL AND NOT is_parked;

COMMENT ON TABLE inbox_updates IS 'What messengers told us, kept before it is answered.';

CREATE TABLE jobs_history (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	job TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
	detail TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_jobs_history PRIMARY KEY (id),
	CONSTRAINT uq_jobs_history_job_key UNIQUE (job, key)
);

COMMENT ON TABLE jobs_history IS 'Jobs that ran, once for a key.';

CREATE TABLE journal_streams (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	name TEXT COLLATE "C" NOT NULL,
	rows BIGINT NOT NULL,
	head BYTEA NOT NULL,
	CONSTRAINT pk_journal_streams PRIMARY KEY (id),
	CONSTRAINT uq_journal_streams_name UNIQUE (name),
	CONSTRAINT ck_journal_streams_rows CHECK (rows >= 0),
	CONSTRAINT ck_journal_streams_head CHECK (length(head) = 32)
);

COMMENT ON TABLE journal_streams IS 'How far each stream has come; its row is held while the stream is extended.';

CREATE TABLE news_calendars (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	source TEXT COLLATE "C" NOT NULL,
	covers_from TIMESTAMP WITH TIME ZONE NOT NULL,
	covers_to TIMESTAMP WITH TIME ZONE NOT NULL,
	impacts TEXT COLLATE "C" NOT NULL,
	refreshed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_news_calendars PRIMARY KEY (id),
	CONSTRAINT uq_news_calendars_source UNIQUE (source),
	CONSTRAINT ck_news_calendars_span CHECK (covers_from <= covers_to)
);

COMMENT ON TABLE news_calendars IS 'What each source of news can vouch for.';

CREATE TABLE outbox (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	message_id TEXT COLLATE "C" NOT NULL,
	user_public_id TEXT COLLATE "C",
	topic TEXT COLLATE "C" NOT NULL,
	priority BIGINT NOT NULL,
	body TEXT COLLATE "C" NOT NULL,
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	not_before TIMESTAMP WITH TIME ZONE NOT NULL,
	told_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT uq_outbox_message_id UNIQUE (message_id),
	CONSTRAINT ck_outbox_priority CHECK (priority BETWEEN 0 AND 3)
);

CREATE INDEX ix_outbox_waiting ON outbox (priority, created_at) WHERE told_at IS NULL;

COMMENT ON TABLE outbox IS 'What is to be told after the commit it was written in.';

CREATE TABLE processed_events (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	scope TEXT COLLATE "C" NOT NULL,
	key TEXT COLLATE "C" NOT NULL,
	body_hash BYTEA NOT NULL,
	answer TEXT COLLATE "C" NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_processed_events PRIMARY KEY (id),
	CONSTRAINT uq_processed_events_scope_key UNIQUE (scope, key),
	CONSTRAINT ck_processed_events_body_hash CHECK (length(body_hash) = 32)
);

COMMENT ON TABLE processed_events IS 'Answers to inputs that must act once; keys are unique in their scope for ever.';

CREATE TABLE signal_desk (
	id BIGINT NOT NULL,
	scanned_to TIMESTAMP WITH TIME ZONE NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	CONSTRAINT uq_signal_desk_id UNIQUE (id),
	CONSTRAINT ck_signal_desk_single CHECK (id = 1)
);

COMMENT ON TABLE signal_desk IS 'What the emission of signals remembers; one row.';

CREATE TABLE signals (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	symbol TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C" NOT NULL,
	strategy TEXT COLLATE "C" NOT NULL,
	timeframe BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	entry NUMERIC(18, 8) NOT NULL,
	stop NUMERIC(18, 8) NOT NULL,
	target NUMERIC(18, 8) NOT NULL,
	plan TEXT COLLATE "C" NOT NULL,
	flat_at TIMESTAMP WITH TIME ZONE NOT NULL,
	valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
	score BIGINT NOT NULL,
	gate BIGINT NOT NULL,
	threshold BIGINT NOT NULL,
	band TEXT COLLATE "C" NOT NULL,
	coverage BIGINT NOT NULL,
	cost_share FLOAT NOT NULL,
	reward_net FLOAT NOT NULL,
	blackout TEXT COLLATE "C" NOT NULL,
	detail TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_signals PRIMARY KEY (id),
	CONSTRAINT uq_signals_public_id UNIQUE (public_id),
	CONSTRAINT ck_signals_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_signals_plan_known CHECK (plan IN ('FIXED', 'BREAK_EVEN', 'PARTIAL', 'RUNNER', 'ATR_TRAIL', 'TIME_STOP')),
	CONSTRAINT ck_signals_band_known CHECK (band IN ('PRECISION STRIKE', 'SHARPSHOOTER', 'STANDARD')),
	CONSTRAINT ck_signals_blackout_known CHECK (blackout IN ('NONE', 'MEDIUM', 'HIGH')),
	CONSTRAINT ck_signals_score CHECK (score BETWEEN 0 AND 10000),
	CONSTRAINT ck_signals_life CHECK (valid_until >= at)
);

CREATE INDEX ix_signals_at ON signals (at);

COMMENT ON TABLE signals IS 'Emitted signals.';

CREATE TABLE tcs_adjustments (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	open_clock BIGINT NOT NULL,
	"old" BIGINT NOT NULL,
	"new" BIGINT NOT NULL,
	count BIGINT NOT NULL,
	volume_move BIGINT NOT NULL,
	performance_move BIGINT NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	condition TEXT COLLATE "C" NOT NULL,
	closed_count BIGINT NOT NULL,
	closed_total_r FLOAT NOT NULL,
	closed_deviation_r FLOAT NOT NULL,
	CONSTRAINT pk_tcs_adjustments PRIMARY KEY (id),
	CONSTRAINT ck_tcs_adjustments_condition_known CHECK (condition IN ('LOW', 'NORMAL', 'HIGH', 'UNKNOWN')),
	CONSTRAINT ck_tcs_adjustments_bounds CHECK (old BETWEEN 70000 AND 78000 AND new BETWEEN 70000 AND 78000),
	CONSTRAINT ck_tcs_adjustments_count CHECK (count >= 0)
);

COMMENT ON TABLE tcs_adjustments IS 'Decisions of the self-optimising threshold.';

CREATE TABLE users (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	telegram_id BIGINT,
	status TEXT COLLATE "C" NOT NULL,
	rank TEXT COLLATE "C" NOT NULL,
	tier TEXT COLLATE "C" NOT NULL,
	mode TEXT COLLATE "C" NOT NULL,
	is_sniper BOOLEAN NOT NULL,
	has_live_consent BOOLEAN NOT NULL,
	risk_percent NUMERIC NOT NULL,
	daily_loss_percent NUMERIC NOT NULL,
	max_positions BIGINT NOT NULL,
	raised_risk_percent NUMERIC,
	raised_daily_loss_percent NUMERIC,
	raised_max_positions BIGINT,
	raise_at TIMESTAMP WITH TIME ZONE NOT NULL,
	joined_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT uq_users_public_id UNIQUE (public_id),
	CONSTRAINT uq_users_telegram_id UNIQUE (telegram_id),
	CONSTRAINT ck_users_status_known CHECK (status IN ('ACTIVE', 'LOCKED', 'BANNED', 'DELETED')),
	CONSTRAINT ck_users_rank_known CHECK (rank IN ('RECRUIT', 'AUTHORIZED', 'ELITE', 'ADMIN')),
	CONSTRAINT ck_users_tier_known CHECK (tier IN ('NONE', 'PRESS_PASS', 'NIBBLER', 'FANG', 'COMMANDER', 'APEX')),
	CONSTRAINT ck_users_mode_known CHECK (mode IN ('BIT', 'COMMANDER', 'TACTICAL', 'STEALTH')),
	CONSTRAINT ck_users_limits CHECK (CAST(risk_percent AS REAL) BETWEEN 0.1 AND 2 AND CAST(daily_loss_percent AS REAL) BETWEEN 0.5 AND 6 AND max_positions BETWEEN 1 AND 10),
	CONSTRAINT ck_users_raised_limits CHECK (raised_risk_percent IS NULL AND raised_daily_loss_percent IS NULL AND raised_max_positions IS NULL OR CAST(raised_risk_percent AS REAL) BETWEEN 0.1 AND 2 AND CAST(raised_daily_loss_percent AS REAL) BETWEEN 0.5 AND 6 AND raised_max_positions BETWEEN 1 AND 10)
);

COMMENT ON TABLE users IS 'People: what decides what they may do, and the limits they chose.';

CREATE TABLE deals (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	account_id BIGINT NOT NULL,
	ticket BIGINT NOT NULL,
	position BIGINT NOT NULL,
	client_order_id BIGINT NOT NULL,
	symbol TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C" NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	lots NUMERIC(14, 4) NOT NULL,
	price NUMERIC(18, 8) NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	profit NUMERIC(18, 2) NOT NULL,
	swap NUMERIC(18, 2) NOT NULL,
	commission NUMERIC(18, 2) NOT NULL,
	fee NUMERIC(18, 2) NOT NULL,
	spread_cost NUMERIC(18, 2) NOT NULL,
	slippage_cost NUMERIC(18, 2) NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	ambiguous BOOLEAN NOT NULL,
	CONSTRAINT pk_deals PRIMARY KEY (id),
	CONSTRAINT uq_deals_account_id_ticket UNIQUE (account_id, ticket),
	CONSTRAINT ck_deals_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_deals_reason_known CHECK (reason IN ('ENTRY', 'STOP', 'TARGET', 'PLAN', 'TIME', 'FLAT', 'MANUAL', 'EMERGENCY', 'END_OF_RUN')),
	CONSTRAINT ck_deals_lots CHECK (lots > 0),
	CONSTRAINT ck_deals_price CHECK (price > 0),
	CONSTRAINT ck_deals_costs CHECK (spread_cost >= 0 AND slippage_cost >= 0),
	CONSTRAINT ck_deals_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_deals_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_deals_position ON deals (account_id, position);

COMMENT ON TABLE deals IS 'What brokers booked, once each; rows never change.';

CREATE TABLE fire_intents (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	account_id BIGINT NOT NULL,
	kind TEXT COLLATE "C" NOT NULL,
	signal TEXT COLLATE "C",
	fire_mode TEXT COLLATE "C",
	symbol TEXT COLLATE "C",
	direction TEXT COLLATE "C",
	lots NUMERIC(14, 4),
	stop NUMERIC(18, 8),
	target NUMERIC(18, 8),
	plan TEXT COLLATE "C",
	flat_at TIMESTAMP WITH TIME ZONE,
	time_stop_seconds BIGINT,
	risk_percent NUMERIC,
	strategy TEXT COLLATE "C",
	score BIGINT,
	cost_share FLOAT,
	ticket BIGINT,
	reason TEXT COLLATE "C",
	created_at TIMESTAMP WITH TIME ZONE NOT NULL,
	not_after TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_fire_intents PRIMARY KEY (id),
	CONSTRAINT uq_fire_intents_public_id UNIQUE (public_id),
	CONSTRAINT uq_fire_intents_account_id_signal UNIQUE (account_id, signal),
	CONSTRAINT ck_fire_intents_fire_mode_known CHECK (fire_mode IS NULL OR fire_mode IN ('SINGLE', 'SEMI', 'AUTO')),
	CONSTRAINT ck_fire_intents_direction_known CHECK (direction IS NULL OR direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_fire_intents_plan_known CHECK (plan IS NULL OR plan IN ('FIXED', 'BREAK_EVEN', 'PARTIAL', 'RUNNER', 'ATR_TRAIL', 'TIME_STOP')),
	CONSTRAINT ck_fire_intents_kind CHECK (kind = 'FIRE' AND fire_mode IS NOT NULL AND symbol IS NOT NULL AND direction IS NOT NULL AND lots IS NOT NULL AND stop IS NOT NULL AND plan IS NOT NULL AND risk_percent IS NOT NULL AND strategy IS NOT NULL AND score IS NOT NULL AND cost_share IS NOT NULL AND not_after IS NOT NULL AND ticket IS NULL OR kind = 'CLOSE' AND ticket IS NOT NULL AND reason IS NOT NULL AND not_after IS NULL AND signal IS NULL OR kind = 'LEVELS' AND ticket IS NOT NULL AND reason IS NOT NULL AND not_after IS NULL AND signal IS NULL),
	CONSTRAINT ck_fire_intents_lots CHECK (lots > 0),
	CONSTRAINT ck_fire_intents_risk_percent CHECK (CAST(risk_percent AS REAL) >= 0),
	CONSTRAINT ck_fire_intents_deadline CHECK (not_after >= created_at),
	CONSTRAINT ck_fire_intents_time_stop CHECK ((plan = 'TIME_STOP') = (time_stop_seconds IS NOT NULL)),
	CONSTRAINT fk_fire_intents_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_fire_intents_fires ON fire_intents (account_id, created_at) WHERE kind = 'FIRE';

COMMENT ON TABLE fire_intents IS 'What somebody wants done at a broker, written before anything leaves.';

CREATE TABLE journal (
	stream_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	salt BYTEA,
	payload BYTEA,
	commitment BYTEA NOT NULL,
	head BYTEA NOT NULL,
	CONSTRAINT pk_journal PRIMARY KEY (stream_id, number),
	CONSTRAINT ck_journal_number CHECK (number >= 1),
	CONSTRAINT ck_journal_erasure CHECK ((salt IS NULL) = (payload IS NULL)),
	CONSTRAINT ck_journal_commitment CHECK (length(commitment) = 32),
	CONSTRAINT ck_journal_head CHECK (length(head) = 32),
	CONSTRAINT fk_journal_stream_id FOREIGN KEY(stream_id) REFERENCES journal_streams (id)
);

COMMENT ON TABLE journal IS 'Payloads, each chained to all before it in its stream; only salt and payload can ever be destroyed.';

CREATE TABLE mandates (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	account_id BIGINT NOT NULL,
	user_public_id TEXT COLLATE "C" NOT NULL,
	pairs TEXT COLLATE "C" NOT NULL,
	least_score NUMERIC NOT NULL,
	shots_a_day BIGINT NOT NULL,
	risk_percent NUMERIC NOT NULL,
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL,
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
	revoked_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_mandates PRIMARY KEY (id),
	CONSTRAINT uq_mandates_public_id UNIQUE (public_id),
	CONSTRAINT ck_mandates_least_score CHECK (CAST(least_score AS REAL) BETWEEN 0 AND 100),
	CONSTRAINT ck_mandates_shots_a_day CHECK (shots_a_day BETWEEN 1 AND 50),
	CONSTRAINT ck_mandates_risk_percent CHECK (CAST(risk_percent AS REAL) BETWEEN 0.1 AND 2),
	CONSTRAINT ck_mandates_span CHECK (ends_at > granted_at),
	CONSTRAINT fk_mandates_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE UNIQUE INDEX uq_mandates_standing ON mandates (account_id) WHERE revoked_at IS NULL;

COMMENT ON TABLE mandates IS 'What users let the machine fire by itself.';

CREATE TABLE news_events (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	calendar_id BIGINT NOT NULL,
	place BIGINT NOT NULL,
	time TIMESTAMP WITH TIME ZONE NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	impact TEXT COLLATE "C" NOT NULL,
	title TEXT COLLATE "C" NOT NULL,
	forecast TEXT COLLATE "C" NOT NULL,
	previous TEXT COLLATE "C" NOT NULL,
	actual TEXT COLLATE "C" NOT NULL,
	source TEXT COLLATE "C" NOT NULL,
	time_known BOOLEAN NOT NULL,
	CONSTRAINT pk_news_events PRIMARY KEY (id),
	CONSTRAINT uq_news_events_calendar_id_place UNIQUE (calendar_id, place),
	CONSTRAINT ck_news_events_impact_known CHECK (impact IN ('LOW', 'MEDIUM', 'HIGH')),
	CONSTRAINT fk_news_events_calendar_id FOREIGN KEY(calendar_id) REFERENCES news_calendars (id)
);

COMMENT ON TABLE news_events IS 'Releases and speeches, in the order of their source.';

CREATE TABLE positions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	account_id BIGINT NOT NULL,
	ticket BIGINT NOT NULL,
	client_order_id BIGINT NOT NULL,
	symbol TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C" NOT NULL,
	lots NUMERIC(14, 4) NOT NULL,
	filled_lots NUMERIC(14, 4) NOT NULL,
	entry NUMERIC(18, 8) NOT NULL,
	stop NUMERIC(18, 8),
	target NUMERIC(18, 8),
	initial_stop NUMERIC(18, 8),
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	charged_day BIGINT NOT NULL,
	initial_risk NUMERIC,
	conversion NUMERIC NOT NULL,
	swap NUMERIC NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	intent_public_id TEXT COLLATE "C",
	known TEXT COLLATE "C",
	stop_confirmed_at TIMESTAMP WITH TIME ZONE,
	stop_tries BIGINT NOT NULL,
	CONSTRAINT pk_positions PRIMARY KEY (id),
	CONSTRAINT uq_positions_account_id_ticket UNIQUE (account_id, ticket),
	CONSTRAINT ck_positions_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_positions_state_known CHECK (state IN ('OPEN', 'CLOSING', 'CLOSED', 'ADOPTED')),
	CONSTRAINT ck_positions_lots CHECK (lots >= 0 AND lots <= filled_lots AND filled_lots > 0),
	CONSTRAINT ck_positions_entry CHECK (entry > 0),
	CONSTRAINT ck_positions_conversion CHECK (CAST(conversion AS REAL) > 0),
	CONSTRAINT ck_positions_initial_risk CHECK (CAST(initial_risk AS REAL) > 0),
	CONSTRAINT ck_positions_stop_tries CHECK (stop_tries >= 0),
	CONSTRAINT ck_positions_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_positions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_positions_open ON positions (account_id, ticket) WHERE state <> 'CLOSED';

COMMENT ON TABLE positions IS 'What is or was open at brokers; a ticket is one position of an account.';

CREATE TABLE risk_sessions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	account_id BIGINT NOT NULL,
	day BIGINT NOT NULL,
	start_balance NUMERIC NOT NULL,
	start_equity NUMERIC NOT NULL,
	loss_floor NUMERIC NOT NULL,
	shots BIGINT NOT NULL,
	behaviour TEXT COLLATE "C" NOT NULL,
	marked_equity NUMERIC NOT NULL,
	marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_risk_sessions PRIMARY KEY (id),
	CONSTRAINT uq_risk_sessions_account_id_day UNIQUE (account_id, day),
	CONSTRAINT ck_risk_sessions_shots CHECK (shots >= 0),
	CONSTRAINT fk_risk_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

COMMENT ON TABLE risk_sessions IS 'Trading days of accounts: the limits they began with and the pauses results have earned.';

CREATE TABLE signal_outcomes (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	signal_id BIGINT NOT NULL,
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
	day BIGINT NOT NULL,
	net_r NUMERIC,
	gross_r NUMERIC,
	CONSTRAINT pk_signal_outcomes PRIMARY KEY (id),
	CONSTRAINT uq_signal_outcomes_signal_id UNIQUE (signal_id),
	CONSTRAINT fk_signal_outcomes_signal_id FOREIGN KEY(signal_id) REFERENCES signals (id)
);

COMMENT ON TABLE signal_outcomes IS 'What signals came to under the one fill model, fired or not.';

CREATE TABLE trade_modifications (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	account_id BIGINT NOT NULL,
	ticket BIGINT NOT NULL,
	at TIMESTAMP WITH TIME ZONE NOT NULL,
	stop_before NUMERIC(18, 8),
	stop_after NUMERIC(18, 8),
	target_before NUMERIC(18, 8),
	target_after NUMERIC(18, 8),
	reason TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_trade_modifications PRIMARY KEY (id),
	CONSTRAINT fk_trade_modifications_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_trade_modifications_ticket ON trade_modifications (account_id, ticket);

COMMENT ON TABLE trade_modifications IS 'Stops and targets that were moved at brokers.';

CREATE TABLE trades (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	account_id BIGINT NOT NULL,
	position BIGINT NOT NULL,
	client_order_id BIGINT NOT NULL,
	symbol TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C" NOT NULL,
	lots NUMERIC(14, 4) NOT NULL,
	entry NUMERIC(18, 8) NOT NULL,
	exit NUMERIC NOT NULL,
	initial_stop NUMERIC(18, 8),
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
	closed_at TIMESTAMP WITH TIME ZONE NOT NULL,
	reason TEXT COLLATE "C" NOT NULL,
	profit NUMERIC(18, 2) NOT NULL,
	swap NUMERIC(18, 2) NOT NULL,
	commission NUMERIC(18, 2) NOT NULL,
	fee NUMERIC(18, 2) NOT NULL,
	spread_cost NUMERIC(18, 2) NOT NULL,
	slippage_cost NUMERIC(18, 2) NOT NULL,
	initial_risk NUMERIC,
	net_r NUMERIC,
	ambiguous BOOLEAN NOT NULL,
	known TEXT COLLATE "C",
	balance_after NUMERIC(18, 2) NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_trades PRIMARY KEY (id),
	CONSTRAINT uq_trades_account_id_position UNIQUE (account_id, position),
	CONSTRAINT ck_trades_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_trades_reason_known CHECK (reason IN ('ENTRY', 'STOP', 'TARGET', 'PLAN', 'TIME', 'FLAT', 'MANUAL', 'EMERGENCY', 'END_OF_RUN')),
	CONSTRAINT ck_trades_lots CHECK (lots > 0),
	CONSTRAINT ck_trades_span CHECK (closed_at >= opened_at),
	CONSTRAINT ck_trades_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_trades_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_trades_closed ON trades (account_id, closed_at);

COMMENT ON TABLE trades IS 'Positions from their first deal to their last.';

CREATE TABLE user_profiles (
	user_id BIGINT NOT NULL,
	callsign TEXT COLLATE "C" NOT NULL,
	language TEXT COLLATE "C" NOT NULL,
	zone TEXT COLLATE "C" NOT NULL,
	CONSTRAINT pk_user_profiles PRIMARY KEY (user_id),
	CONSTRAINT ck_user_profiles_callsign CHECK (length(callsign) = 0 OR length(callsign) BETWEEN 3 AND 20),
	CONSTRAINT fk_user_profiles_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE user_profiles IS 'How people are called and addressed.';

CREATE TABLE fire_attempts (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	intent_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	number BIGINT NOT NULL,
	client_order_id BIGINT NOT NULL,
	state TEXT COLLATE "C" NOT NULL,
	since TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_fire_attempts PRIMARY KEY (id),
	CONSTRAINT uq_fire_attempts_intent_id_number UNIQUE (intent_id, number),
	CONSTRAINT uq_fire_attempts_client_order_id UNIQUE (client_order_id),
	CONSTRAINT ck_fire_attempts_state_known CHECK (state IN ('RESERVED', 'SENDING', 'WORKING', 'PARTIAL', 'UNKNOWN', 'DISPUTED', 'FILLED', 'NOT_EXECUTED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
	CONSTRAINT ck_fire_attempts_number CHECK (number >= 1),
	CONSTRAINT ck_fire_attempts_client_order_id CHECK (client_order_id > 0 AND client_order_id < 9007199254740992),
	CONSTRAINT fk_fire_attempts_intent_id FOREIGN KEY(intent_id) REFERENCES fire_intents (id),
	CONSTRAINT fk_fire_attempts_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_fire_attempts_unfinished ON fire_attempts (account_id, client_order_id) WHERE state NOT IN ('CANCELLED', 'EXPIRED', 'FILLED', 'NOT_EXECUTED', 'REJECTED');

COMMENT ON TABLE fire_attempts IS 'Tries at intents, one message to one broker each.';

CREATE TABLE reservations (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	intent_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	symbol TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C" NOT NULL,
	risk NUMERIC NOT NULL,
	margin NUMERIC NOT NULL,
	currency TEXT COLLATE "C" NOT NULL,
	group_name TEXT COLLATE "C" NOT NULL,
	reserved_at TIMESTAMP WITH TIME ZONE NOT NULL,
	released_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_reservations PRIMARY KEY (id),
	CONSTRAINT ck_reservations_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_reservations_risk CHECK (CAST(risk AS REAL) >= 0),
	CONSTRAINT ck_reservations_margin CHECK (CAST(margin AS REAL) >= 0),
	CONSTRAINT ck_reservations_currency CHECK (length(currency) = 3),
	CONSTRAINT uq_reservations_intent_id UNIQUE (intent_id),
	CONSTRAINT fk_reservations_intent_id FOREIGN KEY(intent_id) REFERENCES fire_intents (id),
	CONSTRAINT fk_reservations_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_reservations_held ON reservations (account_id) WHERE released_at IS NULL;

COMMENT ON TABLE reservations IS 'Risk that is spoken for between an order''s approval and its end; released once.';

CREATE TABLE dispatches (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	client_order_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	opens BOOLEAN NOT NULL,
	due_at TIMESTAMP WITH TIME ZONE NOT NULL,
	claimed_by TEXT COLLATE "C" NOT NULL,
	lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
	fence BIGINT NOT NULL,
	is_finished BOOLEAN NOT NULL,
	CONSTRAINT pk_dispatches PRIMARY KEY (id),
	CONSTRAINT uq_dispatches_client_order_id UNIQUE (client_order_id),
	CONSTRAINT fk_dispatches_client_order_id FOREIGN KEY(client_order_id) REFERENCES fire_attempts (client_order_id),
	CONSTRAINT ck_dispatches_fence CHECK (fence >= 0),
	CONSTRAINT ck_dispatches_claim CHECK ((claimed_by = '') = (fence = 0)),
	CONSTRAINT fk_dispatches_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_dispatches_due ON dispatches (opens, due_at) WHERE claimed_by = '' AND NOT is_finished;

COMMENT ON TABLE dispatches IS 'Which attempt is to be handed to its broker, and by whom at present.';

CREATE FUNCTION refuse_edit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' rows are never edited', ERRCODE = 'check_violation'; END $$;

CREATE TRIGGER tr_journal_no_update BEFORE UPDATE ON journal FOR EACH ROW WHEN (NOT (NEW.stream_id = OLD.stream_id AND NEW.number = OLD.number AND NEW.commitment = OLD.commitment AND NEW.head = OLD.head AND NEW.salt IS NULL AND NEW.payload IS NULL)) EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_journal_no_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_journal_streams_no_update BEFORE UPDATE ON journal_streams FOR EACH ROW WHEN (NOT (NEW.id = OLD.id AND NEW.name = OLD.name AND NEW."rows" > OLD."rows")) EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_journal_streams_no_delete BEFORE DELETE ON journal_streams FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_deals_no_update BEFORE UPDATE ON deals FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_deals_no_delete BEFORE DELETE ON deals FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_audit_log_no_update BEFORE UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_audit_log_no_delete BEFORE DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_journal_streams_no_truncate BEFORE TRUNCATE ON journal_streams FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_deals_no_truncate BEFORE TRUNCATE ON deals FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();

CREATE TRIGGER tr_audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_edit();
