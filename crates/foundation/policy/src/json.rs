//! JSON one level at a time. What lies deeper stays text until its own reader asks for it, so nesting costs no stack,
//! every statement keeps its place in the document, and a repeated key is seen before it is lost.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The text is not what the grammar wants at this place.
#[derive(Debug)]
pub(crate) struct Malformed;

pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// One object, in the order of its text, without repeated names.
pub(crate) struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Object<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, Malformed> {
        serde_json::from_str(text).map_err(|_| Malformed)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn first_name(&self) -> Option<&str> {
        self.0.first().map(|(key, _)| key.as_str())
    }

    pub(crate) fn into_entries(self) -> Vec<(String, &'a RawValue)> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut names = HashSet::new();
        let mut entries = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom("a name is repeated"));
            }
            entries.push((name, value));
        }
        Ok(Object(entries))
    }
}

pub(crate) fn list(raw: &RawValue) -> Result<Vec<&RawValue>, Malformed> {
    serde_json::from_str(raw.get()).map_err(|_| Malformed)
}

pub(crate) fn is_list(raw: &RawValue) -> bool {
    raw.get().starts_with('[')
}

pub(crate) fn is_text(raw: &RawValue) -> bool {
    raw.get().starts_with('"')
}

pub(crate) fn text(raw: &RawValue) -> Result<String, Malformed> {
    serde_json::from_str(raw.get()).map_err(|_| Malformed)
}

/// The members of a list; anything else is its own only member.
pub(crate) fn members(raw: &RawValue) -> Result<Vec<&RawValue>, Malformed> {
    if is_list(raw) { list(raw) } else { Ok(vec![raw]) }
}

/// A string, or a list of strings.
pub(crate) fn texts(raw: &RawValue) -> Result<Vec<String>, Malformed> {
    members(raw)?.into_iter().map(text).collect()
}

/// A string, number or boolean, or a list of them, as texts.
pub(crate) fn scalars(raw: &RawValue) -> Result<Vec<String>, Malformed> {
    members(raw)?.into_iter().map(scalar).collect()
}

pub(crate) fn scalar(raw: &RawValue) -> Result<String, Malformed> {
    match raw.get().as_bytes().first() {
        Some(b'"') => text(raw),
        Some(b't' | b'f' | b'-' | b'0'..=b'9') => Ok(raw.get().to_owned()),
        _ => Err(Malformed),
    }
}
