CREATE TABLE consents (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	purpose TEXT NOT NULL,
	version INTEGER NOT NULL,
	given_at INTEGER NOT NULL,
	withdrawn_at INTEGER,
	CONSTRAINT pk_consents PRIMARY KEY (id),
	CONSTRAINT uq_consents_public_id UNIQUE (public_id),
	CONSTRAINT ck_consents_purpose_known CHECK (purpose IN ('privacy', 'risk_disclosure', 'live_trading', 'messages', 'leaderboard', 'product_analytics')),
	CONSTRAINT ck_consents_version CHECK (version >= 1),
	CONSTRAINT ck_consents_span CHECK (withdrawn_at IS NULL OR withdrawn_at >= given_at),
	CONSTRAINT fk_consents_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_consents_user ON consents (user_id, given_at);

CREATE UNIQUE INDEX uq_consents_standing ON consents (user_id, purpose, version) WHERE withdrawn_at IS NULL;

CREATE TABLE onboarding_sessions (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	step TEXT NOT NULL,
	experience TEXT,
	adult_at INTEGER,
	risk_version INTEGER NOT NULL,
	privacy_version INTEGER NOT NULL,
	quiz_result TEXT NOT NULL,
	callsign TEXT NOT NULL,
	has_account INTEGER NOT NULL,
	done_at INTEGER,
	CONSTRAINT pk_onboarding_sessions PRIMARY KEY (id),
	CONSTRAINT ck_onboarding_sessions_step_known CHECK (step IN ('WELCOME', 'EXPERIENCE', 'AGE_AND_RISK', 'CONSENT', 'RISK_QUIZ', 'CALLSIGN', 'ACCOUNT', 'TOUR', 'DONE')),
	CONSTRAINT ck_onboarding_sessions_experience_known CHECK (experience IS NULL OR experience IN ('NONE', 'SOME', 'YEARS')),
	CONSTRAINT ck_onboarding_sessions_versions CHECK (risk_version >= 0 AND privacy_version >= 0),
	CONSTRAINT ck_onboarding_sessions_done CHECK ((done_at IS NULL) = (step <> 'DONE')),
	CONSTRAINT ck_onboarding_sessions_nothing_legal_is_skipped CHECK (done_at IS NULL OR adult_at IS NOT NULL AND risk_version >= 1 AND privacy_version >= 1 AND length(quiz_result) > 0),
	CONSTRAINT uq_onboarding_sessions_user_id UNIQUE (user_id),
	CONSTRAINT fk_onboarding_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE user_choices (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	callsign_key TEXT,
	limits_chosen_at INTEGER,
	CONSTRAINT pk_user_choices PRIMARY KEY (id),
	CONSTRAINT uq_user_choices_callsign_key UNIQUE (callsign_key),
	CONSTRAINT ck_user_choices_callsign CHECK (callsign_key IS NULL OR length(callsign_key) BETWEEN 3 AND 20),
	CONSTRAINT uq_user_choices_user_id UNIQUE (user_id),
	CONSTRAINT fk_user_choices_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;
