//! Why a message of an identity provider is not taken, as apps and logs are told it.

use std::borrow::Cow;

/// Reference: oauth-and-federation 11.6.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    reason: Cow<'static, str>,
    because: Cow<'static, str>,
}

impl Refusal {
    /// What follows `Invalid SAML response received: `.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// For the log. Nothing that the provider says of a person.
    pub fn because(&self) -> &str {
        &self.because
    }

    /// An assertion that was shown before: whoever keeps their ids refuses it so.
    pub const fn already_processed() -> Self {
        Self::new(
            "The response is already processed",
            "an assertion of this id was shown before",
        )
    }

    const fn new(reason: &'static str, because: &'static str) -> Self {
        Self {
            reason: Cow::Borrowed(reason),
            because: Cow::Borrowed(because),
        }
    }
}

pub(crate) fn unreadable(because: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal {
        reason: Cow::Borrowed("SAML message is not readable"),
        because: because.into(),
    }
}

pub(crate) fn signature(because: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal {
        reason: Cow::Borrowed("SAML Response signature is invalid"),
        because: because.into(),
    }
}

/// One for all that can go wrong between a ciphertext and a signature that holds: more would tell an attacker of the plaintext.
pub(crate) const fn decryption() -> Refusal {
    Refusal::new(
        "SAML Response signature is invalid",
        "the encrypted assertion can't be decrypted, or nothing that holds signs it",
    )
}

pub(crate) const fn one_encrypted_assertion() -> Refusal {
    Refusal::new(
        "Responses must contain exactly one Encrypted Assertion",
        "encrypted responses are asked for, and this is none",
    )
}

pub(crate) const fn one_assertion(because: &'static str) -> Refusal {
    Refusal::new("Responses must contain exactly one Assertion", because)
}

pub(crate) const fn audience() -> Refusal {
    Refusal::new(
        "Audience restriction does not name this service provider",
        "the assertion's audience is another or none",
    )
}

pub(crate) const fn condition(because: &'static str) -> Refusal {
    Refusal::new("Assertion is not valid", because)
}

pub(crate) const fn subject(because: &'static str) -> Refusal {
    Refusal::new("Subject confirmation is not valid", because)
}

pub(crate) const fn destination() -> Refusal {
    Refusal::new(
        "Destination is another",
        "the message is addressed to somebody else or nobody",
    )
}

pub(crate) const fn in_response_to(because: &'static str) -> Refusal {
    Refusal::new("InResponseTo does not match the request", because)
}

pub(crate) const fn issuer() -> Refusal {
    Refusal::new("Issuer is not the identity provider", "the issuer is another or none")
}

pub(crate) const fn version() -> Refusal {
    Refusal::new("Version is not 2.0", "another version of SAML")
}

pub(crate) fn status(code: &str) -> Refusal {
    Refusal {
        reason: Cow::Borrowed("Status is not Success"),
        because: Cow::Owned(format!(
            "the provider answers {}",
            code.chars().take(200).collect::<String>()
        )),
    }
}

pub(crate) const fn authentication(because: &'static str) -> Refusal {
    Refusal::new("Assertion has no valid AuthnStatement", because)
}

pub(crate) const fn name_id(because: &'static str) -> Refusal {
    Refusal::new("NameID is missing", because)
}

pub(crate) fn attribute_too_long(name: &str) -> Refusal {
    Refusal {
        reason: Cow::Owned(format!(
            "The value of the attribute {name} must have a length less than or equal to 2048 characters"
        )),
        because: Cow::Borrowed("a value is too long"),
    }
}

pub(crate) fn attribute_characters(name: &str) -> Refusal {
    Refusal {
        reason: Cow::Owned(format!(
            "Invalid user attributes: {name}: The attribute {name} has characters that are not supported"
        )),
        because: Cow::Borrowed("a value has characters of four bytes in UTF-8"),
    }
}

pub(crate) fn attribute(because: &'static str) -> Refusal {
    Refusal::new("Invalid user attributes", because)
}
