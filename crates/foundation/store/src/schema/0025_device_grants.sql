-- Devices that wait for somebody to allow them (RFC 8628), each by the digest of its code. `user_code` is an HMAC of what people enter,
-- `browser` the digest of the cookie of whoever entered it last. With a `sub` it is allowed; the document says what for.

CREATE TABLE device_grants (
    pool {key} NOT NULL,
    device {key} NOT NULL,
    user_code {key} NOT NULL,
    client {key} NOT NULL,
    expires BIGINT NOT NULL,
    pause BIGINT NOT NULL,
    denied BOOLEAN NOT NULL,
    browser {key},
    sub {key},
    doc TEXT NOT NULL,
    PRIMARY KEY (pool, device)
);
CREATE UNIQUE INDEX device_grants_by_user_code ON device_grants (pool, user_code);
CREATE INDEX device_grants_by_client ON device_grants (pool, client, expires);
CREATE INDEX device_grants_by_expiry ON device_grants (pool, expires);
CREATE INDEX device_grants_by_sub ON device_grants (pool, sub) WHERE sub IS NOT NULL;
