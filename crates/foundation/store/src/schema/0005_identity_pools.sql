-- Identity pools keep to the rule of user pools: every key begins with the pool, and what arrives without one (an identity
-- id) is found in a directory table. `providers` is sealed: a provider's application id may hold that provider's secret.

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

-- The logins of an identity stand in `doc`. `authenticated` says that it ever had one: it is no guest any more.
CREATE TABLE identities (
    pool {key} NOT NULL,
    identity {key} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    authenticated BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, identity)
);
CREATE INDEX identities_by_creation ON identities (pool, created, identity);

CREATE TABLE identity_owners (
    identity {key} PRIMARY KEY,
    pool {key} NOT NULL
);

-- Whose login it is. Unique by being the key, so that two racing first calls of one login make one identity.
CREATE TABLE logins (
    pool {key} NOT NULL,
    provider {key} NOT NULL,
    subject {key} NOT NULL,
    identity {key} NOT NULL,
    PRIMARY KEY (pool, provider, subject)
);

-- Pools whose identities are still to be deleted: a stop must not leave them for ever.
CREATE TABLE deleted_identity_pools (
    pool {key} PRIMARY KEY
);
