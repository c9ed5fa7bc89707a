-- Every key begins with its pool, so that the schema can be distributed by pool. What arrives without a pool is found
-- in a directory table keyed by the value. Times are milliseconds. Settings and rarely searched facts live in `doc`.

CREATE TABLE facts (
    name {key} PRIMARY KEY,
    value TEXT NOT NULL
);

-- One version a pool and one an account: what caches compare themselves with.
CREATE TABLE versions (
    scope {key} PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE pools (
    pool {key} PRIMARY KEY,
    account {key} NOT NULL,
    region {key} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL
);
CREATE INDEX pools_by_region ON pools (account, region, pool);

-- Pools that are gone while some of their rows are still being deleted.
CREATE TABLE deleted_pools (
    pool {key} PRIMARY KEY
);

-- Issuers that pools chose as a text of their own. Unique by being the key.
CREATE TABLE issuers (
    issuer {key} PRIMARY KEY,
    pool {key} NOT NULL
);
CREATE INDEX issuers_by_pool ON issuers (pool, issuer);

CREATE TABLE clients (
    pool {key} NOT NULL,
    client {key} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    secret {blob},
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, client)
);

CREATE TABLE client_owners (
    client {key} PRIMARY KEY,
    pool {key} NOT NULL
);

CREATE TABLE signing_keys (
    owner {key} NOT NULL,
    kid {key} NOT NULL,
    role {key} NOT NULL,
    private {blob} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (owner, kid)
);

CREATE TABLE key_owners (
    kid {key} PRIMARY KEY,
    owner {key} NOT NULL
);

-- The searchable attributes stand in columns of their own; all attributes stand in `doc`.
CREATE TABLE users (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    username {key} NOT NULL,
    status {key} NOT NULL,
    enabled BIGINT NOT NULL,
    email {key},
    phone_number {key},
    name {key},
    given_name {key},
    family_name {key},
    preferred_username {key},
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, sub)
);
CREATE INDEX users_by_username ON users (pool, username, sub);
CREATE INDEX users_by_status ON users (pool, status, sub);
CREATE INDEX users_by_enabled ON users (pool, enabled, sub);
CREATE INDEX users_by_email ON users (pool, email, sub);
CREATE INDEX users_by_phone_number ON users (pool, phone_number, sub);
CREATE INDEX users_by_name ON users (pool, name, sub);
CREATE INDEX users_by_given_name ON users (pool, given_name, sub);
CREATE INDEX users_by_family_name ON users (pool, family_name, sub);
CREATE INDEX users_by_preferred_username ON users (pool, preferred_username, sub);

-- Sign-in names: usernames, aliases, username attributes. Unique by being the key.
CREATE TABLE names (
    pool {key} NOT NULL,
    name {key} NOT NULL,
    kind {key} NOT NULL,
    sub {key} NOT NULL,
    PRIMARY KEY (pool, name)
);
CREATE INDEX names_by_sub ON names (pool, sub, name);

-- Sealed: the SRP salt and verifier or the argon2id hash, and the history. Apart from `users` so that reading a user
-- never reads them.
CREATE TABLE passwords (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    secret {blob} NOT NULL,
    history {blob},
    set_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (pool, sub)
);

-- One-time codes, as HMAC. The newest replaces the older.
CREATE TABLE codes (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    purpose {key} NOT NULL,
    mac {blob} NOT NULL,
    target TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (pool, sub, purpose)
);
CREATE INDEX codes_by_expiry ON codes (pool, expires);

-- Counted attempts: failed passwords, and what Cognito caps by the hour.
CREATE TABLE attempts (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    kind {key} NOT NULL,
    count BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (pool, sub, kind)
);
CREATE INDEX attempts_by_time ON attempts (pool, since);

-- A session family: one sign-in and the refresh tokens that come of it. `family` is the tokens' origin_jti.
CREATE TABLE sessions (
    pool {key} NOT NULL,
    family {key} NOT NULL,
    sub {key} NOT NULL,
    client {key} NOT NULL,
    token {blob} NOT NULL,
    previous_token {blob},
    rotated_at BIGINT,
    created BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, family)
);
CREATE INDEX sessions_by_sub ON sessions (pool, sub, family);
CREATE INDEX sessions_by_expiry ON sessions (pool, expires);

-- Single-use strings that were used: challenge answers. Kept until they would have expired anyway.
CREATE TABLE spent (
    pool {key} NOT NULL,
    nonce {key} NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (pool, nonce)
);
CREATE INDEX spent_by_expiry ON spent (pool, expires);

CREATE TABLE user_groups (
    pool {key} NOT NULL,
    name {key} NOT NULL,
    description TEXT,
    role_arn TEXT,
    precedence BIGINT,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    PRIMARY KEY (pool, name)
);

CREATE TABLE memberships (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    name {key} NOT NULL,
    PRIMARY KEY (pool, sub, name)
);
CREATE INDEX memberships_by_group ON memberships (pool, name, sub);
