//! Background work that one node does for all: who holds it, until when, and how it went the last time.

use kernel::Timestamp;

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRow {
    pub name: String,
    /// The node that runs it, or ran it last.
    pub holder: String,
    /// Until then nobody else may begin. True time.
    pub held_until: Timestamp,
    /// When the last run ended. True time.
    pub ran_at: Option<Timestamp>,
    /// How the last run failed.
    pub error: Option<String>,
}

record! { $ JobRow from jobs as job_columns: [] (name) holder, held_until, ran_at, error }

pub fn find(r: &mut impl Read, name: &str) -> Result<Option<JobRow>, StoreError> {
    r.one(
        concat!("SELECT ", job_columns!(), " FROM jobs WHERE name = $1"),
        (name,),
    )
}

/// From now on it is `holder`'s until then.
pub fn hold(tx: &mut Tx<'_>, name: &str, holder: &str, until: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO jobs (name, holder, held_until) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until",
        (name, holder, until),
    )?;
    Ok(())
}

/// Holds it for longer. False if it is another's meanwhile.
pub fn renew(tx: &mut Tx<'_>, name: &str, holder: &str, until: Timestamp) -> Result<bool, StoreError> {
    let renewed = tx.exec(
        "UPDATE jobs SET held_until = $3 WHERE name = $1 AND holder = $2",
        (name, holder, until),
    )?;
    Ok(renewed == 1)
}

/// A run has ended, and the next may begin anywhere. Nothing where another holds it meanwhile.
pub fn end(tx: &mut Tx<'_>, name: &str, holder: &str, at: Timestamp, error: Option<&str>) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE jobs SET held_until = $3, ran_at = $3, error = $4 WHERE name = $1 AND holder = $2",
        (name, holder, at, error),
    )?;
    Ok(())
}
