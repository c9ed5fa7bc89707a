//! Recovery codes: ten that a user keeps somewhere, each of which stands in for the second factor once. Only whoever has a second factor
//! has use of them. Cognito has none.

use kernel::{PoolId, Rng, Sub};
use store::{
    StoreError, Tx,
    records::{recovery_codes, users::User},
};
use vault::{Keyring, codes};

use crate::code::letters;

const HOW_MANY: usize = 10;

/// 20 to the power of 12: 4.1e15 codes, 51.9 bits.
const LENGTH: usize = 12;

const PURPOSE: &str = "recovery";

/// A new set.
pub(crate) struct Made {
    /// As they are shown, once: `WDJB-MJHT-BCDF`.
    pub shown: Vec<String>,
    /// As they are kept.
    pub digests: Vec<[u8; 32]>,
}

pub(crate) fn make(keyring: &Keyring, rng: &dyn Rng, (pool, sub): (&PoolId, &Sub)) -> Made {
    let drawn: Vec<String> = (0..HOW_MANY).map(|_| letters::random(rng, LENGTH)).collect();
    Made {
        shown: drawn.iter().map(|text| letters::shown(text)).collect(),
        digests: drawn
            .iter()
            .map(|text| codes::mac(keyring, code((pool, sub), text)))
            .collect(),
    }
}

/// Which of those that are kept is the one that was typed.
pub(crate) fn matching(keyring: &Keyring, of: (&PoolId, &Sub), kept: Vec<Vec<u8>>, typed: &str) -> Option<Vec<u8>> {
    let text = letters::read(typed, LENGTH)?;
    kept.into_iter()
        .find(|digest| codes::verify(keyring, code(of, &text), digest))
}

/// Whoever has turned off the last of their second factors has no codes any more: in every transaction that changes a user.
pub(crate) fn follow(tx: &mut Tx<'_>, before: &User, after: &User) -> Result<(), StoreError> {
    if !before.doc.mfa.enabled.is_empty() && after.doc.mfa.enabled.is_empty() {
        recovery_codes::clear(tx, &after.pool, &after.sub)?;
    }
    Ok(())
}

fn code<'a>((pool, sub): (&'a PoolId, &'a Sub), text: &'a str) -> codes::Code<'a> {
    codes::Code {
        purpose: PURPOSE,
        pool,
        sub,
        text,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::SystemRng;

    use super::*;

    #[test]
    fn a_code_is_one_users_however_it_is_typed() {
        let mut keyring = Keyring::generate(&SystemRng);
        let (pool, other) = (PoolId::new("us-east-1_abcDEF123"), PoolId::new("us-east-1_other0000"));
        let (ana, ben) = (Sub::new("ana"), Sub::new("ben"));
        let made = make(&keyring, &SystemRng, (&pool, &ana));
        let different: BTreeSet<&String> = made.shown.iter().collect();
        assert_eq!((different.len(), made.digests.len()), (10, 10));

        let kept: Vec<Vec<u8>> = made.digests.iter().map(|digest| digest.to_vec()).collect();
        let found = |keyring: &Keyring, of, typed: &str| matching(keyring, of, kept.clone(), typed);
        let third = made.shown[2].as_str();
        assert_eq!((third.len(), third.matches('-').count()), (14, 2));
        for typed in [
            third.to_owned(),
            third.to_lowercase(),
            third.replace('-', ""),
            third.replace('-', " "),
        ] {
            assert_eq!(found(&keyring, (&pool, &ana), &typed), Some(kept[2].clone()), "{typed}");
        }
        assert_eq!(found(&keyring, (&pool, &ben), third), None);
        assert_eq!(found(&keyring, (&other, &ana), third), None);
        for typed in ["", "123456", &third[..13], &made.shown.join("")] {
            assert_eq!(found(&keyring, (&pool, &ana), typed), None, "{typed}");
        }
        keyring.rotate(&SystemRng);
        assert_eq!(found(&keyring, (&pool, &ana), third), Some(kept[2].clone()));
        assert_eq!(found(&Keyring::generate(&SystemRng), (&pool, &ana), third), None);
    }
}
