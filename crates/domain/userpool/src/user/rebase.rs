//! A change that was made ready of a user as they were, made of them as they are: between the two lies whatever a function does that is
//! asked meanwhile, and it may change the user too. Pure.

use std::collections::{BTreeMap, BTreeSet};

use store::records::{
    address::Address,
    users::{Doc, User},
};

use super::addresses;

/// What changing `before` into `after` makes of `stored`. None: what is changed, or the state that it goes by, is not so any more.
pub(crate) fn onto(stored: &User, before: &User, after: &User) -> Option<User> {
    if stored.version == before.version {
        return Some(after.clone());
    }
    let goes_by = stored.status == before.status && Address::ALL.into_iter().all(|a| agree(stored, before, after, a));
    let mut user = User {
        modified: after.modified,
        ..stored.clone()
    };
    let (of, was) = (&mut user.doc, &before.doc);
    // Each by its name, so that none that comes to be is forgotten here.
    let Doc {
        attributes,
        pending,
        signed_out_before,
        sign_outs,
        temporary_until,
        mfa,
        identities,
    } = &after.doc;
    let changed = goes_by
        && entries(&mut of.attributes, &was.attributes, attributes)
        && entries(&mut of.pending, &was.pending, pending)
        && value(&mut of.temporary_until, &was.temporary_until, temporary_until)
        && value(&mut of.signed_out_before, &was.signed_out_before, signed_out_before)
        && value(&mut of.sign_outs, &was.sign_outs, sign_outs)
        && value(&mut of.mfa, &was.mfa, mfa)
        && value(&mut of.identities, &was.identities, identities)
        && value(&mut user.enabled, &before.enabled, &after.enabled)
        && value(&mut user.status, &before.status, &after.status);
    changed.then_some(user)
}

/// An address, whether it is proven, and what waits in its place are one thing.
fn agree(stored: &User, before: &User, after: &User, address: Address) -> bool {
    let all = |user: &'_ User| {
        let present = addresses::present(user, address).map(str::to_owned);
        let pending = user.doc.pending.get(&address).cloned();
        (present, addresses::is_verified(user, address), pending)
    };
    all(before) == all(after) || all(stored) == all(before)
}

/// False: somebody else has changed it.
fn value<T: Clone + PartialEq>(stored: &mut T, before: &T, after: &T) -> bool {
    if before == after {
        return true;
    }
    let is_as_it_was = stored == before;
    stored.clone_from(after);
    is_as_it_was
}

/// The same of each entry by itself.
fn entries<K: Clone + Ord, V: Clone + PartialEq>(
    stored: &mut BTreeMap<K, V>,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
) -> bool {
    let keys: BTreeSet<&K> = before.keys().chain(after.keys()).collect();
    keys.into_iter().all(|key| {
        let mut entry = stored.get(key).cloned();
        let is_as_it_was = value(&mut entry, &before.get(key).cloned(), &after.get(key).cloned());
        match entry {
            Some(value) => stored.insert(key.clone(), value),
            None => stored.remove(key),
        };
        is_as_it_was
    })
}

#[cfg(test)]
mod tests {
    use store::records::status::Status;

    use super::*;
    use crate::tests::somebody::somebody;

    fn user(status: Status, attributes: &[(&str, &str)]) -> User {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        User {
            doc: Doc {
                attributes: attributes.iter().map(owned).collect(),
                ..Doc::default()
            },
            ..somebody(status)
        }
    }

    #[test]
    fn what_others_changed_stays_and_what_this_changes_must_be_as_it_was() {
        use Status::{Confirmed, ForceChangePassword as Invited};
        const MAIL: (&str, &str) = ("email", "a@b.c");
        const OTHER: (&str, &str) = ("email", "other@b.c");
        const PROVEN: (&str, &str) = ("email_verified", "true");
        const SEEN: (&str, &str) = ("seen", "1");
        let was = user(Invited, &[MAIL]);
        let told = |user: User| (user.status, user.doc.attributes, user.version);
        for (after, stored, expected) in [
            (
                user(Confirmed, &[MAIL]),
                user(Invited, &[MAIL, SEEN]),
                Some(user(Confirmed, &[MAIL, SEEN])),
            ),
            (
                user(Invited, &[MAIL, PROVEN]),
                user(Invited, &[MAIL, SEEN]),
                Some(user(Invited, &[MAIL, PROVEN, SEEN])),
            ),
            (
                user(Invited, &[]),
                user(Invited, &[MAIL, SEEN]),
                Some(user(Invited, &[SEEN])),
            ),
            (
                user(Invited, &[MAIL, ("seen", "2")]),
                user(Invited, &[MAIL, SEEN]),
                None,
            ),
            (user(Invited, &[MAIL, PROVEN]), user(Invited, &[OTHER]), None),
            (
                user(Invited, &[MAIL, SEEN]),
                user(Invited, &[OTHER]),
                Some(user(Invited, &[OTHER, SEEN])),
            ),
            (user(Invited, &[MAIL, SEEN]), user(Confirmed, &[MAIL]), None),
        ] {
            let name = format!("{:?} {:?}", after.doc, stored.doc);
            let later = |user| User { version: 2, ..user };
            let found = onto(&later(stored), &was, &after).map(told);
            assert_eq!(found, expected.map(later).map(told), "{name}");
        }
        let disabled = User {
            enabled: false,
            version: 2,
            ..user(Invited, &[MAIL])
        };
        let after = onto(&disabled, &was, &user(Confirmed, &[MAIL])).unwrap();
        assert!(!after.enabled, "nobody is enabled by what was made ready before");
    }
}
