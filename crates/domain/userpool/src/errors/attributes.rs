//! Sentences about lists of attributes. Reference: user-pools 2.4, 4.3, 4.8, 5.5.

use kernel::ApiError;

use super::invalid_parameter;

/// Who comes to be with attributes that break the schema: clauses `<name>: <rule>`. Reference: 4.3.
#[track_caller]
pub(crate) fn nonconforming_attributes(clauses: &[String]) -> ApiError {
    nonconforming(&ended("", clauses))
}

/// The same with attributes that the pool lacks.
#[track_caller]
pub(crate) fn nonconforming_unknown(names: &[&str]) -> ApiError {
    nonconforming(&lines("", names, NOT_IN_SCHEMA))
}

/// SignUp without what the pool requires. Reference: 4.3.
#[track_caller]
pub(crate) fn attributes_required(names: &[&str]) -> ApiError {
    nonconforming(&required_clauses(names))
}

/// By the names that SCIM has for some attributes; addresses before the rest, as in the one recording that has both.
pub(super) fn required_clauses(names: &[&str]) -> String {
    let (addresses, others): (Vec<&str>, Vec<&str>) = names
        .iter()
        .partition(|name| matches!(**name, "email" | "phone_number"));
    let clause = |name: &str| {
        let name = match name {
            "email" => "emails",
            "phone_number" => "phoneNumbers",
            "name" => "name.formatted",
            "given_name" => "name.givenName",
            "family_name" => "name.familyName",
            "address" => "address.formatted",
            other => other,
        };
        format!("{name}: The attribute {name} is required")
    };
    let clauses: Vec<String> = addresses.into_iter().chain(others).map(clause).collect();
    clauses.join(", ")
}

#[track_caller]
fn nonconforming(clauses: &str) -> ApiError {
    invalid_parameter(format!("Attributes did not conform to the schema: {clauses}"))
}

/// Updates that break the schema: clauses `<name>: <rule>`. Reference: 4.8.
#[track_caller]
pub(crate) fn nonconforming_update(clauses: &[String]) -> ApiError {
    invalid_parameter(ended("user.", clauses))
}

/// `sub` for everybody, the verified flags in the answer to NEW_PASSWORD_REQUIRED. Reference: 4.8, 5.5.
#[track_caller]
pub(crate) fn attribute_not_mutable(name: &str) -> ApiError {
    invalid_parameter(format!("Cannot modify the non-mutable attribute {name}"))
}

/// Reference: 4.8.
#[track_caller]
pub(crate) fn attribute_value_null(name: &str) -> ApiError {
    invalid_parameter(format!("Attribute value for {name} must not be null"))
}

/// Required attributes that a user has; several of them are named a line each, which the reference leaves open. Reference:
/// 4.8.
#[track_caller]
pub(crate) fn cannot_delete_required(names: &[&str]) -> ApiError {
    let text = lines("", names, "Required attribute cannot be deleted.");
    invalid_parameter(format!("Invalid user attributes: {}", text.trim_end()))
}

/// `attribute` is what the username stands for, and was given as something else. The sentence is known of email alone,
/// from one report.
#[track_caller]
pub(crate) fn attribute_is_the_username(attribute: &str) -> ApiError {
    invalid_parameter(format!(
        "User {attribute} should be empty or same as username since username attribute is {attribute}"
    ))
}

/// Reference: 2.4, 4.8.
#[track_caller]
pub(crate) fn attributes_cannot_be_updated(names: &[&str]) -> ApiError {
    invalid_parameter(lines("user.", names, "Attribute cannot be updated."))
}

/// An update of attributes that the pool lacks. Reference: 4.8.
#[track_caller]
pub(crate) fn attributes_not_in_schema(names: &[&str]) -> ApiError {
    invalid_parameter(lines("user.", names, NOT_IN_SCHEMA))
}

/// DeleteUserAttributes and its Admin twin. Reference: 4.8.
#[track_caller]
pub(crate) fn cannot_delete_unknown(names: &[&str]) -> ApiError {
    invalid_parameter(format!(
        "Invalid user attributes: {}",
        lines("user.", names, NOT_IN_SCHEMA)
    ))
}

const NOT_IN_SCHEMA: &str = "Attribute does not exist in the schema.";

fn lines(before: &str, names: &[&str], text: &str) -> String {
    names
        .iter()
        .flat_map(|name| [before, *name, ": ", text, "\n"])
        .collect()
}

fn ended(before: &str, clauses: &[String]) -> String {
    clauses.iter().flat_map(|clause| [before, clause, "\n"]).collect()
}
