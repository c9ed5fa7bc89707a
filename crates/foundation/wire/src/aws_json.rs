//! awsJson 1.1: the body is the JSON tree. Reference: user-pools 1.1. Answers are printed by `api`.

use kernel::{ApiError, Code};
use serde_json::{Map, Value, error::Category};

/// Reads a request body. No body at all counts as `{}`.
///
/// Errors: `SerializationException` for what is not one JSON object. Wrong types of members are the model's to find.
pub fn decode(body: &[u8]) -> Result<Value, ApiError> {
    if body.trim_ascii().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(Value::Object(members)),
        Ok(_) => Err(not_an_object()),
        Err(error) => Err(not_json(&error)),
    }
}

/// The words are those of AWS's JSON front end for a wrong type anywhere in the body (unconfirmed for the top level).
#[track_caller]
fn not_an_object() -> ApiError {
    ApiError::new(Code::Serialization, "Unexpected token received from parser")
}

/// AWS names no place; a developer wants one (unconfirmed text). It never repeats the body, which may hold a password.
#[track_caller]
fn not_json(error: &serde_json::Error) -> ApiError {
    let sentence = match error.classify() {
        Category::Eof => "The request body ends before its JSON is complete".to_owned(),
        _ => format!(
            "The request body is not valid JSON (line {}, column {})",
            error.line(),
            error.column()
        ),
    };
    ApiError::new(Code::Serialization, sentence)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_or_nothing_is_a_request() {
        assert_eq!(decode(b"").unwrap(), json!({}));
        assert_eq!(decode(b" \r\n").unwrap(), json!({}));
        let tree = decode(br#"{"UserPoolId":"us-east-1_Ab","Limit":3,"Tags":{"a":null}}"#).unwrap();
        assert_eq!(
            tree,
            json!({"UserPoolId": "us-east-1_Ab", "Limit": 3, "Tags": {"a": null}})
        );
    }

    #[test]
    fn everything_else_is_a_serialization_exception() {
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        let refused = |body: &str| {
            let error = decode(body.as_bytes()).unwrap_err();
            assert_eq!(error.code(), Code::Serialization);
            error.message().to_owned()
        };
        assert_eq!(refused("[]"), "Unexpected token received from parser");
        assert_eq!(refused("\"{}\""), "Unexpected token received from parser");
        assert_eq!(refused("null"), "Unexpected token received from parser");
        assert_eq!(refused("{\"a\":"), "The request body ends before its JSON is complete");
        assert_eq!(
            refused("{\"Password\":secret}"),
            "The request body is not valid JSON (line 1, column 13)"
        );
        assert_eq!(
            refused("{} {}"),
            "The request body is not valid JSON (line 1, column 4)"
        );
        assert_eq!(
            refused("{\"a\":1e999}"),
            "The request body is not valid JSON (line 1, column 10)"
        );
        assert!(refused(&deep).contains("not valid JSON"));
        assert!(decode(b"{\"a\":\"\xff\"}").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_object_or_refused(bytes: Vec<u8>) {
            if let Ok(tree) = decode(&bytes) {
                prop_assert!(tree.is_object());
            }
        }
    }
}
