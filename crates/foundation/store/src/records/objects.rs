//! Buckets, objects, multipart uploads and their parts. Object bytes are files that `objects` keeps, but for those of small
//! objects, which are held in `contents`; here are the rows.

use crate::{FromRow, Read, Record, Row, StoreError, Tx, record::record};

/// A bucket as its owner's account holds it. `settings` is a JSON document that `objects` reads; `version` guards it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketRow {
    pub account: String,
    pub name: String,
    pub region: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    pub settings: String,
    pub version: i64,
}

/// One object. `doc` is JSON; `etag` has no quotes; `content` names a file, or the folder of an upload's parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRow {
    pub key: String,
    /// Bytes.
    pub size: i64,
    pub etag: String,
    /// Milliseconds since the epoch.
    pub modified_at: i64,
    pub content: String,
    pub doc: String,
}

/// An object with what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeObject {
    pub row: ObjectRow,
    /// None: they are in the file, or the folder, that `content` names.
    pub bytes: Option<Vec<u8>>,
}

/// A multipart upload in progress; its id is also the name of its parts' folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRow {
    pub key: String,
    pub id: String,
    /// Milliseconds since the epoch.
    pub created_at: i64,
    pub doc: String,
}

/// An upload that became an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedUploadRow {
    pub key: String,
    pub id: String,
    /// Milliseconds since the epoch.
    pub finished_at: i64,
    pub doc: String,
}

/// One part of an upload. `etag` is the MD5 of its bytes in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartRow {
    pub number: i64,
    /// Bytes.
    pub size: i64,
    pub etag: String,
    /// Milliseconds since the epoch.
    pub modified_at: i64,
    pub doc: String,
}

record! { $ BucketRow from buckets as bucket_columns: [] (account, name) region, created_at, settings, version }
record! { $ ObjectRow from objects as object_columns: [bucket] (key = "object_key") size, etag, modified_at, content, doc }
record! { $ UploadRow from uploads as upload_columns: [bucket] (key = "object_key", id) created_at, doc }
record! { $ PartRow from upload_parts as part_columns: [upload] (number) size, etag, modified_at, doc }

impl FromRow for WholeObject {
    fn from_row(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            row: ObjectRow::from_row(row)?,
            bytes: row.get(ObjectRow::COLUMNS.names.len())?,
        })
    }
}

/// Takes the name in the directory if it is free; answers the account that holds it afterwards.
pub fn claim_bucket_name(tx: &mut Tx<'_>, name: &str, account: &str) -> Result<String, StoreError> {
    tx.exec(
        "INSERT INTO bucket_names (name, account) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        (name, account),
    )?;
    let owner = tx.value("SELECT account FROM bucket_names WHERE name = $1", (name,))?;
    Ok(owner.unwrap_or_else(|| account.to_owned()))
}

/// False if the account has a bucket of that name already.
pub fn insert_bucket(tx: &mut Tx<'_>, row: &BucketRow) -> Result<bool, StoreError> {
    let inserted = tx.exec(
        "INSERT INTO buckets (account, name, region, created_at, settings, version) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account, name) DO NOTHING",
        (
            row.account.as_str(),
            row.name.as_str(),
            row.region.as_str(),
            row.created_at,
            row.settings.as_str(),
            row.version,
        ),
    )?;
    Ok(inserted == 1)
}

/// By the directory: whoever owns it.
pub fn bucket(r: &mut impl Read, name: &str) -> Result<Option<BucketRow>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            bucket_columns!("b."),
            " FROM bucket_names n JOIN buckets b ON b.account = n.account AND b.name = n.name WHERE n.name = $1"
        ),
        (name,),
    )
}

/// An account's buckets in order of name, from `from` on; of one region only unless `region` is empty.
pub fn buckets_of(
    r: &mut impl Read,
    account: &str,
    region: &str,
    from: &str,
    limit: i64,
) -> Result<Vec<BucketRow>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            bucket_columns!(),
            " FROM buckets WHERE account = $1 AND name >= $2 AND ($3 = '' OR region = $3) ORDER BY name LIMIT $4"
        ),
        (account, from, region, limit),
    )
}

/// Replaces the settings if nobody did since `version` was read.
pub fn set_bucket_settings(
    tx: &mut Tx<'_>,
    account: &str,
    name: &str,
    version: i64,
    settings: &str,
) -> Result<bool, StoreError> {
    let updated = tx.exec(
        "UPDATE buckets SET settings = $4, version = version + 1 WHERE account = $1 AND name = $2 AND version = $3",
        (account, name, version, settings),
    )?;
    Ok(updated == 1)
}

/// Frees the name too. Objects must be gone.
pub fn delete_bucket(tx: &mut Tx<'_>, account: &str, name: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM buckets WHERE account = $1 AND name = $2", (account, name))?;
    tx.exec(
        "DELETE FROM bucket_names WHERE name = $1 AND account = $2",
        (name, account),
    )?;
    Ok(())
}

pub fn bucket_has_objects(r: &mut impl Read, bucket: &str) -> Result<bool, StoreError> {
    let row = r.value::<String>("SELECT object_key FROM objects WHERE bucket = $1 LIMIT 1", (bucket,))?;
    Ok(row.is_some())
}

pub fn object(r: &mut impl Read, bucket: &str, key: &str) -> Result<Option<ObjectRow>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            object_columns!(),
            " FROM objects WHERE bucket = $1 AND object_key = $2"
        ),
        (bucket, key),
    )
}

/// The object and its bytes if they are held here, both of one moment.
pub fn whole_object(r: &mut impl Read, bucket: &str, key: &str) -> Result<Option<WholeObject>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            object_columns!("o."),
            ", c.bytes FROM objects o LEFT JOIN contents c ON c.id = o.content WHERE o.bucket = $1 AND o.object_key = $2"
        ),
        (bucket, key),
    )
}

/// The objects of a bucket in order of key, from `from` (included) on.
pub fn objects_from(r: &mut impl Read, bucket: &str, from: &str, limit: i64) -> Result<Vec<ObjectRow>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            object_columns!(),
            " FROM objects WHERE bucket = $1 AND object_key >= $2 ORDER BY object_key LIMIT $3"
        ),
        (bucket, from, limit),
    )
}

/// Writes the object, replacing one of the same key.
pub fn put_object(tx: &mut Tx<'_>, bucket: &str, row: &ObjectRow) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO objects (bucket, object_key, size, etag, modified_at, content, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (bucket, object_key) DO UPDATE SET size = excluded.size, etag = excluded.etag,
             modified_at = excluded.modified_at, content = excluded.content, doc = excluded.doc",
        (
            bucket,
            row.key.as_str(),
            row.size,
            row.etag.as_str(),
            row.modified_at,
            row.content.as_str(),
            row.doc.as_str(),
        ),
    )?;
    Ok(())
}

/// Replaces the document of the object as long as it is the one that was read.
pub fn set_object_doc(tx: &mut Tx<'_>, bucket: &str, key: &str, content: &str, doc: &str) -> Result<bool, StoreError> {
    let updated = tx.exec(
        "UPDATE objects SET doc = $4 WHERE bucket = $1 AND object_key = $2 AND content = $3",
        (bucket, key, content, doc),
    )?;
    Ok(updated == 1)
}

pub fn delete_object(tx: &mut Tx<'_>, bucket: &str, key: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM objects WHERE bucket = $1 AND object_key = $2",
        (bucket, key),
    )?;
    Ok(())
}

/// Says that a content is in use: the file or folder `id`, or the bytes, which are then held here.
pub fn add_content(tx: &mut Tx<'_>, id: &str, bytes: Option<&[u8]>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO contents (id, bytes) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING",
        (id, bytes),
    )?;
    Ok(())
}

/// True if it is a file or folder, which may be removed after this commits; bytes held here are gone with their row.
pub fn drop_content(tx: &mut Tx<'_>, id: &str) -> Result<bool, StoreError> {
    let is_file = tx.value("DELETE FROM contents WHERE id = $1 RETURNING bytes IS NULL", (id,))?;
    Ok(is_file.unwrap_or(true))
}

/// Which contents between two ids (upper end excluded) are in use, in order: what the sweep compares a folder with.
pub fn contents_between(r: &mut impl Read, from: &str, to: &str) -> Result<Vec<String>, StoreError> {
    r.values(
        "SELECT id FROM contents WHERE id >= $1 AND id < $2 ORDER BY id",
        (from, to),
    )
}

pub fn insert_upload(tx: &mut Tx<'_>, bucket: &str, row: &UploadRow) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO uploads (bucket, object_key, id, created_at, doc) VALUES ($1, $2, $3, $4, $5)",
        (
            bucket,
            row.key.as_str(),
            row.id.as_str(),
            row.created_at,
            row.doc.as_str(),
        ),
    )?;
    Ok(())
}

pub fn upload(r: &mut impl Read, bucket: &str, key: &str, id: &str) -> Result<Option<UploadRow>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            upload_columns!(),
            " FROM uploads WHERE bucket = $1 AND object_key = $2 AND id = $3"
        ),
        (bucket, key, id),
    )
}

/// A bucket's uploads in order of key and id, from (`key`, `id`) (included) on.
pub fn uploads_from(
    r: &mut impl Read,
    bucket: &str,
    key: &str,
    id: &str,
    limit: i64,
) -> Result<Vec<UploadRow>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            upload_columns!(),
            " FROM uploads WHERE bucket = $1 AND (object_key, id) >= ($2, $3) ORDER BY object_key, id LIMIT $4"
        ),
        (bucket, key, id, limit),
    )
}

/// False if it is not there (any more). Its parts go with it.
pub fn delete_upload(tx: &mut Tx<'_>, bucket: &str, key: &str, id: &str) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM uploads WHERE bucket = $1 AND object_key = $2 AND id = $3",
        (bucket, key, id),
    )?;
    tx.exec("DELETE FROM upload_parts WHERE upload = $1", (id,))?;
    Ok(deleted == 1)
}

/// Writes the part, replacing one of the same number.
pub fn put_part(tx: &mut Tx<'_>, upload: &str, row: &PartRow) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO upload_parts (upload, number, size, etag, modified_at, doc) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (upload, number) DO UPDATE SET size = excluded.size, etag = excluded.etag,
             modified_at = excluded.modified_at, doc = excluded.doc",
        (
            upload,
            row.number,
            row.size,
            row.etag.as_str(),
            row.modified_at,
            row.doc.as_str(),
        ),
    )?;
    Ok(())
}

pub fn part(r: &mut impl Read, upload: &str, number: i64) -> Result<Option<PartRow>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            part_columns!(),
            " FROM upload_parts WHERE upload = $1 AND number = $2"
        ),
        (upload, number),
    )
}

/// An upload's parts in order, after `after`.
pub fn parts_after(r: &mut impl Read, upload: &str, after: i64, limit: i64) -> Result<Vec<PartRow>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            part_columns!(),
            " FROM upload_parts WHERE upload = $1 AND number > $2 ORDER BY number LIMIT $3"
        ),
        (upload, after, limit),
    )
}

/// Remembers an upload that became an object.
pub fn remember_finished_upload(tx: &mut Tx<'_>, bucket: &str, row: &FinishedUploadRow) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO finished_uploads (bucket, object_key, id, finished_at, doc) VALUES ($1, $2, $3, $4, $5)",
        (bucket, &row.key, &row.id, row.finished_at, &row.doc),
    )?;
    Ok(())
}

/// The document of an upload that became an object at `since` or later.
pub fn finished_upload(
    r: &mut impl Read,
    bucket: &str,
    key: &str,
    id: &str,
    since: i64,
) -> Result<Option<String>, StoreError> {
    r.value(
        "SELECT doc FROM finished_uploads WHERE bucket = $1 AND object_key = $2 AND id = $3 AND finished_at >= $4",
        (bucket, key, id, since),
    )
}

/// Forgets at most `limit` of the uploads that became objects of a bucket. Returns how many.
pub fn forget_finished_uploads_of(tx: &mut Tx<'_>, bucket: &str, limit: i64) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM finished_uploads WHERE (bucket, object_key, id) IN
         (SELECT bucket, object_key, id FROM finished_uploads WHERE bucket = $1 ORDER BY object_key, id LIMIT $2)",
        (bucket, limit),
    )
}

/// Forgets at most `limit` of the uploads that became objects before `before`, the oldest first. Returns how many.
pub fn forget_finished_uploads(tx: &mut Tx<'_>, before: i64, limit: i64) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM finished_uploads WHERE (bucket, object_key, id) IN
         (SELECT bucket, object_key, id FROM finished_uploads WHERE finished_at < $1 ORDER BY finished_at LIMIT $2)",
        (before, limit),
    )
}
