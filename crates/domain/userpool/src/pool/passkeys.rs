//! What a pool wants of passkeys. Reference: user-pools 6.1, 7.1.

use api::cognito_idp::{UserVerificationType, WebAuthnConfigurationType, WebAuthnFactorConfigurationType};

/// WebAuthnConfiguration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passkeys {
    /// The domain that passkeys are made for.
    pub relying_party: Option<String>,
    pub verification: Verification,
    pub use_as: Use,
}

/// Whether the authenticator must have the person prove to it who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verification {
    Preferred,
    Required,
}

/// What a passkey counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    FirstFactor,
    /// With user verification it is both factors.
    BothFactors,
}

impl Passkeys {
    pub fn of(configuration: Option<&WebAuthnConfigurationType>) -> Self {
        let verification = configuration.and_then(|c| c.user_verification);
        let factor = configuration.and_then(|c| c.factor_configuration);
        Self {
            relying_party: configuration.and_then(|c| c.relying_party_id.clone()),
            verification: match verification {
                Some(UserVerificationType::Required) => Verification::Required,
                Some(UserVerificationType::Preferred) | None => Verification::Preferred,
            },
            use_as: match factor {
                Some(WebAuthnFactorConfigurationType::MultiFactorWithUserVerification) => Use::BothFactors,
                Some(WebAuthnFactorConfigurationType::SingleFactor) | None => Use::FirstFactor,
            },
        }
    }
}
