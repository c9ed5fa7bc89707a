-- Keys of our own for SAML, one a provider that encrypts for us, and, under the name '', the pool's, which signs. `private` is sealed for
-- the pool and the name. They have a table of their own because every row of `signing_keys` is published among the keys that tokens are
-- verified by. `created`: the certificate, which is replaced over the same key.

CREATE TABLE saml_keys (
    pool {key} NOT NULL,
    provider {key} NOT NULL,
    private {blob} NOT NULL,
    certificate {blob} NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (pool, provider)
);
