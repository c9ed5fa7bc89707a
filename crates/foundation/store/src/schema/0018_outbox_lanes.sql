-- What waits to leave stands in one of two lanes, each with a worker of its own: messages for a mail server, events for functions.
-- One that is slow keeps nothing of the other waiting.

ALTER TABLE outbox ADD COLUMN lane {key} NOT NULL DEFAULT 'message';
DROP INDEX outbox_by_due;
CREATE INDEX outbox_by_lane ON outbox (lane, due, pool, id);
