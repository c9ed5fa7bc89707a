//! PreventUserExistenceErrors: answers about users who are not there look like those about users who are, cost the same,
//! and run into the same limits. Reference: user-pools 17.2.
//!
//! An unknown name has counters of its own, as a user has. Counters that names share would tell them apart: whoever fills
//! them finds the next unknown name limited before its time, and the next known one not. What bounds the rows instead is
//! time: a counter, and the recovery code that stands for one which was never sent, means nothing an hour after its last
//! use, the sweep takes it within another or two, so there are never more than were asked for in three hours, and each took
//! a request that cost as much as any.

use api::cognito_idp::{CodeDeliveryDetailsType, RecoveryOptionNameType, UserStatusType, VerifiedAttributeType};
use kernel::{ApiError, Cx, Sub, Timestamp};
use store::{
    Stop, Tx,
    records::users::{Doc, User},
};
use vault::Keyring;

use crate::{
    UserPools,
    attempts::{self, Capped},
    codes::{self, Purpose},
    delivery_target::{Target, whatever_the_state},
    errors, names,
    settings::Pool,
};

impl UserPools {
    /// As if a code had been sent to somebody of that name. `user` is who has it but gets none.
    ///
    /// Errors: LimitExceeded and CodeDeliveryFailure, as of [`UserPools::send_code`].
    pub(crate) async fn simulate_code(
        &self,
        cx: &Cx,
        pool: &Pool,
        typed: &str,
        user: Option<&User>,
        purpose: Purpose,
        capped: Capped,
    ) -> Result<CodeDeliveryDetailsType, ApiError> {
        let now = cx.now();
        let stand_in = stand_in(&self.keyring, pool, typed, now);
        let target = user
            .and_then(|user| whatever_the_state(pool, user, purpose))
            .unwrap_or_else(|| guessed_target(&self.keyring, pool, typed, purpose));
        let dispatch = self.dispatch(cx, pool, &stand_in, purpose, &target)?;
        let details = dispatch.details();
        let counted = user.unwrap_or(&stand_in).sub.clone();
        self.store
            .write(move |tx| {
                attempts::count(tx, &stand_in.pool, &counted, capped, now)?;
                // ConfirmForgotPassword tells whether a code was asked for.
                if purpose == Purpose::ForgotPassword {
                    dispatch.pretend(tx, &stand_in.pool, &counted)?;
                }
                Ok(())
            })
            .await?;
        Ok(details)
    }
}

/// What to answer to a recovery code for a user who is not there: as for one who is, whether one was asked for. The
/// attempt is counted. Errors: LimitExceeded.
pub(crate) fn refuse_recovery_code(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    pool: &Pool,
    typed: &str,
    now: Timestamp,
) -> Result<ApiError, Stop> {
    count_unknown(tx, keyring, pool, typed, Capped::ForgotPassword, now)?;
    let sub = stand_in_sub(keyring, pool, typed);
    let asked = codes::in_force(tx, &pool.id, &sub, Purpose::ForgotPassword, now)?.is_some();
    Ok(if asked {
        errors::code_mismatch()
    } else {
        errors::code_expired()
    })
}

/// Counts an attempt to answer for a user who is not there. Errors: LimitExceeded.
pub(crate) fn count_unknown(
    tx: &mut Tx<'_>,
    keyring: &Keyring,
    pool: &Pool,
    typed: &str,
    capped: Capped,
    now: Timestamp,
) -> Result<(), Stop> {
    attempts::count(tx, &pool.id, &stand_in_sub(keyring, pool, typed), capped, now)
}

/// A user who is nowhere stored, the same for a name each time.
fn stand_in(keyring: &Keyring, pool: &Pool, typed: &str, now: Timestamp) -> User {
    User {
        pool: pool.id.clone(),
        sub: stand_in_sub(keyring, pool, typed),
        username: typed.to_owned(),
        status: UserStatusType::Confirmed.as_str().to_owned(),
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
            attribute: "email",
            address: typed.to_owned(),
        };
    }
    if names::is_phone_number(typed) && pool.sends_texts() {
        return Target {
            attribute: "phone_number",
            address: typed.to_owned(),
        };
    }
    let [a, b, c, d, ..] = keyring.unknown_user(&pool.id, &names::normal(pool, typed)).address;
    if goes_by_phone(pool, purpose) {
        let digits = u16::from_be_bytes([c, d]) % 10_000;
        return Target {
            attribute: "phone_number",
            address: format!("+1555000{digits:04}"),
        };
    }
    let letter = |byte: u8| char::from(b'a' + byte % 26);
    Target {
        attribute: "email",
        address: format!("{}@{}", letter(a), letter(b)),
    }
}

/// The medium that most users of the pool get their codes by, as far as its settings tell.
fn goes_by_phone(pool: &Pool, purpose: Purpose) -> bool {
    if !pool.sends_texts() {
        return false;
    }
    let setting = pool.settings.account_recovery_setting.as_ref();
    let first = setting
        .and_then(|s| s.recovery_mechanisms.as_ref())
        .and_then(|mechanisms| mechanisms.iter().min_by_key(|m| m.priority));
    match first {
        Some(mechanism) if purpose == Purpose::ForgotPassword => {
            mechanism.name == RecoveryOptionNameType::VerifiedPhoneNumber
        }
        _ => pool.auto_verifies(VerifiedAttributeType::PhoneNumber),
    }
}
