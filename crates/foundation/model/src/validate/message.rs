//! How violations read. Reference: user-pools 1.4.
//!
//! Lists and maps print as Java's collections do (`[a, b]`, `{k=v}`), structures as `Name(member=value)`, bytes as a
//! `java.nio.HeapByteBuffer`; what is sensitive inside a printed structure is left out by AWS's own placeholder.

use std::fmt::{self, Display, Write as _};

use serde_json::Value;

use super::{
    constraints::{Rule, Violation, rules},
    types::blob_length,
};
use crate::{Kind, Shape};

const REDACTED: &str = "***Sensitive Data Redacted***";

/// What a service tells of the value that breaks a rule, and of an enumeration's values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Open,
    /// IAM's. Reference: identity-pools-iam 3.3.
    Reserved,
}

/// `None` where nothing is violated.
pub(super) fn of(violations: &[Violation<'_>], manner: Manner) -> Option<String> {
    let errors = match violations.len() {
        0 => return None,
        1 => "error",
        _ => "errors",
    };
    let clauses: Vec<String> = violations.iter().map(|violation| clause(violation, manner)).collect();
    Some(format!(
        "{} validation {errors} detected: {}",
        violations.len(),
        clauses.join("; ")
    ))
}

fn clause(violation: &Violation<'_>, manner: Manner) -> String {
    let Violation {
        path,
        rule,
        shape,
        value,
        hidden,
    } = violation;
    let shown = match value {
        _ if *hidden || manner == Manner::Reserved => String::new(),
        Value::Null => " null".to_owned(),
        value => format!(" '{}'", Printed { shape, value }),
    };
    format!(
        "Value{shown} at '{path}' failed to satisfy constraint: {}",
        rule.told(manner)
    )
}

impl Rule {
    pub(super) fn told(&self, manner: Manner) -> String {
        match self {
            Self::NotNull => "Member must not be null".to_owned(),
            Self::MinLength(n) => format!("Member must have length greater than or equal to {n}"),
            Self::MaxLength(n) => format!("Member must have length less than or equal to {n}"),
            Self::MinValue(n) => format!("Member must have value greater than or equal to {n}"),
            Self::MaxValue(n) => format!("Member must have value less than or equal to {n}"),
            Self::Pattern(pattern) => {
                format!("Member must satisfy regular expression pattern: {}", pattern.as_str())
            }
            Self::OneOf(_) if manner == Manner::Reserved => "Member must satisfy enum value set".to_owned(),
            Self::OneOf(values) => format!("Member must satisfy enum value set: [{}]", values.join(", ")),
            Self::Elements(shape) => format!("Member must satisfy constraint: [{}]", all_rules(shape, manner)),
            Self::Keys(shape) => format!("Map keys must satisfy constraint: [{}]", all_rules(shape, manner)),
            Self::Values(shape) => format!("Map value must satisfy constraint: [{}]", all_rules(shape, manner)),
        }
    }
}

/// Those of an element without rules can only have been broken by a null.
fn all_rules(shape: &'static Shape, manner: Manner) -> String {
    let texts: Vec<String> = rules(shape).iter().map(|rule| rule.told(manner)).collect();
    if texts.is_empty() {
        Rule::NotNull.told(manner)
    } else {
        texts.join(", ")
    }
}

struct Printed<'a> {
    shape: &'a Shape,
    value: &'a Value,
}

impl Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shape.sensitive {
            return f.write_str(REDACTED);
        }
        match (&self.shape.kind, self.value) {
            (Kind::Blob, Value::String(text)) => {
                let length = blob_length(text).unwrap_or(0);
                write!(f, "java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]")
            }
            (Kind::List(shape), Value::Array(items)) => {
                f.write_char('[')?;
                for (at, value) in items.iter().enumerate() {
                    write!(f, "{}{}", comma(at), Printed { shape, value })?;
                }
                f.write_char(']')
            }
            (Kind::Map { value: shape, .. }, Value::Object(entries)) => {
                f.write_char('{')?;
                for (at, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}{key}={}", comma(at), Printed { shape, value })?;
                }
                f.write_char('}')
            }
            (Kind::Structure(members), Value::Object(given)) => {
                write!(f, "{}(", self.shape.name)?;
                for (at, member) in members.iter().enumerate() {
                    let value = given.get(member.name).unwrap_or(&Value::Null);
                    let shown = Printed {
                        shape: member.shape,
                        value,
                    };
                    write!(f, "{}{}={shown}", comma(at), member.name)?;
                }
                f.write_char(')')
            }
            (_, Value::String(text)) => f.write_str(text),
            (_, value) => write!(f, "{value}"),
        }
    }
}

fn comma(at: usize) -> &'static str {
    if at == 0 { "" } else { ", " }
}

#[cfg(test)]
pub(super) fn printed(shape: &Shape, value: &Value) -> String {
    Printed { shape, value }.to_string()
}
