//! Back-channel logout: which clients had tokens of a browser's session, and which of them wait to be told that it has ended. Whoever
//! ends a session says so in its transaction, so that nobody's end is lost.

use kernel::{ClientId, PoolId, Sub, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

/// A client that wants to hear of a session's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hearer {
    pub sub: Sub,
    /// The session's id.
    pub login: String,
    pub client: ClientId,
    /// What its tokens call the pool.
    pub issuer: String,
    /// When the last of its tokens of that session is over.
    pub expires: Timestamp,
}

/// One that is to be told.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub pool: PoolId,
    pub sub: Sub,
    pub login: String,
    pub client: ClientId,
    pub issuer: String,
    pub attempts: i64,
    pub due: Timestamp,
}

record! { $ Waiting from logouts as logout_columns: [] (pool, sub, login, client) issuer, attempts, due }

/// It has tokens of the session.
pub fn hear(tx: &mut Tx<'_>, pool: &PoolId, hearer: &Hearer) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO logouts (pool, sub, login, client, issuer, expires, attempts) VALUES ($1, $2, $3, $4, $5, $6, 0)
         ON CONFLICT (pool, sub, login, client) DO UPDATE SET expires = excluded.expires",
        (
            pool,
            &hearer.sub,
            hearer.login.as_str(),
            &hearer.client,
            hearer.issuer.as_str(),
            hearer.expires,
        ),
    )?;
    Ok(())
}

/// A browser's session has ended: its clients are to be told.
pub fn end(tx: &mut Tx<'_>, (pool, sub): (&PoolId, &Sub), login: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE logouts SET due = $4 WHERE pool = $1 AND sub = $2 AND login = $3 AND due IS NULL",
        (pool, sub, login, now),
    )?;
    Ok(())
}

/// All of a user's have.
pub fn end_all(tx: &mut Tx<'_>, (pool, sub): (&PoolId, &Sub), now: Timestamp) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE logouts SET due = $3 WHERE pool = $1 AND sub = $2 AND due IS NULL",
        (pool, sub, now),
    )?;
    Ok(())
}

/// The clients that something waits for, due or not.
pub fn clients(r: &mut impl Read) -> Result<Vec<(PoolId, ClientId)>, StoreError> {
    let mut found: Vec<(PoolId, ClientId)> = Vec::new();
    let mut after = (String::new(), String::new());
    loop {
        let next: Option<(String, String)> = r.one(
            "SELECT pool, client FROM logouts WHERE due IS NOT NULL AND (pool, client) > ($1, $2)
             ORDER BY pool, client LIMIT 1",
            (after.0.as_str(), after.1.as_str()),
        )?;
        let Some(next) = next else { return Ok(found) };
        found.push((PoolId::new(next.0.as_str()), ClientId::new(next.1.as_str())));
        after = next;
    }
}

/// What is due for a client, oldest first.
pub fn due(
    r: &mut impl Read,
    (pool, client): (&PoolId, &ClientId),
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Waiting>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            logout_columns!(),
            " FROM logouts WHERE pool = $1 AND client = $2 AND due <= $3 ORDER BY due, sub, login LIMIT $4"
        ),
        (pool, client, now, limit),
    )
}

/// When the next for a client is due.
pub fn next_due(r: &mut impl Read, (pool, client): (&PoolId, &ClientId)) -> Result<Option<Timestamp>, StoreError> {
    r.value(
        "SELECT due FROM logouts WHERE pool = $1 AND client = $2 AND due IS NOT NULL ORDER BY due LIMIT 1",
        (pool, client),
    )
}

/// Takes it for one attempt: it is due again at `until`, should this node never come back. False if another node was quicker.
pub fn claim(tx: &mut Tx<'_>, waiting: &Waiting, until: Timestamp) -> Result<bool, StoreError> {
    postpone(tx, waiting, waiting.due, (until, waiting.attempts + 1))
}

/// Gives what was claimed (until `claimed`) a new due time and number of attempts, if the claim still holds.
pub fn postpone(
    tx: &mut Tx<'_>,
    waiting: &Waiting,
    claimed: Timestamp,
    (due, attempts): (Timestamp, i64),
) -> Result<bool, StoreError> {
    let changed = tx.exec(
        "UPDATE logouts SET due = $6, attempts = $7
         WHERE pool = $1 AND sub = $2 AND login = $3 AND client = $4 AND due = $5",
        (
            &waiting.pool,
            &waiting.sub,
            waiting.login.as_str(),
            &waiting.client,
            claimed,
            due,
            attempts,
        ),
    )?;
    Ok(changed == 1)
}

/// It was told, or is given up.
pub fn remove(tx: &mut Tx<'_>, waiting: &Waiting) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM logouts WHERE pool = $1 AND sub = $2 AND login = $3 AND client = $4",
        (&waiting.pool, &waiting.sub, waiting.login.as_str(), &waiting.client),
    )?;
    Ok(())
}

/// Forgets what a hundred of a pool's users had that expired before `before`. Returns how many.
pub fn sweep(tx: &mut Tx<'_>, pool: &PoolId, before: Timestamp) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM logouts WHERE pool = $1 AND expires < $2 AND sub IN
         (SELECT sub FROM logouts WHERE pool = $1 AND expires < $2 LIMIT 100)",
        (pool, before),
    )
}
