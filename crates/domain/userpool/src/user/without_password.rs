//! Users who need no password. Reference: user-pools 4.3, 4.5.

use api::cognito_idp::AuthFactorType;
use store::records::{address::Address, users::User};

use super::addresses;
use crate::pool::Pool;

/// Whether they can sign in by a code to an address that they have.
pub(crate) fn is_possible(pool: &Pool, user: &User) -> bool {
    let by_code = [
        (AuthFactorType::EmailOtp, Address::Email),
        (AuthFactorType::SmsOtp, Address::Phone),
    ];
    by_code
        .into_iter()
        .any(|(factor, address)| pool.first_factors.allows(factor) && addresses::present(user, address).is_some())
}
