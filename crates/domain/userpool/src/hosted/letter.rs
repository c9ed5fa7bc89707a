//! Where a code was sent, as pages tell it.

use api::cognito_idp::{CodeDeliveryDetailsType, DeliveryMediumType};

/// Where a code went, as its user may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub by: By,
    /// Masked.
    pub destination: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Email,
    Sms,
}

pub(super) fn letter(sent: Option<CodeDeliveryDetailsType>) -> Option<Letter> {
    let sent = sent?;
    Some(Letter {
        by: match sent.delivery_medium {
            Some(DeliveryMediumType::Sms) => By::Sms,
            _ => By::Email,
        },
        destination: sent.destination.unwrap_or_default(),
    })
}
