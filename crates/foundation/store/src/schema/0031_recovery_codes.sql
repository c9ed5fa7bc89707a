-- Codes that stand in for a user's second factor, each once: HMACs of them, which one row has until it is used.

CREATE TABLE recovery_codes (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    digest {blob} NOT NULL,
    PRIMARY KEY (pool, sub, digest)
);
