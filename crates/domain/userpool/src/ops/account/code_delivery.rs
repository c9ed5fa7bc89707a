//! What the caller is shown of where a code went: the address is masked. Reference: user-pools 4.3.

use api::cognito_idp::{CodeDeliveryDetailsType, DeliveryMediumType};
use store::records::address::Address;

use crate::code::Target;

pub(super) fn details(target: &Target) -> CodeDeliveryDetailsType {
    CodeDeliveryDetailsType {
        destination: Some(target.masked()),
        delivery_medium: Some(match target.kind {
            Address::Email => DeliveryMediumType::Email,
            Address::Phone => DeliveryMediumType::Sms,
        }),
        attribute_name: Some(target.kind.attribute().to_owned()),
    }
}
