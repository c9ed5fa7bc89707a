//! The filter of ListUsers: `attribute = "value"` or `attribute ^= "value"`. Reference: user-pools 4.10.

use kernel::ApiError;
use store::records::{folding::folded, user_search::Column};

use crate::errors;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    pub field: Field,
    pub comparison: Comparison,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Sub,
    Column(Column),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Prefix,
}

impl Filter {
    /// None for an empty filter, which means all users. Errors: InvalidParameter for anything that is not one clause over a
    /// searchable attribute.
    pub fn parse(text: &str) -> Result<Option<Self>, ApiError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let (name, rest) = text.split_at(text.find(['=', '^']).ok_or_else(errors::filter_not_understood)?);
        let field = field(bare(name.trim()))?;
        let (comparison, rest) = if let Some(rest) = rest.strip_prefix("^=") {
            (Comparison::Prefix, rest)
        } else if let Some(rest) = rest.strip_prefix('=') {
            (Comparison::Equal, rest)
        } else {
            return Err(errors::filter_not_understood());
        };
        Ok(Some(Self {
            field,
            comparison,
            value: comparable(field, unquote(rest.trim())?),
        }))
    }
}

/// A value as what it is compared with is stored: `username` and `status` have case, nothing else has. Reference: 4.10.
fn comparable(field: Field, value: String) -> String {
    match field {
        Field::Column(Column::Username | Column::Enabled) => value,
        Field::Column(Column::Status) => value.to_uppercase(),
        Field::Sub => value.to_lowercase(),
        Field::Column(_) => folded(&value),
    }
}

/// The attribute's name may stand in quotes, as in AWS's own examples.
fn bare(name: &str) -> &str {
    name.strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'))
        .unwrap_or(name)
}

fn field(name: &str) -> Result<Field, ApiError> {
    Ok(Field::Column(match name {
        "sub" => return Ok(Field::Sub),
        "username" => Column::Username,
        "email" => Column::Email,
        "phone_number" => Column::PhoneNumber,
        "name" => Column::Name,
        "given_name" => Column::GivenName,
        "family_name" => Column::FamilyName,
        "preferred_username" => Column::PreferredUsername,
        "cognito:user_status" => Column::Status,
        "status" => Column::Enabled,
        _ => return Err(errors::filter_attribute_not_searchable()),
    }))
}

/// The text between the quotes, with `\"` and `\\` undone. Nothing may follow the closing quote.
fn unquote(text: &str) -> Result<String, ApiError> {
    let inner = text.strip_prefix('"').ok_or_else(errors::filter_not_understood)?;
    let mut value = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => value.push(chars.next().ok_or_else(errors::filter_not_understood)?),
            '"' if chars.as_str().is_empty() => return Ok(value),
            '"' => break,
            c => value.push(c),
        }
    }
    Err(errors::filter_not_understood())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar() {
        let email = Field::Column(Column::Email);
        let cases = [
            (
                r#"email = "ana@example.com""#,
                email,
                Comparison::Equal,
                "ana@example.com",
            ),
            (r#"email="ana""#, email, Comparison::Equal, "ana"),
            (r#"  email ^= "an"  "#, email, Comparison::Prefix, "an"),
            (
                r#"name = "An \"A\" \\ na""#,
                Field::Column(Column::Name),
                Comparison::Equal,
                r#"an "a" \ na"#,
            ),
            (r#"email ^= "Ann@ÉX""#, email, Comparison::Prefix, "ann@éx"),
            (
                r#"username = "Ann""#,
                Field::Column(Column::Username),
                Comparison::Equal,
                "Ann",
            ),
            (r#"email = """#, email, Comparison::Equal, ""),
            (r#""email"^="ana""#, email, Comparison::Prefix, "ana"),
            (
                r#"cognito:user_status = "confirmed""#,
                Field::Column(Column::Status),
                Comparison::Equal,
                "CONFIRMED",
            ),
            (
                r#"status = "Enabled""#,
                Field::Column(Column::Enabled),
                Comparison::Equal,
                "Enabled",
            ),
            (r#"sub ^= "aB""#, Field::Sub, Comparison::Prefix, "ab"),
            (
                r#"phone_number ^= "+1=2""#,
                Field::Column(Column::PhoneNumber),
                Comparison::Prefix,
                "+1=2",
            ),
        ];
        for (text, field, comparison, value) in cases {
            let expected = Filter {
                field,
                comparison,
                value: value.to_owned(),
            };
            assert_eq!(Filter::parse(text).unwrap(), Some(expected), "{text}");
        }
        assert_eq!(Filter::parse(" ").unwrap(), None);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "email",
            "email =",
            "email = ana",
            r#"email = "ana"#,
            r#"email = "ana" and name = "b""#,
            r#"email > "ana""#,
            r#"email ^ "ana""#,
            r#"custom:tier = "gold""#,
            r#"email = "ana\"#,
            r#"= "ana""#,
        ] {
            assert_eq!(
                Filter::parse(text).unwrap_err().code().0,
                "InvalidParameterException",
                "{text}"
            );
        }
    }
}
