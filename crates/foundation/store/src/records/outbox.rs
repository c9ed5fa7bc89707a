//! Messages and functions' events on their way (outbox) and messages that dev keeps to be read (inbox). All sealed by `delivery`.

use std::{borrow::Cow, sync::Arc};

use kernel::{PoolId, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

/// Who takes it: what is slow in one lane keeps nothing of another waiting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Text messages of older versions are among them.
    Mails,
    Texts,
    /// What the function of this ARN is told.
    Function(Arc<str>),
}

/// Functions' lanes lie between this and [`AFTER_FUNCTIONS`].
const FUNCTIONS: &str = "function:";
const AFTER_FUNCTIONS: &str = "function;";

impl Lane {
    fn label(&self) -> Cow<'static, str> {
        match self {
            Self::Mails => Cow::Borrowed("message"),
            Self::Texts => Cow::Borrowed("text"),
            Self::Function(arn) => Cow::Owned(format!("{FUNCTIONS}{arn}")),
        }
    }
}

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

pub fn insert(tx: &mut Tx<'_>, lane: &Lane, waiting: &Waiting) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO outbox (pool, id, message, attempts, due, created, lane) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (
            &waiting.pool,
            &waiting.id,
            waiting.message.as_slice(),
            waiting.attempts,
            waiting.due,
            waiting.created,
            lane.label().as_ref(),
        ),
    )?;
    Ok(())
}

/// What is due in a lane, oldest first.
pub fn due(r: &mut impl Read, lane: &Lane, now: Timestamp, limit: i64) -> Result<Vec<Waiting>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            waiting_columns!(),
            " FROM outbox WHERE lane = $1 AND due <= $2 ORDER BY due, pool, id LIMIT $3"
        ),
        (lane.label().as_ref(), now, limit),
    )
}

/// The lanes of functions in which something waits, due or not.
pub fn functions(r: &mut impl Read) -> Result<Vec<Lane>, StoreError> {
    let mut lanes = Vec::new();
    let mut after = FUNCTIONS.to_owned();
    loop {
        let next: Option<String> = r.value(
            "SELECT lane FROM outbox WHERE lane > $1 AND lane < $2 ORDER BY lane LIMIT 1",
            (after.as_str(), AFTER_FUNCTIONS),
        )?;
        let Some(label) = next else { return Ok(lanes) };
        let arn = label.strip_prefix(FUNCTIONS).unwrap_or(&label);
        lanes.push(Lane::Function(arn.into()));
        after = label;
    }
}

/// When the next in a lane is due.
pub fn next_due(r: &mut impl Read, lane: &Lane) -> Result<Option<Timestamp>, StoreError> {
    r.value(
        "SELECT due FROM outbox WHERE lane = $1 ORDER BY due LIMIT 1",
        (lane.label().as_ref(),),
    )
}

/// Takes what waits for one attempt: it is due again at `until`, should this node never come back. False if another node was
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

/// Gives what was claimed a new due time, if the claim (which ends at `claimed`) still holds.
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
