//! What a function answered, read strictly: what it should not have said changes nothing. Pure. Reference: user-pools 16.1.

use kernel::ApiError;
use serde_json::{Map, Value};

use crate::errors::triggers as errors;

/// The `response` of an event.
#[derive(Debug)]
pub(super) struct Response(Map<String, Value>);

impl Response {
    /// Errors: InvalidLambdaResponse (no event with a response; another user's name).
    pub fn of(answer: Value, user_name: &str) -> Result<Self, ApiError> {
        let Value::Object(mut event) = answer else {
            return Err(errors::unrecognizable_output());
        };
        match event.get("userName") {
            None => {}
            Some(Value::String(name)) if name == user_name => {}
            Some(Value::String(_)) => return Err(errors::user_name_mismatches()),
            Some(_) => return Err(errors::unrecognizable_output()),
        }
        match event.remove("response") {
            Some(Value::Object(response)) => Ok(Self(response)),
            _ => Err(errors::unrecognizable_output()),
        }
    }

    /// False where it is absent or null. Errors: InvalidLambdaResponse.
    pub fn flag(&self, name: &str) -> Result<bool, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(errors::unrecognizable_output()),
        }
    }

    /// Errors: InvalidLambdaResponse.
    pub fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(errors::unrecognizable_output()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_an_event_of_the_same_user() {
        for (answer, fine) in [
            (json!({"response": {}}), true),
            (json!({"userName": "ana", "response": {}}), true),
            (json!({"userName": "bob", "response": {}}), false),
            (json!({"userName": 1, "response": {}}), false),
            (json!({"userName": "ana"}), false),
            (json!({"response": null}), false),
            (json!({"response": []}), false),
            (json!([]), false),
            (json!(null), false),
        ] {
            assert_eq!(Response::of(answer.clone(), "ana").is_ok(), fine, "{answer}");
        }
    }

    #[test]
    fn members_have_their_type_or_none() {
        let response = Response::of(json!({"response": {"a": true, "b": null, "c": "x", "d": 1}}), "ana").unwrap();
        assert_eq!(response.flag("a").ok(), Some(true));
        assert_eq!(response.flag("b").ok(), Some(false));
        assert_eq!(response.flag("absent").ok(), Some(false));
        assert!(response.flag("c").is_err() && response.flag("d").is_err());
        assert_eq!(response.text("c").ok(), Some(Some("x".to_owned())));
        assert_eq!(response.text("b").ok(), Some(None));
        assert!(response.text("a").is_err() && response.text("d").is_err());
    }
}
