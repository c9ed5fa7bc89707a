//! The step of `0008_folded_search`.

use crate::{StoreError, Value, connection::Connection, records::folding::folded};

/// Users to a statement: a pool may have millions.
const PAGE: i64 = 1000;

const READ: &str = "SELECT pool, sub, email, phone_number, name, given_name, family_name, preferred_username FROM users
    WHERE (pool, sub) > ($1, $2) ORDER BY pool, sub LIMIT $3";

const WRITE: &str = "UPDATE users SET email = $3, phone_number = $4, name = $5, given_name = $6, family_name = $7,
    preferred_username = $8 WHERE pool = $1 AND sub = $2";

type Text = Option<String>;

/// Writes only the users of whom folding changes something, which few are.
pub(super) fn fold_users(connection: &mut Connection<'_>) -> Result<(), StoreError> {
    let (mut pool, mut sub) = (String::new(), String::new());
    loop {
        let after = [Value::from(&pool), Value::from(&sub), Value::from(PAGE)];
        let rows = connection.rows::<(String, String, Text, Text, Text, Text, Text, Text)>(READ, &after)?;
        let Some(last) = rows.last() else { return Ok(()) };
        (pool, sub) = (last.0.clone(), last.1.clone());
        for (pool, sub, email, phone_number, name, given_name, family_name, preferred_username) in rows {
            let kept = [email, phone_number, name, given_name, family_name, preferred_username];
            let wanted = kept.each_ref().map(|text| text.as_deref().map(folded));
            if wanted != kept {
                let key = [Value::from(pool), Value::from(sub)];
                let values: Vec<Value> = key.into_iter().chain(wanted.map(Value::from)).collect();
                connection.exec(WRITE, &values)?;
            }
        }
    }
}
