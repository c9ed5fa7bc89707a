//! Form parameters to the JSON tree of the input, typed by the model.

use kernel::ApiError;
use model::{Kind, Member, Operation, Shape};
use serde_json::{Map, Number, Value};

use super::{malformed_input, tree::Node};
use crate::Form;

/// Builds the operation's input. Parameters that the model doesn't know are ignored, as AWS ignores them, except inside
/// lists and maps: an ignored `PolicyArns.1.arn` would widen a session instead of narrowing it.
///
/// Errors: `MalformedInput` for what doesn't fit the shapes.
pub fn decode(operation: &Operation, form: &Form) -> Result<Value, ApiError> {
    let root = Node::grow(form)?;
    match operation.input {
        Some(input) => structure(input.members(), &root),
        None => Ok(Value::Object(Map::new())),
    }
}

fn value(shape: &Shape, node: &Node<'_>) -> Result<Value, ApiError> {
    match shape.kind {
        Kind::Structure(members) => structure(members, node),
        Kind::List(item) => list(item, node),
        Kind::Map { key: _, value } => map(value, node),
        _ => scalar(&shape.kind, text(node)?),
    }
}

fn structure(members: &[Member], node: &Node<'_>) -> Result<Value, ApiError> {
    collection(node)?;
    let mut tree = Map::new();
    for member in members {
        if let Some(child) = node.children.get(member.name) {
            tree.insert(member.name.to_owned(), value(member.shape, child)?);
        }
    }
    Ok(Value::Object(tree))
}

/// `X.member.1`, `X.member.2`; `X=` is the empty list.
fn list(item: &Shape, node: &Node<'_>) -> Result<Value, ApiError> {
    let Some(items) = only_child(node, "member")? else {
        return Ok(Value::Array(Vec::new()));
    };
    collection(items)?;
    items.numbered()?.map(|child| value(item, child)).collect()
}

/// `X.entry.1.key`, `X.entry.1.value`.
fn map(shape: &Shape, node: &Node<'_>) -> Result<Value, ApiError> {
    let Some(entries) = only_child(node, "entry")? else {
        return Ok(Value::Object(Map::new()));
    };
    collection(entries)?;
    let mut tree = Map::new();
    for entry in entries.numbered()? {
        let (Some(name), Some(child)) = (entry.children.get("key"), entry.children.get("value")) else {
            return Err(malformed_input("A map entry needs a key and a value"));
        };
        if tree.insert(text(name)?.to_owned(), value(shape, child)?).is_some() {
            return Err(malformed_input("A map key is given twice"));
        }
    }
    Ok(Value::Object(tree))
}

/// What a list or map is made of; nothing if it is sent as empty.
fn only_child<'n, 'f>(node: &'n Node<'f>, name: &str) -> Result<Option<&'n Node<'f>>, ApiError> {
    collection(node)?;
    match node.children.get(name) {
        Some(child) if node.children.len() == 1 => Ok(Some(child)),
        None if node.children.is_empty() => Ok(None),
        _ => Err(malformed_input("Unexpected field type")),
    }
}

/// A list, map or structure has children; its own value can only say that it is empty.
fn collection(node: &Node<'_>) -> Result<(), ApiError> {
    match node.value {
        None | Some("") => Ok(()),
        Some(_) => Err(malformed_input("Unrecognized collection type class java.lang.String")),
    }
}

fn text<'f>(node: &Node<'f>) -> Result<&'f str, ApiError> {
    match node.value {
        Some(text) if node.children.is_empty() => Ok(text),
        _ => Err(malformed_input("Start of structure or map found where not expected.")),
    }
}

fn scalar(kind: &Kind, text: &str) -> Result<Value, ApiError> {
    let converted = match kind {
        Kind::Integer => text.parse::<i32>().ok().map(Value::from).ok_or("an Integer"),
        Kind::Long => text.parse::<i64>().ok().map(Value::from).ok_or("a Long"),
        Kind::Float | Kind::Double => text
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number)
            .ok_or("a Double"),
        Kind::Boolean => boolean(text).map(Value::Bool).ok_or("a Boolean"),
        Kind::Timestamp => seconds(text).map(Value::Number).ok_or("a Timestamp"),
        _ => Ok(Value::from(text)),
    };
    converted.map_err(|kind| malformed_input(&format!("STRING_VALUE can not be converted to {kind}")))
}

/// Python's spelling is common in hand-written calls.
fn boolean(text: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find(|(word, _)| text.eq_ignore_ascii_case(word))
        .map(|known| known.1)
}

/// ISO 8601 to what awsJson carries: seconds, milliseconds as their fraction.
fn seconds(text: &str) -> Option<Number> {
    let millis = text.parse::<jiff::Timestamp>().ok()?.as_millisecond();
    if millis % 1000 == 0 {
        return Some(Number::from(millis / 1000));
    }
    let sign = if millis < 0 { "-" } else { "" };
    let millis = millis.unsigned_abs();
    format!("{sign}{}.{:03}", millis / 1000, millis % 1000).parse().ok()
}
