-- The tables as 0001 to 0012 leave them, made at once: a new database begins with this. What each is for is said there.

CREATE TABLE facts (
    name {key} PRIMARY KEY,
    value TEXT NOT NULL
);

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
    doc TEXT NOT NULL,
    issuer TEXT,
    issuer_updated BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX pools_by_region ON pools (account, region, pool);

CREATE TABLE deleted_pools (
    pool {key} PRIMARY KEY
);

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

CREATE TABLE users (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    username {key} NOT NULL,
    status {key} NOT NULL,
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
    enabled BOOLEAN NOT NULL DEFAULT TRUE,
    PRIMARY KEY (pool, sub)
);
CREATE INDEX users_by_username ON users (pool, username, sub);
CREATE INDEX users_by_status ON users (pool, status, sub);
CREATE INDEX users_by_email ON users (pool, email, sub) WHERE email IS NOT NULL;
CREATE INDEX users_by_phone_number ON users (pool, phone_number, sub) WHERE phone_number IS NOT NULL;
CREATE INDEX users_by_name ON users (pool, name, sub) WHERE name IS NOT NULL;
CREATE INDEX users_by_given_name ON users (pool, given_name, sub) WHERE given_name IS NOT NULL;
CREATE INDEX users_by_family_name ON users (pool, family_name, sub) WHERE family_name IS NOT NULL;
CREATE INDEX users_by_preferred_username ON users (pool, preferred_username, sub) WHERE preferred_username IS NOT NULL;
CREATE INDEX users_by_enabled ON users (pool, enabled, sub);

CREATE TABLE names (
    pool {key} NOT NULL,
    name {key} NOT NULL,
    kind {key} NOT NULL,
    sub {key} NOT NULL,
    PRIMARY KEY (pool, name)
);
CREATE INDEX names_by_sub ON names (pool, sub, name);

CREATE TABLE passwords (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    secret {blob} NOT NULL,
    history {blob},
    set_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (pool, sub)
);

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

CREATE TABLE attempts (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    kind {key} NOT NULL,
    count BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (pool, sub, kind)
);
CREATE INDEX attempts_by_time ON attempts (pool, since);

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
    doc TEXT NOT NULL,
    revoked BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (pool, family)
);
CREATE INDEX sessions_by_sub ON sessions (pool, sub, family);
CREATE INDEX sessions_by_expiry ON sessions (pool, expires);

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

CREATE TABLE outbox (
    pool {key} NOT NULL,
    id {key} NOT NULL,
    message {blob} NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX outbox_by_due ON outbox (due, pool, id);

CREATE TABLE inbox (
    id {key} PRIMARY KEY,
    message {blob} NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE bucket_names (
    name {key} NOT NULL PRIMARY KEY,
    account {key} NOT NULL
);

CREATE TABLE buckets (
    account {key} NOT NULL,
    name {key} NOT NULL,
    region TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE objects (
    bucket {key} NOT NULL,
    object_key {key} NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    content {key} NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (bucket, object_key)
);

CREATE TABLE contents (
    id {key} NOT NULL PRIMARY KEY,
    bytes {blob}
);

CREATE TABLE uploads (
    bucket {key} NOT NULL,
    object_key {key} NOT NULL,
    id {key} NOT NULL,
    created_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (bucket, object_key, id)
);

CREATE TABLE upload_parts (
    upload {key} NOT NULL,
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (upload, number)
);

CREATE TABLE iam_entities (
    account {key} NOT NULL,
    kind {key} NOT NULL,
    name_key {key} NOT NULL,
    id {key} NOT NULL,
    name {key} NOT NULL,
    path {key} NOT NULL,
    created BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (account, kind, name_key)
);
CREATE INDEX iam_entities_by_id ON iam_entities (account, id);

CREATE TABLE iam_inline_policies (
    account {key} NOT NULL,
    owner {key} NOT NULL,
    name {key} NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, owner, name)
);

CREATE TABLE iam_policy_versions (
    account {key} NOT NULL,
    policy {key} NOT NULL,
    number BIGINT NOT NULL,
    is_default BOOLEAN NOT NULL,
    document TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, policy, number)
);

CREATE TABLE iam_attachments (
    account {key} NOT NULL,
    owner {key} NOT NULL,
    purpose {key} NOT NULL,
    policy {key} NOT NULL,
    PRIMARY KEY (account, owner, purpose, policy)
);
CREATE INDEX iam_attachments_by_policy ON iam_attachments (account, policy, purpose, owner);

CREATE TABLE iam_memberships (
    account {key} NOT NULL,
    member {key} NOT NULL,
    group_id {key} NOT NULL,
    PRIMARY KEY (account, member, group_id)
);
CREATE INDEX iam_memberships_by_group ON iam_memberships (account, group_id, member);

CREATE TABLE iam_access_keys (
    account {key} NOT NULL,
    owner {key} NOT NULL,
    access_key {key} NOT NULL,
    active BOOLEAN NOT NULL,
    secret {blob} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (account, owner, access_key)
);

CREATE TABLE access_key_owners (
    access_key {key} PRIMARY KEY,
    account {key} NOT NULL,
    owner {key} NOT NULL
);

CREATE TABLE identity_pools (
    pool {key} PRIMARY KEY,
    account {key} NOT NULL,
    region {key} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    providers {blob}
);
CREATE INDEX identity_pools_by_region ON identity_pools (account, region, pool);

CREATE TABLE identities (
    pool {key} NOT NULL,
    identity {key} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT TRUE,
    authenticated BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (pool, identity)
);
CREATE INDEX identities_by_creation ON identities (pool, created, identity);

CREATE TABLE identity_owners (
    identity {key} PRIMARY KEY,
    pool {key} NOT NULL
);

CREATE TABLE logins (
    pool {key} NOT NULL,
    provider {key} NOT NULL,
    subject {key} NOT NULL,
    identity {key} NOT NULL,
    PRIMARY KEY (pool, provider, subject)
);

CREATE TABLE deleted_identity_pools (
    pool {key} PRIMARY KEY
);

CREATE TABLE finished_uploads (
    bucket {key} NOT NULL,
    object_key {key} NOT NULL,
    id {key} NOT NULL,
    finished_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (bucket, object_key, id)
);
CREATE INDEX finished_uploads_by_age ON finished_uploads (finished_at);

CREATE TABLE jobs (
    name {key} PRIMARY KEY,
    holder {key} NOT NULL,
    held_until BIGINT NOT NULL,
    ran_at BIGINT,
    error TEXT
);
