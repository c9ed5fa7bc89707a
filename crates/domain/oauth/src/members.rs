//! The token endpoint's answer as text: its members in Cognito's order, which begins with the ID token. Pure. Reference:
//! oauth-and-federation 5.2.

use serde_json::Value;

/// Whatever else there is comes behind.
const FIRST: [&str; 5] = ["id_token", "access_token", "refresh_token", "expires_in", "token_type"];

pub fn written(answer: &Value) -> String {
    let Some(members) = answer.as_object() else {
        return answer.to_string();
    };
    let first = FIRST.iter().filter_map(|name| members.get_key_value(*name));
    let rest = members.iter().filter(|(name, _)| !FIRST.contains(&name.as_str()));
    let written = first
        .chain(rest)
        .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())));
    format!("{{{}}}", written.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_id_token_comes_first() {
        let answer = json!({
            "access_token": "a", "expires_in": 3600, "id_token": "i", "refresh_token": "r", "scope": "x \"y\"", "token_type": "Bearer",
        });
        let text = r#"{"id_token":"i","access_token":"a","refresh_token":"r","expires_in":3600,"token_type":"Bearer","scope":"x \"y\""}"#;
        assert_eq!(written(&answer), text);
        assert_eq!(serde_json::from_str::<Value>(text).unwrap(), answer);
        assert_eq!(
            written(&json!({"error": "invalid_grant"})),
            r#"{"error":"invalid_grant"}"#
        );
    }
}
