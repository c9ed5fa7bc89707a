//! Migrations: each applied once, in order, in a transaction of its own, and remembered with a checksum. A new database gets all in
//! one: there is nothing that an earlier one would have to be kept for, and each commit is a sync. It begins with the baseline where
//! the list goes that far: to change a column of a table is dear on SQLite, however empty the table.

use kernel::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    StoreError, Value,
    connection::Connection,
    schema::{self, Migrations},
};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    name {key} NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)";

/// Applies what is to be applied in one transaction and returns the names; none when the schema is up to date. Errors: as
/// [`missing`].
pub(crate) fn some(
    connection: &mut Connection<'_>,
    migrations: Migrations,
    now: Timestamp,
) -> Result<Vec<&'static str>, StoreError> {
    connection.lock_schema()?;
    connection.script(TABLE)?;
    let missing = missing(connection, migrations)?;
    let is_new = missing.len() == migrations.len();
    let due = if is_new {
        missing
    } else {
        missing.get(..1).unwrap_or(missing)
    };
    let made = if is_new { baseline(connection, due)? } else { 0 };
    for (name, text) in due.iter().skip(made) {
        connection.script(text)?;
        if let Some(step) = schema::step(name) {
            step(connection)?;
        }
    }
    for (name, text) in due {
        connection.exec(
            "INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)",
            &[Value::from(*name), Value::from(checksum(text)), Value::from(now)],
        )?;
    }
    Ok(due.iter().map(|(name, _)| *name).collect())
}

/// The migrations that this database has not seen. Errors: Migration where what was applied is not a beginning of `migrations`, or
/// the list itself is out of order.
fn missing(connection: &mut Connection<'_>, migrations: Migrations) -> Result<Migrations, StoreError> {
    if !migrations.is_sorted_by(|(a, _), (b, _)| a < b) {
        return Err(StoreError::Migration(
            "the embedded migrations are not in order".to_owned(),
        ));
    }
    let applied = connection.rows::<(String, String)>("SELECT name, checksum FROM migrations ORDER BY name", &[])?;
    if let Some((newer, _)) = applied.get(migrations.len()) {
        return Err(unknown(newer));
    }
    for ((name, sum), (expected, text)) in applied.iter().zip(migrations) {
        if name != expected {
            return Err(unknown(name));
        }
        if *sum != checksum(text) {
            return Err(StoreError::Migration(format!(
                "{name} was altered after this database had applied it; run the version of Poolhouse that made it"
            )));
        }
    }
    Ok(migrations.get(applied.len()..).unwrap_or_default())
}

/// Makes at once what the first migrations of a new database come to, where all of those are to be applied; returns how many.
fn baseline(connection: &mut Connection<'_>, migrations: Migrations) -> Result<usize, StoreError> {
    let (last, text) = schema::BASELINE;
    let Some(at) = migrations.iter().position(|(name, _)| *name == last) else {
        return Ok(0);
    };
    connection.script(text)?;
    Ok(at + 1)
}

fn unknown(name: &str) -> StoreError {
    StoreError::Migration(format!(
        "this database has {name}, which this version of Poolhouse does not know: it was used by a newer version"
    ))
}

/// Of the text before the engine's types are filled in, so that it is the same everywhere.
fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
