//! What a sealed value is for. Each purpose has a key of its own, so one can never be opened as another.

use base64::{
    Engine,
    engine::GeneralPurpose,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident => $label:literal,)*) => {
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Purpose {
            $($(#[$doc])* $name,)*
        }

        impl Purpose {
            /// Every purpose there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// What the purpose's key is derived by. Sealed data lives as long as its label: never change one.
            pub(crate) const fn label(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("seal/", $label),)*
                }
            }
        }
    };
}

purposes! {
    // At rest.
    /// A user's or device's SRP verifier and salt, or the argon2 hash that stands in for them.
    SrpVerifier => "srp-verifier",
    /// Former passwords' verifiers.
    PasswordHistory => "password-history",
    /// TOTP seeds.
    TotpSeed => "totp-seed",
    /// App clients' secrets.
    ClientSecret => "client-secret",
    /// IAM users' secret access keys.
    SecretKey => "secret-key",
    /// Token signing keys, TLS keys.
    PrivateKey => "private-key",
    /// Keys of ours for SAML, which no token is signed with.
    SamlKey => "saml-key",
    /// Bodies and recipients of mails and text messages that wait.
    OutboxMessage => "outbox-message",
    /// Events that wait for the functions that send what they hold.
    OutboxEvent => "outbox-event",
    /// Secrets that outside identity providers gave us.
    ProviderSecret => "provider-secret",

    // Travelling.
    /// `Session` strings of sign-in. Reference: user-pools 5.6.
    Session => "session",
    /// Challenges of passkeys' registrations. Reference: user-pools 7.2.
    PasskeyChallenge => "passkey-challenge",
    /// `Session` strings with which an authenticator app is set up. Reference: user-pools 6.2.
    SetUpSession => "set-up-session",
    /// SRP's `SECRET_BLOCK`. Reference: user-pools 5.3.
    SecretBlock => "secret-block",
    /// The family that a refresh token belongs to. Reference: user-pools 8.4.
    RefreshToken => "refresh-token",
    /// Tokens that continue a list.
    PageToken => "page-token",
    /// STS session tokens. Reference: identity-pools-iam 1.15.
    SessionToken => "session-token",
    /// What a browser that hosted login remembers keeps in a cookie.
    RememberedBrowser => "remembered-browser",
    /// What proofs of possession repeat (RFC 9449 section 8).
    ProofNonce => "proof-nonce",
    /// Authorization codes, with what they stand for (RFC 6749 section 4.1).
    AuthorizationCode => "authorization-code",
    /// Marks of sign-ins that hosted login's pages carry: for which request somebody signed in.
    FreshSignIn => "fresh-sign-in",
    /// What is remembered of a browser that is at an identity provider.
    ProviderVisit => "provider-visit",
}

impl Purpose {
    /// The alphabet in which a sealed token of this purpose travels. Clients decode `SECRET_BLOCK` as standard base64 and
    /// expect STS tokens to look like it; what may end up in an address is URL-safe.
    pub(crate) fn alphabet(self) -> &'static GeneralPurpose {
        match self {
            Self::SecretBlock | Self::SessionToken => &BASE64_STANDARD,
            _ => &BASE64_URL_SAFE_NO_PAD,
        }
    }

    pub(crate) fn encode(self, bytes: &[u8]) -> String {
        self.alphabet().encode(bytes)
    }

    pub(crate) fn decode(self, text: &str) -> Option<Vec<u8>> {
        self.alphabet().decode(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_label_is_its_own() {
        let labels: BTreeSet<_> = Purpose::ALL.iter().map(|purpose| purpose.label()).collect();
        assert_eq!(labels.len(), Purpose::ALL.len());
    }
}
