//! Password hashes for pools that forbid SRP (tag `poolhouse:password-store=argon2id`): argon2id, 19 MiB, two passes, one
//! lane, as a PHC string. About 25 ms of one core and 19 MiB each: the CPU pool's size is the memory limit.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{Error, PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use kernel::{ApiError, Rng};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT_LEN: usize = 16;

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
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_| HashError::Failed)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed. The hash's own parameters are used, up to a ceiling.
pub fn verify(password: &str, phc: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(phc).map_err(|_| HashError::Malformed)?;
    let of_form = hash.algorithm.as_str() == "argon2id" && hash.salt.is_some() && hash.hash.is_some();
    if !of_form || hash.version != Some(Version::V0x13.into()) {
        return Err(HashError::Malformed);
    }
    let params = Params::try_from(&hash).map_err(|_| HashError::Malformed)?;
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    if params.m_cost() > MOST_MEMORY_KIB || params.p_cost() > MOST_LANES || work > MOST_WORK_KIB {
        return Err(HashError::TooCostly);
    }
    // The libraries compare the outputs in constant time.
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(HashError::Failed),
    }
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
