//! Every constraint of every member of every operation's input, broken one at a time: the violation is found at its path
//! with its rule, and nothing else is.

use serde_json::{Map, Value, json};

use super::samples::{filled, text, valid};
use crate::{
    Kind, SERVICES, Shape,
    validate::{
        constraints::{Rule, rules, violations},
        message::Manner,
    },
};

/// Nothing but controls, astral symbols and letters of other scripts: one of them breaks any pattern that can be broken.
const STRANGERS: &[&str] = &["\u{0}", " ", "€", "😀", "é", "/", "aa", "\n"];

struct Case {
    value: Value,
    path: String,
    rule: String,
}

impl Case {
    fn here(value: Value, rule: &Rule) -> Self {
        Self {
            value,
            path: String::new(),
            rule: rule.told(Manner::Open),
        }
    }

    /// The same violation, seen from around it.
    fn inside(self, step: &str, wrap: impl Fn(Value) -> Value) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        Self {
            value: wrap(self.value),
            path: format!("{step}{dot}{}", self.path),
            rule: self.rule,
        }
    }
}

fn cases(shape: &'static Shape) -> Vec<Case> {
    match &shape.kind {
        Kind::Structure(_) => structure(shape),
        Kind::List(element) => list(shape, element),
        Kind::Map { key, value } => map(shape, key, value),
        _ => scalar(shape),
    }
}

fn structure(shape: &'static Shape) -> Vec<Case> {
    let mut found = Vec::new();
    for member in shape.members() {
        let name = member.name;
        let (first, rest) = name.split_at(1);
        let step = format!("{}{rest}", first.to_lowercase());
        let with = |value: Value| {
            let mut all = valid(shape);
            all[name] = value;
            all
        };
        if member.required {
            found.push(Case::here(Value::Null, &Rule::NotNull).inside(&step, with));
            found.push(Case::here(Value::Null, &Rule::NotNull).inside(&step, |_| {
                let mut all = valid(shape);
                all.as_object_mut().unwrap().remove(name);
                all
            }));
        }
        found.extend(cases(member.shape).into_iter().map(|case| case.inside(&step, with)));
    }
    found
}

fn list(shape: &'static Shape, element: &'static Shape) -> Vec<Case> {
    let sized = |length: i64| (0..length).map(|_| valid(element)).collect::<Value>();
    let mut found = sizes(shape, sized);
    let least = usize::try_from(shape.min.unwrap_or(0)).unwrap();
    for case in cases(element) {
        let fill = |value: Value| {
            let rest = (1..least).map(|_| valid(element));
            std::iter::once(value).chain(rest).collect()
        };
        found.push(if element.is_scalar() {
            Case::here(fill(case.value), &Rule::Elements(element))
        } else {
            case.inside("1.member", fill)
        });
    }
    found
}

fn map(shape: &'static Shape, key: &'static Shape, element: &'static Shape) -> Vec<Case> {
    let mut found = if key.pattern.is_none() {
        sizes(shape, |n| {
            (0..n)
                .map(|at| (format!("key{at}"), valid(element)))
                .collect::<Map<_, _>>()
                .into()
        })
    } else {
        Vec::new()
    };
    for case in cases(key) {
        let key_text = case.value.as_str().unwrap().to_owned();
        found.push(Case::here(json!({key_text: valid(element)}), &Rule::Keys(key)));
    }
    for case in cases(element) {
        let wrap = |value: Value| json!({text(key): value});
        found.push(if element.is_scalar() {
            Case::here(wrap(case.value), &Rule::Values(element))
        } else {
            case.inside(&format!("{}.member", text(key)), wrap)
        });
    }
    found
}

fn sizes(shape: &Shape, sized: impl Fn(i64) -> Value) -> Vec<Case> {
    let min = shape
        .min
        .filter(|min| *min > 0)
        .map(|min| Case::here(sized(min - 1), &Rule::MinLength(min)));
    let max = shape.max.map(|max| Case::here(sized(max + 1), &Rule::MaxLength(max)));
    min.into_iter().chain(max).collect()
}

fn scalar(shape: &'static Shape) -> Vec<Case> {
    let case = |rule: Rule| match breaking(shape, &rule) {
        Some(value) => Some(Case::here(value, &rule)),
        None if matches!(&rule, Rule::MinLength(0)) => None,
        None if matches!(&rule, Rule::Pattern(pattern) if pattern.as_str() == "(?s).*") => None,
        None => panic!("{}: nothing breaks {}", shape.name, rule.told(Manner::Open)),
    };
    rules(shape).into_iter().filter_map(case).collect()
}

/// `None` for what no value can break: no text is shorter than nothing, and `(?s).*` matches all.
fn breaking(shape: &'static Shape, rule: &Rule) -> Option<Value> {
    let long = |n: i64| {
        let length = usize::try_from(n).unwrap();
        if matches!(shape.kind, Kind::Blob) {
            return Value::from("AAAA".repeat(length.div_ceil(3)));
        }
        filled(&text_or_empty(shape), length).into()
    };
    match rule {
        Rule::MinLength(0) => None,
        Rule::MinLength(n) => Some(long(n - 1)),
        Rule::MaxLength(n) => Some(long(n + 1)),
        Rule::MinValue(n) => Some((n - 1).into()),
        Rule::MaxValue(n) => Some((n + 1).into()),
        Rule::OneOf(_) => Some("no such value".into()),
        Rule::Pattern(pattern) => {
            let least = usize::try_from(shape.min.unwrap_or(1).max(1)).unwrap();
            let texts = STRANGERS
                .iter()
                .map(|stranger| format!("{stranger}{}", filled("a", least)));
            texts
                .filter(|text| {
                    shape
                        .max
                        .is_none_or(|max| text.encode_utf16().count() <= usize::try_from(max).unwrap())
                })
                .find(|text| !pattern.matches(text))
                .or_else(|| (!pattern.matches("zzzzzzz")).then(|| filled("z", least)))
                .map(Value::from)
        }
        _ => None,
    }
}

fn text_or_empty(shape: &'static Shape) -> String {
    if matches!(shape.kind, Kind::String { .. }) {
        text(shape)
    } else {
        String::new()
    }
}

#[test]
fn the_smallest_inputs_are_valid() {
    for service in SERVICES {
        for operation in service.operations {
            let input = operation.input.map_or_else(|| json!({}), valid);
            let outcome = service.validate(operation, &input);
            assert!(outcome.is_ok(), "{}: {outcome:?}", operation.name);
        }
    }
}

#[test]
fn every_constraint_is_reported_alone() {
    let mut count = 0;
    for service in SERVICES {
        for operation in service.operations {
            let Some(shape) = operation.input else { continue };
            for Case { value, path, rule } in cases(shape) {
                let found = violations(shape, &value);
                let name = operation.name;
                assert!(
                    found
                        .iter()
                        .any(|v| v.path == path && v.rule.told(Manner::Open) == rule),
                    "{name}: {path}: {rule} is not reported for {value}"
                );
                for violation in &found {
                    let as_well = violation.rule.told(Manner::Open);
                    assert_eq!(violation.path, path, "{name}: {as_well} as well");
                }
                let error = service.validate(operation, &value).expect_err(name);
                let plural = if found.len() == 1 { "" } else { "s" };
                let start = format!("{} validation error{plural} detected: Value", found.len());
                assert!(error.message().starts_with(&start), "{name}: {path}");
                let told = found.iter().find(|v| v.rule.told(Manner::Open) == rule);
                let told = told.expect(name).rule.told(service.manner());
                let clause = format!(" at '{path}' failed to satisfy constraint: {told}");
                assert!(error.message().contains(&clause), "{name}: {clause}");
                count += 1;
            }
        }
    }
    assert!(count > 3000, "{count} cases");
}

#[test]
fn every_member_of_a_wrong_type_is_refused() {
    for service in SERVICES {
        for operation in service.operations {
            for member in operation.input.map_or(&[][..], Shape::members) {
                let wrong = match member.shape.kind {
                    Kind::Document => continue,
                    Kind::Structure(_) | Kind::List(_) | Kind::Map { .. } => json!("text"),
                    _ => json!([{}]),
                };
                let mut input = valid(operation.input.unwrap());
                input[member.name] = wrong;
                let error = service.validate(operation, &input).expect_err(member.name);
                let expected = if service.id.starts_with("cognito") {
                    "SerializationException"
                } else {
                    "MalformedInput"
                };
                assert_eq!(error.code().0, expected, "{}: {}", operation.name, member.name);
            }
        }
    }
}
