//! Signing in by passkey: what the browser is asked for, and what is made of its answer. Pure. Reference: user-pools 7.5.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, Rng, Sub, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::records::passkeys::{Passkey, Use};
use webauthn::{Assertion, Expected, Held};

use super::view;
use crate::{
    errors::{self as sentences, passkeys as errors},
    pool::passkeys::Passkeys,
};

/// How long a browser waits for its user. Milliseconds.
const TIMEOUT: u32 = 180_000;

/// Where the authenticator is. Reference: 15.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Holder {
    /// The device that asks.
    Platform,
    /// One of its own: a security key.
    Roaming,
}

/// As the options spell it.
pub(crate) fn challenge(rng: &dyn Rng) -> String {
    let mut bytes = [0; 16];
    rng.fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Those that can be used on the pages of the pool's relying party as it is now.
pub(crate) fn usable<'a>(settings: &'a Passkeys, held: &'a [Passkey]) -> impl Iterator<Item = &'a Passkey> {
    let id = settings.relying_party.as_ref().map(webauthn::RelyingParty::id);
    held.iter()
        .filter(move |passkey| Some(passkey.relying_party.as_str()) == id)
}

/// The options of `navigator.credentials.get`, as text.
///
/// Errors: InvalidParameter if the pool has no relying party any more.
pub(crate) fn options(settings: &Passkeys, challenge: &str, held: &[Passkey]) -> Result<String, ApiError> {
    let relying_party = settings.relying_party.as_ref();
    let relying_party = relying_party.ok_or_else(sentences::challenge_not_available)?;
    let allowed: Value = usable(settings, held)
        .map(|passkey| {
            json!({
                "type": "public-key",
                "id": passkey.credential,
                "transports": view::transports(passkey),
            })
        })
        .collect();
    let options = json!({
        "challenge": challenge,
        "timeout": TIMEOUT,
        "rpId": relying_party.id(),
        "allowCredentials": allowed,
        "userVerification": settings.user_verification.as_str(),
    });
    Ok(options.to_string())
}

/// Whose passkey an answer says it is by: nothing is proved. Errors: InvalidParameter, NotAuthorized (it names nobody).
pub(crate) fn named(credential: &str) -> Result<Sub, ApiError> {
    let assertion = read(credential)?;
    let handle = assertion
        .user_handle()
        .and_then(|handle| std::str::from_utf8(handle).ok());
    let sub = handle.and_then(Sub::parse);
    sub.ok_or_else(|| sentences::incorrect_username_or_password().because("the credential names no user"))
}

/// Errors: InvalidParameter (it is no credential).
fn read(credential: &str) -> Result<Assertion, ApiError> {
    let json: Value = serde_json::from_str(credential).map_err(|why| errors::credential_not_valid().because(why))?;
    Assertion::read(&json).map_err(|why| errors::credential_not_valid().because(why))
}

/// Who answers.
pub(crate) struct Answering<'a> {
    pub sub: &'a Sub,
    /// Of the user, or what stands in for them where nobody is there.
    pub held: &'a [Passkey],
    pub at: Timestamp,
}

/// What an answer is worth: the use to be remembered, and where the authenticator is. Where the credential is not the
/// user's, it costs the same.
///
/// Errors: InvalidParameter (no credential at all, no relying party), NotAuthorized.
pub(crate) fn judged(
    settings: &Passkeys,
    challenge: &str,
    credential: &str,
    Answering { sub, held, at }: Answering<'_>,
) -> Result<(Use, Holder), ApiError> {
    let relying_party = settings.relying_party.as_ref();
    let relying_party = relying_party.ok_or_else(sentences::challenge_not_available)?;
    let assertion = read(credential)?;
    let challenge = BASE64_URL_SAFE_NO_PAD.decode(challenge).map_err(ApiError::internal)?;
    let expected = Expected {
        relying_party,
        challenge: &challenge,
        user_verification: settings.user_verification,
    };
    let wrong = sentences::incorrect_username_or_password;
    let known = usable(settings, held).find(|passkey| passkey.credential == assertion.credential_id());
    let key = Held {
        public_key: known.map_or(Held::NOBODYS_KEY, |passkey| &passkey.public_key),
        backup_eligible: known.is_some_and(|passkey| passkey.backup_eligible),
    };
    let used = assertion.verify(&expected, key).map_err(|why| wrong().because(why))?;
    let known = known.ok_or_else(|| wrong().because("the credential is not the user's"))?;
    if assertion
        .user_handle()
        .is_some_and(|handle| handle != sub.as_str().as_bytes())
    {
        return Err(wrong().because("the credential was made for another user"));
    }
    let used = Use {
        credential: known.credential.clone(),
        counter: used.counter,
        backed_up: used.backed_up,
        at,
    };
    Ok((used, holder(known)))
}

/// Where browsers did not say, security keys are told by how they are reached.
fn holder(passkey: &Passkey) -> Holder {
    let transports = view::transports(passkey);
    let reached = |how: &[&str]| transports.iter().any(|transport| how.contains(&transport.as_str()));
    match passkey.attachment.as_deref() {
        Some("cross-platform") => Holder::Roaming,
        None if reached(&["usb", "nfc", "ble", "smart-card"]) && !reached(&["internal"]) => Holder::Roaming,
        _ => Holder::Platform,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_security_key_is_no_platform() {
        for (attachment, transports, expected) in [
            (Some("platform"), "", Holder::Platform),
            (Some("cross-platform"), "internal", Holder::Roaming),
            (None, "", Holder::Platform),
            (None, "usb nfc", Holder::Roaming),
            (None, "hybrid internal", Holder::Platform),
            (None, "usb internal", Holder::Platform),
        ] {
            let passkey = Passkey {
                credential: "a".to_owned(),
                public_key: Vec::new(),
                counter: 0,
                name: String::new(),
                relying_party: "example.com".to_owned(),
                attachment: attachment.map(str::to_owned),
                transports: transports.to_owned(),
                backup_eligible: false,
                backed_up: false,
                created: Timestamp::default(),
                used_at: None,
                stepped_back: None,
            };
            assert_eq!(holder(&passkey), expected, "{attachment:?} {transports}");
        }
    }
}
