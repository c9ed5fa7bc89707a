-- Background work that one node does for all: who does it now, and how it went the last time.

CREATE TABLE jobs (
    name {key} PRIMARY KEY,
    holder {key} NOT NULL,
    held_until BIGINT NOT NULL,
    ran_at BIGINT,
    error TEXT
);
