CREATE TABLE erasures (
	id INTEGER NOT NULL,
	user_public_id TEXT NOT NULL,
	erased_at INTEGER NOT NULL,
	CONSTRAINT pk_erasures PRIMARY KEY (id),
	CONSTRAINT uq_erasures_user_public_id UNIQUE (user_public_id)
)
 STRICT;

CREATE TABLE deletion_requests (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	confirmed_at INTEGER,
	undo_until INTEGER,
	withdrawn_at INTEGER,
	done_at INTEGER,
	CONSTRAINT pk_deletion_requests PRIMARY KEY (id),
	CONSTRAINT uq_deletion_requests_public_id UNIQUE (public_id),
	CONSTRAINT ck_deletion_requests_confirmed CHECK ((confirmed_at IS NULL) = (undo_until IS NULL)),
	CONSTRAINT ck_deletion_requests_done CHECK (done_at IS NULL OR confirmed_at IS NOT NULL AND withdrawn_at IS NULL),
	CONSTRAINT fk_deletion_requests_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_deletion_requests_user ON deletion_requests (user_id, asked_at);

CREATE UNIQUE INDEX uq_deletion_requests_open ON deletion_requests (user_id) WHERE withdrawn_at IS NULL AND done_at IS NULL;

CREATE TABLE export_requests (
	id INTEGER NOT NULL,
	public_id TEXT NOT NULL,
	user_id INTEGER NOT NULL,
	asked_at INTEGER NOT NULL,
	token_hash BLOB NOT NULL,
	ready_at INTEGER,
	link_until INTEGER,
	fetched_at INTEGER,
	CONSTRAINT pk_export_requests PRIMARY KEY (id),
	CONSTRAINT uq_export_requests_public_id UNIQUE (public_id),
	CONSTRAINT uq_export_requests_token_hash UNIQUE (token_hash),
	CONSTRAINT ck_export_requests_token_hash CHECK (length(token_hash) = 32),
	CONSTRAINT ck_export_requests_ready CHECK ((ready_at IS NULL) = (link_until IS NULL)),
	CONSTRAINT fk_export_requests_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_export_requests_asked ON export_requests (asked_at);

CREATE INDEX ix_export_requests_user ON export_requests (user_id, asked_at);

CREATE TABLE person_keys (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	key_id TEXT,
	nonce BLOB,
	ciphertext BLOB,
	made_at INTEGER NOT NULL,
	destroyed_at INTEGER,
	CONSTRAINT pk_person_keys PRIMARY KEY (id),
	CONSTRAINT ck_person_keys_destroyed CHECK ((key_id IS NULL) = (destroyed_at IS NOT NULL) AND (key_id IS NULL) = (nonce IS NULL) AND (key_id IS NULL) = (ciphertext IS NULL)),
	CONSTRAINT uq_person_keys_user_id UNIQUE (user_id),
	CONSTRAINT fk_person_keys_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE TABLE user_emails (
	id INTEGER NOT NULL,
	user_id INTEGER NOT NULL,
	blind_index BLOB NOT NULL,
	key_id TEXT NOT NULL,
	nonce BLOB NOT NULL,
	ciphertext BLOB NOT NULL,
	set_at INTEGER NOT NULL,
	CONSTRAINT pk_user_emails PRIMARY KEY (id),
	CONSTRAINT ck_user_emails_blind_index CHECK (length(blind_index) = 32),
	CONSTRAINT uq_user_emails_user_id UNIQUE (user_id),
	CONSTRAINT fk_user_emails_user_id FOREIGN KEY(user_id) REFERENCES users (id)
)
 STRICT;

CREATE INDEX ix_user_emails_blind_index ON user_emails (blind_index);
