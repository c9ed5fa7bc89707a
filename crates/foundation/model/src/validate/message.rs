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

/// `None` where nothing is violated.
pub(super) fn of(violations: &[Violation<'_>]) -> Option<String> {
    let errors = match violations.len() {
        0 => return None,
        1 => "error",
        _ => "errors",
    };
    let clauses: Vec<String> = violations.iter().map(clause).collect();
    Some(format!(
        "{} validation {errors} detected: {}",
        violations.len(),
        clauses.join("; ")
    ))
}

fn clause(violation: &Violation<'_>) -> String {
    let Violation {
        path,
        rule,
        shape,
        value,
        hidden,
    } = violation;
    let shown = match value {
        Value::Null => " null".to_owned(),
        _ if *hidden => String::new(),
        value => format!(" '{}'", Printed { shape, value }),
    };
    format!("Value{shown} at '{path}' failed to satisfy constraint: {rule}")
}

impl Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => f.write_str("Member must not be null"),
            Self::MinLength(n) => write!(f, "Member must have length greater than or equal to {n}"),
            Self::MaxLength(n) => write!(f, "Member must have length less than or equal to {n}"),
            Self::MinValue(n) => write!(f, "Member must have value greater than or equal to {n}"),
            Self::MaxValue(n) => write!(f, "Member must have value less than or equal to {n}"),
            Self::Pattern(pattern) => {
                write!(
                    f,
                    "Member must satisfy regular expression pattern: {}",
                    pattern.as_str()
                )
            }
            Self::OneOf(values) => write!(f, "Member must satisfy enum value set: [{}]", values.join(", ")),
            Self::Elements(shape) => write!(f, "Member must satisfy constraint: [{}]", all_rules(shape)),
            Self::Keys(shape) => write!(f, "Map keys must satisfy constraint: [{}]", all_rules(shape)),
            Self::Values(shape) => write!(f, "Map value must satisfy constraint: [{}]", all_rules(shape)),
        }
    }
}

/// Those of an element without rules can only have been broken by a null.
fn all_rules(shape: &'static Shape) -> String {
    let texts: Vec<String> = rules(shape).iter().map(ToString::to_string).collect();
    if texts.is_empty() {
        Rule::NotNull.to_string()
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
