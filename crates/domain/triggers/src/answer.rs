//! What a function said, read.

use serde_json::Value;

use crate::Failure;

/// Lambda's own limit, in bytes.
pub(crate) const LARGEST: usize = 6 * 1024 * 1024 + 100;

pub(crate) const TOO_LARGE: Failure = Failure::Unrecognizable {
    why: "more than six megabytes",
};

/// Errors: Unrecognizable.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Failure> {
    let why = match serde_json::from_slice(bytes) {
        Ok(answer @ Value::Object(_)) => return Ok(answer),
        Ok(_) => "no JSON object",
        Err(_) => "no JSON",
    };
    Err(Failure::Unrecognizable { why })
}

/// `errorMessage` of the JSON that a function's error is told in.
pub(crate) fn error_message(bytes: &[u8]) -> Option<String> {
    let error: Value = serde_json::from_slice(bytes).ok()?;
    Some(error.get("errorMessage")?.as_str()?.to_owned())
}

/// The failure behind an answer that says by its header that the function failed.
pub(crate) fn function_error(bytes: &[u8]) -> Failure {
    // Code that raises an error without a message has said nothing.
    Failure::function_error(&error_message(bytes).unwrap_or_default())
}

/// What a status means where nothing else tells.
pub(crate) fn told_by_status(status: http::StatusCode) -> Failure {
    match status.as_u16() {
        401 | 403 => Failure::unusable("AccessDeniedException"),
        404 | 410 => Failure::NOT_FOUND,
        413 => Failure::unusable("RequestTooLargeException"),
        429 => Failure::TOO_MANY,
        _ => Failure::SERVICE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_json_object() {
        assert_eq!(read(br#"{"a":1}"#).unwrap()["a"], 1);
        for garbled in ["", "null", "[]", "1", "\"{}\"", "{", "{}x", "\u{0}", "<html>"] {
            assert!(
                matches!(read(garbled.as_bytes()), Err(Failure::Unrecognizable { .. })),
                "{garbled}"
            );
        }
        let deep = "{\"a\":".repeat(100_000);
        assert!(read(deep.as_bytes()).is_err());
    }

    #[test]
    fn a_functions_message_is_found() {
        for (body, message) in [
            (r#"{"errorMessage":"no","errorType":"E"}"#, "no"),
            (r#"{"errorMessage":null}"#, ""),
            ("{}", ""),
            ("no JSON", ""),
        ] {
            let expected = Failure::FunctionError {
                message: message.to_owned(),
            };
            assert_eq!(function_error(body.as_bytes()), expected);
        }
    }
}
