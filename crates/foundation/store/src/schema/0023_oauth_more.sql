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

-- Authorization requests that clients pushed, each by the digest of its name. `used`: a browser has come with it.
CREATE TABLE pushed_requests (
    pool {key} NOT NULL,
    request {key} NOT NULL,
    client {key} NOT NULL,
    expires BIGINT NOT NULL,
    used BOOLEAN NOT NULL,
    parameters TEXT NOT NULL,
    PRIMARY KEY (pool, request)
);
CREATE INDEX pushed_requests_by_expiry ON pushed_requests (pool, expires);
