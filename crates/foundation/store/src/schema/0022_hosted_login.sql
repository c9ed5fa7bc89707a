-- Hosted login: `sso_sessions` are the sessions of browsers, each by the digest of its cookie; `authorization_codes` are what apps trade
-- for tokens, each by its digest, with the session family that came of it (none yet: it was not traded).

CREATE TABLE sso_sessions (
    pool {key} NOT NULL,
    login {key} NOT NULL,
    sub {key} NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, login)
);
CREATE INDEX sso_sessions_by_sub ON sso_sessions (pool, sub, login);
CREATE INDEX sso_sessions_by_expiry ON sso_sessions (pool, expires);

CREATE TABLE authorization_codes (
    pool {key} NOT NULL,
    code {key} NOT NULL,
    sub {key} NOT NULL,
    expires BIGINT NOT NULL,
    family {key},
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, code)
);
CREATE INDEX authorization_codes_by_sub ON authorization_codes (pool, sub, code);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (pool, expires);
