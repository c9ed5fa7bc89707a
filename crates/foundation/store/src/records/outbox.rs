//! Messages on their way (outbox) and messages that dev keeps to be read (inbox). Both sealed by `delivery`.

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone)]
pub struct Waiting {
    pub pool: PoolId,
    /// Time-ordered.
    pub id: String,
    pub message: Vec<u8>,
    pub attempts: i64,
    pub due: Timestamp,
    pub created: Timestamp,
}

record! { $ Waiting from outbox as waiting_columns: [] (pool, id) message, attempts, due, created }

pub fn insert(tx: &mut Tx<'_>, waiting: &Waiting) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO outbox (pool, id, message, attempts, due, created) VALUES ($1, $2, $3, $4, $5, $6)",
        (
            &waiting.pool,
            &waiting.id,
            waiting.message.as_slice(),
            waiting.attempts,
            waiting.due,
            waiting.created,
        ),
    )?;
    Ok(())
}

/// The messages that are due, oldest first.
pub fn due(r: &mut impl Read, now: Timestamp, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            waiting_columns!(),
            " FROM outbox WHERE due <= $1 ORDER BY due, pool, id LIMIT $2"
        ),
        (now, limit),
    )
}

/// When the next message is due.
pub fn next_due(r: &mut impl Read) -> Result<Option<Timestamp>, StoreError> {
    r.value("SELECT due FROM outbox ORDER BY due LIMIT 1", ())
}

/// Takes a message for one attempt: it is due again at `until`, should this node never come back. False if another node was
/// quicker.
pub fn claim(tx: &mut Tx<'_>, waiting: &Waiting, until: Timestamp) -> Result<bool, StoreError> {
    let claimed = tx.exec(
        "UPDATE outbox SET due = $3, attempts = attempts + 1 WHERE pool = $1 AND id = $2 AND due = $4",
        (&waiting.pool, &waiting.id, until, waiting.due),
    )?;
    Ok(claimed == 1)
}

pub fn remove(tx: &mut Tx<'_>, pool: &PoolId, id: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM outbox WHERE pool = $1 AND id = $2", (pool, id))?;
    Ok(())
}

/// Keeps a message to be read. Ids are time-ordered.
pub fn keep(tx: &mut Tx<'_>, id: &str, message: &[u8], at: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO inbox (id, message, at) VALUES ($1, $2, $3)",
        (id, message, at),
    )?;
    Ok(())
}

/// The kept messages, newest first: those before `before` (empty for the newest), at most `limit`.
pub fn kept(r: &mut impl Read, before: &str, limit: i64) -> Result<Vec<(String, Vec<u8>, Timestamp)>, StoreError> {
    if before.is_empty() {
        return r.rows("SELECT id, message, at FROM inbox ORDER BY id DESC LIMIT $1", (limit,));
    }
    r.rows(
        "SELECT id, message, at FROM inbox WHERE id < $1 ORDER BY id DESC LIMIT $2",
        (before, limit),
    )
}

/// Gives a claimed message a new due time, if the claim (which ends at `claimed`) still holds.
pub fn postpone(
    tx: &mut Tx<'_>,
    pool: &PoolId,
    id: &str,
    claimed: Timestamp,
    due: Timestamp,
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE outbox SET due = $4 WHERE pool = $1 AND id = $2 AND due = $3",
        (pool, id, claimed, due),
    )?;
    Ok(())
}
