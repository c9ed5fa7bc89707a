//! Facts about the whole database: which keyring it belongs to, which account it serves.

use crate::{Read, StoreError, Tx};

pub fn fact(r: &mut impl Read, name: &str) -> Result<Option<String>, StoreError> {
    r.value("SELECT value FROM facts WHERE name = $1", (name,))
}

pub fn set_fact(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )?;
    Ok(())
}
