//! Accounts and their passwords.

use serde::Serialize;

use super::{Attribute, Named, Page, Policy, Way};

/// Step `sign_up`; fields `username`, `password`, `attribute.<name>`.
#[derive(Clone, Debug, Serialize)]
pub struct SignUp {
    /// `Username`, `Email`, `Phone` or `EmailOrPhone`: what `username` is.
    pub named: Named,
    pub username: String,
    pub policy: Policy,
    pub attributes: Vec<Attribute>,
    /// Where "Sign in" leads.
    pub sign_in: String,
}

/// Step `confirm`, field `code`; `resend`.
#[derive(Clone, Debug, Serialize)]
pub struct Confirm {
    /// `Email` or `Sms`.
    pub way: Way,
    /// Masked.
    pub destination: String,
}

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

fn attribute(name: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        value: String::new(),
    }
}

impl Page for SignUp {
    const NAME: &'static str = "sign_up";

    fn sample() -> Self {
        Self {
            named: Named::Email,
            username: String::new(),
            policy: Policy::sample(),
            attributes: vec![attribute("name"), attribute("birthdate")],
            sign_in: "/login?client_id=1example23456789".to_owned(),
        }
    }

    fn variants() -> Vec<(&'static str, Self)> {
        let all = [
            "address",
            "birthdate",
            "email",
            "family_name",
            "gender",
            "given_name",
            "locale",
            "middle_name",
            "name",
            "nickname",
            "phone_number",
            "picture",
            "preferred_username",
            "profile",
            "updated_at",
            "website",
            "zoneinfo",
            "custom:team",
        ];
        vec![(
            "everything",
            Self {
                named: Named::Username,
                attributes: Attribute::ordered(all.into_iter().map(attribute).collect()),
                ..Self::sample()
            },
        )]
    }
}

impl Page for Confirm {
    const NAME: &'static str = "confirm";

    fn sample() -> Self {
        Self {
            way: Way::Email,
            destination: "a***@e***".to_owned(),
        }
    }
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
            attributes: vec![attribute("given_name"), attribute("phone_number")],
        }
    }
}
