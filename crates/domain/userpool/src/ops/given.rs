//! Attribute lists of requests.

use std::collections::BTreeMap;

use api::cognito_idp::AttributeType;

use crate::user::attribute_rules::GivenAttribute;

pub(super) fn attributes(list: Vec<AttributeType>) -> Vec<GivenAttribute> {
    let given = |attribute: AttributeType| GivenAttribute {
        name: attribute.name,
        value: attribute.value,
    };
    list.into_iter().map(given).collect()
}

/// ValidationData; of a name that is there twice the later one counts.
pub(super) fn validation(list: Option<Vec<AttributeType>>) -> Option<BTreeMap<String, String>> {
    let pair = |attribute: AttributeType| (attribute.name, attribute.value.unwrap_or_default());
    list.map(|list| list.into_iter().map(pair).collect())
}
