-- What waits to leave stands in lanes: `message` for what is sent, and `function:ARN` for what each function is told. What is slow in
-- one keeps nothing of the others waiting.

ALTER TABLE outbox ADD COLUMN lane {key} NOT NULL DEFAULT 'message';
DROP INDEX outbox_by_due;
CREATE INDEX outbox_by_lane ON outbox (lane, due, pool, id);
