-- Devices that their users confirmed: salt and verifier of each under seal, and whether it stands in for a second factor.

CREATE TABLE devices (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    device {key} NOT NULL,
    secret {blob} NOT NULL,
    name TEXT,
    status TEXT NOT NULL,
    created BIGINT NOT NULL,
    modified BIGINT NOT NULL,
    authenticated BIGINT NOT NULL,
    last_ip TEXT,
    PRIMARY KEY (pool, sub, device)
);
