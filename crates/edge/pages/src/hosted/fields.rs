//! What forms ask for.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

/// What a pool's users sign in with, which a box for it is labelled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Username,
    Email,
    Phone,
    UsernameOrEmail,
    UsernameOrPhone,
    EmailOrPhone,
    UsernameEmailOrPhone,
}

impl Named {
    /// The message that labels it, and the type of its control.
    fn control(self) -> (&'static str, &'static str) {
        match self {
            Self::Username => ("username", "text"),
            Self::Email => ("email", "email"),
            Self::Phone => ("phone", "tel"),
            Self::UsernameOrEmail => ("username_or_email", "text"),
            Self::UsernameOrPhone => ("username_or_phone", "text"),
            Self::EmailOrPhone => ("email_or_phone", "text"),
            Self::UsernameEmailOrPhone => ("username_email_or_phone", "text"),
        }
    }
}

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (label, kind) = self.control();
        let mut named = serializer.serialize_struct("Named", 3)?;
        named.serialize_field("label", label)?;
        named.serialize_field("kind", kind)?;
        named.serialize_field("is_phone", &matches!(self, Self::Phone))?;
        named.end()
    }
}

/// An attribute, asked for as `attribute.<name>`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// As the pool's schema has it: `email`, `custom:team`.
    pub name: String,
    /// What was entered before.
    pub value: String,
    pub is_optional: bool,
}

/// The standard attributes as people expect to be asked for them: the control and what browsers fill in.
const CONTROLS: [(&str, &str, &str); 17] = [
    ("name", "text", "name"),
    ("given_name", "text", "given-name"),
    ("middle_name", "text", "additional-name"),
    ("family_name", "text", "family-name"),
    ("nickname", "text", "nickname"),
    ("preferred_username", "text", "off"),
    ("email", "email", "email"),
    ("phone_number", "tel", "tel"),
    ("birthdate", "date", "bday"),
    ("gender", "text", "sex"),
    ("address", "textarea", "street-address"),
    ("locale", "text", "language"),
    ("zoneinfo", "text", "off"),
    ("website", "url", "url"),
    ("profile", "url", "url"),
    ("picture", "url", "photo"),
    ("updated_at", "number", "off"),
];

impl Attribute {
    /// What a page asks for, in the order of the page.
    pub fn ordered(mut attributes: Vec<Self>) -> Vec<Self> {
        let place = |one: &Self| CONTROLS.iter().position(|(name, ..)| *name == one.name);
        attributes.sort_by_key(|one| place(one).unwrap_or(CONTROLS.len()));
        attributes
    }

    pub(super) fn sample(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: String::new(),
            is_optional: false,
        }
    }
}

impl Serialize for Attribute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = CONTROLS.iter().find(|(name, ..)| *name == self.name);
        let (kind, autocomplete) = known.map_or(("text", "off"), |(_, kind, autocomplete)| (*kind, *autocomplete));
        let mut attribute = serializer.serialize_struct("Attribute", 7)?;
        attribute.serialize_field("name", &self.name)?;
        attribute.serialize_field("value", &self.value)?;
        attribute.serialize_field("label", &known.map(|(name, ..)| format!("attribute_{name}")))?;
        attribute.serialize_field("kind", kind)?;
        attribute.serialize_field("is_optional", &self.is_optional)?;
        attribute.serialize_field("is_long", &(kind == "textarea"))?;
        attribute.serialize_field("autocomplete", autocomplete)?;
        attribute.end()
    }
}

/// What a pool wants of passwords.
#[expect(clippy::struct_excessive_bools, reason = "the members of PasswordPolicy")]
#[derive(Clone, Debug, Serialize)]
pub struct Policy {
    pub length: u32,
    pub lowercase: bool,
    pub uppercase: bool,
    pub numbers: bool,
    pub symbols: bool,
    /// How many of the last passwords may not come again; 0: any may.
    pub history: u32,
}

impl Policy {
    pub(super) fn sample() -> Self {
        Self {
            length: 8,
            lowercase: true,
            uppercase: true,
            numbers: true,
            symbols: true,
            history: 4,
        }
    }
}
