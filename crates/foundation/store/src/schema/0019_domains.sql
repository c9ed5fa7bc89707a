-- Resource servers: what app clients' own scopes belong to. `doc` is the settings, written and read by `userpool`.

CREATE TABLE resource_servers (
    pool {key} NOT NULL,
    identifier {key} NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, identifier)
);

-- Where a pool's people sign in, of each kind one. `domain` as it was asked for: a prefix or a whole name. `bare`: the prefix alone is
-- this pool's too, and no namesake's of another Region.

CREATE TABLE domains (
    pool {key} NOT NULL,
    kind {key} NOT NULL,
    domain {key} NOT NULL,
    bare BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, kind)
);

-- Whose a host, or a prefix in a path, is.

CREATE TABLE domain_owners (
    domain {key} PRIMARY KEY,
    pool {key} NOT NULL
);
CREATE INDEX domain_owners_by_pool ON domain_owners (pool, domain);
