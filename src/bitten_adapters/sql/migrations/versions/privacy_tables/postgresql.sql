CREATE TABLE erasures (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_public_id TEXT COLLATE "C" NOT NULL,
	erased_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_erasures PRIMARY KEY (id),
	CONSTRAINT uq_erasures_user_public_id UNIQUE (user_public_id)
);

COMMENT ON TABLE erasures IS 'Persons who were erased, by an id that leads to nobody; carried out again after a restore.';

CREATE TABLE deletion_requests (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	confirmed_at TIMESTAMP WITH TIME ZONE,
	undo_until TIMESTAMP WITH TIME ZONE,
	withdrawn_at TIMESTAMP WITH TIME ZONE,
	done_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_deletion_requests PRIMARY KEY (id),
	CONSTRAINT uq_deletion_requests_public_id UNIQUE (public_id),
	CONSTRAINT ck_deletion_requests_confirmed CHECK ((confirmed_at IS NULL) = (undo_until IS NULL)),
	CONSTRAINT ck_deletion_requests_done CHECK (done_at IS NULL OR confirmed_at IS NOT NULL AND withdrawn_at IS NULL),
	CONSTRAINT fk_deletion_requests_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_deletion_requests_user ON deletion_requests (user_id, asked_at);

CREATE UNIQUE INDEX uq_deletion_requests_open ON deletion_requests (user_id) WHERE withdrawn_at IS NULL AND done_at IS NULL;

COMMENT ON TABLE deletion_requests IS 'Wishes to be deleted: asked for, confirmed, taken back or carried out.';

CREATE TABLE export_requests (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	public_id TEXT COLLATE "C" NOT NULL,
	user_id BIGINT NOT NULL,
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
	token_hash BYTEA NOT NULL,
	ready_at TIMESTAMP WITH TIME ZONE,
	link_until TIMESTAMP WITH TIME ZONE,
	fetched_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_export_requests PRIMARY KEY (id),
	CONSTRAINT uq_export_requests_public_id UNIQUE (public_id),
	CONSTRAINT uq_export_requests_token_hash UNIQUE (token_hash),
	CONSTRAINT ck_export_requests_token_hash CHECK (length(token_hash) = 32),
	CONSTRAINT ck_export_requests_ready CHECK ((ready_at IS NULL) = (link_until IS NULL)),
	CONSTRAINT fk_export_requests_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_export_requests_asked ON export_requests (asked_at);

CREATE INDEX ix_export_requests_user ON export_requests (user_id, asked_at);

COMMENT ON TABLE export_requests IS 'Wishes to have one''s data; of a link''s token there is only a hash.';

CREATE TABLE person_keys (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	key_id TEXT COLLATE "C",
	nonce BYTEA,
	ciphertext BYTEA,
	made_at TIMESTAMP WITH TIME ZONE NOT NULL,
	destroyed_at TIMESTAMP WITH TIME ZONE,
	CONSTRAINT pk_person_keys PRIMARY KEY (id),
	CONSTRAINT ck_person_keys_destroyed CHECK ((key_id IS NULL) = (destroyed_at IS NOT NULL) AND (key_id IS NULL) = (nonce IS NULL) AND (key_id IS NULL) = (ciphertext IS NULL)),
	CONSTRAINT uq_person_keys_user_id UNIQUE (user_id),
	CONSTRAINT fk_person_keys_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

COMMENT ON TABLE person_keys IS 'Keys that persons'' data is sealed with, themselves sealed by the operator''s; a destroyed one leaves its row.';

CREATE TABLE user_emails (
	id BIGINT GENERATED ALWAYS AS IDENTITY,
	user_id BIGINT NOT NULL,
	blind_index BYTEA NOT NULL,
	key_id TEXT COLLATE "C" NOT NULL,
	nonce BYTEA NOT NULL,
	ciphertext BYTEA NOT NULL,
	set_at TIMESTAMP WITH TIME ZONE NOT NULL,
	CONSTRAINT pk_user_emails PRIMARY KEY (id),
	CONSTRAINT ck_user_emails_blind_index CHECK (length(blind_index) = 32),
	CONSTRAINT uq_user_emails_user_id UNIQUE (user_id),
	CONSTRAINT fk_user_emails_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE INDEX ix_user_emails_blind_index ON user_emails (blind_index);

COMMENT ON TABLE user_emails IS 'E-mail addresses, sealed by their persons'' keys, with a blind index to find them by.';
