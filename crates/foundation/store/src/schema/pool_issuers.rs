//! The step of `0012_pool_issuers`.

use serde_json::Value as Json;

use crate::{StoreError, Value, connection::Connection};

const PAGE: i64 = 1000;

const READ: &str = "SELECT pool, doc FROM pools WHERE pool > $1 ORDER BY pool LIMIT $2";

const WRITE: &str = "UPDATE pools SET issuer = $2, issuer_updated = $3 WHERE pool = $1";

/// Copies the choice of each pool that made one.
pub(super) fn copy_issuers(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let rows = connection.rows::<(String, String)>(READ, &[Value::from(&after), Value::from(PAGE)])?;
        let Some((last, _)) = rows.last() else { return Ok(()) };
        after.clone_from(last);
        for (pool, doc) in rows {
            let doc: Json =
                serde_json::from_str(&doc).map_err(|error| StoreError::corrupt("pools", &pool, "doc", error))?;
            let tag = doc.pointer("/UserPoolTags/poolhouse:issuer").and_then(Json::as_str);
            let updated = doc.pointer("/IssuerConfiguration/Type").and_then(Json::as_str) == Some("UPDATED");
            if tag.is_some() || updated {
                connection.exec(WRITE, &[Value::from(pool), Value::from(tag), Value::from(updated)])?;
            }
        }
    }
}
