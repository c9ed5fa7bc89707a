//! Which second factors a user has, and what sign-in asks for. Pure. Reference: user-pools 6.4.

use store::records::{address::Address, factor::Factor, users::User};

use crate::{
    pool::settings::{MfaMode, MfaSettings},
    user::addresses,
};

/// What sign-in asks for after a first factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Second {
    None,
    Challenge(Factor),
    /// The user chooses one of these: there are at least two.
    Select(Vec<Factor>),
    /// The user has none, must have one, and can set up one of these.
    SetUp(Vec<Factor>),
    /// The user must show one, and there is none that could be shown.
    Unreachable,
}

/// The factors that may be asked of a user, in AWS's order: those that were turned on, that the pool offers and that the user
/// has the means for. Where everybody needs one, who turned none on is asked for what needs no set-up.
pub(crate) fn active(pool: &MfaSettings, user: &User) -> Vec<Factor> {
    if pool.mode == MfaMode::Off {
        return Vec::new();
    }
    let turned_on = turned_on(pool, user);
    let unasked = if turned_on.is_empty() && pool.mode == MfaMode::On {
        without_set_up(pool, user)
    } else {
        None
    };
    let reachable = turned_on.into_iter().filter(|factor| has_means(user, *factor));
    reachable.chain(unasked).collect()
}

/// What is due after a first factor of this user.
pub(crate) fn due(pool: &MfaSettings, user: &User) -> Second {
    let active = active(pool, user);
    let preferred = user.doc.mfa.preferred.filter(|factor| active.contains(factor));
    match (preferred, active.as_slice()) {
        (Some(factor), _) | (None, &[factor]) => Second::Challenge(factor),
        (None, []) => without_any(pool, user),
        (None, _) => Second::Select(active),
    }
}

/// For a user of whom nothing can be asked. Who turned something on is let in by nothing less: a phone number may be gone that
/// its owner does not know to be gone.
fn without_any(pool: &MfaSettings, user: &User) -> Second {
    match pool.mode {
        MfaMode::Off => Second::None,
        _ if !turned_on(pool, user).is_empty() => Second::Unreachable,
        MfaMode::Optional => Second::None,
        MfaMode::On if pool.factors.is_empty() => Second::Unreachable,
        MfaMode::On => Second::SetUp(pool.factors.iter().copied().collect()),
    }
}

/// What the pool does not offer any more counts no more.
fn turned_on(pool: &MfaSettings, user: &User) -> Vec<Factor> {
    user.doc.mfa.enabled.intersection(&pool.factors).copied().collect()
}

/// A phone number before all, verified or not. That a token or a mail address is asked for in the same way is unconfirmed; to
/// let whoever has the password set up another would be worse.
fn without_set_up(pool: &MfaSettings, user: &User) -> Option<Factor> {
    let mut offered = pool.factors.iter().copied();
    offered.find(|factor| has_means(user, *factor))
}

/// Whether a challenge by this factor can reach the user.
pub(crate) fn has_means(user: &User, factor: Factor) -> bool {
    match factor {
        Factor::Sms => addresses::present(user, Address::Phone).is_some(),
        Factor::Email => addresses::present(user, Address::Email).is_some(),
        Factor::SoftwareToken => user.doc.mfa.has_token,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use Factor::{Email, Sms, SoftwareToken as Token};
    use Second::{Challenge, Select, SetUp, Unreachable};
    use store::records::{
        status::Status,
        users::{Doc, Mfa},
    };

    use super::*;
    use crate::tests::somebody::somebody;

    fn pool(mode: MfaMode, factors: &[Factor]) -> MfaSettings {
        MfaSettings {
            mode,
            factors: factors.iter().copied().collect(),
            ..MfaSettings::default()
        }
    }

    /// A user with means for some factors, who turned some on.
    fn user(means: &[Factor], enabled: &[Factor], preferred: Option<Factor>) -> User {
        let mut doc = Doc {
            mfa: Mfa {
                enabled: enabled.iter().copied().collect(),
                preferred,
                has_token: means.contains(&Token),
                passkey: false,
            },
            ..Doc::default()
        };
        for (factor, name, value) in [(Sms, "phone_number", "+15550100"), (Email, "email", "ana@example.com")] {
            if means.contains(&factor) {
                doc.attributes.insert(name.to_owned(), value.to_owned());
            }
        }
        User {
            doc,
            ..somebody(Status::Confirmed)
        }
    }

    const ALL: &[Factor] = &Factor::ALL;

    /// What the pool offers, what the user has means for, has turned on, prefers; what follows under OPTIONAL and under ON.
    type Case<'a> = (&'a [Factor], &'a [Factor], &'a [Factor], Option<Factor>, Second, Second);

    fn cases() -> Vec<Case<'static>> {
        let same = |second: Second| (second.clone(), second);
        let mut cases: Vec<Case<'static>> = Vec::new();
        let mut add = |offered, means, enabled, preferred, (optional, on)| {
            cases.push((offered, means, enabled, preferred, optional, on));
        };
        // Nothing turned on.
        add(ALL, &[], &[], None, (Second::None, SetUp(vec![Sms, Token, Email])));
        add(&[Token], ALL, &[], None, (Second::None, Challenge(Token)));
        add(&[Token], &[Sms, Email], &[], None, (Second::None, SetUp(vec![Token])));
        add(
            &[Sms, Token],
            &[Email],
            &[],
            None,
            (Second::None, SetUp(vec![Sms, Token])),
        );
        add(ALL, ALL, &[], None, (Second::None, Challenge(Sms)));
        add(ALL, &[Token, Email], &[], None, (Second::None, Challenge(Token)));
        add(ALL, &[Email], &[], None, (Second::None, Challenge(Email)));
        add(&[], ALL, &[], None, (Second::None, Unreachable));
        // One.
        add(ALL, ALL, &[Sms], None, same(Challenge(Sms)));
        add(ALL, ALL, &[Token], None, same(Challenge(Token)));
        add(ALL, ALL, &[Email], Some(Email), same(Challenge(Email)));
        add(ALL, ALL, &[Token], Some(Token), same(Challenge(Token)));
        // Several.
        add(ALL, ALL, &[Sms, Token], None, same(Select(vec![Sms, Token])));
        add(ALL, ALL, &[Token, Email], None, same(Select(vec![Token, Email])));
        add(ALL, ALL, ALL, None, same(Select(vec![Sms, Token, Email])));
        add(ALL, ALL, ALL, Some(Email), same(Challenge(Email)));
        add(ALL, ALL, &[Sms, Token], Some(Token), same(Challenge(Token)));
        // Some of them out of reach.
        add(ALL, &[Token], &[Sms, Token], None, same(Challenge(Token)));
        add(ALL, &[Token], &[Sms, Token], Some(Sms), same(Challenge(Token)));
        add(ALL, &[Sms, Email], ALL, Some(Token), same(Select(vec![Sms, Email])));
        // All of them: a password alone lets nobody in who wanted more.
        add(ALL, &[], &[Sms], Some(Sms), same(Unreachable));
        add(ALL, &[Sms, Email], &[Token], None, same(Unreachable));
        // What the pool does not offer any more counts as not turned on.
        add(
            &[Sms],
            &[Token],
            &[Token],
            Some(Token),
            (Second::None, SetUp(vec![Sms])),
        );
        add(&[Sms], ALL, &[Token], Some(Token), (Second::None, Challenge(Sms)));
        add(&[Sms, Email], ALL, ALL, Some(Token), same(Select(vec![Sms, Email])));
        add(&[], ALL, ALL, Some(Token), (Second::None, Unreachable));
        cases
    }

    #[test]
    fn what_is_asked_for() {
        for (offered, means, enabled, preferred, optional, on) in cases() {
            let user = user(means, enabled, preferred);
            let due = |mode| due(&pool(mode, offered), &user);
            let case = format!("{offered:?} {means:?} {enabled:?} {preferred:?}");
            assert_eq!(due(MfaMode::Off), Second::None, "{case}");
            assert_eq!(due(MfaMode::Optional), optional, "{case}");
            assert_eq!(due(MfaMode::On), on, "{case}");
        }
    }

    fn subsets() -> Vec<Vec<Factor>> {
        let chosen = |bits: usize| {
            let of = Factor::ALL.into_iter().enumerate();
            of.filter(move |(n, _)| bits >> n & 1 == 1)
                .map(|(_, factor)| factor)
                .collect()
        };
        (0..8).map(chosen).collect()
    }

    /// Every combination of mode, offer, means, what is turned on and what of that is preferred.
    #[test]
    fn whatever_the_combination() {
        let mut seen = 0;
        for (offered, means, enabled) in subsets().iter().flat_map(|offered| {
            let pairs = subsets()
                .into_iter()
                .flat_map(|means| subsets().into_iter().map(move |on| (means.clone(), on)));
            pairs.map(move |(means, enabled)| (offered, means, enabled))
        }) {
            for preferred in std::iter::once(None).chain(enabled.iter().copied().map(Some)) {
                for mode in [MfaMode::Off, MfaMode::Optional, MfaMode::On] {
                    holds(mode, offered, &user(&means, &enabled, preferred));
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 8 * 8 * 20 * 3);
    }

    fn holds(mode: MfaMode, offered: &[Factor], user: &User) {
        let pool = pool(mode, offered);
        let (active, due) = (active(&pool, user), due(&pool, user));
        let case = format!("{pool:?} {:?}", user.doc);
        assert!(
            active.iter().all(|f| offered.contains(f) && has_means(user, *f)),
            "{case}"
        );
        let wanted: BTreeSet<Factor> = user.doc.mfa.enabled.intersection(&pool.factors).copied().collect();
        match &due {
            Second::None => assert!(
                mode == MfaMode::Off || mode == MfaMode::Optional && wanted.is_empty(),
                "nobody passes who must not: {case}"
            ),
            Challenge(factor) => assert!(active.contains(factor), "{case}"),
            Select(factors) => assert!(*factors == active && active.len() > 1, "{case}"),
            SetUp(factors) => assert!(
                mode == MfaMode::On && active.is_empty() && wanted.is_empty() && factors == offered,
                "a password alone sets nothing up beside what was set up: {case}"
            ),
            Unreachable => assert!(mode != MfaMode::Off && active.is_empty(), "{case}"),
        }
        let preferred = user.doc.mfa.preferred.filter(|factor| active.contains(factor));
        assert!(preferred.is_none_or(|factor| due == Challenge(factor)), "{case}");
    }
}
