CREATE TABLE consents (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	purpose TEXT COLLATE "C" NOT NULL,
	version BIGINT NOT NULL,
	given_at TIMESTAMP WITH TIME ZONE NOT NULL,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_consents PRIMARY KEY (id),
	CONSTRAINT uq_consents_public_id UNIQUE (public_id),
	CONSTRAINT ck_consents_purpose_known CHECK (purpose IN ('privacy', 'risk_disclosure', 'live_trading', 'messages', 'leaderboard', 'product_analytics')),
	CONSTRAINT ck_consents_version CHECK (version >= 1),
	CONSTRAINT ck_consents_span CHECK (withdrawn_at IS NULL OR withdrawn_at >= given_at),
	CONSTRAINT fk_consents_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_consents_user ON consents (user_id, given_at);

CREATE UNIQUE INDEX uq_consents_standing ON consents (user_id, purpose, version) WHERE withdrawn_at IS NULL;

COMMENT ON TABLE consents IS 'What people agreed to: each yes to one version of one text, given once and withdrawn once.';

CREATE TABLE onboarding_sessions (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	started_at TIMESTAMP WITH TIME ZONE NOT NULL,
	step TEXT COLLATE "C" NOT NULL,
	experience TEXT COLLATE "C",
	adult_at TIMESTAMP WITH TIME ZONE,
	risk_version BIGINT NOT NULL,
	privacy_version BIGINT NOT NULL,
	quiz_result TEXT COLLATE "C" NOT NULL,
	callsign TEXT COLLATE "C" NOT NULL,
	has_account BOOLEAN NOT NULL,
	done_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_onboarding_sessions PRIMARY KEY (id),
	CONSTRAINT ck_onboarding_sessions_step_known CHECK (step IN ('WELCOME', 'EXPERIENCE', 'AGE_AND_RISK', 'CONSENT', 'RISK_QUIZ', 'CALLSIGN', 'ACCOUNT', 'TOUR', 'DONE')),
	CONSTRAINT ck_onboarding_sessions_experience_known CHECK (experience IS NULL OR experience IN ('NONE', 'SOME', 'YEARS')),
	CONSTRAINT ck_onboarding_sessions_versions CHECK (risk_version >= 0 AND privacy_version >= 0),
	CONSTRAINT ck_onboarding_sessions_done CHECK ((done_at IS NULL) = (step <> 'DONE')),
	CONSTRAINT ck_onboarding_sessions_nothing_legal_is_skipped CHECK (done_at IS NULL OR adult_at IS NOT NULL AND risk_version >= 1 AND privacy_version >= 1 AND length(quiz_result) > 0),
	CONSTRAINT uq_onboarding_sessions_user_id UNIQUE (user_id),
	CONSTRAINT fk_onboarding_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE onboarding_sessions IS 'Onboardings: what is asked next, and what was answered.';

CREATE TABLE user_choices (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	callsign_key TEXT COLLATE "C",
	limits_chosen_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_user_choices PRIMARY KEY (id),
	CONSTRAINT uq_user_choices_callsign_key UNIQUE (callsign_key),
	CONSTRAINT ck_user_choices_callsign CHECK (callsign_key IS NULL OR length(callsign_key) BETWEEN 3 AND 20),
	CONSTRAINT uq_user_choices_user_id UNIQUE (user_id),
	CONSTRAINT fk_user_choices_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE user_choices IS 'What people chose for themselves: a callsign, as it is compared, and when they chose their limits.';
