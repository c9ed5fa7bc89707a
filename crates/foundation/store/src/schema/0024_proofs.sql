-- What clients signed and may show once: assertions (RFC 7523) and proofs of possession (RFC 9449), each by the digest of whose it is and
-- its `jti`. A row goes as soon as nobody would take it for its time any more.

CREATE TABLE proofs (
    pool {key} NOT NULL,
    proof {key} NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (pool, proof)
);
CREATE INDEX proofs_by_expiry ON proofs (pool, expires);
