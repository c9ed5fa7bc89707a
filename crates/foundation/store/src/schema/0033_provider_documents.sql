-- What identity providers publish of themselves at an address that their details name. `due`: when it is asked for anew; a document that
-- can't be had then stays.

CREATE TABLE provider_documents (
    pool {key} NOT NULL,
    provider {key} NOT NULL,
    address TEXT NOT NULL,
    document TEXT NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (pool, provider)
);
CREATE INDEX provider_documents_by_due ON provider_documents (due, pool, provider);
