//! Why an answer does not count.

use passki::PasskiError;

/// The JSON is not the form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the credential is not of the form that browsers give")]
pub struct Malformed;

/// Why an answer of the right form does not count. What the library says of it is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it answers another challenge")]
    Challenge,
    #[error("it was given on a page that is not the relying party's: {0}")]
    Origin(String),
    #[error("it was made for another relying party")]
    RelyingParty,
    /// An algorithm, a key or flags that can't be relied on.
    #[error("the credential is not supported: {0}")]
    NotSupported(String),
    #[error("the authenticator did not verify its user")]
    UserVerification,
    #[error("the signature is not the key's")]
    Signature,
    #[error("it contradicts itself or the standard: {0}")]
    Malformed(String),
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed.to_string())
    }
}

impl From<PasskiError> for Refusal {
    fn from(error: PasskiError) -> Self {
        match error {
            PasskiError::ChallengeMismatch => Self::Challenge,
            PasskiError::OriginMismatch { got, .. } => Self::Origin(got),
            PasskiError::CrossOriginNotAllowed => Self::Origin("in a frame of another page".to_owned()),
            PasskiError::RpIdHashMismatch => Self::RelyingParty,
            PasskiError::UserVerificationRequired => Self::UserVerification,
            PasskiError::SignatureVerificationFailed => Self::Signature,
            PasskiError::UserNotPresent
            | PasskiError::InvalidBackupFlags
            | PasskiError::NoAttestedCredentialData
            | PasskiError::UnsupportedAlgorithm(_)
            | PasskiError::InvalidCoseKey(_)
            | PasskiError::UnsupportedAttestationFormat(_) => Self::NotSupported(error.to_string()),
            other => Self::Malformed(other.to_string()),
        }
    }
}
