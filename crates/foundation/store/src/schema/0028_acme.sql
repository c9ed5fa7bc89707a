-- Certificates that an authority gives by ACME (RFC 8555). An account of each directory, its key sealed, and how many orders were begun in
-- the hour that began at `hour`.

CREATE TABLE acme_accounts (
    directory {key} PRIMARY KEY,
    credentials {blob},
    hour BIGINT NOT NULL,
    orders BIGINT NOT NULL
);

-- The host names that are to have a certificate, and the one that they have. `due`: when the next one is to be ordered. `failures`: how
-- many orders in a row came to nothing, the last one by `error`.

CREATE TABLE acme_certificates (
    domain {key} PRIMARY KEY,
    directory {key} NOT NULL,
    due BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    error TEXT,
    expires BIGINT,
    chain TEXT,
    private {blob}
);
CREATE INDEX acme_certificates_by_due ON acme_certificates (due, domain);

-- What the authority asks for while a name is being proved: any node answers it.

CREATE TABLE acme_challenges (
    domain {key} PRIMARY KEY,
    token {key} NOT NULL,
    key_authorization TEXT NOT NULL
);
CREATE INDEX acme_challenges_by_token ON acme_challenges (token, domain);

-- All domains of a kind, whosever they are.

CREATE INDEX domains_by_kind ON domains (kind, domain, pool);
