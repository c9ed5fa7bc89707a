//! What an authority asks for while a host name is being proved. RFC 8555 8, RFC 8737.

use crate::{Read, StoreError, Tx};

/// In place of what was asked before.
pub fn put(tx: &mut Tx<'_>, domain: &str, token: &str, key_authorization: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO acme_challenges (domain, token, key_authorization) VALUES ($1, $2, $3)
         ON CONFLICT (domain) DO UPDATE SET token = excluded.token, key_authorization = excluded.key_authorization",
        (domain, token, key_authorization),
    )?;
    Ok(())
}

/// The key authorization that a name is proved by.
pub fn of_domain(r: &mut impl Read, domain: &str) -> Result<Option<String>, StoreError> {
    r.value(
        "SELECT key_authorization FROM acme_challenges WHERE domain = $1",
        (domain,),
    )
}

/// The same of a token, asked for under the name.
pub fn of_token(r: &mut impl Read, token: &str, domain: &str) -> Result<Option<String>, StoreError> {
    r.value(
        "SELECT key_authorization FROM acme_challenges WHERE token = $1 AND domain = $2",
        (token, domain),
    )
}

/// The name is proved, or is not to be.
pub fn drop(tx: &mut Tx<'_>, domain: &str) -> Result<(), StoreError> {
    tx.exec("DELETE FROM acme_challenges WHERE domain = $1", (domain,))?;
    Ok(())
}
