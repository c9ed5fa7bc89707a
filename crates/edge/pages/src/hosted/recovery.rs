//! A password that is forgotten, or chosen anew.

use serde::Serialize;

use super::{Attribute, Named, Page, Policy, Way};

/// Step `forgot`, field `username`; `back`.
#[derive(Clone, Debug, Serialize)]
pub struct Forgot {
    pub named: Named,
    pub username: String,
}

/// Step `reset`, fields `code`, `new_password`, `new_password_again`; `resend`, `back`.
#[derive(Clone, Debug, Serialize)]
pub struct Reset {
    /// `Email` or `Sms`.
    pub way: Way,
    /// Masked.
    pub destination: String,
    /// What was entered before.
    pub code: String,
    pub policy: Policy,
}

/// Step `new_password`; fields `new_password`, `new_password_again`, `attribute.<name>`.
#[derive(Clone, Debug, Serialize)]
pub struct NewPassword {
    pub policy: Policy,
    /// Required ones that the user has not.
    pub attributes: Vec<Attribute>,
}

impl Page for Forgot {
    const NAME: &'static str = "forgot";

    fn sample() -> Self {
        Self {
            named: Named::Email,
            username: String::new(),
        }
    }
}

impl Page for Reset {
    const NAME: &'static str = "reset";

    fn sample() -> Self {
        Self {
            way: Way::Email,
            destination: "a***@e***".to_owned(),
            code: String::new(),
            policy: Policy::sample(),
        }
    }
}

impl Page for NewPassword {
    const NAME: &'static str = "new_password";

    fn sample() -> Self {
        Self {
            policy: Policy::sample(),
            attributes: vec![Attribute::sample("given_name"), Attribute::sample("phone_number")],
        }
    }
}
