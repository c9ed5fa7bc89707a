//! Who somebody is in a pool whom an identity provider sends. A user's name says nothing of it: anybody may be called `Google_123`.

use kernel::{PoolId, Sub, Timestamp};

use crate::{Read, StoreError, Tx, record::record};

/// The attribute that stands for what a provider calls its user by.
pub const SUBJECT: &str = "Cognito_Subject";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalUser {
    pub pool: PoolId,
    pub provider: String,
    /// [`SUBJECT`], or the pool's attribute that an administrator linked by.
    pub attribute: String,
    /// Letter by letter.
    pub value: String,
    pub sub: Sub,
    /// Whether somebody said so; else the user was made when they came.
    pub linked: bool,
    pub created: Timestamp,
}

record! { $ ExternalUser from external_users as external_user_columns:
    [] (pool, provider, attribute, value) sub, linked, created
}

/// False if somebody else has it: whoever is quicker.
pub fn claim(tx: &mut Tx<'_>, user: &ExternalUser) -> Result<bool, StoreError> {
    let claimed = tx.exec(
        "INSERT INTO external_users (pool, provider, attribute, value, sub, linked, created)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (pool, provider, attribute, value) DO NOTHING",
        (
            &user.pool,
            &user.provider,
            &user.attribute,
            &user.value,
            &user.sub,
            user.linked,
            user.created,
        ),
    )?;
    Ok(claimed == 1)
}

pub fn find(
    r: &mut impl Read,
    pool: &PoolId,
    (provider, attribute, value): (&str, &str, &str),
) -> Result<Option<ExternalUser>, StoreError> {
    r.one(
        concat!(
            "SELECT ",
            external_user_columns!(),
            " FROM external_users WHERE pool = $1 AND provider = $2 AND attribute = $3 AND value = $4"
        ),
        (pool, provider, attribute, value),
    )
}

/// All that a user is elsewhere: a handful.
pub fn of_user(r: &mut impl Read, pool: &PoolId, sub: &Sub) -> Result<Vec<ExternalUser>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            external_user_columns!(),
            " FROM external_users WHERE pool = $1 AND sub = $2 ORDER BY provider, attribute, value"
        ),
        (pool, sub),
    )
}

/// By which attributes users of a provider are known, in order, `most` of them: one look a name, however many users it has.
pub fn attributes(r: &mut impl Read, pool: &PoolId, provider: &str, most: usize) -> Result<Vec<String>, StoreError> {
    let mut names: Vec<String> = Vec::new();
    while names.len() < most {
        let after = names.last().map_or("", String::as_str);
        let next = r.value::<String>(
            "SELECT attribute FROM external_users WHERE pool = $1 AND provider = $2 AND attribute > $3
             ORDER BY attribute LIMIT 1",
            (pool, provider, after),
        )?;
        let Some(name) = next else { break };
        names.push(name);
    }
    Ok(names)
}

/// False if there was none.
pub fn delete(
    tx: &mut Tx<'_>,
    pool: &PoolId,
    (provider, attribute, value): (&str, &str, &str),
) -> Result<bool, StoreError> {
    let deleted = tx.exec(
        "DELETE FROM external_users WHERE pool = $1 AND provider = $2 AND attribute = $3 AND value = $4",
        (pool, provider, attribute, value),
    )?;
    Ok(deleted == 1)
}
