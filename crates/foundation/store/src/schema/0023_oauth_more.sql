-- App clients that registered themselves where anybody's may: when, and until when they are kept without being used. A client that an
-- administrator has changed is kept like any other and has no row here.

CREATE TABLE registrations (
    pool {key} NOT NULL,
    client {key} NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (pool, client)
);
CREATE INDEX registrations_by_time ON registrations (pool, created);
CREATE INDEX registrations_by_expiry ON registrations (pool, expires);
