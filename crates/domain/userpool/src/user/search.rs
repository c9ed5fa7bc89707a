//! What ListUsers finds: a filter as a search by key. Reference: user-pools 4.10.

use kernel::{PoolId, Sub};
use store::{
    Read, StoreError,
    records::{
        folding::folded,
        user_search::{self, Column, Term},
        users::{self, User},
    },
};

use super::filter::{Comparison, Field, Filter};

/// A sub has this many characters; the key of an ordered search begins with it.
const SUB_LEN: usize = 36;

/// The users that `filter` lets pass, each with the key that continues after it; `after` is such a key, or empty.
pub(crate) fn run(
    r: &mut impl Read,
    pool: &PoolId,
    filter: Option<&Filter>,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, User)>, StoreError> {
    let found = match filter {
        None => users::list(r, pool, after, limit)?,
        Some(Filter {
            field: Field::Sub,
            comparison,
            value,
        }) => match comparison {
            Comparison::Equal => match Sub::parse(value).filter(|sub| sub.as_str() > after) {
                Some(sub) => users::by_sub(r, pool, &sub)?.into_iter().collect(),
                None => Vec::new(),
            },
            Comparison::Prefix => user_search::sub_beginning(r, pool, value, after, limit)?,
        },
        Some(Filter {
            field: Field::Column(Column::Enabled),
            comparison,
            value,
        }) => match enabled(*comparison, value).as_slice() {
            [one] => user_search::equal(r, pool, term(Column::Enabled, one), after, limit)?,
            [] => Vec::new(),
            _ => users::list(r, pool, after, limit)?,
        },
        Some(Filter {
            field: Field::Column(column),
            comparison,
            value,
        }) => match comparison {
            Comparison::Equal => user_search::equal(r, pool, term(*column, value), after, limit)?,
            Comparison::Prefix => return beginning(r, pool, term(*column, value), after, limit),
        },
    };
    Ok(found.into_iter().map(|user| (user.sub.to_string(), user)).collect())
}

fn term(column: Column, value: &str) -> Term<'_> {
    Term { column, value }
}

/// The states that a filter by `status` means.
fn enabled(comparison: Comparison, value: &str) -> Vec<&'static str> {
    let matches = |state: &&str| match comparison {
        Comparison::Equal => *state == value,
        Comparison::Prefix => state.starts_with(value),
    };
    ["Enabled", "Disabled"].into_iter().filter(matches).collect()
}

/// In the column's order: the key is the sub, then the column's value.
fn beginning(
    r: &mut impl Read,
    pool: &PoolId,
    term: Term<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, User)>, StoreError> {
    let (sub, place) = after.split_at_checked(SUB_LEN).unwrap_or_default();
    let found = user_search::beginning(r, pool, term, (place, sub), limit)?;
    Ok(found
        .into_iter()
        .map(|user| (format!("{}{}", user.sub, place_of(&user, term.column)), user))
        .collect())
}

/// What the column holds of a user.
fn place_of(user: &User, column: Column) -> String {
    let attribute = |name: &str| {
        user.doc
            .attributes
            .get(name)
            .map_or(String::new(), |value| folded(value))
    };
    match column {
        Column::Username => user.username.clone(),
        Column::Status => user.status.to_string(),
        Column::Enabled => String::new(),
        Column::Email => attribute("email"),
        Column::PhoneNumber => attribute("phone_number"),
        Column::Name => attribute("name"),
        Column::GivenName => attribute("given_name"),
        Column::FamilyName => attribute("family_name"),
        Column::PreferredUsername => attribute("preferred_username"),
    }
}
