//! What a new password must look like. Reference: user-pools 4.6.

use api::cognito_idp::PasswordPolicyType;
use kernel::{ApiError, Code};

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
const LONGEST: i32 = 256;

/// The first rule that `password` breaks. Errors: InvalidPassword.
pub(crate) fn check(policy: &PasswordPolicyType, password: &str, audience: Audience) -> Result<(), ApiError> {
    let has = |wanted: fn(char) -> bool| password.chars().any(wanted);
    let min_length = policy.minimum_length.unwrap_or(8);
    let length = i32::try_from(password.encode_utf16().count()).unwrap_or(i32::MAX);
    let broken = if length < min_length {
        "Password not long enough"
    } else if policy.require_lowercase == Some(true) && !has(char::is_lowercase) {
        "Password must have lowercase characters"
    } else if policy.require_uppercase == Some(true) && !has(char::is_uppercase) {
        "Password must have uppercase characters"
    } else if policy.require_numbers == Some(true) && !has(|c| c.is_ascii_digit()) {
        "Password must have numeric characters"
    } else if policy.require_symbols == Some(true) && !has(|c| SYMBOLS.contains(c)) {
        "Password must have symbol characters"
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
pub(crate) fn generate(policy: &PasswordPolicyType, rng: &dyn kernel::Rng) -> String {
    let length = usize::try_from(policy.minimum_length.unwrap_or(8)).unwrap_or(8).max(8);
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

#[cfg(test)]
mod tests {
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
                let refusal = check(&default_policy(), password, audience).unwrap_err();
                assert_eq!(refusal.message(), format!("{head}{rule}"));
            }
        }
        assert!(check(&default_policy(), "aaaaaA1!", Audience::User).is_ok());
        assert!(
            check(
                &PasswordPolicyType {
                    minimum_length: Some(6),
                    ..Default::default()
                },
                "aaaaaa",
                Audience::User
            )
            .is_ok()
        );
    }

    #[test]
    fn generated_passwords_satisfy_the_policy() {
        for length in [6, 8, 20, 99] {
            let policy = PasswordPolicyType {
                minimum_length: Some(length),
                ..default_policy()
            };
            for _ in 0..50 {
                check(&policy, &generate(&policy, &kernel::SystemRng), Audience::Administrator).unwrap();
            }
        }
    }
}
