//! Password hashes for pools that forbid SRP (tag `poolhouse:password-store=argon2id`): argon2id, 19 MiB, two passes, one
//! lane, as a PHC string. About 25 ms of one core. Each thread that hashes keeps its 19 MiB and wipes them after use: given
//! back and taken anew for every hash, they would be scattered all over the heap and many times as much would stay.

use std::cell::RefCell;

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc::PasswordHash};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use kernel::{ApiError, Rng};

use crate::constant_time;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LEN: usize = 16;
const HASH_LEN: usize = 32;

/// The most that a stored hash may make us spend: memory in KiB, lanes, and memory times passes.
const MOST_MEMORY_KIB: u32 = 64 * 1024;
const MOST_LANES: u32 = 4;
const MOST_WORK_KIB: u64 = 4 * 64 * 1024;

/// A stored hash that can't be checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HashError {
    #[error("the password hash is not an argon2id PHC string")]
    Malformed,
    #[error("the password hash asks for more work than is allowed")]
    TooCostly,
    #[error("hashing failed")]
    Failed,
}

/// A new hash with a random salt: `$argon2id$v=19$m=19456,t=2,p=1$…`.
pub fn hash(password: &str, rng: &dyn Rng) -> Result<String, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| HashError::Failed)?;
    let mut salt = [0; SALT_LEN];
    rng.fill(&mut salt);
    let mut hash = [0; HASH_LEN];
    compute(params, password, &salt, &mut hash)?;
    let [salt, hash] = [&salt[..], &hash[..]].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    Ok(format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"
    ))
}

/// Whether the password is the one that was hashed. The hash's own parameters are used, up to a ceiling.
pub fn verify(password: &str, phc: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(phc).map_err(|_| HashError::Malformed)?;
    let (Some(salt), Some(expected)) = (hash.salt.as_ref(), hash.hash.as_ref()) else {
        return Err(HashError::Malformed);
    };
    if hash.algorithm.as_str() != "argon2id" || hash.version != Some(Version::V0x13.into()) {
        return Err(HashError::Malformed);
    }
    let params = Params::try_from(&hash).map_err(|_| HashError::Malformed)?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if params.m_cost() > MOST_MEMORY_KIB || params.p_cost() > MOST_LANES || work > MOST_WORK_KIB {
        return Err(HashError::TooCostly);
    }
    let mut computed = vec![0; expected.len()];
    compute(params, password, salt, &mut computed)?;
    Ok(constant_time::eq(&computed, expected.as_bytes()))
}

thread_local! {
    /// Empty until the thread hashes for the first time.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// Hashes in the thread's memory; a stored hash that wants more than ours gets its own.
fn compute(params: Params, password: &str, salt: &[u8], out: &mut [u8]) -> Result<(), HashError> {
    const KEPT: usize = MEMORY_KIB as usize;
    let needed = params.block_count();
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    MEMORY.with_borrow_mut(|kept| {
        let mut larger;
        let memory = if needed <= KEPT {
            kept.resize(KEPT, Block::new());
            kept.get_mut(..needed).unwrap_or_default()
        } else {
            larger = vec![Block::new(); needed];
            larger.as_mut_slice()
        };
        let outcome = hasher.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut *memory);
        memory.fill(Block::new());
        // Else the compiler could take the wiping of memory that goes out of use for needless.
        std::hint::black_box(memory);
        outcome.map_err(|_| HashError::Failed)
    })
}

impl From<HashError> for ApiError {
    #[track_caller]
    fn from(error: HashError) -> Self {
        Self::internal(error)
    }
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_hash_is_of_its_password() {
        let phc = hash("Passw0rd! \u{fc}", &SystemRng).unwrap();
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert_eq!(verify("Passw0rd! \u{fc}", &phc), Ok(true));
        assert_eq!(verify("Passw0rd! u", &phc), Ok(false));
        assert_ne!(hash("Passw0rd! \u{fc}", &SystemRng).unwrap(), phc);
    }

    #[test]
    fn foreign_hashes_verify() {
        // argon2 -id -m 8 (256 KiB) -t 2 -p 1 of "password" with the salt "somesalt", from the reference tool's tests.
        let phc = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        assert_eq!(verify("password", phc), Ok(true));
        assert_eq!(verify("Password", phc), Ok(false));
    }

    #[test]
    fn nothing_of_one_hash_is_left_for_the_next() {
        let wiped = || MEMORY.with_borrow(|kept| kept.iter().all(|block| block.as_ref().iter().all(|word| *word == 0)));
        let phc = hash("Passw0rd!", &SystemRng).unwrap();
        assert_eq!(MEMORY.with_borrow(Vec::len), 19 * 1024);
        assert!(wiped());
        // One that wants more: 64 MiB.
        let larger = phc.replace("m=19456,t=2", "m=65536,t=1");
        assert_eq!(verify("Passw0rd!", &larger), Ok(false));
        assert_eq!(MEMORY.with_borrow(Vec::len), 19 * 1024);
        assert!(wiped());
        assert_eq!(verify("Passw0rd!", &phc), Ok(true));
    }

    #[test]
    fn costs_have_ceilings_and_other_forms_are_refused() {
        let with = |head: &str| format!("{head}$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
        let cases = [
            ("$argon2id$v=19$m=65537,t=1,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=4294967295,t=1,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=256,t=4294967295,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=65536,t=5,p=1", HashError::TooCostly),
            ("$argon2id$v=19$m=256,t=2,p=5", HashError::TooCostly),
            ("$argon2i$v=19$m=256,t=2,p=1", HashError::Malformed),
            ("$argon2id$v=16$m=256,t=2,p=1", HashError::Malformed),
            ("$argon2id$m=256,t=2,p=1", HashError::Malformed),
            ("$argon2id$v=19$m=0,t=2,p=1", HashError::Malformed),
            ("$scrypt$ln=14,r=8,p=1", HashError::Malformed),
        ];
        for (head, expected) in cases {
            assert_eq!(verify("password", &with(head)), Err(expected), "{head}");
        }
        for phc in [
            "",
            "$",
            "$argon2id$v=19$m=256,t=2,p=1",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
            "$2b$10$abc",
        ] {
            assert_eq!(verify("password", phc), Err(HashError::Malformed), "{phc}");
        }
    }

    proptest! {
        #[test]
        fn verifying_never_panics(text in ".*", tail in "[a-z0-9=,$]{0,40}") {
            prop_assert!(verify("password", &text).is_err());
            let _ = verify("password", &format!("$argon2id$v=19$m=8,{tail}"));
        }
    }
}
