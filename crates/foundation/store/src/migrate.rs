//! Migrations: each applied once, in order, in a transaction of its own, and remembered with a checksum. A new database gets all in
//! one: there is nothing that an earlier one would have to be kept for, and each commit is a sync.

use kernel::Timestamp;
use sha2::{Digest, Sha256};

use crate::{StoreError, Value, connection::Connection, schema};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    name {key} NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL,
    applied_at BIGINT NOT NULL
)";

/// Applies what is to be applied in one transaction and returns the names; none when the schema is up to date. Errors: as
/// [`next`].
pub(crate) fn some(
    connection: &mut Connection<'_>,
    migrations: &[(&'static str, &'static str)],
    now: Timestamp,
) -> Result<Vec<&'static str>, StoreError> {
    let mut names = Vec::new();
    while let Some(name) = next(connection, migrations, now)? {
        names.push(name);
        let is_new = migrations.get(names.len() - 1).is_some_and(|(same, _)| *same == name);
        if !is_new {
            break;
        }
    }
    Ok(names)
}

/// Applies the oldest migration that is still missing and returns its name; None when the schema is up to date.
/// Errors: Migration where what was applied is not a beginning of `migrations`, or the list itself is out of order.
fn next(
    connection: &mut Connection<'_>,
    migrations: &[(&'static str, &'static str)],
    now: Timestamp,
) -> Result<Option<&'static str>, StoreError> {
    if !migrations.is_sorted_by(|(a, _), (b, _)| a < b) {
        return Err(StoreError::Migration(
            "the embedded migrations are not in order".to_owned(),
        ));
    }
    connection.lock_schema()?;
    connection.script(TABLE)?;
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
    let Some((name, text)) = migrations.get(applied.len()) else {
        return Ok(None);
    };
    connection.script(text)?;
    if let Some(step) = schema::step(name) {
        step(connection)?;
    }
    connection.exec(
        "INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, $3)",
        &[Value::from(*name), Value::from(checksum(text)), Value::from(now)],
    )?;
    Ok(Some(name))
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
