-- Identity providers of a user pool. `doc` is the settings but for what is secret of them, written and read by `userpool`; `secret` is that,
-- sealed for the pool and the name.

CREATE TABLE identity_providers (
    pool {key} NOT NULL,
    name {key} NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    secret {blob} NOT NULL,
    PRIMARY KEY (pool, name)
);

-- Which provider of the pool another name stands for.

CREATE TABLE provider_identifiers (
    pool {key} NOT NULL,
    identifier {key} NOT NULL,
    name {key} NOT NULL,
    PRIMARY KEY (pool, identifier)
);
CREATE INDEX provider_identifiers_by_name ON provider_identifiers (pool, name, identifier);
