//! What a new password must look like. Reference: user-pools 4.6.

use std::time::Duration;

use api::cognito_idp::UserPoolPolicyType;
use kernel::{ApiError, Code};

/// What a pool wants of passwords, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PasswordPolicy {
    /// In UTF-16 units.
    shortest: usize,
    /// In the order in which a password is checked for them.
    required: Vec<Characters>,
    /// How many former passwords, the current one included, can't be set again.
    pub remembered: usize,
    /// How long a temporary password works. Reference: 4.5.
    pub temporary_validity: Duration,
}

/// The same as a person is told it before they choose one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the members of PasswordPolicy")]
pub struct PasswordRules {
    pub shortest: usize,
    pub lowercase: bool,
    pub uppercase: bool,
    pub numbers: bool,
    pub symbols: bool,
    /// How many former ones can't be set again.
    pub remembered: usize,
}

/// A kind of characters that a password may have to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Characters {
    Lowercase,
    Uppercase,
    Numbers,
    Symbols,
}

/// Who is told, which decides how the sentence begins. Reference: 4.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// SignUp, ChangePassword.
    User,
    /// Who answers a code or a challenge: ConfirmForgotPassword, NEW_PASSWORD_REQUIRED.
    Answering,
    Administrator,
}

const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

/// As the model says of every member that is a password; what answers a challenge is none for the model.
const LONGEST: usize = 256;

/// Where a pool's settings say nothing.
const SHORTEST: usize = 8;
const TEMPORARY_DAYS: u64 = 7;

impl PasswordPolicy {
    /// As a person is told before they choose one.
    pub fn told(&self) -> PasswordRules {
        let has = |kind| self.required.contains(&kind);
        PasswordRules {
            shortest: self.shortest,
            lowercase: has(Characters::Lowercase),
            uppercase: has(Characters::Uppercase),
            numbers: has(Characters::Numbers),
            symbols: has(Characters::Symbols),
            remembered: self.remembered,
        }
    }

    pub fn of(policies: Option<&UserPoolPolicyType>) -> Self {
        let given = policies.and_then(|policies| policies.password_policy.clone());
        let given = given.unwrap_or_default();
        let kinds = [
            (given.require_lowercase, Characters::Lowercase),
            (given.require_uppercase, Characters::Uppercase),
            (given.require_numbers, Characters::Numbers),
            (given.require_symbols, Characters::Symbols),
        ];
        let required = kinds.into_iter().filter(|(required, _)| *required == Some(true));
        let size = |number: Option<i32>| number.and_then(|number| usize::try_from(number).ok());
        let days = given.temporary_password_validity_days;
        let days = days.and_then(|days| u64::try_from(days).ok()).unwrap_or(TEMPORARY_DAYS);
        Self {
            shortest: size(given.minimum_length).unwrap_or(SHORTEST),
            required: required.map(|(_, kind)| kind).collect(),
            remembered: size(given.password_history_size).unwrap_or(0),
            temporary_validity: Duration::from_secs(days * 24 * 3600),
        }
    }

    /// The first rule that `password` breaks. Errors: InvalidPassword.
    pub fn check(&self, password: &str, audience: Audience) -> Result<(), ApiError> {
        let length = password.encode_utf16().count();
        let lacking = || self.required.iter().find(|kind| !password.chars().any(|c| kind.has(c)));
        let broken = if length < self.shortest {
            "Password not long enough"
        } else if let Some(kind) = lacking() {
            kind.rule()
        } else if length > LONGEST {
            "Password too long"
        } else if password.trim() != password {
            r"Password must satisfy regular expression pattern: ^\S.*\S$"
        } else {
            return Ok(());
        };
        let head = match audience {
            Audience::User => "Password did not conform with policy",
            Audience::Answering => "Password does not conform to policy",
            Audience::Administrator => "Password did not conform with password policy",
        };
        Err(ApiError::new(Code::InvalidPassword, format!("{head}: {broken}")))
    }

    /// A temporary password that satisfies every policy: all four kinds, at least eight characters, no look-alike quotes
    /// that a mail template would have to escape.
    pub fn generate(&self, rng: &dyn kernel::Rng) -> String {
        let length = self.shortest.max(8);
        let pick = |alphabet: &str| {
            let letters: Vec<char> = alphabet.chars().collect();
            let index = kernel::decimal(rng, 6).parse::<usize>().unwrap_or(0) % letters.len();
            letters.get(index).copied().unwrap_or('x')
        };
        let kinds = [
            "abcdefghijkmnpqrstuvwxyz",
            "ABCDEFGHJKLMNPQRSTUVWXYZ",
            "23456789",
            "!@#%*?-_=",
        ];
        let mut password: String = kinds.iter().map(|kind| pick(kind)).collect();
        password.push_str(&kernel::base62(rng, length - kinds.len()));
        password
    }
}

impl Characters {
    fn has(self, c: char) -> bool {
        match self {
            Self::Lowercase => c.is_lowercase(),
            Self::Uppercase => c.is_uppercase(),
            Self::Numbers => c.is_ascii_digit(),
            Self::Symbols => SYMBOLS.contains(c),
        }
    }

    fn rule(self) -> &'static str {
        match self {
            Self::Lowercase => "Password must have lowercase characters",
            Self::Uppercase => "Password must have uppercase characters",
            Self::Numbers => "Password must have numeric characters",
            Self::Symbols => "Password must have symbol characters",
        }
    }
}

#[cfg(test)]
mod tests {
    use api::cognito_idp::PasswordPolicyType;

    use super::*;

    fn default_policy() -> PasswordPolicyType {
        PasswordPolicyType {
            minimum_length: Some(8),
            require_lowercase: Some(true),
            require_uppercase: Some(true),
            require_numbers: Some(true),
            require_symbols: Some(true),
            ..PasswordPolicyType::default()
        }
    }

    fn parsed(policy: PasswordPolicyType) -> PasswordPolicy {
        PasswordPolicy::of(Some(&UserPoolPolicyType {
            password_policy: Some(policy),
            ..UserPoolPolicyType::default()
        }))
    }

    #[test]
    fn one_broken_rule_is_named_at_a_time() {
        let cases = [
            ("Aa1!", "Password not long enough"),
            ("AAAAAA1!", "Password must have lowercase characters"),
            ("aaaaaa1!", "Password must have uppercase characters"),
            ("aaaaaaA!", "Password must have numeric characters"),
            ("aaaaaaA1", "Password must have symbol characters"),
            (
                "aaaaaA1! ",
                r"Password must satisfy regular expression pattern: ^\S.*\S$",
            ),
        ];
        let heads = [
            (Audience::User, "Password did not conform with policy: "),
            (Audience::Answering, "Password does not conform to policy: "),
            (
                Audience::Administrator,
                "Password did not conform with password policy: ",
            ),
        ];
        for (password, rule) in cases {
            for (audience, head) in heads {
                let refusal = parsed(default_policy()).check(password, audience).unwrap_err();
                assert_eq!(refusal.message(), format!("{head}{rule}"));
            }
        }
        assert!(parsed(default_policy()).check("aaaaaA1!", Audience::User).is_ok());
        let lax = parsed(PasswordPolicyType {
            minimum_length: Some(6),
            ..PasswordPolicyType::default()
        });
        assert!(lax.check("aaaaaa", Audience::User).is_ok());
    }

    #[test]
    fn generated_passwords_satisfy_the_policy() {
        for length in [6, 8, 20, 99] {
            let policy = parsed(PasswordPolicyType {
                minimum_length: Some(length),
                ..default_policy()
            });
            for _ in 0..50 {
                let password = policy.generate(&kernel::SystemRng);
                policy.check(&password, Audience::Administrator).unwrap();
            }
        }
    }
}
