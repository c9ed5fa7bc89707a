//! What ends a code before its time. Reference: user-pools 4.4, 4.7, 4.8.

use kernel::{PoolId, Sub};
use store::{
    StoreError, Tx,
    records::{address::Address, codes, status::Status, users::User},
};

use super::{Purpose, Target, kept};
use crate::user::addresses;

/// What happens to a user that may end codes before their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// By whomever, and though it be the same.
    PasswordSet,
    /// The user is UNCONFIRMED no longer.
    Confirmed,
    /// Another address, or none.
    AddressChanged(Address),
    /// An address that was verified is verified no longer: it may be somebody else's by now.
    ProofLost(Address),
    /// What VerifyUserAttribute is about: the value that waits, else the present one.
    ToProveChanged(Address),
}

/// Whether a code that was sent to `target` still counts after what happened. That a newer code replaces it,
/// that it ends when used and in time, goes without saying here. Reference: user-pools 4.4, 4.7, 4.8.
fn survives(purpose: Purpose, target: Address, event: Event) -> bool {
    match (purpose, event) {
        (Purpose::ForgotPassword, Event::PasswordSet) | (Purpose::SignUp, Event::Confirmed) => false,
        (Purpose::SignUp | Purpose::SignedUp | Purpose::ForgotPassword, Event::AddressChanged(address))
        | (Purpose::ForgotPassword, Event::ProofLost(address))
        | (Purpose::Verify(_), Event::ToProveChanged(address)) => address != target,
        _ => true,
    }
}

/// What happened to a user who was `before` and is `after`.
fn events(before: &User, after: &User) -> Vec<Event> {
    let unconfirmed = |user: &User| user.status == Status::Unconfirmed;
    let mut found = Vec::new();
    if unconfirmed(before) && !unconfirmed(after) {
        found.push(Event::Confirmed);
    }
    for address in Address::ALL {
        if addresses::present(before, address) != addresses::present(after, address) {
            found.push(Event::AddressChanged(address));
        }
        if addresses::is_verified(before, address) && !addresses::is_verified(after, address) {
            found.push(Event::ProofLost(address));
        }
        if Target::to_prove(before, address) != Target::to_prove(after, address) {
            found.push(Event::ToProveChanged(address));
        }
    }
    found
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
            && !survives(purpose, code.target, event)
        {
            kept::spend(tx, pool, sub, purpose)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use Address::{Email, Phone};
    use Event::{AddressChanged, Confirmed, PasswordSet, ProofLost, ToProveChanged};
    use Purpose::{ForgotPassword, SignUp, SignedUp, Verify};
    use store::records::users::Doc;

    use super::*;
    use crate::tests::somebody::somebody;

    /// Of the codes of a user, those that an event ends; all but the last went by mail.
    #[test]
    fn what_ends_a_code() {
        let cases: [(Event, &[Purpose]); 8] = [
            (PasswordSet, &[ForgotPassword]),
            (Confirmed, &[SignUp]),
            (AddressChanged(Email), &[SignUp, SignedUp, ForgotPassword]),
            (AddressChanged(Phone), &[]),
            (ProofLost(Email), &[ForgotPassword]),
            (ProofLost(Phone), &[]),
            (ToProveChanged(Email), &[Verify(Email)]),
            (ToProveChanged(Phone), &[Verify(Phone)]),
        ];
        for (event, expected) in cases {
            let ended = Purpose::ALL.into_iter().filter(|purpose| {
                let target = if *purpose == Verify(Phone) { Phone } else { Email };
                !survives(*purpose, target, event)
            });
            assert_eq!(ended.collect::<Vec<_>>(), expected, "{event:?}");
        }
    }

    fn user(status: Status, attributes: &[(&str, &str)], pending: Option<&str>) -> User {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        User {
            doc: Doc {
                attributes: attributes.iter().map(owned).collect(),
                pending: pending.iter().map(|value| (Email, (*value).to_owned())).collect(),
                ..Doc::default()
            },
            ..somebody(status)
        }
    }

    #[test]
    fn what_a_change_of_a_user_is() {
        let proven = [("email", "a@example.com"), ("email_verified", "true")];
        let unproven = [("email", "a@example.com"), ("email_verified", "false")];
        let other = [("email", "b@example.com"), ("email_verified", "true")];
        let confirmed = |attributes, pending| user(Status::Confirmed, attributes, pending);
        let cases: [(User, User, &[Event]); 7] = [
            (confirmed(&proven, None), confirmed(&proven, None), &[]),
            (user(Status::Unconfirmed, &[], None), confirmed(&[], None), &[Confirmed]),
            (confirmed(&unproven, None), confirmed(&proven, None), &[]),
            (
                confirmed(&proven, None),
                confirmed(&unproven, None),
                &[ProofLost(Email)],
            ),
            (
                confirmed(&proven, None),
                confirmed(&other, None),
                &[AddressChanged(Email), ToProveChanged(Email)],
            ),
            (
                confirmed(&proven, None),
                confirmed(&proven, Some("b@example.com")),
                &[ToProveChanged(Email)],
            ),
            // The value that waited becomes the present one: its code was just used, others' addresses are gone.
            (
                confirmed(&proven, Some("b@example.com")),
                confirmed(&other, None),
                &[AddressChanged(Email)],
            ),
        ];
        for (before, after, expected) in cases {
            assert_eq!(events(&before, &after), expected, "{:?} {:?}", before.doc, after.doc);
        }
    }
}
