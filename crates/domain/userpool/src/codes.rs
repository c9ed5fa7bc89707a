//! One-time codes: made, kept as HMAC, checked, spent. Reference: user-pools 4.4, 4.7, 4.8.

use std::time::Duration;

use api::cognito_idp::UserStatusType;
use kernel::{ApiError, PoolId, Rng, Sub, Timestamp};
use store::{
    Read, StoreError, Tx,
    records::{codes, users::User},
};
use vault::Keyring;

use crate::{delivery_target::Target, errors, settings::Client};

/// What a code proves. One code a purpose and user is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignUp,
    ForgotPassword,
    /// Of an attribute that a signed-in user has or asked for.
    VerifyEmail,
    VerifyPhoneNumber,
}

impl Purpose {
    pub fn label(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::ForgotPassword => "forgot-password",
            Self::VerifyEmail => "verify:email",
            Self::VerifyPhoneNumber => "verify:phone_number",
        }
    }

    const ALL: [Self; 4] = [
        Self::SignUp,
        Self::ForgotPassword,
        Self::VerifyEmail,
        Self::VerifyPhoneNumber,
    ];

    /// `attribute` is `email` or `phone_number`.
    pub fn verify(attribute: &str) -> Self {
        if attribute == "email" {
            Self::VerifyEmail
        } else {
            Self::VerifyPhoneNumber
        }
    }

    pub fn lifetime(self) -> Duration {
        match self {
            Self::ForgotPassword => Duration::from_secs(3600),
            Self::SignUp | Self::VerifyEmail | Self::VerifyPhoneNumber => Duration::from_secs(24 * 3600),
        }
    }
}

/// A code on its way to the user: the digits for the message, the row for the store.
#[derive(Clone)]
pub(crate) struct Fresh {
    pub digits: String,
    row: codes::Code,
    purpose: Purpose,
}

impl Fresh {
    /// Six digits that prove that `user` reads what is sent to `target`.
    pub fn draw(
        keyring: &Keyring,
        user: &User,
        purpose: Purpose,
        target: &Target,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Self {
        let digits = kernel::decimal(rng, 6);
        let row = codes::Code {
            mac: mac(keyring, user, purpose, &digits, &target.address).to_vec(),
            target: target.attribute.to_owned(),
            created: now,
            expires: now.plus(purpose.lifetime()),
        };
        Self { digits, row, purpose }
    }

    /// Replaces whatever code the user had for this purpose.
    pub fn keep(&self, tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub) -> Result<(), StoreError> {
        codes::put(tx, pool, sub, self.purpose.label(), &self.row)
    }
}

/// Digits are bound to the address that they went to: a code proves nothing of an address that replaced it.
fn mac(keyring: &Keyring, user: &User, purpose: Purpose, digits: &str, address: &str) -> [u8; 32] {
    vault::codes::mac(keyring, purpose.label(), &user.pool, &user.sub, &bound(digits, address))
}

fn bound(digits: &str, address: &str) -> String {
    format!("{digits} {address}")
}

/// Why a code counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Wrong,
    /// It was right, and comes too late.
    Late,
    /// It is wrong, and there is none that could be right.
    NoneInForce,
}

impl Refusal {
    /// ExpiredCode or CodeMismatch.
    pub fn told(self) -> ApiError {
        match self {
            Self::Wrong => errors::code_mismatch(),
            Self::Late | Self::NoneInForce => errors::code_expired(),
        }
    }

    /// To whoever signs up: through a client that hides users only those who have the code learn that it has run out, for to
    /// others it would tell that somebody is there. Reference: user-pools 17.2.
    pub fn told_at_sign_up(self, client: &Client) -> ApiError {
        match self {
            Self::NoneInForce if client.hides_users() => errors::code_mismatch(),
            refusal => refusal.told(),
        }
    }
}

/// Where the code went, if it is right and in time. Spend it in the same transaction.
pub(crate) fn check(
    r: &mut impl Read,
    keyring: &Keyring,
    user: &User,
    purpose: Purpose,
    given: &str,
    now: Timestamp,
) -> Result<Result<Target, Refusal>, StoreError> {
    let Some(code) = codes::find(r, &user.pool, &user.sub, purpose.label())? else {
        return Ok(Err(Refusal::NoneInForce));
    };
    let target = match purpose {
        Purpose::VerifyEmail | Purpose::VerifyPhoneNumber => Target::to_prove(user, &code.target),
        Purpose::SignUp | Purpose::ForgotPassword => Target::of(user, &code.target),
    };
    let is_right = |target: &Target| {
        let given = bound(given, &target.address);
        vault::codes::verify(keyring, purpose.label(), &user.pool, &user.sub, &given, &code.mac)
    };
    let in_force = now < code.expires;
    Ok(match target.filter(is_right) {
        Some(target) if in_force => Ok(target),
        Some(_) => Err(Refusal::Late),
        None if in_force => Err(Refusal::Wrong),
        None => Err(Refusal::NoneInForce),
    })
}

/// The code that counts now.
pub(crate) fn in_force(
    r: &mut impl Read,
    pool: &PoolId,
    sub: &Sub,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<codes::Code>, StoreError> {
    Ok(codes::find(r, pool, sub, purpose.label())?.filter(|code| now < code.expires))
}

/// What happens to a user that may end codes before their time. `&str` is `email` or `phone_number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// By whomever, and though it be the same.
    PasswordSet,
    /// The user is UNCONFIRMED no longer.
    Confirmed,
    /// Another address, or none.
    AddressChanged(&'static str),
    /// An address that was verified is verified no longer: it may be somebody else's by now.
    ProofLost(&'static str),
    /// What VerifyUserAttribute is about: the value that waits, else the present one.
    ToProveChanged(&'static str),
}

/// Whether a code that was sent to the attribute `target` still counts after what happened. That a newer code replaces it,
/// that it ends when used and in time, goes without saying here. Reference: user-pools 4.4, 4.7, 4.8.
fn survives(purpose: Purpose, target: &str, event: Event) -> bool {
    match (purpose, event) {
        (Purpose::ForgotPassword, Event::PasswordSet) | (Purpose::SignUp, Event::Confirmed) => false,
        (Purpose::SignUp | Purpose::ForgotPassword, Event::AddressChanged(address))
        | (Purpose::ForgotPassword, Event::ProofLost(address))
        | (Purpose::VerifyEmail | Purpose::VerifyPhoneNumber, Event::ToProveChanged(address)) => address != target,
        _ => true,
    }
}

/// What happened to a user who was `before` and is `after`.
fn events(before: &User, after: &User) -> Vec<Event> {
    let unconfirmed = |user: &User| user.status == UserStatusType::Unconfirmed.as_str();
    let mut found = Vec::new();
    if unconfirmed(before) && !unconfirmed(after) {
        found.push(Event::Confirmed);
    }
    for attribute in ["email", "phone_number"] {
        let present = |user: &User| Target::of(user, attribute);
        if present(before) != present(after) {
            found.push(Event::AddressChanged(attribute));
        }
        if is_verified(before, attribute) && !is_verified(after, attribute) {
            found.push(Event::ProofLost(attribute));
        }
        if Target::to_prove(before, attribute) != Target::to_prove(after, attribute) {
            found.push(Event::ToProveChanged(attribute));
        }
    }
    found
}

fn is_verified(user: &User, attribute: &str) -> bool {
    let flag = user.doc.attributes.get(&format!("{attribute}_verified"));
    flag.is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// Ends the codes that changing `before` into `after` ends: in every transaction that changes a user.
pub(crate) fn follow(tx: &mut Tx<'_>, before: &User, after: &User) -> Result<(), StoreError> {
    for event in events(before, after) {
        end(tx, &after.pool, &after.sub, event)?;
    }
    Ok(())
}

/// Ends the codes that an event ends.
pub(crate) fn end(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, event: Event) -> Result<(), StoreError> {
    for purpose in Purpose::ALL {
        if let Some(code) = codes::find(tx, pool, sub, purpose.label())?
            && !survives(purpose, &code.target, event)
        {
            spend(tx, pool, sub, purpose)?;
        }
    }
    Ok(())
}

pub(crate) fn spend(tx: &mut Tx<'_>, pool: &PoolId, sub: &Sub, purpose: Purpose) -> Result<bool, StoreError> {
    codes::spend(tx, pool, sub, purpose.label())
}

#[cfg(test)]
mod tests {
    use Event::{AddressChanged, Confirmed, PasswordSet, ProofLost, ToProveChanged};
    use Purpose::{ForgotPassword, SignUp, VerifyEmail, VerifyPhoneNumber};
    use store::records::users::Doc;

    use super::*;

    /// Of the four codes of a user, those that an event ends; the first two went by mail.
    #[test]
    fn what_ends_a_code() {
        let cases: [(Event, &[Purpose]); 8] = [
            (PasswordSet, &[ForgotPassword]),
            (Confirmed, &[SignUp]),
            (AddressChanged("email"), &[SignUp, ForgotPassword]),
            (AddressChanged("phone_number"), &[]),
            (ProofLost("email"), &[ForgotPassword]),
            (ProofLost("phone_number"), &[]),
            (ToProveChanged("email"), &[VerifyEmail]),
            (ToProveChanged("phone_number"), &[VerifyPhoneNumber]),
        ];
        for (event, expected) in cases {
            let ended = Purpose::ALL.into_iter().filter(|purpose| {
                let target = if *purpose == VerifyPhoneNumber {
                    "phone_number"
                } else {
                    "email"
                };
                !survives(*purpose, target, event)
            });
            assert_eq!(ended.collect::<Vec<_>>(), expected, "{event:?}");
        }
    }

    fn user(status: &str, attributes: &[(&str, &str)], pending: Option<&str>) -> User {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        User {
            pool: PoolId::new("us-east-1_abcDEF123"),
            sub: Sub::new("a-sub"),
            username: "ana".to_owned(),
            status: status.to_owned(),
            enabled: true,
            created: Timestamp::default(),
            modified: Timestamp::default(),
            version: 1,
            doc: Doc {
                attributes: attributes.iter().map(owned).collect(),
                pending: pending.iter().map(|value| owned(&("email", value))).collect(),
                ..Doc::default()
            },
        }
    }

    #[test]
    fn what_a_change_of_a_user_is() {
        let proven = [("email", "a@example.com"), ("email_verified", "true")];
        let unproven = [("email", "a@example.com"), ("email_verified", "false")];
        let other = [("email", "b@example.com"), ("email_verified", "true")];
        let confirmed = |attributes, pending| user("CONFIRMED", attributes, pending);
        let cases: [(User, User, &[Event]); 7] = [
            (confirmed(&proven, None), confirmed(&proven, None), &[]),
            (user("UNCONFIRMED", &[], None), confirmed(&[], None), &[Confirmed]),
            (confirmed(&unproven, None), confirmed(&proven, None), &[]),
            (
                confirmed(&proven, None),
                confirmed(&unproven, None),
                &[ProofLost("email")],
            ),
            (
                confirmed(&proven, None),
                confirmed(&other, None),
                &[AddressChanged("email"), ToProveChanged("email")],
            ),
            (
                confirmed(&proven, None),
                confirmed(&proven, Some("b@example.com")),
                &[ToProveChanged("email")],
            ),
            // The value that waited becomes the present one: its code was just used, others' addresses are gone.
            (
                confirmed(&proven, Some("b@example.com")),
                confirmed(&other, None),
                &[AddressChanged("email")],
            ),
        ];
        for (before, after, expected) in cases {
            assert_eq!(events(&before, &after), expected, "{:?} {:?}", before.doc, after.doc);
        }
    }
}
