-- Passkeys: what authenticators registered, none of it secret. `credential` is base64url, `public_key` as COSE spells it, `transports` separated by
-- blanks. `counter` is the highest that was seen; `stepped_back` is when one came that was not higher: somebody else may
-- hold the key. Ids are unique in a pool: whose a credential is must never be a question.

CREATE TABLE passkeys (
    pool {key} NOT NULL,
    sub {key} NOT NULL,
    credential {key} NOT NULL,
    public_key {blob} NOT NULL,
    counter BIGINT NOT NULL,
    name TEXT NOT NULL,
    relying_party TEXT NOT NULL,
    attachment TEXT,
    transports TEXT NOT NULL,
    backup_eligible BOOLEAN NOT NULL,
    backed_up BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    used_at BIGINT,
    stepped_back BIGINT,
    PRIMARY KEY (pool, sub, credential)
);
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (pool, credential);
