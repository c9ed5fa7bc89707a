//! Where a code goes: the address and the medium. Reference: user-pools 4.3.

use delivery::Channel;
use store::records::{address::Address, factor::Factor, users::User};

use super::Purpose;
use crate::{mfa::factors, pool::Pool, user::addresses};

/// One address of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub kind: Address,
    pub address: String,
}

impl Target {
    /// The user's present value, if there is one.
    pub fn of(user: &User, kind: Address) -> Option<Self> {
        let address = addresses::present(user, kind)?.to_owned();
        Some(Self { kind, address })
    }

    /// What VerifyUserAttribute is about: the value that waits for its code, else the present one.
    pub fn to_prove(user: &User, kind: Address) -> Option<Self> {
        match user.doc.pending.get(&kind) {
            Some(waiting) => Some(Self {
                kind,
                address: waiting.clone(),
            }),
            None => Self::of(user, kind),
        }
    }

    /// What the caller is shown of it: `t***@e***`, `+*******1234`. Reference: 4.3.
    pub fn masked(&self) -> String {
        let address = &self.address;
        match self.kind {
            Address::Email => {
                let (local, host) = address.rsplit_once('@').unwrap_or((address, ""));
                let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
                format!("{}***@{}***", first(local), first(host))
            }
            Address::Phone => {
                let digits: Vec<char> = address.chars().filter(char::is_ascii_digit).collect();
                let hidden = digits.len().saturating_sub(4);
                let shown: String = digits.iter().skip(hidden).collect();
                format!("+{}{shown}", "*".repeat(hidden))
            }
        }
    }

    pub fn channel(&self) -> Channel {
        match self.kind {
            Address::Email => Channel::Email,
            Address::Phone => Channel::Sms,
        }
    }
}

/// Where the sign-up code goes: to an auto-verified attribute that the user has, the phone before the mail.
pub(crate) fn for_sign_up(pool: &Pool, user: &User) -> Option<Target> {
    [Address::Phone, Address::Email]
        .into_iter()
        .filter(|address| pool.auto_verifies(*address))
        .find_map(|address| Target::of(user, address))
}

/// Where a code would go if the user's state allowed one. Shown where none is sent: the answer must not tell the state.
pub(crate) fn whatever_the_state(pool: &Pool, user: &User, purpose: Purpose) -> Option<Target> {
    let due = match purpose {
        Purpose::ForgotPassword => for_recovery(pool, user).ok(),
        Purpose::SignUp | Purpose::SignedUp | Purpose::Verify(_) => for_sign_up(pool, user),
    };
    due.or_else(|| Target::of(user, Address::Email))
        .or_else(|| Target::of(user, Address::Phone).filter(|_| pool.sends_texts()))
}

/// Why there is no address to recover a password by.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoRecovery {
    AdministratorOnly,
    NothingVerified,
    /// It is a phone number, and the pool sends no text messages.
    NoTexts,
}

/// Where a forgotten password's code goes: AccountRecoverySetting by priority, else phone before mail. An address that proves
/// the second factor does not stand in for the first one too. Reference: 4.7.
pub(crate) fn for_recovery(pool: &Pool, user: &User) -> Result<Target, NoRecovery> {
    let tried = pool.recovery.addresses().ok_or(NoRecovery::AdministratorOnly)?;
    let second = factors::active(&pool.mfa, user);
    let target = tried
        .iter()
        .filter(|address| addresses::is_verified(user, **address) && !second.contains(&factor_of(**address)))
        .find_map(|address| Target::of(user, *address))
        .ok_or(NoRecovery::NothingVerified)?;
    if target.kind == Address::Phone && !pool.sends_texts() {
        return Err(NoRecovery::NoTexts);
    }
    Ok(target)
}

/// The second factor whose codes go to an address.
fn factor_of(address: Address) -> Factor {
    match address {
        Address::Email => Factor::Email,
        Address::Phone => Factor::Sms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_masked_as_cognito_masks_them() {
        for (kind, address, expected) in [
            (Address::Email, "test@test.com", "t***@t***"),
            (Address::Phone, "+12065551234", "+*******1234"),
            (Address::Phone, "+123", "+123"),
        ] {
            let address = address.to_owned();
            assert_eq!(Target { kind, address }.masked(), expected);
        }
    }
}
