//! The POST policy: until when, and which fields a form may have. Pure. S3's guide, chapter "POST policy"; what that leaves
//! open is as observed of S3, or else said to be unconfirmed.

#[cfg(test)]
mod tests;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::civil::DateTime;
use kernel::{Result, Timestamp};
use serde_json::{Map, Value};

use super::{errors, fields::Fields};

/// Fields that no condition must name; so needs none whose name begins with `x-ignore-`. The second half is version 2's.
const UNCONDITIONAL: [&str; 5] = ["x-amz-signature", "file", "policy", "awsaccesskeyid", "signature"];

pub(super) struct PostPolicy {
    expiration: Timestamp,
    conditions: Vec<Condition>,
}

/// How many bytes the file may have, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sizes {
    pub min: u64,
    pub max: u64,
}

impl Sizes {
    pub(super) const ANY: Self = Self { min: 0, max: u64::MAX };
}

struct Condition {
    test: Test,
    /// As it is shown where it fails: simple ones as `eq`.
    text: String,
}

/// Names are in lower case.
enum Test {
    Is {
        name: String,
        value: String,
    },
    StartsWith {
        name: String,
        prefix: String,
    },
    Size(Sizes),
    /// A name without `$`, a size that is no number.
    Never,
}

impl PostPolicy {
    /// `text`: base64. Errors: InvalidPolicyDocument.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let json = STANDARD
            .decode(text)
            .map_err(|e| errors::policy_is_no_json().because(e))?;
        let document: Map<String, Value> =
            serde_json::from_slice(&json).map_err(|e| errors::policy_is_no_json().because(e))?;
        if let Some(name) = document
            .keys()
            .find(|name| !["expiration", "conditions"].contains(&name.as_str()))
        {
            return Err(errors::unexpected_member(name));
        }
        let Some(Value::String(expiration)) = document.get("expiration") else {
            return Err(errors::missing_member("expiration"));
        };
        let Some(Value::Array(conditions)) = document.get("conditions") else {
            return Err(errors::missing_member("conditions"));
        };
        Ok(Self {
            expiration: moment(expiration).ok_or_else(|| errors::invalid_expiration(expiration))?,
            conditions: conditions.iter().map(Condition::parse).collect::<Result<_>>()?,
        })
    }

    /// `fields`: expanded, up to the file. Answers which sizes are fine. Errors: AccessDenied.
    pub(super) fn check(&self, fields: &Fields, bucket: &str, wall: Timestamp) -> Result<Sizes> {
        if self.expiration < wall {
            return Err(errors::expired());
        }
        let mut sizes = Sizes::ANY;
        for condition in &self.conditions {
            let value = |name: &str| {
                if name == "bucket" {
                    Some(bucket)
                } else {
                    fields.get(name)
                }
            };
            let holds = match &condition.test {
                Test::Is { name, value: wanted } => value(name) == Some(wanted),
                Test::StartsWith { name, prefix } => value(name).is_some_and(|value| starts_with(name, value, prefix)),
                Test::Size(range) => {
                    sizes.min = sizes.min.max(range.min);
                    sizes.max = sizes.max.min(range.max);
                    true
                }
                Test::Never => false,
            };
            if !holds {
                return Err(errors::condition_failed(&condition.text));
            }
        }
        // The address names the bucket as a field would.
        match std::iter::once("bucket")
            .chain(fields.names())
            .find(|name| !self.covers(name))
        {
            Some(name) => Err(errors::extra_field(name)),
            None => Ok(sizes),
        }
    }

    fn covers(&self, field: &str) -> bool {
        let field = field.to_ascii_lowercase();
        UNCONDITIONAL.contains(&field.as_str())
            || field.starts_with("x-ignore-")
            || self.conditions.iter().any(|condition| match &condition.test {
                Test::Is { name, .. } | Test::StartsWith { name, .. } => *name == field,
                Test::Size(_) | Test::Never => false,
            })
    }
}

/// Each type of a list must fit.
fn starts_with(name: &str, value: &str, prefix: &str) -> bool {
    if name == "content-type" {
        value.split(',').all(|kind| kind.starts_with(prefix))
    } else {
        value.starts_with(prefix)
    }
}

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// `2015-12-30T12:00:00.000Z`, or without the fraction; in no other zone.
fn moment(text: &str) -> Option<Timestamp> {
    let civil = text
        .strip_suffix('Z')
        .filter(|civil| civil.as_bytes().get(10) == Some(&b'T'))?;
    if !matches!(civil.as_bytes().get(19), None | Some(b'.')) || civil.len() < 19 {
        return None;
    }
    // To the end of the year 9999, which means never.
    let since = civil.parse::<DateTime>().ok()?.duration_since(EPOCH);
    Some(Timestamp::from_millis(i64::try_from(since.as_millis()).ok()?))
}

impl Condition {
    fn parse(condition: &Value) -> Result<Self> {
        match condition {
            Value::Object(simple) => Self::simple(simple),
            Value::Array(parts) => Self::operation(parts),
            other => Err(errors::malformed_condition(&other.to_string())),
        }
    }

    /// `{"acl": "private"}`.
    fn simple(members: &Map<String, Value>) -> Result<Self> {
        let mut members = members.iter();
        let (Some((name, value)), None) = (members.next(), members.next()) else {
            return Err(errors::several_properties());
        };
        match value {
            Value::String(value) => Ok(Self {
                text: shown(&["eq".into(), format!("${name}").into(), value.as_str().into()]),
                test: Test::Is {
                    name: name.to_ascii_lowercase(),
                    value: value.clone(),
                },
            }),
            Value::Null => Err(errors::policy_is_no_json()),
            _ => Err(errors::value_is_no_string()),
        }
    }

    /// `["starts-with", "$key", "user/"]`.
    fn operation(parts: &[Value]) -> Result<Self> {
        let shown = shown(parts);
        let malformed = || errors::malformed_condition(&shown);
        let (operation, operands) = parts.split_first().ok_or_else(errors::missing_operation)?;
        let test = match (operation.as_str(), operands) {
            (Some("content-length-range"), [min, max]) => size_test(min, max)?,
            (Some(operation @ ("eq" | "starts-with")), [Value::String(name), Value::String(value)]) => {
                match (name.strip_prefix('$'), operation) {
                    (None, _) => Test::Never,
                    (Some(name), "eq") => Test::Is {
                        name: name.to_ascii_lowercase(),
                        value: value.clone(),
                    },
                    (Some(name), _) => Test::StartsWith {
                        name: name.to_ascii_lowercase(),
                        prefix: value.clone(),
                    },
                }
            }
            _ => return Err(malformed()),
        };
        Ok(Self { test, text: shown })
    }
}

/// Whole numbers, or strings of them. Errors: InvalidPolicyDocument for other numbers.
fn size_test(min: &Value, max: &Value) -> Result<Test> {
    let bound = |value: &Value| match value {
        Value::Number(number) => number.as_u64().map(Some).ok_or_else(errors::policy_is_no_json),
        Value::String(text) => Ok(text.parse().ok()),
        _ => Ok(None),
    };
    Ok(match (bound(min)?, bound(max)?) {
        (Some(min), Some(max)) => Test::Size(Sizes { min, max }),
        _ => Test::Never,
    })
}

/// JSON with a blank after each comma.
fn shown(parts: &[Value]) -> String {
    let parts: Vec<String> = parts.iter().map(Value::to_string).collect();
    format!("[{}]", parts.join(", "))
}
