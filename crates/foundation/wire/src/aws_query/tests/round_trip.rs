//! Every input and output of IAM and STS, built from the shape graph, there and back.

use std::collections::BTreeMap;

use kernel::RequestId;
use model::{IAM, Kind, STS, Service, Shape};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::{Reader, escape::unescape, events::Event};
use serde_json::{Map, Value, json};

use crate::{
    Form,
    aws_query::{decode, encode},
};

/// A tree that fills every member of the shape, lists with two items, numbered so that no two scalars are alike.
fn example(shape: &Shape, counter: &mut i32) -> Value {
    *counter += 1;
    match shape.kind {
        Kind::Structure(members) => {
            let filled = members
                .iter()
                .map(|member| (member.name.to_owned(), example(member.shape, counter)));
            Value::Object(filled.collect())
        }
        Kind::List(item) => json!([example(item, counter), example(item, counter)]),
        Kind::Map { value, .. } => json!({"a.b": example(value, counter), "é +&=": example(value, counter)}),
        Kind::Boolean => json!(*counter % 2 == 0),
        Kind::Integer | Kind::Long => json!(*counter),
        Kind::Timestamp => json!(1_700_000_000 + *counter),
        Kind::Float | Kind::Double => json!(f64::from(*counter) + 0.5),
        _ => json!(format!(" {} <é+&=%;\"'> {counter}\n", shape.name)),
    }
}

/// The query form as botocore's QuerySerializer writes it.
fn flatten(prefix: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let below = |name: &str| {
        if prefix.is_empty() {
            name.to_owned()
        } else {
            format!("{prefix}.{name}")
        }
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| flatten(&below(name), value, out)),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&below(&format!("member.{}", at + 1)), item, out);
            }
        }
        Value::String(text) => out.push((prefix.to_owned(), text.clone())),
        other => out.push((prefix.to_owned(), other.to_string())),
    }
}

/// Maps become lists of entries, so that [`flatten`] needs no shapes.
fn spread(shape: &Shape, value: &Value) -> Value {
    match (&shape.kind, value) {
        (Kind::Structure(_), Value::Object(members)) => members
            .iter()
            .map(|(name, value)| (name.clone(), spread(shape.member(name).unwrap().shape, value)))
            .collect(),
        (Kind::List(item), Value::Array(items)) => items.iter().map(|value| spread(item, value)).collect(),
        (Kind::Map { value: shape, .. }, Value::Object(entries)) => {
            let numbered = entries
                .iter()
                .enumerate()
                .map(|(at, (key, value))| ((at + 1).to_string(), json!({"key": key, "value": spread(shape, value)})));
            json!({"entry": numbered.collect::<Map<_, _>>()})
        }
        (_, scalar) => scalar.clone(),
    }
}

#[test]
fn every_input_survives_the_form() {
    let mut inputs = 0;
    for service in [&IAM, &STS] {
        for operation in service.operations {
            let Some(shape) = operation.input else { continue };
            let tree = example(shape, &mut 0);
            let mut pairs = vec![("Action".to_owned(), operation.name.to_owned())];
            flatten("", &spread(shape, &tree), &mut pairs);
            let escaped = |text: &str| {
                utf8_percent_encode(text, NON_ALPHANUMERIC)
                    .to_string()
                    .replace("%20", "+")
            };
            let form: Vec<String> = pairs
                .iter()
                .map(|(n, v)| format!("{}={}", escaped(n), escaped(v)))
                .collect();
            let form = Form::parse(&[form.join("&").as_bytes()]).unwrap();
            assert_eq!(decode(operation, &form).unwrap(), tree, "{}", operation.name);
            inputs += 1;
        }
    }
    assert!(inputs > 170, "{inputs}");
}

#[derive(Default, Debug)]
struct Element {
    text: String,
    children: Vec<(String, Element)>,
}

impl Element {
    fn parse(xml: &str) -> Self {
        let mut reader = Reader::from_str(xml);
        let mut open = vec![(String::new(), Self::default())];
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => {
                    open.push((tag.name().as_ref().to_owned(), Self::default()));
                }
                Event::End(_) => {
                    let closed = open.pop().unwrap();
                    open.last_mut().unwrap().1.children.push(closed);
                }
                Event::Text(text) => open.last_mut().unwrap().1.text += &text,
                Event::GeneralRef(name) => {
                    let name = format!("&{};", &*name);
                    open.last_mut().unwrap().1.text += &unescape(&name).unwrap();
                }
                Event::Eof => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(open.len(), 1);
        open.pop().unwrap().1
    }

    fn child(&self, name: &str) -> &Self {
        &self.children.iter().find(|child| child.0 == name).unwrap().1
    }

    fn read(&self, shape: &Shape) -> Value {
        match shape.kind {
            Kind::Structure(members) => {
                let names: Vec<&str> = self.children.iter().map(|child| child.0.as_str()).collect();
                let modelled: Vec<&str> = members.iter().map(|member| member.name).collect();
                assert_eq!(names, modelled, "the model's order");
                members
                    .iter()
                    .map(|m| (m.name.to_owned(), self.child(m.name).read(m.shape)))
                    .collect()
            }
            Kind::List(item) => self
                .children
                .iter()
                .map(|(name, child)| {
                    assert_eq!(name, "member");
                    child.read(item)
                })
                .collect(),
            Kind::Map { value, .. } => {
                let entries = self.children.iter().map(|(name, entry)| {
                    assert_eq!(name, "entry");
                    (entry.child("key").text.clone(), entry.child("value").read(value))
                });
                json!(entries.collect::<BTreeMap<_, _>>())
            }
            Kind::Timestamp => json!(self.text.parse::<jiff::Timestamp>().unwrap().as_second()),
            Kind::Boolean | Kind::Integer | Kind::Long | Kind::Float | Kind::Double => self.text.parse().unwrap(),
            _ => json!(self.text),
        }
    }
}

fn outputs_survive(service: &Service) -> usize {
    let mut outputs = 0;
    for operation in service.operations {
        let tree = operation.output.map(|output| example(output.shape, &mut 0));
        let xml = Element::parse(&encode(
            service,
            operation,
            tree.as_ref().unwrap_or(&Value::Null),
            &RequestId::new("r-1"),
        ));
        let answer = xml.child(&format!("{}Response", operation.name));
        assert_eq!(answer.child("ResponseMetadata").child("RequestId").text, "r-1");
        assert_eq!(answer.children.len(), if tree.is_some() { 2 } else { 1 });
        if let (Some(output), Some(tree)) = (operation.output, tree) {
            let result = answer.child(&format!("{}Result", operation.name));
            assert_eq!(result.read(output.shape), tree, "{}", operation.name);
            outputs += 1;
        }
    }
    outputs
}

#[test]
fn every_output_survives_the_xml() {
    assert!(outputs_survive(&IAM) > 90);
    assert!(outputs_survive(&STS) > 8);
}
