//! Attribute lists of requests.

use api::cognito_idp::AttributeType;

use crate::user::attribute_rules::GivenAttribute;

pub(super) fn attributes(list: Vec<AttributeType>) -> Vec<GivenAttribute> {
    let given = |attribute: AttributeType| GivenAttribute {
        name: attribute.name,
        value: attribute.value,
    };
    list.into_iter().map(given).collect()
}
