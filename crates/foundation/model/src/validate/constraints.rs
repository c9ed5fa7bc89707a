//! The second pass: required, length, range, pattern, enumeration. Types are right by now.

use serde_json::{Map, Value};

use super::types::blob_length;
use crate::{Kind, Pattern, Shape};

/// One broken rule at one place. What the message says of it is decided in `message`.
pub(super) struct Violation<'v> {
    /// `userAttributes.1.member.name`.
    pub(super) path: String,
    pub(super) rule: Rule,
    pub(super) shape: &'static Shape,
    pub(super) value: &'v Value,
    /// The shape, or one around it, is sensitive.
    pub(super) hidden: bool,
}

pub(super) enum Rule {
    NotNull,
    MinLength(i64),
    MaxLength(i64),
    MinValue(i64),
    MaxValue(i64),
    Pattern(&'static Pattern),
    OneOf(&'static [&'static str]),
    /// An element of a list broke one of its rules: AWS names the list and all the rules of an element.
    Elements(&'static Shape),
    Keys(&'static Shape),
    Values(&'static Shape),
}

pub(super) fn violations<'v>(input: &'static Shape, value: &'v Value) -> Vec<Violation<'v>> {
    let mut walk = Walk { found: Vec::new() };
    walk.members(None, input, value);
    walk.found
}

/// All rules of a shape, in the order in which AWS lists them between brackets.
pub(super) fn rules(shape: &'static Shape) -> Vec<Rule> {
    let is_number = is_number(shape);
    let max = shape.max.map(if is_number { Rule::MaxValue } else { Rule::MaxLength });
    let min = shape.min.map(if is_number { Rule::MinValue } else { Rule::MinLength });
    let one_of = match shape.kind {
        Kind::String { values } if !values.is_empty() => Some(Rule::OneOf(values)),
        _ => None,
    };
    [max, min, shape.pattern.map(Rule::Pattern), one_of]
        .into_iter()
        .flatten()
        .collect()
}

/// Where the walk stands. Spelt out only when there is something to report.
#[derive(Clone, Copy)]
struct Position<'p> {
    above: Option<&'p Position<'p>>,
    step: Step<'p>,
    shape: &'static Shape,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Member(&'static str),
    /// From one.
    Element(usize),
    Entry(&'p str),
}

impl Position<'_> {
    fn path(&self) -> String {
        let above = self.above.map(|above| format!("{}.", above.path())).unwrap_or_default();
        match self.step {
            Step::Member(name) => format!("{above}{}", first_small(name)),
            Step::Element(number) => format!("{above}{number}.member"),
            Step::Entry(key) => format!("{above}{key}.member"),
        }
    }

    fn is_hidden(&self) -> bool {
        self.shape.sensitive || self.above.is_some_and(Position::is_hidden)
    }
}

struct Walk<'v> {
    found: Vec<Violation<'v>>,
}

impl<'v> Walk<'v> {
    fn members(&mut self, above: Option<&Position<'_>>, structure: &'static Shape, value: &'v Value) {
        for member in structure.members() {
            let value = value.get(member.name).unwrap_or(&Value::Null);
            if member.required || !value.is_null() {
                self.value(
                    &Position {
                        above,
                        step: Step::Member(member.name),
                        shape: member.shape,
                    },
                    value,
                );
            }
        }
    }

    fn value(&mut self, place: &Position<'_>, value: &'v Value) {
        if value.is_null() {
            self.report(place, Rule::NotNull, value);
            return;
        }
        for rule in broken(place.shape, value) {
            self.report(place, rule, value);
        }
        match (&place.shape.kind, value) {
            (Kind::Structure(_), _) => self.members(Some(place), place.shape, value),
            (Kind::List(element), Value::Array(items)) => self.elements(place, element, value, items),
            (Kind::Map { key, value: element }, Value::Object(entries)) => {
                if entries.keys().any(|text| !broken_text(key, text).is_empty()) {
                    self.report(place, Rule::Keys(key), value);
                }
                self.entries(place, element, value, entries);
            }
            _ => {}
        }
    }

    fn elements(&mut self, place: &Position<'_>, shape: &'static Shape, list: &'v Value, items: &'v [Value]) {
        if !shape.is_scalar() {
            for (at, item) in items.iter().enumerate() {
                self.value(
                    &Position {
                        above: Some(place),
                        step: Step::Element(at + 1),
                        shape,
                    },
                    item,
                );
            }
        } else if items.iter().any(|item| breaks(shape, item)) {
            self.report(place, Rule::Elements(shape), list);
        }
    }

    /// An entry that is null is absent, as clients rely on: amazon-cognito-identity-js sends `DEVICE_KEY: null`.
    fn entries(
        &mut self,
        place: &Position<'_>,
        shape: &'static Shape,
        map: &'v Value,
        entries: &'v Map<String, Value>,
    ) {
        let mut present = entries.iter().filter(|(_, entry)| !entry.is_null());
        if !shape.is_scalar() {
            for (key, entry) in present {
                self.value(
                    &Position {
                        above: Some(place),
                        step: Step::Entry(key),
                        shape,
                    },
                    entry,
                );
            }
        } else if present.any(|(_, entry)| breaks(shape, entry)) {
            self.report(place, Rule::Values(shape), map);
        }
    }

    fn report(&mut self, place: &Position<'_>, rule: Rule, value: &'v Value) {
        let hidden = place.is_hidden() || holds_sensitive(place.shape);
        self.found.push(Violation {
            path: place.path(),
            rule,
            shape: place.shape,
            value,
            hidden,
        });
    }
}

/// A list or map whose scalars are sensitive is not printed either.
fn holds_sensitive(shape: &Shape) -> bool {
    let sensitive = |element: &Shape| element.sensitive && element.is_scalar();
    match shape.kind {
        Kind::List(element) => sensitive(element),
        Kind::Map { key, value } => sensitive(key) || sensitive(value),
        _ => false,
    }
}

/// `UserPoolId` → `userPoolId`, `SAMLAssertion` → `sAMLAssertion`: only the first letter.
fn first_small(member: &str) -> String {
    let mut chars = member.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// Scalars inside lists and maps; null can't stand in a list.
fn breaks(shape: &'static Shape, value: &Value) -> bool {
    value.is_null() || !broken(shape, value).is_empty()
}

fn broken(shape: &'static Shape, value: &Value) -> Vec<Rule> {
    match value {
        Value::String(text) => broken_text(shape, text),
        Value::Array(items) => broken_size(shape, items.len()),
        Value::Object(entries) => broken_size(shape, entries.len()),
        Value::Number(number) if is_number(shape) => number.as_i64().map_or_else(Vec::new, |n| broken_value(shape, n)),
        _ => Vec::new(),
    }
}

fn broken_text(shape: &'static Shape, text: &str) -> Vec<Rule> {
    let length = match shape.kind {
        Kind::Blob => blob_length(text).unwrap_or(0),
        // Java's: UTF-16 units. The shortcut spares counting where bytes settle it.
        _ if shape.min.is_none() && shape.max.is_none_or(|max| size(text.len()) <= max) => 0,
        _ => text.encode_utf16().count(),
    };
    let mut rules = broken_size(shape, length);
    if let Some(pattern) = shape.pattern
        && !pattern.matches(text)
    {
        rules.push(Rule::Pattern(pattern));
    }
    if let Kind::String { values } = shape.kind
        && !values.is_empty()
        && !values.contains(&text)
    {
        rules.push(Rule::OneOf(values));
    }
    rules
}

fn broken_size(shape: &Shape, length: usize) -> Vec<Rule> {
    if matches!(shape.kind, Kind::Structure(_) | Kind::Document) {
        return Vec::new();
    }
    let length = size(length);
    let min = shape.min.filter(|min| length < *min).map(Rule::MinLength);
    let max = shape.max.filter(|max| length > *max).map(Rule::MaxLength);
    min.into_iter().chain(max).collect()
}

fn broken_value(shape: &Shape, number: i64) -> Vec<Rule> {
    let min = shape.min.filter(|min| number < *min).map(Rule::MinValue);
    let max = shape.max.filter(|max| number > *max).map(Rule::MaxValue);
    min.into_iter().chain(max).collect()
}

fn is_number(shape: &Shape) -> bool {
    matches!(shape.kind, Kind::Integer | Kind::Long | Kind::Float | Kind::Double)
}

fn size(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
