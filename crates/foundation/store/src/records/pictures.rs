//! Pictures of hosted login: logos, backgrounds, icons. Each lies in a place of its look; browsers ask for it by its digest.

use kernel::PoolId;

use crate::{Read, StoreError, Tx, record::record};

/// The look that a picture belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Classic,
    Style,
}

impl Part {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Classic => "CLASSIC",
            Self::Style => "STYLE",
        }
    }
}

/// A picture without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub place: String,
    pub format: String,
    pub digest: String,
}

/// A picture as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub place: String,
    pub format: String,
    /// Of what goes to browsers.
    pub digest: String,
    pub bytes: Vec<u8>,
}

record! { $ Mark from pictures as mark_columns: [pool, client, part] (place) format, digest }
record! { $ Picture from pictures as picture_columns: [pool, client, part] (place) format, digest, bytes }

/// Replaces what is in its place. `served` goes to browsers in the place of the picture's bytes.
pub fn put(
    tx: &mut Tx<'_>,
    (pool, client, part): (&PoolId, &str, Part),
    picture: &Picture,
    served: Option<&[u8]>,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO pictures (pool, client, part, place, format, digest, bytes, served)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (pool, client, part, place)
         DO UPDATE SET format = excluded.format, digest = excluded.digest, bytes = excluded.bytes, served = excluded.served",
        (
            pool,
            client,
            part.as_str(),
            &picture.place,
            &picture.format,
            &picture.digest,
            &picture.bytes,
            served,
        ),
    )?;
    Ok(())
}

/// Those of one look, in the order of their places.
pub fn marks(r: &mut impl Read, (pool, client, part): (&PoolId, &str, Part)) -> Result<Vec<Mark>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            mark_columns!(),
            " FROM pictures WHERE pool = $1 AND client = $2 AND part = $3 ORDER BY place"
        ),
        (pool, client, part.as_str()),
    )
}

/// The same with their bytes.
pub fn all(r: &mut impl Read, (pool, client, part): (&PoolId, &str, Part)) -> Result<Vec<Picture>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            picture_columns!(),
            " FROM pictures WHERE pool = $1 AND client = $2 AND part = $3 ORDER BY place"
        ),
        (pool, client, part.as_str()),
    )
}

/// What goes to browsers, and its format.
pub fn by_digest(r: &mut impl Read, pool: &PoolId, digest: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    r.one(
        "SELECT format, COALESCE(served, bytes) FROM pictures WHERE pool = $1 AND digest = $2 LIMIT 1",
        (pool, digest),
    )
}

pub fn delete(tx: &mut Tx<'_>, (pool, client, part): (&PoolId, &str, Part)) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM pictures WHERE pool = $1 AND client = $2 AND part = $3",
        (pool, client, part.as_str()),
    )?;
    Ok(())
}
