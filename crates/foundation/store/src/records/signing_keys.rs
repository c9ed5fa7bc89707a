//! Key pairs that sign tokens. The owner is a pool id, or another issuer's name. Private halves are sealed.

use kernel::Timestamp;

use crate::{Read, StoreError, Tx, record::record};

#[derive(Clone, Debug)]
pub struct SigningKey {
    pub owner: String,
    pub kid: String,
    /// What it signs: `id`, `access`, or an issuer's own word.
    pub role: String,
    /// PKCS#8, sealed.
    pub private: Vec<u8>,
    pub created: Timestamp,
}

record! { $ SigningKey from signing_keys as signing_key_columns: [] (owner, kid) role, private, created }

pub fn insert(tx: &mut Tx<'_>, key: &SigningKey) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO key_owners (kid, owner) VALUES ($1, $2)",
        (&key.kid, &key.owner),
    )?;
    tx.exec(
        "INSERT INTO signing_keys (owner, kid, role, private, created) VALUES ($1, $2, $3, $4, $5)",
        (&key.owner, &key.kid, &key.role, &key.private, key.created),
    )?;
    Ok(())
}

/// Oldest first.
pub fn of_owner(r: &mut impl Read, owner: &str) -> Result<Vec<SigningKey>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            signing_key_columns!(),
            " FROM signing_keys WHERE owner = $1 ORDER BY created, kid"
        ),
        (owner,),
    )
}

pub fn owner(r: &mut impl Read, kid: &str) -> Result<Option<String>, StoreError> {
    r.value("SELECT owner FROM key_owners WHERE kid = $1", (kid,))
}
