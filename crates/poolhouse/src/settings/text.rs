//! Values of environment variables and flags, read as the type that the setting has.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
    net::SocketAddr,
    str::FromStr,
};

use serde::{
    Deserializer,
    de::{
        Error as _, IntoDeserializer, Unexpected, Visitor,
        value::{Error, MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};

/// Where to listen. Names are not looked up: which of their addresses would be meant?
pub fn address<'de, D: Deserializer<'de>>(from: D) -> Result<SocketAddr, D::Error> {
    from.deserialize_str(Address)
}

struct Address;

impl Visitor<'_> for Address {
    type Value = SocketAddr;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an IP address with a port, such as 127.0.0.1:4566")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SocketAddr, E> {
        text.trim()
            .parse()
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Texts under the names that the file has for them.
pub enum Tree {
    Branch(BTreeMap<String, Tree>),
    Leaf(Leaf),
}

/// One text, and how its writer knows it: an environment variable's or a flag's name.
pub struct Leaf {
    pub source: String,
    pub text: String,
}

impl Tree {
    pub fn new() -> Self {
        Self::Branch(BTreeMap::new())
    }

    /// Puts a leaf at a path such as `smtp.host`.
    pub fn put(&mut self, path: &str, leaf: Leaf) {
        let Self::Branch(branches) = self else { return };
        match path.split_once('.') {
            None => {
                branches.insert(path.to_owned(), Self::Leaf(leaf));
            }
            Some((head, tail)) => branches
                .entry(head.to_owned())
                .or_insert_with(Self::new)
                .put(tail, leaf),
        }
    }
}

impl IntoDeserializer<'_, Error> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Branch(branches) => visitor.visit_map(MapDeserializer::new(branches.into_iter())),
            Self::Leaf(leaf) => leaf.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.parse()?)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u16(self.parse()?)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_u32(self.parse()?)
    }

    /// Items stand between commas.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self::Leaf(leaf) = self else {
            return self.deserialize_any(visitor);
        };
        let items = leaf.text.split(',').map(str::trim).filter(|item| !item.is_empty());
        visitor.visit_seq(SeqDeserializer::new(items))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Self::Leaf(leaf) = self else {
            return self.deserialize_any(visitor);
        };
        visitor
            .visit_enum(leaf.text.as_str().into_deserializer())
            .map_err(|error: Error| leaf.wrong(error))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}

impl Tree {
    fn parse<T: FromStr<Err: Display>>(&self) -> Result<T, Error> {
        match self {
            Self::Leaf(leaf) => leaf.text.trim().parse().map_err(|error| leaf.wrong(error)),
            Self::Branch(_) => Err(Error::custom("a group of settings stands where a value belongs")),
        }
    }
}

impl Leaf {
    fn deserialize_any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(&self.text).map_err(|error: Error| self.wrong(error))
    }

    fn wrong(&self, error: impl Display) -> Error {
        Error::custom(format_args!("{}: {error}", self.source))
    }
}
