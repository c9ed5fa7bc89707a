//! The JSON tree of an output to XML, in the model's order.

use kernel::{RequestId, Timestamp};
use model::{Kind, Operation, Service, Shape};
use serde_json::Value;

use crate::xml::{Controls, Xml};

/// Writes `<XResponse><XResult>…</XResult><ResponseMetadata>…`. Absent members and nulls are left out; operations without
/// an output shape answer with the metadata alone.
pub fn encode(service: &Service, operation: &Operation, output: &Value, request_id: &RequestId) -> String {
    let mut xml = Xml::new(Controls::Replaced);
    xml.open_in(
        format!("{}Response", operation.name),
        service.xml_namespace.unwrap_or_default(),
    );
    if let Some(modelled) = operation.output {
        let wrapper = modelled.result_wrapper;
        if let Some(name) = wrapper {
            xml.open(name);
        }
        members(&mut xml, modelled.shape, output);
        if wrapper.is_some() {
            xml.close();
        }
    }
    xml.open("ResponseMetadata").element("RequestId", request_id.as_str());
    xml.finish()
}

fn members(xml: &mut Xml, shape: &Shape, tree: &Value) {
    for member in shape.members() {
        if let Some(value) = tree.get(member.name).filter(|value| !value.is_null()) {
            element(xml, member.name, member.shape, value);
        }
    }
}

fn element(xml: &mut Xml, name: &'static str, shape: &Shape, value: &Value) {
    xml.open(name);
    match (&shape.kind, value) {
        (Kind::Structure(_), tree) => members(xml, shape, tree),
        (Kind::List(item), Value::Array(items)) => {
            for value in items {
                element(xml, "member", item, value);
            }
        }
        (Kind::Map { key, value: shape }, Value::Object(entries)) => {
            for (name, value) in entries {
                xml.open("entry");
                element(xml, "key", key, &Value::from(name.as_str()));
                element(xml, "value", shape, value);
                xml.close();
            }
        }
        (Kind::Timestamp, Value::Number(seconds)) => {
            xml.text(&iso8601(seconds));
        }
        (_, Value::String(text)) => {
            xml.text(text);
        }
        (_, other) => {
            xml.text(&other.to_string());
        }
    }
    xml.close();
}

/// IAM and STS print whole seconds.
fn iso8601(seconds: &serde_json::Number) -> String {
    let whole = seconds.as_i64().map(Timestamp::from_secs);
    let fractional = || {
        let span = jiff::SignedDuration::try_from_secs_f64(seconds.as_f64()?).ok()?;
        i64::try_from(span.as_millis()).ok().map(Timestamp::from_millis)
    };
    whole.or_else(fractional).unwrap_or_default().iso8601()
}
