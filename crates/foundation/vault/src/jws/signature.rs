//! The algorithms by which others may sign what they send: asymmetric ones alone. RFC 7518 section 3.1; RFC 8037; RFC 9864.

use aws_lc_rs::{rsa::RsaParameters, signature};

/// Neither `none` nor one of a shared secret is among them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signature {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    /// Of Ed25519, by its older name or its own.
    Ed25519,
}

impl Signature {
    /// As discovery documents name them.
    pub const NAMES: [&'static str; 10] = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519",
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "RS256" => Self::Rs256,
            "RS384" => Self::Rs384,
            "RS512" => Self::Rs512,
            "PS256" => Self::Ps256,
            "PS384" => Self::Ps384,
            "PS512" => Self::Ps512,
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" | "Ed25519" => Self::Ed25519,
            _ => return None,
        })
    }

    /// None: it is none of RSA.
    pub(super) fn of_rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::Rs256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            Self::Rs384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            Self::Rs512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            Self::Ps256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
            Self::Ps384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
            Self::Ps512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
            Self::Es256 | Self::Es384 | Self::Ed25519 => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_key_or_a_shared_one_is_no_signature() {
        for name in Signature::NAMES {
            assert!(Signature::named(name).is_some(), "{name}");
        }
        for name in [
            "none", "None", "HS256", "HS384", "HS512", "rs256", "ES512", "RSA-OAEP", "",
        ] {
            assert_eq!(Signature::named(name), None, "{name}");
        }
    }
}
