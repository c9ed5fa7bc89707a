//! PreventUserExistenceErrors: answers about users who are not there look like those about users who are, cost the same,
//! and run into the same limits. Reference: user-pools 17.2.
//!
//! An unknown name has counters of its own, as a user has. Counters that names share would tell them apart: whoever fills
//! them finds the next unknown name limited before its time, and the next known one not. What bounds the rows instead is
//! time: a counter, and the recovery code that stands for one which was never sent, means nothing an hour after its last
//! use, the sweep takes it within another or two, so there are never more than were asked for in three hours, and each took
//! a request that cost as much as any.

use api::cognito_idp::AuthFactorType;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{Sub, Timestamp};
use store::{
    Stop, Tx,
    records::{
        address::Address,
        passkeys::Passkey,
        status::Status,
        users::{Doc, User},
    },
};
use vault::Keyring;
use webauthn::Held;

use super::{
    limits::{self, Capped},
    names,
};
use crate::{
    code::{Purpose, Target, kept},
    errors,
    pool::{Pool, passkeys::Passkeys, settings::Recovery},
};

/// Refuses a recovery code for a user who is not there: as for one who is, by whether one was asked for. The attempt is
/// counted.
///
/// Errors: LimitExceeded, CodeMismatch or ExpiredCode, always one of them.
pub(crate) fn refuse_recovery_code<T>(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    pool: &Pool,
    typed: &str,
    now: Timestamp,
) -> Result<T, Stop> {
    let sub = stand_in_sub(keyring, pool, typed);
    limits::count(tx, &pool.id, &sub, Capped::ForgotPassword, now)?;
    let asked = kept::in_force(tx, &pool.id, &sub, Purpose::ForgotPassword, now)?.is_some();
    let refusal = if asked {
        errors::code_mismatch()
    } else {
        errors::code_expired()
    };
    Err(refusal.into())
}

/// A user who is nowhere stored, the same for a name each time.
pub(crate) fn stand_in(keyring: &Keyring, pool: &Pool, typed: &str, now: Timestamp) -> User {
    User {
        pool: pool.id.clone(),
        sub: stand_in_sub(keyring, pool, typed),
        username: typed.to_owned(),
        status: Status::Confirmed,
        enabled: true,
        created: now,
        modified: now,
        version: 1,
        doc: Doc::default(),
    }
}

/// Whom attempts are counted against, and what is shown where a user's sub would be.
pub(crate) fn stand_in_sub(keyring: &Keyring, pool: &Pool, typed: &str) -> Sub {
    Sub::new(keyring.unknown_user(&pool.id, &names::normal(pool, typed)).user_id)
}

/// An address that a user of that name might have: the name itself where it is one, else letters derived from it.
pub(crate) fn guessed_target(keyring: &Keyring, pool: &Pool, typed: &str, purpose: Purpose) -> Target {
    if names::is_email(typed) {
        return Target {
            kind: Address::Email,
            address: typed.to_owned(),
        };
    }
    if names::is_phone_number(typed) && pool.sends_texts() {
        return Target {
            kind: Address::Phone,
            address: typed.to_owned(),
        };
    }
    let kind = if goes_by_phone(pool, purpose) {
        Address::Phone
    } else {
        Address::Email
    };
    guessed_address(keyring, pool, typed, kind)
}

/// The same of a given kind.
pub(crate) fn guessed_address(keyring: &Keyring, pool: &Pool, typed: &str, kind: Address) -> Target {
    let [a, b, c, d, ..] = keyring.unknown_user(&pool.id, &names::normal(pool, typed)).address;
    let letter = |byte: u8| char::from(b'a' + byte % 26);
    let address = match kind {
        Address::Email if names::is_email(typed) => typed.to_owned(),
        Address::Phone if names::is_phone_number(typed) => typed.to_owned(),
        Address::Email => format!("{}@{}", letter(a), letter(b)),
        Address::Phone => format!("+1555000{:04}", u16::from_be_bytes([c, d]) % 10_000),
    };
    Target { kind, address }
}

/// The passkeys of a user of that name, where the pool has such: one or none, the same each time, so that who has one is not told
/// from who is not there. Nobody signs in with it.
pub(crate) fn passkeys(keyring: &Keyring, pool: &Pool, (settings, typed): (&Passkeys, &str)) -> Vec<Passkey> {
    let relying_party = settings.relying_party.as_ref();
    let Some(relying_party) = relying_party.filter(|_| pool.first_factors.allows(AuthFactorType::WebAuthn)) else {
        return Vec::new();
    };
    let [has_one, id @ ..] = keyring.unknown_user(&pool.id, &names::normal(pool, typed)).passkey;
    if has_one % 2 == 0 {
        return Vec::new();
    }
    vec![Passkey {
        credential: BASE64_URL_SAFE_NO_PAD.encode(id),
        public_key: Held::NOBODYS_KEY.to_vec(),
        counter: 0,
        name: String::new(),
        relying_party: relying_party.id().to_owned(),
        attachment: None,
        // As phones and password managers have them.
        transports: "hybrid internal".to_owned(),
        backup_eligible: true,
        backed_up: true,
        created: Timestamp::default(),
        used_at: None,
        stepped_back: None,
    }]
}

/// The medium that most users of the pool get their codes by, as far as its settings tell.
fn goes_by_phone(pool: &Pool, purpose: Purpose) -> bool {
    if !pool.sends_texts() {
        return false;
    }
    match &pool.recovery {
        Recovery::Code(addresses) if purpose == Purpose::ForgotPassword => addresses.first() == Some(&Address::Phone),
        Recovery::Administrators if purpose == Purpose::ForgotPassword => false,
        _ => pool.auto_verifies(Address::Phone),
    }
}
