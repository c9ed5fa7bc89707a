//! Reads a compact service model. Member order is kept, and an attribute we don't know is an error, so that nothing a
//! model says is lost in silence.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Model {
    pub(crate) service: String,
    #[serde(rename = "source")]
    _source: IgnoredAny,
    pub(crate) metadata: Metadata,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
    pub(crate) error_defaults: Option<ErrorDefaults>,
    #[serde(rename = "pagination")]
    _pagination: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) api_version: String,
    pub(crate) endpoint_prefix: String,
    pub(crate) signing_name: Option<String>,
    pub(crate) protocol: String,
    pub(crate) target_prefix: Option<String>,
    pub(crate) xml_namespace: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorDefaults {
    pub(crate) client_status: u16,
    pub(crate) fault_status: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<Output>,
    #[serde(default)]
    pub(crate) errors: Vec<String>,
    pub(crate) authtype: Option<String>,
    #[serde(default)]
    pub(crate) auth: Vec<String>,
    #[serde(rename = "readonly")]
    _readonly: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Output {
    Plain(String),
    Wrapped {
        shape: String,
        #[serde(rename = "resultWrapper")]
        result_wrapper: String,
    },
}

impl Output {
    pub(crate) fn shape(&self) -> &str {
        match self {
            Self::Plain(shape) | Self::Wrapped { shape, .. } => shape,
        }
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are the model's")]
pub(crate) struct Shape {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) members: Ordered<Reference>,
    #[serde(default)]
    pub(crate) required: Vec<String>,
    pub(crate) member: Option<Reference>,
    pub(crate) key: Option<Reference>,
    pub(crate) value: Option<Reference>,
    #[serde(default, rename = "enum")]
    pub(crate) values: Vec<String>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) pattern: Option<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    #[serde(default)]
    pub(crate) document: bool,
    #[serde(default)]
    pub(crate) exception: bool,
    #[serde(default)]
    pub(crate) fault: bool,
    pub(crate) error: Option<Error>,
    #[serde(rename = "box")]
    _boxed: Option<bool>,
    #[serde(rename = "union")]
    _union: Option<bool>,
    /// From the overlay: kept out of Debug output, though AWS prints it in violations.
    #[serde(skip)]
    pub(crate) secret: bool,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Error {
    pub(crate) code: String,
    pub(crate) http_status_code: u16,
    #[serde(default)]
    pub(crate) sender_fault: bool,
}

/// The name of a shape, sometimes with flags that say nothing to us.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Reference {
    Plain(String),
    Flagged(Flagged),
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Flagged {
    shape: String,
    #[serde(rename = "box")]
    _boxed: Option<bool>,
    #[serde(rename = "deprecated")]
    _deprecated: Option<bool>,
}

impl Reference {
    pub(crate) fn shape(&self) -> &str {
        match self {
            Self::Plain(shape) => shape,
            Self::Flagged(flagged) => &flagged.shape,
        }
    }
}

/// A JSON object in the order of its text: violations are reported in it.
#[derive(Clone)]
pub(crate) struct Ordered<V>(pub(crate) Vec<(String, V)>);

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<V>(PhantomData<V>);

        impl<'de, V: Deserialize<'de>> Visitor<'de> for Entries<V> {
            type Value = Ordered<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Ordered(entries))
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}

pub(crate) fn load(text: &str) -> Result<Model, String> {
    serde_json::from_str(text).map_err(|error| format!("model: {error}"))
}

impl Model {
    pub(crate) fn shape(&self, name: &str) -> Result<&Shape, String> {
        self.shapes
            .get(name)
            .ok_or_else(|| format!("{}: no shape {name}", self.service))
    }

    /// `cognito_idp`: the name of the service's module and file.
    pub(crate) fn module(&self) -> String {
        self.service.replace('-', "_")
    }
}
