//! Chance that tests can repeat.

use std::sync::atomic::{AtomicU64, Ordering};

use kernel::Rng;

use crate::{Keyring, hash};

/// A stream of bytes that depends on the seed alone.
pub(crate) struct SeededRng {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededRng {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            drawn: AtomicU64::new(0),
        }
    }
}

impl Rng for SeededRng {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let n = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = hash::sha256(&[&self.seed.to_be_bytes(), &n.to_be_bytes()]);
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// Gives the listed bytes first, then those of a seeded stream.
pub(crate) struct ScriptedRng {
    script: Vec<u8>,
    given: AtomicU64,
    rest: SeededRng,
}

impl ScriptedRng {
    pub(crate) fn new(script: &[u8]) -> Self {
        Self {
            script: script.to_vec(),
            given: AtomicU64::new(0),
            rest: SeededRng::new(7),
        }
    }
}

impl Rng for ScriptedRng {
    fn fill(&self, bytes: &mut [u8]) {
        self.rest.fill(bytes);
        for byte in bytes {
            let n = usize::try_from(self.given.fetch_add(1, Ordering::Relaxed)).unwrap();
            *byte = self.script.get(n).copied().unwrap_or(*byte);
        }
    }
}

pub(crate) fn keyring() -> Keyring {
    Keyring::generate(&SeededRng::new(1))
}
