//! Accounts with certificate authorities, one a directory, and how much of an hour's orders is used. RFC 8555 7.3.

use kernel::Timestamp;

use crate::{Read, StoreError, Tx};

/// Sealed.
pub fn credentials(r: &mut impl Read, directory: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = r.value(
        "SELECT credentials FROM acme_accounts WHERE directory = $1",
        (directory,),
    )?;
    Ok(found.flatten())
}

/// False if there are some: another node was quicker.
pub fn keep(tx: &mut Tx<'_>, directory: &str, credentials: &[u8]) -> Result<bool, StoreError> {
    let kept = tx.exec(
        "INSERT INTO acme_accounts (directory, credentials, hour, orders) VALUES ($1, $2, 0, 0)
         ON CONFLICT (directory) DO UPDATE SET credentials = excluded.credentials
         WHERE acme_accounts.credentials IS NULL",
        (directory, credentials),
    )?;
    Ok(kept == 1)
}

/// The authority knows the account no more.
pub fn forget(tx: &mut Tx<'_>, directory: &str) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE acme_accounts SET credentials = NULL WHERE directory = $1",
        (directory,),
    )?;
    Ok(())
}

/// One order more in the hour that began at `hour`. False if there were `most` already.
pub fn begin_order(tx: &mut Tx<'_>, directory: &str, hour: Timestamp, most: u32) -> Result<bool, StoreError> {
    let begun = tx.exec(
        "INSERT INTO acme_accounts (directory, credentials, hour, orders) VALUES ($1, NULL, $2, 1)
         ON CONFLICT (directory) DO UPDATE SET hour = excluded.hour,
             orders = CASE WHEN acme_accounts.hour = excluded.hour THEN acme_accounts.orders + 1 ELSE 1 END
         WHERE acme_accounts.hour <> excluded.hour OR acme_accounts.orders < $3",
        (directory, hour, i64::from(most)),
    )?;
    Ok(begun == 1)
}
