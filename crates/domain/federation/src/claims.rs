//! What providers say of a user, as text. Reference: oauth-and-federation 10.5.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::form::escaped;

/// None: it says nothing.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => Some(value.to_string()),
        Value::Array(values) => match values.as_slice() {
            [] => None,
            [one] => text(one),
            several => {
                let escaped = several.iter().filter_map(text).map(|text| escaped(&text));
                Some(format!("[{}]", escaped.collect::<Vec<_>>().join(",")))
            }
        },
    }
}

pub(crate) fn texts(claims: &Map<String, Value>) -> BTreeMap<String, String> {
    let texts = claims
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)));
    texts.collect()
}

/// `email_verified`, which some write as text.
pub(crate) fn is_true(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(is_true)) => *is_true,
        Some(Value::String(text)) => text == "true",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_become_text() {
        for (value, expected) in [
            (json!("a b"), Some("a b")),
            (json!(true), Some("true")),
            (json!(false), Some("false")),
            (json!(1_700_000_000), Some("1700000000")),
            (json!(1.5), Some("1.5")),
            (json!(null), None),
            (json!([]), None),
            (json!(["a b"]), Some("a b")),
            (json!(["a b", "c,d", "e.-*_"]), Some("[a+b,c%2Cd,e.-*_]")),
            (json!([1, true, null]), Some("[1,true]")),
            (
                json!({"locality": "Wien", "n": [1]}),
                Some(r#"{"locality":"Wien","n":[1]}"#),
            ),
            (
                json!([{"a": 1}, {"a": 2}]),
                Some("[%7B%22a%22%3A1%7D,%7B%22a%22%3A2%7D]"),
            ),
        ] {
            assert_eq!(text(&value).as_deref(), expected, "{value}");
        }
    }

    #[test]
    fn true_is_true_and_its_word() {
        for (value, expected) in [
            (json!(true), true),
            (json!("true"), true),
            (json!("True"), false),
            (json!(1), false),
            (json!(["true"]), false),
        ] {
            assert_eq!(is_true(Some(&value)), expected, "{value}");
        }
        assert!(!is_true(None));
    }
}
