//! What the caller is shown of where a code went: the address is masked. Reference: user-pools 4.3.

use api::cognito_idp::{CodeDeliveryDetailsType, DeliveryMediumType};
use store::records::address::Address;

use crate::code::Target;

pub(super) fn details(target: &Target) -> CodeDeliveryDetailsType {
    CodeDeliveryDetailsType {
        destination: Some(masked(target.kind, &target.address)),
        delivery_medium: Some(match target.kind {
            Address::Email => DeliveryMediumType::Email,
            Address::Phone => DeliveryMediumType::Sms,
        }),
        attribute_name: Some(target.kind.attribute().to_owned()),
    }
}

/// `t***@e***` and `+*******1234`. Reference: 4.3.
fn masked(kind: Address, address: &str) -> String {
    match kind {
        Address::Email => {
            let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
            let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
            format!("{}***@{}***", first(local), first(host))
        }
        Address::Phone => {
            let digits: Vec<char> = address.chars().filter(char::is_ascii_digit).collect();
            let hidden = digits.len().saturating_sub(4);
            let shown: String = digits.iter().skip(hidden).collect();
            format!("+{}{shown}", "*".repeat(hidden))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked_as_cognito_masks_them() {
        assert_eq!(masked(Address::Email, "test@test.com"), "t***@t***");
        assert_eq!(masked(Address::Phone, "+12065551234"), "+*******1234");
        assert_eq!(masked(Address::Phone, "+123"), "+123");
    }
}
