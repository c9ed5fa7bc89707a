//! The searches of ListUsers: one column, exact or by prefix, paged by key. The columns of attributes hold folded
//! text, and are searched for such. Reference: user-pools 4.10.

use kernel::PoolId;

use super::users::{User, user_columns};
use crate::{Read, StoreError};

/// What a filter may name, apart from `sub`, which is the key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Username,
    Status,
    Enabled,
    Email,
    PhoneNumber,
    Name,
    GivenName,
    FamilyName,
    PreferredUsername,
}

macro_rules! exact {
    ($column:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users WHERE pool = $1 AND ",
            $column,
            " = $2 AND sub > $3 ORDER BY sub LIMIT $4"
        )
    };
}

macro_rules! prefix {
    ($column:literal) => {
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users WHERE pool = $1 AND ",
            $column,
            " >= $2 AND ",
            $column,
            " < $3 AND (",
            $column,
            ", sub) > ($4, $5) ORDER BY ",
            $column,
            ", sub LIMIT $6"
        )
    };
}

impl Column {
    const fn exact(self) -> &'static str {
        match self {
            Self::Username => exact!("username"),
            Self::Status => exact!("status"),
            Self::Enabled => exact!("enabled"),
            Self::Email => exact!("email"),
            Self::PhoneNumber => exact!("phone_number"),
            Self::Name => exact!("name"),
            Self::GivenName => exact!("given_name"),
            Self::FamilyName => exact!("family_name"),
            Self::PreferredUsername => exact!("preferred_username"),
        }
    }

    /// None for the column that holds no text.
    const fn prefix(self) -> Option<&'static str> {
        Some(match self {
            Self::Enabled => return None,
            Self::Username => prefix!("username"),
            Self::Status => prefix!("status"),
            Self::Email => prefix!("email"),
            Self::PhoneNumber => prefix!("phone_number"),
            Self::Name => prefix!("name"),
            Self::GivenName => prefix!("given_name"),
            Self::FamilyName => prefix!("family_name"),
            Self::PreferredUsername => prefix!("preferred_username"),
        })
    }

    pub const ALL: [Self; 9] = [
        Self::Username,
        Self::Status,
        Self::Enabled,
        Self::Email,
        Self::PhoneNumber,
        Self::Name,
        Self::GivenName,
        Self::FamilyName,
        Self::PreferredUsername,
    ];
}

/// What is searched for, and where.
#[derive(Clone, Copy, Debug)]
pub struct Term<'a> {
    pub column: Column,
    pub value: &'a str,
}

/// Users whose column equals the term's value, those with a sub after `after`.
pub fn equal(
    r: &mut impl Read,
    pool: &PoolId,
    Term { column, value }: Term<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    if column == Column::Enabled {
        r.rows(column.exact(), (pool, value == "Enabled", after, limit))
    } else {
        r.rows(column.exact(), (pool, value, after, limit))
    }
}

/// Users whose column begins with the term's value, in the column's order, those after the pair (column value, sub).
pub fn beginning(
    r: &mut impl Read,
    pool: &PoolId,
    Term { column, value }: Term<'_>,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    let Some(statement) = column.prefix() else {
        return Ok(Vec::new());
    };
    r.rows(statement, (pool, value, prefix_end(value), after.0, after.1, limit))
}

/// Users whose sub begins with `value`.
pub fn sub_beginning(
    r: &mut impl Read,
    pool: &PoolId,
    value: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<User>, StoreError> {
    r.rows(
        concat!(
            "SELECT ",
            user_columns!(),
            " FROM users WHERE pool = $1 AND sub >= $2 AND sub < $3 AND sub > $4 ORDER BY sub LIMIT $5"
        ),
        (pool, value, prefix_end(value), after, limit),
    )
}

/// The least text above every text that begins with `prefix`, in the order of UTF-8 bytes: the last character that has a
/// successor is replaced by it. The largest character stands for "no end" where there is none.
fn prefix_end(prefix: &str) -> String {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        if let Some(next) = successor(last) {
            chars.push(next);
            return chars.into_iter().collect();
        }
    }
    char::MAX.to_string()
}

fn successor(c: char) -> Option<char> {
    match c {
        char::MAX => None,
        // The surrogates are no characters.
        '\u{D7FF}' => Some('\u{E000}'),
        _ => char::from_u32(u32::from(c) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_with_the_prefix_lies_below_its_end() {
        for prefix in ["", "a", "az", "ü", "\u{D7FF}", "a\u{10FFFF}"] {
            let end = prefix_end(prefix);
            for tail in ["", "a", "zzzz", "\u{10FFFE}"] {
                assert!(format!("{prefix}{tail}") < end, "{prefix:?} {tail:?}");
            }
        }
        assert_eq!(prefix_end("az"), "a{");
    }
}
