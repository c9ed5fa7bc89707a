-- Back-channel logout: which clients had tokens of which browser's session, where they want to hear of its end. `issuer` is what their
-- tokens call the pool. With `due` the session has ended, and the client is told at that time.

CREATE TABLE logouts (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    login {key} NOT NULL,
    client {key} NOT NULL,
    issuer TEXT NOT NULL,
    expires BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT,
    PRIMARY KEY (pool, sub, login, client)
);
CREATE INDEX logouts_by_expiry ON logouts (pool, expires);
CREATE INDEX logouts_by_client ON logouts (pool, client, due, sub, login) WHERE due IS NOT NULL;
