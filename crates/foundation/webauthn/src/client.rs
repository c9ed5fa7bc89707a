//! What the browser says of a ceremony: the members of its answer, and its client data.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use passki::{ClientData, Passki};
use serde_json::Value;

use crate::{Expected, Malformed, Refusal};

/// An answer's members that both ceremonies have.
pub(crate) struct Answer {
    /// base64url, as it came.
    pub credential_id: String,
    pub client_data_json: String,
    client_data: ClientData,
    challenge: Vec<u8>,
}

impl Answer {
    /// Errors: a member is missing, of another type or no base64url; it is of another kind of credential.
    pub fn of(credential: &Value) -> Result<Self, Malformed> {
        let (id, raw_id) = (text(credential, "/id")?, text(credential, "/rawId")?);
        if id != raw_id || id.is_empty() || text(credential, "/type")? != "public-key" {
            return Err(Malformed);
        }
        decoded(id)?;
        let client_data_json = text(credential, "/response/clientDataJSON")?;
        let client_data = ClientData::from_base64(client_data_json).map_err(|_| Malformed)?;
        let challenge = decoded(&client_data.challenge)?;
        Ok(Self {
            credential_id: id.to_owned(),
            client_data_json: client_data_json.to_owned(),
            client_data,
            challenge,
        })
    }

    /// The challenge that it says to answer; proved by nothing yet.
    pub fn challenge(&self) -> &[u8] {
        &self.challenge
    }

    /// The library's verifier, for the origin of this answer alone, if that is one of the relying party's.
    pub fn library(&self, expected: &Expected<'_>) -> Result<Passki, Refusal> {
        let origin = &self.client_data.origin;
        if !expected.relying_party.allows(origin) {
            return Err(Refusal::Origin(origin.clone()));
        }
        Ok(Passki::new(expected.relying_party.id(), &[origin], ""))
    }
}

pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str, Malformed> {
    value.pointer(pointer).and_then(Value::as_str).ok_or(Malformed)
}

pub(crate) fn decoded(text: &str) -> Result<Vec<u8>, Malformed> {
    BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| Malformed)
}
