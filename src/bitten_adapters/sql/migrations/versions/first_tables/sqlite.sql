CREATE TABLE accounts (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	user_public_id TEXT NOT NULL,
	broker TEXT NOT NULL,
	is_live INTEGER NOT NULL,
	is_netting INTEGER NOT NULL,
	currency TEXT NOT NULL,
	opening INTEGER NOT NULL,
	balance INTEGER NOT NULL,
	leverage TEXT NOT NULL,
	opened_at INTEGER NOT NULL,
	standing TEXT NOT NULL,
	standing_reason TEXT NOT NULL,
	epoch INTEGER NOT NULL,
	next_sequence INTEGER NOT NULL,
	last_deal INTEGER NOT NULL,
	CONSTRAINT pk_accounts PRIMARY KEY (id),
	CONSTRAINT uq_accounts_public_id UNIQUE (public_id),
	CONSTRAINT uq_accounts_epoch UNIQUE (epoch),
	CONSTRAINT ck_accounts_standing_known CHECK (standing IN ('COLD', 'READY', 'FROZEN')),
	CONSTRAINT ck_accounts_currency CHECK (length(currency) = 3),
	CONSTRAINT ck_accounts_leverage CHECK (CAST(leverage AS REAL) > 0),
	CONSTRAINT ck_accounts_epoch CHECK (epoch >= 1 AND epoch < 2097152),
	CONSTRAINT ck_accounts_next_sequence CHECK (next_sequence >= 1 AND next_sequence <= 4294967296),
	CONSTRAINT ck_accounts_last_deal CHECK (last_deal >= 0)
)
 STRICT;

CREATE TABLE anchors (
	id INTEGER NOT NULL,
	day INTEGER NOT NULL,
	at INTEGER NOT NULL,
	root BLOB NOT NULL,
	heads TEXT NOT NULL,
	key_id TEXT NOT NULL,
	signature BLOB NOT NULL,
	published_at INTEGER,
	CONSTRAINT pk_anchors PRIMARY KEY (id),
	CONSTRAINT uq_anchors_day UNIQUE (day),
	CONSTRAINT ck_anchors_root CHECK (length(root) = 32)
)
 STRICT;

CREATE TABLE audit_log (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	action TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail TEXT NOT NULL,
	CONSTRAINT pk_audit_log PRIMARY KEY (id)
)
 STRICT;

CREATE INDEX ix_audit_log_at ON audit_log (at);

CREATE TABLE emergency_stops (
	id INTEGER NOT NULL,
	scope TEXT NOT NULL,
	subject TEXT NOT NULL,
	kind TEXT NOT NULL,
	set_by TEXT NOT NULL,
	set_at INTEGER NOT NULL,
	released_by TEXT,
	released_at INTEGER,
	CONSTRAINT pk_emergency_stops PRIMARY KEY (id),
	CONSTRAINT ck_emergency_stops_scope_known CHECK (scope IN ('GLOBAL', 'BROKER', 'USER')),
	CONSTRAINT ck_emergency_stops_kind_known CHECK (kind IN ('PAUSE', 'HALT', 'LOCK')),
	CONSTRAINT ck_emergency_stops_subject CHECK ((subject = '') = (scope = 'GLOBAL')),
	CONSTRAINT ck_emergency_stops_release CHECK ((released_by IS NULL) = (released_at IS NULL))
)
 STRICT;

CREATE UNIQUE INDEX uq_emergency_stops_in_force ON emergency_stops (scope, subject, kind) WHERE released_at IS NULL;

CREATE TABLE inbox_updates (
	id INTEGER NOT NULL,
	bot TEXT NOT NULL,
	update_id INTEGER NOT NULL,
	body TEXT NOT NULL,
	received_at INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	is_parked INTEGER NOT NULL,
	handled_at INTEGER,
	CONSTRAINT pk_inbox_updates PRIMARY KEY (id),
	CONSTRAINT uq_inbox_updates_bot_update_id UNIQUE (bot, update_id),
	CONSTRAINT ck_inbox_updates_failures CHECK (failures >= 0)
)
 STRICT;

CREATE INDEX ix_inbox_updates_waiting ON inbox_updates (bot, update_id) WHERE handled_at IS NULL AND NOT is_parked;

CREATE TABLE jobs_history (
	id INTEGER NOT NULL,
	job TEXT NOT NULL,
	"key" TEXT NOT NULL,
	started_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,
	detail TEXT NOT NULL,
	CONSTRAINT pk_jobs_history PRIMARY KEY (id),
	CONSTRAINT uq_jobs_history_job_key UNIQUE (job, "key")
)
 STRICT;

CREATE TABLE journal_streams (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	rows INTEGER NOT NULL,
	head BLOB NOT NULL,
	CONSTRAINT pk_journal_streams PRIMARY KEY (id),
	CONSTRAINT uq_journal_streams_name UNIQUE (name),
	CONSTRAINT ck_journal_streams_rows CHECK (rows >= 0),
	CONSTRAINT ck_journal_streams_head CHECK (length(head) = 32)
)
 STRICT;

CREATE TABLE news_calendars (
	id INTEGER NOT NULL,
	source TEXT NOT NULL,
	covers_from INTEGER NOT NULL,
	covers_to INTEGER NOT NULL,
	impacts TEXT NOT NULL,
	refreshed_at INTEGER,
	CONSTRAINT pk_news_calendars PRIMARY KEY (id),
	CONSTRAINT uq_news_calendars_source UNIQUE (source),
	CONSTRAINT ck_news_calendars_span CHECK (covers_from <= covers_to)
)
 STRICT;

CREATE TABLE outbox (
	id INTEGER NOT NULL,
	message_id TEXT NOT NULL,
	user_public_id TEXT,
	topic TEXT NOT NULL,
	priority INTEGER NOT NULL,
	body TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	not_before INTEGER NOT NULL,
	told_at INTEGER,
	CONSTRAINT pk_outbox PRIMARY KEY (id),
	CONSTRAINT uq_outbox_message_id UNIQUE (message_id),
	CONSTRAINT ck_outbox_priority CHECK (priority BETWEEN 0 AND 3)
)
 STRICT;

CREATE INDEX ix_outbox_waiting ON outbox (priority, created_at) WHERE told_at IS NULL;

CREATE TABLE processed_events (
	id INTEGER NOT NULL,
	scope TEXT NOT NULL,
	"key" TEXT NOT NULL,
	body_hash BLOB NOT NULL,
	answer TEXT NOT NULL,
	at INTEGER NOT NULL,
	CONSTRAINT pk_processed_events PRIMARY KEY (id),
	CONSTRAINT uq_processed_events_scope_key UNIQUE (scope, "key"),
	CONSTRAINT ck_processed_events_body_hash CHECK (length(body_hash) = 32)
)
 STRICT;

CREATE TABLE signal_desk (
	id INTEGER NOT NULL,
	scanned_to INTEGER NOT NULL,
	state TEXT NOT NULL,
	CONSTRAINT uq_signal_desk_id UNIQUE (id),
	CONSTRAINT ck_signal_desk_single CHECK (id = 1)
)
 STRICT;

CREATE TABLE signals (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	symbol TEXT NOT NULL,
	direction TEXT NOT NULL,
	strategy TEXT NOT NULL,
	timeframe INTEGER NOT NULL,
	at INTEGER NOT NULL,
	entry INTEGER NOT NULL,
	stop INTEGER NOT NULL,
	target INTEGER NOT NULL,
	"plan" TEXT NOT NULL,
	flat_at INTEGER NOT NULL,
	valid_until INTEGER NOT NULL,
	score INTEGER NOT NULL,
	gate INTEGER NOT NULL,
	threshold INTEGER NOT NULL,
	band TEXT NOT NULL,
	coverage INTEGER NOT NULL,
	cost_share REAL NOT NULL,
	reward_net REAL NOT NULL,
	blackout TEXT NOT NULL,
	detail TEXT NOT NULL,
	CONSTRAINT pk_signals PRIMARY KEY (id),
	CONSTRAINT uq_signals_public_id UNIQUE (public_id),
	CONSTRAINT ck_signals_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_signals_plan_known CHECK (plan IN ('FIXED', 'BREAK_EVEN', 'PARTIAL', 'RUNNER', 'ATR_TRAIL', 'TIME_STOP')),
	CONSTRAINT ck_signals_band_known CHECK (band IN ('PRECISION STRIKE', 'SHARPSHOOTER', 'STANDARD')),
	CONSTRAINT ck_signals_blackout_known CHECK (blackout IN ('NONE', 'MEDIUM', 'HIGH')),
	CONSTRAINT ck_signals_score CHECK (score BETWEEN 0 AND 10000),
	CONSTRAINT ck_signals_life CHECK (valid_until >= at)
)
 STRICT;

CREATE INDEX ix_signals_at ON signals (at);

CREATE TABLE tcs_adjustments (
	id INTEGER NOT NULL,
	at INTEGER NOT NULL,
	open_clock INTEGER NOT NULL,
	old INTEGER NOT NULL,
	new INTEGER NOT NULL,
	count INTEGER NOT NULL,
	volume_move INTEGER NOT NULL,
	performance_move INTEGER NOT NULL,
	reason TEXT NOT NULL,
	condition TEXT NOT NULL,
	closed_count INTEGER NOT NULL,
	closed_total_r REAL NOT NULL,
	closed_deviation_r REAL NOT NULL,
	CONSTRAINT pk_tcs_adjustments PRIMARY KEY (id),
	CONSTRAINT ck_tcs_adjustments_condition_known CHECK (condition IN ('LOW', 'NORMAL', 'HIGH', 'UNKNOWN')),
	CONSTRAINT ck_tcs_adjustments_bounds CHECK (old BETWEEN 70000 AND 78000 AND new BETWEEN 70000 AND 78000),
	CONSTRAINT ck_tcs_adjustments_count CHECK (count >= 0)
)
 STRICT;

CREATE TABLE users (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	telegram_id INTEGER,
	status TEXT NOT NULL,
	rank TEXT NOT NULL,
	tier TEXT NOT NULL,
	mode TEXT NOT NULL,
	is_sniper INTEGER NOT NULL,
	has_live_consent INTEGER NOT NULL,
	risk_percent TEXT NOT NULL,
	daily_loss_percent TEXT NOT NULL,
	max_positions INTEGER NOT NULL,
	raised_risk_percent TEXT,
	raised_daily_loss_percent TEXT,
	raised_max_positions INTEGER,
	raise_at INTEGER NOT NULL,
	joined_at INTEGER NOT NULL,
	CONSTRAINT pk_users PRIMARY KEY (id),
	CONSTRAINT uq_users_public_id UNIQUE (public_id),
	CONSTRAINT uq_users_telegram_id UNIQUE (telegram_id),
	CONSTRAINT ck_users_status_known CHECK (status IN ('ACTIVE', 'LOCKED', 'BANNED', 'DELETED')),
	CONSTRAINT ck_users_rank_known CHECK (rank IN ('RECRUIT', 'AUTHORIZED', 'ELITE', 'ADMIN')),
	CONSTRAINT ck_users_tier_known CHECK (tier IN ('NONE', 'PRESS_PASS', 'NIBBLER', 'FANG', 'COMMANDER', 'APEX')),
	CONSTRAINT ck_users_mode_known CHECK (mode IN ('BIT', 'COMMANDER', 'TACTICAL', 'STEALTH')),
	CONSTRAINT ck_users_limits CHECK (CAST(risk_percent AS REAL) BETWEEN 0.1 AND 2 AND CAST(daily_loss_percent AS REAL) BETWEEN 0.5 AND 6 AND max_positions BETWEEN 1 AND 10),
	CONSTRAINT ck_users_raised_limits CHECK (raised_risk_percent IS NULL AND raised_daily_loss_percent IS NULL AND raised_max_positions IS NULL OR CAST(raised_risk_percent AS REAL) BETWEEN 0.1 AND 2 AND CAST(raised_daily_loss_percent AS REAL) BETWEEN 0.5 AND 6 AND raised_max_positions BETWEEN 1 AND 10)
)
 STRICT;

CREATE TABLE deals (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	ticket INTEGER NOT NULL,
	position INTEGER NOT NULL,
	client_order_id INTEGER NOT NULL,
	symbol TEXT NOT NULL,
	direction TEXT NOT NULL,
	reason TEXT NOT NULL,
	lots INTEGER NOT NULL,
	price INTEGER NOT NULL,
	at INTEGER NOT NULL,
	profit INTEGER NOT NULL,
	swap INTEGER NOT NULL,
	commission INTEGER NOT NULL,
	fee INTEGER NOT NULL,
	spread_cost INTEGER NOT NULL,
	slippage_cost INTEGER NOT NULL,
	currency TEXT NOT NULL,
	ambiguous INTEGER NOT NULL,
	CONSTRAINT pk_deals PRIMARY KEY (id),
	CONSTRAINT uq_deals_account_id_ticket UNIQUE (account_id, ticket),
	CONSTRAINT ck_deals_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_deals_reason_known CHECK (reason IN ('ENTRY', 'STOP', 'TARGET', 'PLAN', 'TIME', 'FLAT', 'MANUAL', 'EMERGENCY', 'END_OF_RUN')),
	CONSTRAINT ck_deals_lots CHECK (lots > 0),
	CONSTRAINT ck_deals_price CHECK (price > 0),
	CONSTRAINT ck_deals_costs CHECK (spread_cost >= 0 AND slippage_cost >= 0),
	CONSTRAINT ck_deals_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_deals_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE INDEX ix_deals_position ON deals (account_id, position);

CREATE TABLE fire_intents (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	account_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	signal TEXT,
	fire_mode TEXT,
	symbol TEXT,
	direction TEXT,
	lots INTEGER,
	stop INTEGER,
	target INTEGER,
	"plan" TEXT,
	flat_at INTEGER,
	time_stop_seconds INTEGER,
	risk_percent TEXT,
	strategy TEXT,
	score INTEGER,
	cost_share REAL,
	ticket INTEGER,
	reason TEXT,
	created_at INTEGER NOT NULL,
	not_after INTEGER,
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
)
 STRICT;

CREATE INDEX ix_fire_intents_fires ON fire_intents (account_id, created_at) WHERE kind = 'FIRE';

CREATE TABLE journal (
	stream_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	salt BLOB,
	payload BLOB,
	commitment BLOB NOT NULL,
	head BLOB NOT NULL,
	CONSTRAINT pk_journal PRIMARY KEY (stream_id, number),
	CONSTRAINT ck_journal_number CHECK (number >= 1),
	CONSTRAINT ck_journal_erasure CHECK ((salt IS NULL) = (payload IS NULL)),
	CONSTRAINT ck_journal_commitment CHECK (length(commitment) = 32),
	CONSTRAINT ck_journal_head CHECK (length(head) = 32),
	CONSTRAINT fk_journal_stream_id FOREIGN KEY(stream_id) REFERENCES journal_streams (id)
)
 STRICT;

CREATE TABLE mandates (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	account_id INTEGER NOT NULL,
	user_public_id TEXT NOT NULL,
	pairs TEXT NOT NULL,
	least_score TEXT NOT NULL,
	shots_a_day INTEGER NOT NULL,
	risk_percent TEXT NOT NULL,
	granted_at INTEGER NOT NULL,
	ends_at INTEGER NOT NULL,
	revoked_at INTEGER,
	CONSTRAINT pk_mandates PRIMARY KEY (id),
	CONSTRAINT uq_mandates_public_id UNIQUE (public_id),
	CONSTRAINT ck_mandates_least_score CHECK (CAST(least_score AS REAL) BETWEEN 0 AND 100),
	CONSTRAINT ck_mandates_shots_a_day CHECK (shots_a_day BETWEEN 1 AND 50),
	CONSTRAINT ck_mandates_risk_percent CHECK (CAST(risk_percent AS REAL) BETWEEN 0.1 AND 2),
	CONSTRAINT ck_mandates_span CHECK (ends_at > granted_at),
	CONSTRAINT fk_mandates_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE UNIQUE INDEX uq_mandates_standing ON mandates (account_id) WHERE revoked_at IS NULL;

CREATE TABLE news_events (
	id INTEGER NOT NULL,
	calendar_id INTEGER NOT NULL,
	place INTEGER NOT NULL,
	time INTEGER NOT NULL,
	currency TEXT NOT NULL,
	impact TEXT NOT NULL,
	title TEXT NOT NULL,
	forecast TEXT NOT NULL,
	previous TEXT NOT NULL,
	actual TEXT NOT NULL,
	source TEXT NOT NULL,
	time_known INTEGER NOT NULL,
	CONSTRAINT pk_news_events PRIMARY KEY (id),
	CONSTRAINT uq_news_events_calendar_id_place UNIQUE (calendar_id, place),
	CONSTRAINT ck_news_events_impact_known CHECK (impact IN ('LOW', 'MEDIUM', 'HIGH')),
	CONSTRAINT fk_news_events_calendar_id FOREIGN KEY(calendar_id) REFERENCES news_calendars (id)
)
 STRICT;

CREATE TABLE positions (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	ticket INTEGER NOT NULL,
	client_order_id INTEGER NOT NULL,
	symbol TEXT NOT NULL,
	direction TEXT NOT NULL,
	lots INTEGER NOT NULL,
	filled_lots INTEGER NOT NULL,
	entry INTEGER NOT NULL,
	stop INTEGER,
	target INTEGER,
	initial_stop INTEGER,
	opened_at INTEGER NOT NULL,
	charged_day INTEGER NOT NULL,
	initial_risk TEXT,
	conversion TEXT NOT NULL,
	swap TEXT NOT NULL,
	currency TEXT NOT NULL,
	state TEXT NOT NULL,
	intent_public_id TEXT,
	known TEXT,
	stop_confirmed_at INTEGER,
	stop_tries INTEGER NOT NULL,
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
)
 STRICT;

CREATE INDEX ix_positions_open ON positions (account_id, ticket) WHERE state <> 'CLOSED';

CREATE TABLE risk_sessions (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	day INTEGER NOT NULL,
	start_balance TEXT NOT NULL,
	start_equity TEXT NOT NULL,
	loss_floor TEXT NOT NULL,
	shots INTEGER NOT NULL,
	behaviour TEXT NOT NULL,
	marked_equity TEXT NOT NULL,
	marked_at INTEGER NOT NULL,
	CONSTRAINT pk_risk_sessions PRIMARY KEY (id),
	CONSTRAINT uq_risk_sessions_account_id_day UNIQUE (account_id, day),
	CONSTRAINT ck_risk_sessions_shots CHECK (shots >= 0),
	CONSTRAINT fk_risk_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE TABLE signal_outcomes (
	id INTEGER NOT NULL,
	signal_id INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,
	day INTEGER NOT NULL,
	net_r TEXT,
	gross_r TEXT,
	CONSTRAINT pk_signal_outcomes PRIMARY KEY (id),
	CONSTRAINT uq_signal_outcomes_signal_id UNIQUE (signal_id),
	CONSTRAINT fk_signal_outcomes_signal_id FOREIGN KEY(signal_id) REFERENCES signals (id)
)
 STRICT;

CREATE TABLE trade_modifications (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	ticket INTEGER NOT NULL,
	at INTEGER NOT NULL,
	stop_before INTEGER,
	stop_after INTEGER,
	target_before INTEGER,
	target_after INTEGER,
	reason TEXT NOT NULL,
	CONSTRAINT pk_trade_modifications PRIMARY KEY (id),
	CONSTRAINT fk_trade_modifications_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE INDEX ix_trade_modifications_ticket ON trade_modifications (account_id, ticket);

CREATE TABLE trades (
	id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	client_order_id INTEGER NOT NULL,
	symbol TEXT NOT NULL,
	direction TEXT NOT NULL,
	lots INTEGER NOT NULL,
	entry INTEGER NOT NULL,
	exit TEXT NOT NULL,
	initial_stop INTEGER,
	opened_at INTEGER NOT NULL,
	closed_at INTEGER NOT NULL,
	reason TEXT NOT NULL,
	profit INTEGER NOT NULL,
	swap INTEGER NOT NULL,
	commission INTEGER NOT NULL,
	fee INTEGER NOT NULL,
	spread_cost INTEGER NOT NULL,
	slippage_cost INTEGER NOT NULL,
	initial_risk TEXT,
	net_r TEXT,
	ambiguous INTEGER NOT NULL,
	known TEXT,
	balance_after INTEGER NOT NULL,
	currency TEXT NOT NULL,
	CONSTRAINT pk_trades PRIMARY KEY (id),
	CONSTRAINT uq_trades_account_id_position UNIQUE (account_id, position),
	CONSTRAINT ck_trades_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_trades_reason_known CHECK (reason IN ('ENTRY', 'STOP', 'TARGET', 'PLAN', 'TIME', 'FLAT', 'MANUAL', 'EMERGENCY', 'END_OF_RUN')),
	CONSTRAINT ck_trades_lots CHECK (lots > 0),
	CONSTRAINT ck_trades_span CHECK (closed_at >= opened_at),
	CONSTRAINT ck_trades_currency CHECK (length(currency) = 3),
	CONSTRAINT fk_trades_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE INDEX ix_trades_closed ON trades (account_id, closed_at);

CREATE TABLE user_profiles (
	user_id INTEGER NOT NULL,
	callsign TEXT NOT NULL,
	language TEXT NOT NULL,
	zone TEXT NOT NULL,
	CONSTRAINT pk_user_profiles PRIMARY KEY (user_id),
	CONSTRAINT ck_user_profiles_callsign CHECK (length(callsign) = 0 OR length(callsign) BETWEEN 3 AND 20),
	CONSTRAINT fk_user_profiles_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE fire_attempts (
	id INTEGER NOT NULL,
	intent_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	client_order_id INTEGER NOT NULL,
	state TEXT NOT NULL,
	since INTEGER NOT NULL,
	CONSTRAINT pk_fire_attempts PRIMARY KEY (id),
	CONSTRAINT uq_fire_attempts_intent_id_number UNIQUE (intent_id, number),
	CONSTRAINT uq_fire_attempts_client_order_id UNIQUE (client_order_id),
	CONSTRAINT ck_fire_attempts_state_known CHECK (state IN ('RESERVED', 'SENDING', 'WORKING', 'PARTIAL', 'UNKNOWN', 'DISPUTED', 'FILLED', 'NOT_EXECUTED', 'REJECTED', 'EXPIRED', 'CANCELLED')),
	CONSTRAINT ck_fire_attempts_number CHECK (number >= 1),
	CONSTRAINT ck_fire_attempts_client_order_id CHECK (client_order_id > 0 AND client_order_id < 9007199254740992),
	CONSTRAINT fk_fire_attempts_intent_id FOREIGN KEY(intent_id) REFERENCES fire_intents (id),
	CONSTRAINT fk_fire_attempts_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE INDEX ix_fire_attempts_unfinished ON fire_attempts (account_id, client_order_id) WHERE state NOT IN ('CANCELLED', 'EXPIRED', 'FILLED', 'NOT_EXECUTED', 'REJECTED');

CREATE TABLE reservations (
	id INTEGER NOT NULL,
	intent_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	symbol TEXT NOT NULL,
	direction TEXT NOT NULL,
	risk TEXT NOT NULL,
	margin TEXT NOT NULL,
	currency TEXT NOT NULL,
	group_name TEXT NOT NULL,
	reserved_at INTEGER NOT NULL,
	released_at INTEGER,
	CONSTRAINT pk_reservations PRIMARY KEY (id),
	CONSTRAINT ck_reservations_direction_known CHECK (direction IN ('BUY', 'SELL')),
	CONSTRAINT ck_reservations_risk CHECK (CAST(risk AS REAL) >= 0),
	CONSTRAINT ck_reservations_margin CHECK (CAST(margin AS REAL) >= 0),
	CONSTRAINT ck_reservations_currency CHECK (length(currency) = 3),
	CONSTRAINT uq_reservations_intent_id UNIQUE (intent_id),
	CONSTRAINT fk_reservations_intent_id FOREIGN KEY(intent_id) REFERENCES fire_intents (id),
	CONSTRAINT fk_reservations_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE INDEX ix_reservations_held ON reservations (account_id) WHERE released_at IS NULL;

CREATE TABLE dispatches (
	id INTEGER NOT NULL,
	client_order_id INTEGER NOT NULL,
	account_id INTEGER NOT NULL,
	opens INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	claimed_by TEXT NOT NULL,
	lease_until INTEGER NOT NULL,
	fence INTEGER NOT NULL,
	is_finished INTEGER NOT NULL,
	CONSTRAINT pk_dispatches PRIMARY KEY (id),
	CONSTRAINT uq_dispatches_client_order_id UNIQUE (client_order_id),
	CONSTRAINT fk_dispatches_client_order_id FOREIGN KEY(client_order_id) REFERENCES fire_attempts (client_order_id),
	CONSTRAINT ck_dispatches_fence CHECK (fence >= 0),
	CONSTRAINT ck_dispatches_claim CHECK ((claimed_by = '') = (fence = 0)),
	CONSTRAINT fk_dispatches_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
 STRICT;

CREATE INDEX ix_dispatches_due ON dispatches (opens, due_at) WHERE claimed_by = '' AND NOT is_finished;

CREATE TRIGGER tr_journal_no_update BEFORE UPDATE ON journal WHEN NOT (NEW.stream_id = OLD.stream_id AND NEW.number = OLD.number AND NEW.commitment = OLD.commitment AND NEW.head = OLD.head AND NEW.salt IS NULL AND NEW.payload IS NULL) BEGIN SELECT RAISE(ABORT, 'journal rows are never edited'); END;

CREATE TRIGGER tr_journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal rows are never edited'); END;

CREATE TRIGGER tr_journal_streams_no_update BEFORE UPDATE ON journal_streams WHEN NOT (NEW.id = OLD.id AND NEW.name = OLD.name AND NEW."rows" > OLD."rows") BEGIN SELECT RAISE(ABORT, 'journal_streams rows are never edited'); END;

CREATE TRIGGER tr_journal_streams_no_delete BEFORE DELETE ON journal_streams BEGIN SELECT RAISE(ABORT, 'journal_streams rows are never edited'); END;

CREATE TRIGGER tr_deals_no_update BEFORE UPDATE ON deals BEGIN SELECT RAISE(ABORT, 'deals rows are never edited'); END;

CREATE TRIGGER tr_deals_no_delete BEFORE DELETE ON deals BEGIN SELECT RAISE(ABORT, 'deals rows are never edited'); END;

CREATE TRIGGER tr_audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log rows are never edited'); END;

CREATE TRIGGER tr_audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log rows are never edited'); END;
