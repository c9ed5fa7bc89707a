-- Authenticator apps' secrets, sealed. `secret` is in force, `waiting` has not seen its first code. `last_step` is of the last
-- code that counted.

CREATE TABLE software_tokens (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    secret {blob},
    name TEXT,
    last_step BIGINT,
    waiting {blob},
    PRIMARY KEY (pool, sub)
);
