//! The first ceremony: an authenticator made a credential.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use passki::{RegistrationCredential, RegistrationState, StoredPasskey};
use serde_json::{Value, json};

use crate::{
    Expected, Malformed, Refusal,
    client::{Answer, text},
    key,
};

/// An answer to the options of a registration, read and not verified (the standard's `RegistrationResponseJSON`).
pub struct Registration {
    answer: Answer,
    credential: RegistrationCredential,
    attachment: Option<Attachment>,
    transports: Vec<String>,
}

/// How an authenticator is tied to the device that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    Platform,
    CrossPlatform,
}

/// A credential that was verified: what of it is to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// base64url.
    pub credential_id: String,
    /// As COSE spells it.
    pub public_key: Vec<u8>,
    pub counter: u32,
    /// Which kind of authenticator says to have made it; proved by nothing.
    pub aaguid: [u8; 16],
    pub attachment: Option<Attachment>,
    /// How it can be reached, in the standard's words.
    pub transports: Vec<String>,
    /// Whether it can be copied to other devices, which never changes.
    pub backup_eligible: bool,
    pub backed_up: bool,
}

/// Others are forgotten: whoever lists them back to a browser has it refuse.
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// The longest credential id that the standard allows. Bytes.
const LONGEST_ID: usize = 1023;

impl Registration {
    /// Errors: [`Malformed`]. What browsers' `toJSON` gives beside the two members that are verified must be there in part, as AWS
    /// wants it. Reference: user-pools 7.3.
    pub fn read(credential: &Value) -> Result<Self, Malformed> {
        let answer = Answer::of(credential)?;
        let response = credential.get("response").ok_or(Malformed)?;
        let beside = ["transports", "publicKey", "authenticatorData"];
        if !beside
            .iter()
            .any(|name| response.get(name).is_some_and(|member| !member.is_null()))
        {
            return Err(Malformed);
        }
        let transports = match response.get("transports") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(listed)) => known(listed),
            Some(_) => return Err(Malformed),
        };
        let picked = json!({
            "rawId": answer.credential_id,
            "response": {
                "clientDataJSON": answer.client_data_json,
                "attestationObject": text(response, "/attestationObject")?,
            },
        });
        Ok(Self {
            attachment: Attachment::of(credential),
            transports,
            credential: serde_json::from_value(picked).map_err(|_| Malformed)?,
            answer,
        })
    }

    /// The challenge that it says to answer; proved by nothing yet.
    pub fn challenge(&self) -> &[u8] {
        self.answer.challenge()
    }

    pub fn verify(self, expected: &Expected<'_>) -> Result<Registered, Refusal> {
        let library = self.answer.library(expected)?;
        let made = library.finish_passkey_registration(&self.credential, &state(expected)?)?;
        key::algorithm(&made.public_key)?;
        let StoredPasskey {
            credential_id,
            public_key,
            counter,
            aaguid,
            be,
            bs,
            ..
        } = made;
        if credential_id.is_empty() || credential_id.len() > LONGEST_ID {
            return Err(Malformed.into());
        }
        Ok(Registered {
            credential_id: BASE64_URL_SAFE_NO_PAD.encode(credential_id),
            public_key,
            counter,
            aaguid,
            attachment: self.attachment,
            transports: self.transports,
            backup_eligible: be,
            backed_up: bs,
        })
    }
}

impl Attachment {
    /// None where the browser does not say, or says something new.
    fn of(credential: &Value) -> Option<Self> {
        match credential.get("authenticatorAttachment")?.as_str()? {
            "platform" => Some(Self::Platform),
            "cross-platform" => Some(Self::CrossPlatform),
            _ => None,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::CrossPlatform => "cross-platform",
        }
    }
}

fn known(listed: &[Value]) -> Vec<String> {
    let said: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
    let known = TRANSPORTS.iter().filter(|transport| said.contains(transport));
    known.map(|transport| (*transport).to_owned()).collect()
}

/// What the library would have kept since the options were given out; its form is known by serde alone.
fn state(expected: &Expected<'_>) -> Result<RegistrationState, Malformed> {
    let state = json!({
        "challenge": expected.challenge,
        "user": {"id": "", "name": "", "displayName": ""},
        "user_verification": expected.user_verification.as_str(),
    });
    serde_json::from_value(state).map_err(|_| Malformed)
}
