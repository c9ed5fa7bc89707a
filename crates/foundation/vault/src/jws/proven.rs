//! Tokens that a key has accepted before. A signature of immutable bytes is good or not for ever, so a token that comes again
//! and again (GetUser with every page) costs one digest instead of one RSA operation. What may change with time, whether the
//! token expired or was revoked, is asked anew by whoever verifies.

use std::{
    collections::HashSet,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::hash;

/// Tokens of one generation; two are kept, about 80 bytes a token.
const GENERATION: usize = 2048;

/// SHA-256 of token and signature. Only what was accepted is in it, so a flood of bad tokens drives nothing out.
#[derive(Default)]
pub(super) struct Proven(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    new: HashSet<[u8; 32]>,
    old: HashSet<[u8; 32]>,
}

impl Proven {
    /// `prove`, unless it has answered yes for the same bytes before.
    pub fn or(&self, message: &[u8], signature: &[u8], prove: impl FnOnce() -> bool) -> bool {
        let length = (message.len() as u64).to_be_bytes();
        let digest = hash::sha256(&[&length, message, signature]);
        if self.generations().knows(&digest) {
            return true;
        }
        let good = prove();
        if good {
            self.generations().remember(digest);
        }
        good
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    /// What is asked for again stays, though its generation goes.
    fn knows(&mut self, digest: &[u8; 32]) -> bool {
        if self.new.contains(digest) {
            return true;
        }
        let known = self.old.contains(digest);
        if known {
            self.remember(*digest);
        }
        known
    }

    fn remember(&mut self, digest: [u8; 32]) {
        if self.new.len() >= GENERATION {
            self.old = mem::take(&mut self.new);
        }
        self.new.insert(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(proven: &Proven, message: &[u8], signature: &[u8], answer: bool) -> (bool, bool) {
        let mut asked = false;
        let good = proven.or(message, signature, || {
            asked = true;
            answer
        });
        (good, asked)
    }

    #[test]
    fn what_was_accepted_is_not_proved_again_and_what_was_refused_is() {
        let proven = Proven::default();
        assert_eq!(asked(&proven, b"token", b"bad", false), (false, true));
        assert_eq!(asked(&proven, b"token", b"bad", false), (false, true));
        assert_eq!(asked(&proven, b"token", b"good", true), (true, true));
        assert_eq!(asked(&proven, b"token", b"good", false), (true, false));
        for (message, signature) in [(&b"token"[..], &b"bad"[..]), (b"tokeng", b"ood"), (b"", b"tokengood")] {
            assert_eq!(
                asked(&proven, message, signature, false),
                (false, true),
                "{message:?} {signature:?}"
            );
        }
    }

    #[test]
    fn many_tokens_drive_out_the_old_ones_but_not_the_one_in_use() {
        let proven = Proven::default();
        for n in 0..u32::try_from(4 * GENERATION).unwrap() {
            assert!(asked(&proven, &n.to_be_bytes(), b"", true).0);
            assert!(asked(&proven, b"in use", b"", true).0);
        }
        assert_eq!(asked(&proven, b"in use", b"", false), (true, false));
        assert_eq!(asked(&proven, &0_u32.to_be_bytes(), b"", false), (false, true));
        let kept = proven.generations();
        assert!(kept.new.len() + kept.old.len() <= 2 * GENERATION);
    }
}
