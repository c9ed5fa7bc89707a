//! The second ceremony: an authenticator signs with a credential.

use passki::{AuthenticationCredential, AuthenticationState, StoredPasskey};
use serde_json::{Value, json};

use crate::{
    Expected, Malformed, Refusal,
    client::{Answer, decoded, text},
    key,
};

/// An answer to the options of a sign-in, read and not verified (the standard's `AuthenticationResponseJSON`).
pub struct Assertion {
    answer: Answer,
    credential: AuthenticationCredential,
    user_handle: Option<Vec<u8>>,
    flags: u8,
}

/// What was kept of the credential.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// As COSE spells it.
    pub public_key: &'a [u8],
    pub backup_eligible: bool,
}

impl Held<'_> {
    /// A key that everybody can sign with (its private half is 1): verify with it where there is no credential, so that it costs the same, then
    /// refuse.
    pub const NOBODYS_KEY: &'static [u8] = &[
        0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, // x
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
        0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x22, 0x58, 0x20, // y
        0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce,
        0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    ];
}

/// A use of a credential that was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Used {
    /// To be compared with the last one that was seen: the signature proves it, so a step back means two holders of the key.
    pub counter: u32,
    /// By PIN, finger or face.
    pub user_verified: bool,
    pub backed_up: bool,
}

// Bits of the authenticator data's flags, which follow the hash of the relying party's id.
const FLAGS_AT: usize = 32;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;

impl Assertion {
    /// Errors: [`Malformed`].
    pub fn read(credential: &Value) -> Result<Self, Malformed> {
        let answer = Answer::of(credential)?;
        let authenticator_data = text(credential, "/response/authenticatorData")?;
        let flags = *decoded(authenticator_data)?.get(FLAGS_AT).ok_or(Malformed)?;
        let user_handle = match credential.pointer("/response/userHandle") {
            None | Some(Value::Null) => None,
            Some(Value::String(handle)) => Some(decoded(handle)?),
            Some(_) => return Err(Malformed),
        };
        let picked = json!({
            "rawId": answer.credential_id,
            "response": {
                "clientDataJSON": answer.client_data_json,
                "authenticatorData": authenticator_data,
                "signature": text(credential, "/response/signature")?,
            },
        });
        Ok(Self {
            credential: serde_json::from_value(picked).map_err(|_| Malformed)?,
            answer,
            user_handle,
            flags,
        })
    }

    /// base64url.
    pub fn credential_id(&self) -> &str {
        &self.answer.credential_id
    }

    /// Whom the authenticator made the credential for, where it says so.
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.user_handle.as_deref()
    }

    /// The counter is the caller's to judge, after the signature: before it anybody could name one.
    pub fn verify(&self, expected: &Expected<'_>, held: Held<'_>) -> Result<Used, Refusal> {
        let library = self.answer.library(expected)?;
        let mut stored = StoredPasskey::default();
        stored.algorithm = i32::try_from(key::algorithm(held.public_key)?).map_err(|_| Malformed)?;
        stored.public_key = held.public_key.to_vec();
        let used = library.finish_passkey_authentication(&self.credential, &state(expected)?, &stored)?;
        let says = |flag: u8| self.flags & flag != 0;
        if says(BACKUP_ELIGIBLE) != held.backup_eligible {
            return Err(Refusal::NotSupported(
                "its eligibility for backup has changed".to_owned(),
            ));
        }
        Ok(Used {
            counter: used.counter,
            user_verified: says(USER_VERIFIED),
            backed_up: says(BACKED_UP),
        })
    }
}

/// What the library would have kept since the options were given out. Which credentials may answer is the caller's to know.
fn state(expected: &Expected<'_>) -> Result<AuthenticationState, Malformed> {
    let state = json!({
        "challenge": expected.challenge,
        "allowed_credentials": [],
        "user_verification": expected.user_verification.as_str(),
    });
    serde_json::from_value(state).map_err(|_| Malformed)
}
