//! What requests say of attributes, merged into a schema. Reference: user-pools 2.3, 2.4.

use std::collections::BTreeSet;

use api::cognito_idp::{
    AttributeDataType, NumberAttributeConstraintsType, SchemaAttributeType, StringAttributeConstraintsType,
};
use kernel::ApiError;

use crate::errors::{self, settings as refusals};

const MOST_CUSTOM: usize = 50;
const LONGEST: u32 = 2048;

/// The schema of a new pool: the standard attributes as `given` adjusts them, then the custom ones.
pub(crate) fn of_new_pool(given: Vec<SchemaAttributeType>) -> Result<Vec<SchemaAttributeType>, ApiError> {
    let mut schema = standard();
    let mut adjusted = BTreeSet::new();
    let mut custom = Vec::new();
    for attribute in given {
        let name = attribute
            .name
            .clone()
            .ok_or_else(|| errors::missing_parameter("Name"))?;
        match schema.iter_mut().find(|s| s.name.as_deref() == Some(&name)) {
            Some(_) if !adjusted.insert(name.clone()) => return Err(refusals::existing_attribute(&name)),
            Some(standard) => adjust(standard, attribute)?,
            None => custom.push(attribute),
        }
    }
    let mut names = BTreeSet::new();
    for attribute in &custom {
        let name = custom_name(attribute)?;
        if names.contains(&name) {
            return Err(refusals::custom_attribute_twice(&name));
        }
        names.insert(name);
    }
    extended(schema, custom)
}

/// A schema with further custom attributes.
pub(crate) fn extended(
    mut schema: Vec<SchemaAttributeType>,
    given: Vec<SchemaAttributeType>,
) -> Result<Vec<SchemaAttributeType>, ApiError> {
    for attribute in given {
        let attribute = custom(attribute)?;
        if let Some(taken) = schema.iter().find(|s| s.name == attribute.name) {
            return Err(refusals::existing_attribute(taken.name.as_deref().unwrap_or_default()));
        }
        schema.push(attribute);
    }
    if schema.len() > standard().len() + MOST_CUSTOM {
        return Err(refusals::too_many_custom_attributes());
    }
    Ok(schema)
}

/// Required, Mutable and tighter limits are what may be said of a standard attribute.
fn adjust(standard: &mut SchemaAttributeType, given: SchemaAttributeType) -> Result<(), ApiError> {
    let name = standard.name.clone().unwrap_or_default();
    let other_type = given
        .attribute_data_type
        .is_some_and(|t| Some(t) != standard.attribute_data_type);
    if other_type || given.developer_only_attribute == Some(true) {
        return Err(refusals::standard_attribute_fixed(&name));
    }
    // Whose subject it is stays ours to say.
    if name != "sub" {
        standard.required = given.required.or(standard.required);
        standard.mutable = given.mutable.or(standard.mutable);
    }
    if let (Some(limits), Some(given)) = (
        &mut standard.string_attribute_constraints,
        given.string_attribute_constraints,
    ) {
        limits.min_length = given.min_length.or(limits.min_length.take());
        limits.max_length = given.max_length.or(limits.max_length.take());
        check_lengths(&name, limits)?;
    }
    if let (Some(limits), Some(given)) = (
        &mut standard.number_attribute_constraints,
        given.number_attribute_constraints,
    ) {
        limits.min_value = given.min_value.or(limits.min_value.take());
        limits.max_value = given.max_value.or(limits.max_value.take());
        check_values(&name, limits)?;
    }
    Ok(())
}

/// As the pool lists it. Limits that don't belong to the type are left out; those that were not given are empty.
fn custom(given: SchemaAttributeType) -> Result<SchemaAttributeType, ApiError> {
    let developer_only = given.developer_only_attribute == Some(true);
    let name = custom_name(&given)?;
    let data_type = given
        .attribute_data_type
        .ok_or_else(refusals::attribute_data_type_missing)?;
    if given.required == Some(true) {
        return Err(refusals::required_custom_attribute());
    }
    if let Some(short) = given
        .name
        .as_deref()
        .filter(|short| developer_only && !is_scim_name(short))
    {
        return Err(refusals::developer_attribute_name(short, data_type));
    }
    let mut attribute = SchemaAttributeType {
        attribute_data_type: Some(data_type),
        developer_only_attribute: Some(developer_only),
        mutable: Some(given.mutable.unwrap_or(true)),
        required: Some(false),
        number_attribute_constraints: None,
        string_attribute_constraints: None,
        name: None,
    };
    match data_type {
        AttributeDataType::String => {
            let limits = given.string_attribute_constraints.unwrap_or_default();
            check_lengths(&name, &limits)?;
            attribute.string_attribute_constraints = Some(limits);
        }
        AttributeDataType::Number => {
            let limits = given.number_attribute_constraints.unwrap_or_default();
            check_values(&name, &limits)?;
            attribute.number_attribute_constraints = Some(limits);
        }
        AttributeDataType::DateTime | AttributeDataType::Boolean => {}
    }
    attribute.name = Some(name);
    Ok(attribute)
}

/// As users carry the attribute. What was given counts as the short name, whatever it begins with.
fn custom_name(given: &SchemaAttributeType) -> Result<String, ApiError> {
    let short = given.name.as_deref().ok_or_else(|| errors::missing_parameter("Name"))?;
    let developer_only = given.developer_only_attribute == Some(true);
    Ok(format!("{}custom:{short}", if developer_only { "dev:" } else { "" }))
}

/// The grammar that names for developers must keep. Others need not: pools have attributes such as `custom:custom:boat`.
fn is_scim_name(short: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'$' | b'-' | b'_');
    short.bytes().all(inner) && short.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
}

fn check_lengths(name: &str, limits: &StringAttributeConstraintsType) -> Result<(), ApiError> {
    let length = |text: Option<&String>| match text.map(|text| text.parse::<u32>()) {
        None => Ok(None),
        Some(Ok(length)) => Ok(Some(length)),
        Some(Err(_)) => Err(refusals::invalid_constraints("String", name)),
    };
    let (min, max) = (length(limits.min_length.as_ref())?, length(limits.max_length.as_ref())?);
    if max.max(min).is_some_and(|longest| longest > LONGEST) {
        return Err(refusals::attribute_too_long(name));
    }
    if max.is_some_and(|max| max < min.unwrap_or(0)) {
        return Err(refusals::lengths_crossed(name));
    }
    Ok(())
}

fn check_values(name: &str, limits: &NumberAttributeConstraintsType) -> Result<(), ApiError> {
    let number = |text: Option<&String>| match text.map(|text| text.parse::<f64>()) {
        None => Ok(None),
        Some(Ok(number)) if number.is_finite() => Ok(Some(number)),
        Some(_) => Err(refusals::invalid_constraints("Number", name)),
    };
    let (min, max) = (number(limits.min_value.as_ref())?, number(limits.max_value.as_ref())?);
    match (min, max) {
        (Some(min), Some(max)) if max < min => Err(refusals::values_crossed(name)),
        _ => Ok(()),
    }
}

/// The standard attributes, in the order in which a new pool lists them.
fn standard() -> Vec<SchemaAttributeType> {
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
    use api::cognito_idp::UserPoolType;

    use super::{super::schema::Schema, *};

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
