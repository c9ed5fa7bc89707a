//! From and to the JSON tree, without serde's derives: they cost six times as long to compile.

mod scalar;

use std::{collections::BTreeMap, fmt};

use kernel::{ApiError, Code};
use serde_json::{Map, Value};

/// A value that has a JSON form. The interpreter has checked types and constraints before anything is decoded, so an
/// error here is rare: what came in through another door, or a stored text of another version.
pub trait Wire: Sized {
    fn from_json(value: Value) -> Result<Self, WireError>;
    fn into_json(self) -> Value;

    /// Appends the text of [`Wire::into_json`], byte for byte, without making the tree.
    fn print(&self, out: &mut Vec<u8>);

    /// For what is kept and shown at once.
    fn to_json(&self) -> Value
    where
        Self: Clone,
    {
        self.clone().into_json()
    }
}

/// Which member didn't have its type. It never holds the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireError {
    path: String,
    expected: &'static str,
}

impl WireError {
    /// `expected` completes "expected …".
    pub const fn expected(expected: &'static str) -> Self {
        Self {
            path: String::new(),
            expected,
        }
    }

    fn at(mut self, step: &str) -> Self {
        let dot = if self.path.is_empty() { "" } else { "." };
        self.path = format!("{step}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.path, self.expected)
    }
}

impl std::error::Error for WireError {}

impl From<WireError> for ApiError {
    #[track_caller]
    fn from(error: WireError) -> Self {
        Self::new(Code::Serialization, "The request could not be decoded.").because(error)
    }
}

/// What an operation without input takes and one without output answers.
impl Wire for () {
    fn from_json(_: Value) -> Result<Self, WireError> {
        Ok(())
    }

    fn into_json(self) -> Value {
        Value::Null
    }

    /// Nothing, where the tree is null: there is no body.
    fn print(&self, _: &mut Vec<u8>) {}
}

impl<T: Wire> Wire for Vec<T> {
    fn from_json(value: Value) -> Result<Self, WireError> {
        let Value::Array(items) = value else {
            return Err(WireError::expected("a list"));
        };
        let item = |(at, item)| T::from_json(item).map_err(|error| error.at(&format!("{}", at + 1)));
        items.into_iter().enumerate().map(item).collect()
    }

    fn into_json(self) -> Value {
        self.into_iter().map(T::into_json).collect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (at, item) in self.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            item.print(out);
        }
        out.push(b']');
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn from_json(value: Value) -> Result<Self, WireError> {
        let Value::Object(entries) = value else {
            return Err(WireError::expected("a map"));
        };
        let entry = |(key, value): (String, Value)| match T::from_json(value) {
            Ok(value) => Ok((key, value)),
            Err(error) => Err(error.at(&key)),
        };
        // A null entry is an absent one.
        entries
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(entry)
            .collect()
    }

    fn into_json(self) -> Value {
        self.into_iter().map(|(key, value)| (key, value.into_json())).collect()
    }

    fn print(&self, out: &mut Vec<u8>) {
        let mut members = Printer::open(out);
        for (key, value) in self {
            members.required(key, value);
        }
        members.close();
    }
}

/// The members of a structure as they are taken out. What is left over is unknown and ignored.
pub struct Reader {
    shape: &'static str,
    members: Map<String, Value>,
}

impl Reader {
    pub fn open(shape: &'static str, value: Value) -> Result<Self, WireError> {
        match value {
            Value::Object(members) => Ok(Self { shape, members }),
            _ => Err(WireError::expected("a structure").at(shape)),
        }
    }

    pub fn required<T: Wire>(&mut self, member: &'static str) -> Result<T, WireError> {
        let value = self.members.remove(member).unwrap_or_default();
        T::from_json(value).map_err(|error| error.at(member).at(self.shape))
    }

    /// Null is absent.
    pub fn optional<T: Wire>(&mut self, member: &'static str) -> Result<Option<T>, WireError> {
        match self.members.remove(member) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::from_json(value)
                .map(Some)
                .map_err(|error| error.at(member).at(self.shape)),
        }
    }
}

/// The members of a structure as they are put in.
#[derive(Default)]
pub struct Writer(Map<String, Value>);

impl Writer {
    pub fn required<T: Wire>(&mut self, member: &'static str, value: T) {
        self.0.insert(member.to_owned(), value.into_json());
    }

    /// Absent members are left out, not null. Reference: user-pools 1.1.
    pub fn optional<T: Wire>(&mut self, member: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.required(member, value);
        }
    }

    pub fn close(self) -> Value {
        Value::Object(self.0)
    }
}

/// The members of a structure as they are printed: in the order of their names, as a tree has them.
pub struct Printer<'a> {
    out: &'a mut Vec<u8>,
    before: u8,
}

impl<'a> Printer<'a> {
    pub fn open(out: &'a mut Vec<u8>) -> Self {
        Self { out, before: b'{' }
    }

    pub fn required(&mut self, member: &str, value: &impl Wire) {
        self.out.push(self.before);
        self.before = b',';
        text(member, self.out);
        self.out.push(b':');
        value.print(self.out);
    }

    pub fn optional(&mut self, member: &str, value: &Option<impl Wire>) {
        if let Some(value) = value {
            self.required(member, value);
        }
    }

    pub fn close(self) {
        if self.before == b'{' {
            self.out.push(b'{');
        }
        self.out.push(b'}');
    }
}

/// Appends a JSON string.
pub(crate) fn text(text: &str, out: &mut Vec<u8>) {
    // Writing into memory doesn't fail.
    let _ = serde_json::to_writer(out, text);
}

/// The body of an answer in JSON; empty where there is no output.
pub fn printed(output: &impl Wire) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    output.print(&mut out);
    out
}

/// Stands for a secret in Debug output.
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
