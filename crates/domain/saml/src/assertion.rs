//! What an assertion says of a person.

use std::collections::BTreeMap;

use kernel::Timestamp;

use crate::{names::ASSERTION, refusal, refusal::Refusal, xml::Element};

/// Characters of a value. Reference: oauth-and-federation 10.5, 11.6.
const MAX_VALUE: usize = 2_048;

/// A person whom the identity provider vouches for, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The NameID, letter by letter.
    pub name_id: String,
    /// None: unspecified.
    pub format: Option<String>,
    /// Of the first AuthnStatement.
    pub session_index: Option<String>,
    /// Values by the attribute's Name, in their order.
    pub attributes: BTreeMap<String, Vec<String>>,
    /// What must not be shown a second time.
    pub id: String,
    /// Until when it could be shown again.
    pub until: Timestamp,
    pub issuer: String,
    /// AuthnContextClassRef: how the person has signed in there.
    pub level: Option<String>,
}

/// The NameID, whole, and its format. Errors: none, an empty one, an encrypted one.
pub(crate) fn name_id(subject: &Element) -> Result<(String, Option<String>), Refusal> {
    let name_id = subject
        .only(ASSERTION, "NameID")
        .filter(|_| subject.child(ASSERTION, "EncryptedID").is_none())
        .ok_or_else(|| refusal::name_id("there is not exactly one, in the clear"))?;
    if name_id.text.trim().is_empty() || !name_id.children.is_empty() {
        return Err(refusal::name_id("it is empty, or no text"));
    }
    Ok((name_id.text.clone(), name_id.attribute("Format").map(str::to_owned)))
}

/// Errors: values that are too long, of characters that are not supported, encrypted.
pub(crate) fn attributes(assertion: &Element) -> Result<BTreeMap<String, Vec<String>>, Refusal> {
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for statement in assertion.all(ASSERTION, "AttributeStatement") {
        if statement.child(ASSERTION, "EncryptedAttribute").is_some() {
            return Err(refusal::attribute("an attribute is encrypted"));
        }
        for attribute in statement.all(ASSERTION, "Attribute") {
            let name = attribute
                .attribute("Name")
                .filter(|name| !name.is_empty())
                .ok_or_else(|| refusal::attribute("an attribute has no name"))?;
            let values = attributes.entry(name.to_owned()).or_default();
            for value in attribute.all(ASSERTION, "AttributeValue") {
                let value = value.whole_text();
                if value.chars().count() > MAX_VALUE {
                    return Err(refusal::attribute_too_long(name));
                }
                if value.chars().any(|character| character.len_utf8() > 3) {
                    return Err(refusal::attribute_characters(name));
                }
                values.push(value);
            }
        }
    }
    Ok(attributes)
}
