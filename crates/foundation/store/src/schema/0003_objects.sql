-- Buckets, objects and multipart uploads. Object bytes are files; a row of contents says that a file (or the folder of an
-- upload's parts) is in use. Keys sort by their bytes: listings page along the primary key.

-- Bucket names are unique among all accounts: the directory holds only the owner.
CREATE TABLE bucket_names (
    name {key} NOT NULL PRIMARY KEY,
    account {key} NOT NULL
);

CREATE TABLE buckets (
    account {key} NOT NULL,
    name {key} NOT NULL,
    region TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    settings TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (account, name)
);

CREATE TABLE objects (
    bucket {key} NOT NULL,
    object_key {key} NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    content {key} NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (bucket, object_key)
);

CREATE TABLE contents (
    id {key} NOT NULL PRIMARY KEY
);

CREATE TABLE uploads (
    bucket {key} NOT NULL,
    object_key {key} NOT NULL,
    id {key} NOT NULL,
    created_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (bucket, object_key, id)
);

CREATE TABLE upload_parts (
    upload {key} NOT NULL,
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    etag TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (upload, number)
);
