-- Messages that wait to be sent, and those that dev keeps to be read. Bodies and recipients are sealed.

CREATE TABLE outbox (
    pool {key} NOT NULL,
    id {key} NOT NULL,
    message {blob} NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (pool, id)
);
CREATE INDEX outbox_by_due ON outbox (due, pool, id);

CREATE TABLE inbox (
    id {key} PRIMARY KEY,
    message {blob} NOT NULL,
    at BIGINT NOT NULL
);
