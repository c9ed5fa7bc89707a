//! The attributes of a pool, parsed. Reference: user-pools 2.3, 2.4.

use std::collections::BTreeMap;

use api::cognito_idp::{AttributeDataType, SchemaAttributeType, UserPoolType};

/// A pool's attributes by the name that users carry them under (`custom:tier`, not `tier`).
pub(crate) struct Schema {
    attributes: BTreeMap<String, Attribute>,
}

/// What may be known of a user.
pub(crate) struct Attribute {
    kind: Kind,
    /// Every self-registered user must bring it.
    required: bool,
    /// Else settable once only.
    mutable: bool,
    /// Not for clients to write.
    pub developer_only: bool,
}

/// What its values are.
enum Kind {
    /// Of so many UTF-16 units.
    Text {
        shortest: usize,
        longest: usize,
    },
    Number {
        least: Option<f64>,
        most: Option<f64>,
    },
    Boolean,
    DateTime,
}

/// Where the schema says nothing.
const LONGEST: usize = 2048;

impl Attribute {
    fn of(given: &SchemaAttributeType) -> Self {
        Self {
            kind: Kind::of(given),
            required: given.required == Some(true),
            mutable: given.mutable != Some(false),
            developer_only: given.developer_only_attribute == Some(true),
        }
    }
}

impl Kind {
    fn of(given: &SchemaAttributeType) -> Self {
        fn number<T: std::str::FromStr>(text: Option<&String>) -> Option<T> {
            text.and_then(|text| text.parse().ok())
        }
        match given.attribute_data_type {
            Some(AttributeDataType::Number) => {
                let limits = given.number_attribute_constraints.as_ref();
                Self::Number {
                    least: limits.and_then(|limits| number(limits.min_value.as_ref())),
                    most: limits.and_then(|limits| number(limits.max_value.as_ref())),
                }
            }
            Some(AttributeDataType::Boolean) => Self::Boolean,
            Some(AttributeDataType::DateTime) => Self::DateTime,
            Some(AttributeDataType::String) | None => {
                let limits = given.string_attribute_constraints.as_ref();
                Self::Text {
                    shortest: limits
                        .and_then(|limits| number(limits.min_length.as_ref()))
                        .unwrap_or(0),
                    longest: limits
                        .and_then(|limits| number(limits.max_length.as_ref()))
                        .unwrap_or(LONGEST),
                }
            }
        }
    }
}

impl Schema {
    pub fn of(settings: &UserPoolType) -> Self {
        let attributes = settings.schema_attributes.as_deref().unwrap_or_default();
        Self {
            attributes: attributes
                .iter()
                .filter_map(|given| Some((given.name.clone()?, Attribute::of(given))))
                .collect(),
        }
    }

    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    /// What every self-registered user must bring. `sub` is ours to give.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.attributes
            .iter()
            .filter(|(name, attribute)| attribute.required && *name != "sub")
            .map(|(name, _)| name.as_str())
    }

    /// Settable once only.
    pub fn is_immutable(&self, name: &str) -> bool {
        self.get(name).is_some_and(|attribute| !attribute.mutable)
    }

    /// What is wrong with the value of an attribute that there is, as a clause without its newline. Reference: user-pools
    /// 4.3, 4.8.
    pub fn objection(&self, name: &str, value: &str) -> Option<String> {
        let attribute = self.get(name)?;
        // A removed value is always fine here; whether the attribute may go is another question.
        if value.is_empty() {
            return None;
        }
        let rule = attribute.kind.broken_rule(value)?;
        Some(format!("{name}: {rule}"))
    }
}

impl Kind {
    fn broken_rule(&self, value: &str) -> Option<String> {
        match self {
            Self::Text { shortest, longest } => {
                let length = value.encode_utf16().count();
                if length > *longest {
                    Some(format!("String must be no longer than {longest} characters"))
                } else if length < *shortest {
                    Some(format!("String must be no shorter than {shortest} characters"))
                } else {
                    None
                }
            }
            Self::Number { least, most } => {
                let Some(number) = value.parse::<f64>().ok().filter(|n| n.is_finite()) else {
                    return Some("Number value could not be parsed".to_owned());
                };
                if let Some(most) = most.filter(|most| number > *most) {
                    return Some(format!("Number must be no greater than {most}"));
                }
                let least = least.filter(|least| number < *least)?;
                Some(format!("Number must be no less than {least}"))
            }
            Self::Boolean => (!matches!(value.to_ascii_lowercase().as_str(), "true" | "false"))
                .then(|| "Boolean value must be true or false".to_owned()),
            Self::DateTime => {
                let date = value.parse::<jiff::Timestamp>().is_ok() || value.parse::<jiff::civil::Date>().is_ok();
                (!date && value.parse::<i64>().is_err()).then(|| "DateTime value could not be parsed".to_owned())
            }
        }
    }
}
