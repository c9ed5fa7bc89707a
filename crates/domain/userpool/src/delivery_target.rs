//! Where a code goes: the attribute, the medium, and the masked address that the caller is shown. Reference: user-pools 4.3.

use api::cognito_idp::{CodeDeliveryDetailsType, DeliveryMediumType, RecoveryOptionNameType, VerifiedAttributeType};
use delivery::Channel;
use store::records::users::User;

use crate::{codes::Purpose, settings::Pool};

/// One address of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// `email` or `phone_number`.
    pub attribute: &'static str,
    pub address: String,
}

impl Target {
    /// The user's present value of the attribute, if there is one.
    pub fn of(user: &User, attribute: &str) -> Option<Self> {
        let address = user.doc.attributes.get(attribute).filter(|a| !a.is_empty())?;
        Some(Self {
            attribute: address_attribute(attribute)?,
            address: address.clone(),
        })
    }

    /// What VerifyUserAttribute is about: the value that waits for its code, else the present one.
    pub fn to_prove(user: &User, attribute: &str) -> Option<Self> {
        match user.doc.pending.get(attribute) {
            Some(waiting) => Some(Self {
                attribute: address_attribute(attribute)?,
                address: waiting.clone(),
            }),
            None => Self::of(user, attribute),
        }
    }

    /// The attribute that says whether this one is proven.
    pub fn flag(&self) -> &'static str {
        if self.attribute == "email" {
            "email_verified"
        } else {
            "phone_number_verified"
        }
    }

    pub fn channel(&self) -> Channel {
        if self.attribute == "email" {
            Channel::Email
        } else {
            Channel::Sms
        }
    }

    pub fn details(&self) -> CodeDeliveryDetailsType {
        CodeDeliveryDetailsType {
            destination: Some(masked(self.channel(), &self.address)),
            delivery_medium: Some(match self.channel() {
                Channel::Email => DeliveryMediumType::Email,
                Channel::Sms => DeliveryMediumType::Sms,
            }),
            attribute_name: Some(self.attribute.to_owned()),
        }
    }
}

/// The attributes that are addresses; None for any other.
pub(crate) fn address_attribute(name: &str) -> Option<&'static str> {
    ["email", "phone_number"]
        .into_iter()
        .find(|attribute| *attribute == name)
}

/// Where the sign-up code goes: to an auto-verified attribute that the user has, the phone before the mail.
pub(crate) fn for_sign_up(pool: &Pool, user: &User) -> Option<Target> {
    let candidates = [
        (VerifiedAttributeType::PhoneNumber, "phone_number"),
        (VerifiedAttributeType::Email, "email"),
    ];
    candidates
        .into_iter()
        .filter(|(attribute, _)| pool.auto_verifies(*attribute))
        .find_map(|(_, name)| Target::of(user, name))
}

/// Whether nobody of this pool recovers a password alone: known before anybody is looked up.
pub(crate) fn only_administrators_recover(pool: &Pool) -> bool {
    let setting = pool.settings.account_recovery_setting.as_ref();
    let mechanisms = setting
        .and_then(|s| s.recovery_mechanisms.as_deref())
        .unwrap_or_default();
    mechanisms.iter().any(|m| m.name == RecoveryOptionNameType::AdminOnly)
}

/// Where a code would go if the user's state allowed one. Shown where none is sent: the answer must not tell the state.
pub(crate) fn whatever_the_state(pool: &Pool, user: &User, purpose: Purpose) -> Option<Target> {
    let due = match purpose {
        Purpose::ForgotPassword => for_recovery(pool, user).ok(),
        Purpose::SignUp | Purpose::VerifyEmail | Purpose::VerifyPhoneNumber => for_sign_up(pool, user),
    };
    due.or_else(|| Target::of(user, "email"))
        .or_else(|| Target::of(user, "phone_number").filter(|_| pool.sends_texts()))
}

/// Why there is no address to recover a password by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoRecovery {
    AdministratorOnly,
    NothingVerified,
    /// It is a phone number, and the pool sends no text messages.
    NoTexts,
}

/// Where a forgotten password's code goes: AccountRecoverySetting by priority, else phone before mail. Reference: 4.7.
pub(crate) fn for_recovery(pool: &Pool, user: &User) -> Result<Target, NoRecovery> {
    let setting = pool.settings.account_recovery_setting.as_ref();
    let mut mechanisms = setting.and_then(|s| s.recovery_mechanisms.clone()).unwrap_or_default();
    mechanisms.sort_by_key(|m| m.priority);
    let mut attributes: Vec<&'static str> = Vec::new();
    for mechanism in &mechanisms {
        match mechanism.name {
            RecoveryOptionNameType::VerifiedEmail => attributes.push("email"),
            RecoveryOptionNameType::VerifiedPhoneNumber => attributes.push("phone_number"),
            RecoveryOptionNameType::AdminOnly => return Err(NoRecovery::AdministratorOnly),
        }
    }
    if mechanisms.is_empty() {
        attributes = vec!["phone_number", "email"];
    }
    let verified = |name: &str| {
        let flag = format!("{name}_verified");
        user.doc
            .attributes
            .get(&flag)
            .is_some_and(|v| v.eq_ignore_ascii_case("true"))
    };
    let target = attributes
        .into_iter()
        .filter(|name| verified(name))
        .find_map(|name| Target::of(user, name))
        .ok_or(NoRecovery::NothingVerified)?;
    if target.channel() == Channel::Sms && !pool.sends_texts() {
        return Err(NoRecovery::NoTexts);
    }
    Ok(target)
}

/// `t***@e***` and `+*******1234`. Reference: 4.3.
pub(crate) fn masked(channel: Channel, address: &str) -> String {
    match channel {
        Channel::Email => {
            let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
            let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
            format!("{}***@{}***", first(local), first(host))
        }
        Channel::Sms => {
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
        assert_eq!(masked(Channel::Email, "test@test.com"), "t***@t***");
        assert_eq!(masked(Channel::Sms, "+12065551234"), "+*******1234");
        assert_eq!(masked(Channel::Sms, "+123"), "+123");
    }
}
