-- Multipart uploads that became objects: who asks again for want of an answer is told the same. For a day; each new one takes
-- a few old ones with it.
CREATE TABLE finished_uploads (
    bucket {key} NOT NULL,
    object_key {key} NOT NULL,
    id {key} NOT NULL,
    finished_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (bucket, object_key, id)
);

CREATE INDEX finished_uploads_by_age ON finished_uploads (finished_at);
