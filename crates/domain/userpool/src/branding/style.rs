//! What requests say of a style of managed login: its Settings, and what a change makes of those that there are. Reference:
//! user-pools 14.2, oauth-and-federation 9.3.

use kernel::ApiError;
use serde_json::{Map, Value};

use super::reading::DEFAULTS;
use crate::errors::branding as errors;

/// What a style's parts can come to by several calls is held to what one may bring.
const LONGEST_SETTINGS: usize = 2 * 1024 * 1024;

/// What a request makes of Settings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// UseCognitoProvidedValues: a look as if nothing had ever been set.
    Reset,
    Set(Map<String, Value>),
    Keep,
}

impl Change {
    /// Of UpdateManagedLoginBranding. Errors: InvalidParameter.
    pub fn of(provided: Option<bool>, settings: Option<Value>) -> Result<Self, ApiError> {
        match (provided, settings) {
            (Some(true), Some(_)) => Err(errors::values_or_settings()),
            (Some(true), None) => Ok(Self::Reset),
            (_, Some(Value::Object(settings))) => Ok(Self::Set(settings)),
            (_, Some(_)) => Err(errors::settings_not_an_object()),
            (_, None) => Ok(Self::Keep),
        }
    }

    /// Of CreateManagedLoginBranding, which must say one or the other. Errors: InvalidParameter.
    pub fn first(provided: Option<bool>, settings: Option<Value>) -> Result<Self, ApiError> {
        match Self::of(provided, settings)? {
            Self::Keep => Err(errors::values_or_settings()),
            change => Ok(change),
        }
    }

    /// The text of what becomes of the Settings of before. Errors: InvalidParameter.
    pub fn onto(&self, before: Option<Value>) -> Result<Option<String>, ApiError> {
        let after = match self {
            Self::Reset => None,
            Self::Keep => before,
            Self::Set(settings) => {
                let mut merged = before.unwrap_or_else(|| Value::Object(Map::new()));
                merge(&mut merged, settings);
                Some(merged)
            }
        };
        let text = after.map(|settings| settings.to_string());
        match text {
            Some(text) if text.len() > LONGEST_SETTINGS => Err(errors::settings_too_long()),
            text => Ok(text),
        }
    }
}

/// As ReturnMergedResources shows them: ours where the style says nothing.
pub(crate) fn merged(settings: Option<Value>) -> Value {
    let mut merged = DEFAULTS.clone();
    if let Some(Value::Object(own)) = settings {
        merge(&mut merged, &own);
    }
    merged
}

/// Objects are merged member by member, anything else is replaced.
fn merge(into: &mut Value, from: &Map<String, Value>) {
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Some(members) = into.as_object_mut() else { return };
    for (name, value) in from {
        match (members.get_mut(name), value) {
            (Some(there), Value::Object(inner)) if there.is_object() => merge(there, inner),
            _ => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(before: Option<Value>, change: Value) -> Value {
        let text = Change::of(None, Some(change)).unwrap().onto(before).unwrap().unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn settings_are_merged_member_by_member() {
        let cases = [
            (None, json!({}), json!({})),
            (None, json!({"a": [1, {"b": null}]}), json!({"a": [1, {"b": null}]})),
            (
                Some(json!({"a": {"b": 1, "c": 2}})),
                json!({"a": {"b": 3}}),
                json!({"a": {"b": 3, "c": 2}}),
            ),
            (Some(json!({"a": [1, 2]})), json!({"a": [3]}), json!({"a": [3]})),
            (Some(json!({"a": {"b": 1}})), json!({"a": 7}), json!({"a": 7})),
            (Some(json!({"a": 7})), json!({"a": {"b": 1}}), json!({"a": {"b": 1}})),
        ];
        for (before, change, expected) in cases {
            assert_eq!(after(before, change), expected);
        }
    }

    #[test]
    fn ours_lie_beneath() {
        assert_eq!(merged(None), *DEFAULTS);
        let merged = merged(Some(
            json!({"unknown": 1, "componentClasses": {"buttons": {"borderRadius": 3}}}),
        ));
        assert_eq!(merged["unknown"], 1);
        assert_eq!(merged["componentClasses"]["buttons"]["borderRadius"], 3);
        assert_eq!(
            merged["componentClasses"]["input"],
            DEFAULTS["componentClasses"]["input"]
        );
    }
}
