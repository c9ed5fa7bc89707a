//! Sentences about somebody who comes to be with attributes that the pool can't take.

use kernel::ApiError;

use super::{NOT_IN_SCHEMA, ended, invalid_parameter, lines};

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
pub(crate) fn required_clauses(names: &[&str]) -> String {
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
