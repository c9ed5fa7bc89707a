//! Registering a passkey: what the browser is asked for, and what is made of its answer. Reference: user-pools 7.2, 7.3.

use api::cognito_idp::AuthFactorType;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{ApiError, ClientId, Cx};
use serde_json::{Value, json};
use store::{
    Stop, Tx,
    records::{
        passkeys::{self, Passkey},
        users::{self, User},
    },
};
use vault::Keyring;
use webauthn::{ALGORITHMS, Expected, Refusal, Registered, Registration, RelyingParty};

use super::{
    challenge::{self, Challenge},
    names,
};
use crate::{
    errors::{self as sentences, passkeys as errors},
    pool::{Pool, passkeys::Passkeys},
    user::standing::may_register_factor,
};

/// How many passkeys a user may have.
const MOST: i64 = 20;

/// How long a browser waits for its user. Milliseconds.
const TIMEOUT: u32 = 60_000;

/// Errors: WebAuthnNotEnabled, NotAuthorized (a user of a provider).
pub(crate) fn may_begin(pool: &Pool, user: &User) -> Result<(), ApiError> {
    if pool.first_factors.allows(AuthFactorType::WebAuthn) {
        may_register_factor(user)
    } else {
        Err(errors::not_enabled())
    }
}

/// Who registers one, and where.
#[derive(Clone, Copy)]
pub(crate) struct Registrar<'a> {
    pub pool: &'a Pool,
    pub user: &'a User,
    pub client: &'a ClientId,
    /// The pool's, as the page can use them.
    pub settings: &'a Passkeys,
}

/// The options of `navigator.credentials.create`. `held` are the user's passkeys.
///
/// Errors: WebAuthnConfigurationMissing, LimitExceeded.
pub(crate) fn options(
    keyring: &Keyring,
    cx: &Cx,
    Registrar {
        pool,
        user,
        client,
        settings,
    }: Registrar<'_>,
    held: &[Passkey],
) -> Result<Value, ApiError> {
    let relying_party = settings.relying_party.as_ref();
    let id = relying_party.ok_or_else(errors::configuration_missing)?.id();
    check_room(i64::try_from(held.len()).unwrap_or(i64::MAX))?;
    let challenge = challenge::draw(keyring, cx, (&pool.id, &user.sub), client)?;
    let algorithms: Value = ALGORITHMS
        .iter()
        .map(|algorithm| json!({"type": "public-key", "alg": algorithm}))
        .collect();
    let excluded: Value = held
        .iter()
        .map(|passkey| json!({"type": "public-key", "id": passkey.credential}))
        .collect();
    Ok(json!({
        "challenge": challenge,
        "rp": {"id": id, "name": id},
        "user": {
            "id": BASE64_URL_SAFE_NO_PAD.encode(user.sub.as_str()),
            "name": user.username,
            "displayName": user.username,
        },
        "pubKeyCredParams": algorithms,
        "timeout": TIMEOUT,
        "excludeCredentials": excluded,
        "authenticatorSelection": {
            "requireResidentKey": true,
            "residentKey": "required",
            "userVerification": settings.user_verification.as_str(),
        },
    }))
}

/// A passkey that may be kept, once.
pub(crate) struct Made {
    challenge: Challenge,
    passkey: Passkey,
}

/// What the browser's answer is worth.
///
/// Errors: InvalidParameter, WebAuthnChallengeNotFound, WebAuthnClientMismatch, WebAuthnOriginNotAllowed,
/// WebAuthnRelyingPartyMismatch, WebAuthnCredentialNotSupported, WebAuthnNotEnabled.
pub(crate) fn judged(
    keyring: &Keyring,
    cx: &Cx,
    Registrar {
        pool,
        user,
        client,
        settings,
    }: Registrar<'_>,
    credential: &Value,
) -> Result<Made, ApiError> {
    let relying_party = settings.relying_party.as_ref();
    let relying_party = relying_party.ok_or_else(errors::not_enabled)?;
    let answer = Registration::read(credential).map_err(|why| errors::credential_not_valid().because(why))?;
    let given = answer.challenge().to_vec();
    let challenge = Challenge::open(keyring, cx, (&pool.id, &user.sub), client, &given)?;
    let expected = Expected {
        relying_party,
        challenge: &given,
        user_verification: settings.user_verification,
    };
    let registered = answer.verify(&expected).map_err(|refusal| told(&refusal))?;
    let passkey = kept(registered, relying_party, cx);
    Ok(Made { challenge, passkey })
}

/// Keeps it. A refusal here spends the challenge too.
///
/// Errors: WebAuthnChallengeNotFound (used before), LimitExceeded, InvalidParameter (registered before), NotAuthorized.
pub(crate) fn keep(tx: &mut Tx<'_>, user: &User, made: &Made) -> Result<(), Stop> {
    let (pool, sub) = (&user.pool, &user.sub);
    if !made.challenge.spend(tx, pool)? {
        return Err(errors::challenge_not_found().into());
    }
    if users::by_sub(tx, pool, sub)?.is_none() {
        return Err(sentences::access_token_revoked().into());
    }
    check_room(passkeys::count(tx, pool, sub)?)?;
    if passkeys::insert(tx, pool, sub, &made.passkey)? {
        Ok(())
    } else {
        Err(errors::registered_before().into())
    }
}

fn check_room(held: i64) -> Result<(), ApiError> {
    if held < MOST { Ok(()) } else { Err(errors::too_many()) }
}

fn kept(registered: Registered, relying_party: &RelyingParty, cx: &Cx) -> Passkey {
    Passkey {
        name: names::friendly(&registered),
        credential: registered.credential_id,
        public_key: registered.public_key,
        counter: registered.counter.into(),
        relying_party: relying_party.id().to_owned(),
        attachment: registered.attachment.map(|attachment| attachment.as_str().to_owned()),
        transports: registered.transports.join(" "),
        backup_eligible: registered.backup_eligible,
        backed_up: registered.backed_up,
        created: cx.now(),
        used_at: None,
        stepped_back: None,
    }
}

fn told(refusal: &Refusal) -> ApiError {
    let told = match refusal {
        Refusal::Challenge => errors::challenge_not_found(),
        Refusal::Origin(_) => errors::origin_not_allowed(),
        Refusal::RelyingParty => errors::relying_party_mismatch(),
        Refusal::NotSupported(_) | Refusal::UserVerification => errors::credential_not_supported(),
        Refusal::Signature | Refusal::Malformed(_) => errors::credential_not_valid(),
    };
    told.because(refusal)
}
