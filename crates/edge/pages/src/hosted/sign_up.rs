//! A new account.

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

impl Page for SignUp {
    const NAME: &'static str = "sign_up";

    fn sample() -> Self {
        Self {
            named: Named::Email,
            username: String::new(),
            policy: Policy::sample(),
            attributes: vec![Attribute::sample("name"), Attribute::sample("birthdate")],
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
                attributes: Attribute::ordered(all.into_iter().map(Attribute::sample).collect()),
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
