//! How tests read and write what operations take and answer.

use serde_json::{Map, Value};

/// `settings` over `defaults`, member by member of the outermost level.
pub fn merged(defaults: Value, settings: Value) -> Value {
    let mut merged = object(defaults);
    merged.extend(object(settings));
    Value::Object(merged)
}

#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
#[track_caller]
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("not an object: {other}"),
    }
}

/// The text at a JSON pointer.
#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
#[track_caller]
pub fn text(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        _ => panic!("no text at {pointer} in {value}"),
    }
}
