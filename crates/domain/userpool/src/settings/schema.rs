//! The attributes of a pool: the twenty standard ones and the custom ones. Reference: user-pools 2.3, 2.4.

use std::collections::BTreeMap;

use api::cognito_idp::{
    AttributeDataType, NumberAttributeConstraintsType, SchemaAttributeType, StringAttributeConstraintsType,
    UserPoolType,
};

/// A pool's attributes by the name that users carry them under (`custom:tier`, not `tier`).
pub(crate) struct Schema {
    attributes: BTreeMap<String, SchemaAttributeType>,
}

impl Schema {
    pub fn of(settings: &UserPoolType) -> Self {
        let attributes = settings.schema_attributes.as_deref().unwrap_or_default();
        Self {
            attributes: attributes
                .iter()
                .filter_map(|a| Some((a.name.clone()?, a.clone())))
                .collect(),
        }
    }

    pub fn get(&self, name: &str) -> Option<&SchemaAttributeType> {
        self.attributes.get(name)
    }

    /// What every self-registered user must bring. `sub` is ours to give.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.attributes
            .iter()
            .filter(|(name, a)| a.required == Some(true) && *name != "sub")
            .map(|(name, _)| name.as_str())
    }

    /// Settable once only.
    pub fn is_immutable(&self, name: &str) -> bool {
        self.get(name).is_some_and(|a| a.mutable == Some(false))
    }

    /// What is wrong with the value of an attribute that there is, as a clause without its newline. Reference: user-pools
    /// 4.3, 4.8.
    pub fn objection(&self, name: &str, value: &str) -> Option<String> {
        let attribute = self.get(name)?;
        // A removed value is always fine here; whether the attribute may go is another question.
        if value.is_empty() {
            return None;
        }
        match attribute.attribute_data_type {
            Some(AttributeDataType::Number) => number_objection(attribute, name, value),
            Some(AttributeDataType::Boolean) => (!matches!(value.to_ascii_lowercase().as_str(), "true" | "false"))
                .then(|| format!("{name}: Boolean value must be true or false")),
            Some(AttributeDataType::DateTime) => {
                let date = value.parse::<jiff::Timestamp>().is_ok() || value.parse::<jiff::civil::Date>().is_ok();
                (!date && value.parse::<i64>().is_err()).then(|| format!("{name}: DateTime value could not be parsed"))
            }
            Some(AttributeDataType::String) | None => string_objection(attribute, name, value),
        }
    }
}

fn string_objection(attribute: &SchemaAttributeType, name: &str, value: &str) -> Option<String> {
    let limits = attribute.string_attribute_constraints.as_ref();
    let limit = |text: Option<&String>| text.and_then(|t| t.parse::<usize>().ok());
    let length = value.encode_utf16().count();
    let longest = limits.and_then(|l| limit(l.max_length.as_ref())).unwrap_or(2048);
    let shortest = limits.and_then(|l| limit(l.min_length.as_ref())).unwrap_or(0);
    if length > longest {
        Some(format!("{name}: String must be no longer than {longest} characters"))
    } else if length < shortest {
        Some(format!("{name}: String must be no shorter than {shortest} characters"))
    } else {
        None
    }
}

fn number_objection(attribute: &SchemaAttributeType, name: &str, value: &str) -> Option<String> {
    let limits = attribute.number_attribute_constraints.as_ref();
    let limit = |text: Option<&String>| text.and_then(|t| t.parse::<f64>().ok());
    let Some(number) = value.parse::<f64>().ok().filter(|n| n.is_finite()) else {
        return Some(format!("{name}: Number value could not be parsed"));
    };
    if let Some(most) = limits
        .and_then(|l| limit(l.max_value.as_ref()))
        .filter(|most| number > *most)
    {
        return Some(format!("{name}: Number must be no greater than {most}"));
    }
    let least = limits
        .and_then(|l| limit(l.min_value.as_ref()))
        .filter(|least| number < *least)?;
    Some(format!("{name}: Number must be no less than {least}"))
}

/// The standard attributes, in the order in which a new pool lists them.
pub(crate) fn standard() -> Vec<SchemaAttributeType> {
    const NAMES: [&str; 20] = [
        "sub",
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "email",
        "email_verified",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "phone_number",
        "phone_number_verified",
        "address",
        "updated_at",
    ];
    NAMES.map(standard_attribute).into()
}

fn standard_attribute(name: &str) -> SchemaAttributeType {
    let of_type = |data_type| SchemaAttributeType {
        attribute_data_type: Some(data_type),
        string_attribute_constraints: None,
        ..text(name, "", "")
    };
    match name {
        "sub" => SchemaAttributeType {
            required: Some(true),
            mutable: Some(false),
            ..text(name, "1", "2048")
        },
        "birthdate" => text(name, "10", "10"),
        "email_verified" | "phone_number_verified" => of_type(AttributeDataType::Boolean),
        "updated_at" => SchemaAttributeType {
            number_attribute_constraints: Some(NumberAttributeConstraintsType {
                min_value: Some("0".to_owned()),
                max_value: None,
            }),
            ..of_type(AttributeDataType::Number)
        },
        _ => text(name, "0", "2048"),
    }
}

fn text(name: &str, min_length: &str, max_length: &str) -> SchemaAttributeType {
    SchemaAttributeType {
        name: Some(name.to_owned()),
        attribute_data_type: Some(AttributeDataType::String),
        developer_only_attribute: Some(false),
        mutable: Some(true),
        required: Some(false),
        string_attribute_constraints: Some(StringAttributeConstraintsType {
            min_length: Some(min_length.to_owned()),
            max_length: Some(max_length.to_owned()),
        }),
        ..SchemaAttributeType::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Schema {
        let mut attributes = standard();
        attributes.push(SchemaAttributeType {
            number_attribute_constraints: Some(NumberAttributeConstraintsType {
                min_value: Some("1".to_owned()),
                max_value: Some("9".to_owned()),
            }),
            attribute_data_type: Some(AttributeDataType::Number),
            string_attribute_constraints: None,
            ..text("custom:level", "", "")
        });
        Schema::of(&UserPoolType {
            schema_attributes: Some(attributes),
            ..UserPoolType::default()
        })
    }

    #[test]
    fn there_are_twenty_standard_attributes() {
        assert_eq!(standard().len(), 20);
        assert_eq!(schema().required().count(), 0);
        assert!(schema().is_immutable("sub"));
    }

    #[test]
    fn values_are_checked_by_type_and_limits() {
        let schema = schema();
        let fine = [
            ("name", "Ana"),
            ("birthdate", "2000-01-31"),
            ("email_verified", "True"),
            ("updated_at", "1547833345"),
            ("custom:level", "9"),
            ("custom:level", ""),
        ];
        for (name, value) in fine {
            assert_eq!(schema.objection(name, value), None, "{name}={value}");
        }
        let refused = [
            (
                "birthdate",
                "2000-1-31",
                "birthdate: String must be no shorter than 10 characters",
            ),
            (
                "birthdate",
                "2000-01-310",
                "birthdate: String must be no longer than 10 characters",
            ),
            (
                "email_verified",
                "yes",
                "email_verified: Boolean value must be true or false",
            ),
            ("updated_at", "-1", "updated_at: Number must be no less than 0"),
            ("custom:level", "10", "custom:level: Number must be no greater than 9"),
            ("custom:level", "nine", "custom:level: Number value could not be parsed"),
        ];
        for (name, value, clause) in refused {
            assert_eq!(schema.objection(name, value).as_deref(), Some(clause));
        }
    }
}
