-- How many messages of a channel a pool's nodes have taken to send since the window of `since` began. A node takes many at a time,
-- so that no message waits for this row.

CREATE TABLE message_budgets (
    pool {key} NOT NULL,
    channel {key} NOT NULL,
    since BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    PRIMARY KEY (pool, channel)
);
