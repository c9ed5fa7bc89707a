//! The first pass: JSON types. The sentences are those of AWS's JSON front end as far as they have been seen ("Start of
//! structure or map found where not expected." and "STRING_VALUE can not be converted to an Integer"; others unconfirmed).

use serde_json::Value;

use crate::{Kind, Shape};

/// Unconfirmed.
pub(super) const NOT_AN_OBJECT: &str = "Expected a structure";

/// The sentence for the first value that its shape can't hold.
pub(super) fn check(shape: &Shape, value: &Value) -> Result<(), String> {
    match (&shape.kind, value) {
        (Kind::Document, _) | (_, Value::Null) => Ok(()),
        (Kind::Structure(members), Value::Object(given)) => members
            .iter()
            .filter_map(|member| given.get(member.name).map(|value| (member.shape, value)))
            .try_for_each(|(shape, value)| check(shape, value)),
        (Kind::List(element), Value::Array(items)) => items.iter().try_for_each(|item| check(element, item)),
        (Kind::Map { value: shape, .. }, Value::Object(entries)) => {
            entries.values().try_for_each(|value| check(shape, value))
        }
        (Kind::List(_), _) => Err("Expected list or null".to_owned()),
        (Kind::Structure(_) | Kind::Map { .. }, Value::Array(_)) => {
            Err("Start of list found where not expected".to_owned())
        }
        (Kind::Structure(_) | Kind::Map { .. }, _) => Err("Expected structure or map or null".to_owned()),
        (_, Value::Object(_)) => Err("Start of structure or map found where not expected.".to_owned()),
        (_, Value::Array(_)) => Err("Start of list found where not expected".to_owned()),
        (kind, value) if holds(kind, value) => Ok(()),
        (kind, value) => Err(format!("{} can not be converted to {}", token(value), type_name(kind))),
    }
}

fn holds(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::String { .. } => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Kind::Long => value.as_i64().is_some(),
        Kind::Float | Kind::Double | Kind::Timestamp => value.is_number(),
        Kind::Blob => value.as_str().is_some_and(|text| blob_length(text).is_some()),
        Kind::Structure(_) | Kind::List(_) | Kind::Map { .. } | Kind::Document => false,
    }
}

/// How many bytes a base64 text stands for; `None` where it isn't base64 with padding. Nothing is decoded: an image of a
/// megabyte is looked at, not copied.
pub(super) fn blob_length(text: &str) -> Option<usize> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let well_formed = text.len().is_multiple_of(4)
        && padding <= 2
        && digits
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'));
    well_formed.then(|| text.len() / 4 * 3 - padding)
}

fn token(value: &Value) -> &'static str {
    match value {
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(number) if number.is_f64() => "DECIMAL_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        _ => "STRING_VALUE",
    }
}

fn type_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "a Boolean",
        Kind::Integer => "an Integer",
        Kind::Long => "a Long",
        Kind::Float => "a Float",
        Kind::Double => "a Double",
        Kind::Timestamp => "a Date",
        Kind::Blob => "a ByteBuffer",
        _ => "a String",
    }
}
