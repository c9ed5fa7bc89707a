-- A client may have two secrets while it changes from one to the other. A secret is sealed for its pool and client, so rows are
-- copied as they are. The id is `<client>--<milliseconds>`, at most as long as the API takes one.

CREATE TABLE client_secrets (
    pool {key} NOT NULL,
    client {key} NOT NULL,
    id {key} NOT NULL,
    created BIGINT NOT NULL,
    secret {blob} NOT NULL,
    PRIMARY KEY (pool, client, id)
);

INSERT INTO client_secrets (pool, client, id, created, secret)
SELECT pool, client, SUBSTR(client, 1, 112) || '--' || CAST(created AS TEXT), created, secret
FROM clients WHERE secret IS NOT NULL;

ALTER TABLE clients DROP COLUMN secret;
