//! What is known about a request: condition keys and their values. Reference: identity-pools-iam section 6.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::keys;
use crate::principal::Principal;

/// One value of a key. Typed values become text only when an operator asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    Integer(i64),
    Time(Timestamp),
    Ip(IpAddr),
}

impl Value<'_> {
    /// As a policy variable and the string operators see it; times in whole seconds of UTC.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bool(true) => Cow::Borrowed("true"),
            Self::Bool(false) => Cow::Borrowed("false"),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Time(time) => Cow::Owned(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Self::Ip(address) => Cow::Owned(address.to_canonical().to_string()),
        }
    }
}

macro_rules! into_value {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl<'a> From<$from> for Value<'a> {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

into_value!(&'a str => Text, &'a String => Text, String => Text, Cow<'a, str> => Text,
    bool => Bool, i64 => Integer, Timestamp => Time, IpAddr => Ip);

/// A key has one value or is multivalued by nature (`aws:TagKeys`, `…:amr`), whatever it holds just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values<'a> {
    One(Value<'a>),
    Many(Vec<Value<'a>>),
}

impl<'a> Values<'a> {
    pub(crate) fn as_slice(&self) -> &[Value<'a>] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// The keys of one request. Names ignore case; the constants of [`keys`] are stored without a copy.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    entries: BTreeMap<Cow<'a, str>, Values<'a>>,
}

impl<'a> Context<'a> {
    pub fn new() -> Self {
        Self::default()
    }

    /// The principal's own keys (reference 6.1); tags and what the session carries are the caller's to add.
    pub fn of(principal: &Principal<'a>) -> Self {
        let mut context = Self::new();
        let account = principal.account().map_or("anonymous", |account| account.id);
        context
            .set(keys::PRINCIPAL_ACCOUNT, account)
            .set(keys::PRINCIPAL_TYPE, principal.type_name());
        if let Some(id) = principal.user_id() {
            context.set(keys::USERID, id);
        }
        if let Some(arn) = principal.principal_arn() {
            context.set(keys::PRINCIPAL_ARN, arn);
            context.set(keys::PRINCIPAL_IS_AWS_SERVICE, false);
        }
        match principal {
            Principal::User { name, .. } => {
                context.set(keys::USERNAME, *name);
            }
            Principal::Service { .. } => {
                context.set(keys::PRINCIPAL_IS_AWS_SERVICE, true);
            }
            _ => {}
        }
        context
    }

    pub fn set(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) -> &mut Self {
        self.entries.insert(fold(key.into()), Values::One(value.into()));
        self
    }

    /// A multivalued key. No values is the same as an absent key.
    pub fn set_all<V: Into<Value<'a>>>(
        &mut self,
        key: impl Into<Cow<'a, str>>,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        self.entries.insert(
            fold(key.into()),
            Values::Many(values.into_iter().map(Into::into).collect()),
        );
        self
    }

    /// `prefix` such as [`keys::PRINCIPAL_TAG`] and a tag's name. Tag names ignore case here: the later one wins.
    pub fn set_tag(&mut self, prefix: &str, name: &str, value: impl Into<Value<'a>>) -> &mut Self {
        self.set(format!("{prefix}{name}"), value)
    }

    pub fn contains(&self, key: &str) -> bool {
        self.get(&fold(Cow::Borrowed(key))).is_some()
    }

    /// `key` in lower case.
    pub(crate) fn get(&self, key: &str) -> Option<&Values<'a>> {
        self.entries.get(key).filter(|values| !values.as_slice().is_empty())
    }
}

/// Lower case, without a copy when nothing changes.
pub(crate) fn fold(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(|c| c.is_ascii_uppercase() || !c.is_ascii()) {
        Cow::Owned(text.to_lowercase())
    } else {
        text
    }
}
