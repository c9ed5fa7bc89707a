//! How it ends: questions with yes and no, and pages with nothing left to ask.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::{Line, Page, Say};

/// Step `device`; `answer`=`yes` or `no`. Template `device`.
#[derive(Clone, Debug, Serialize)]
pub struct RememberDevice {}

/// Whether somebody is signed out whom an application wants to be. Step `sign_out`; `answer`=`yes` or `no`.
#[derive(Clone, Debug, Serialize)]
pub struct SignOut {
    /// Who has signed in.
    pub name: String,
    /// What the application asked for, which comes again with the answer.
    pub fields: Vec<(String, String)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SignedOut {}

/// A heading and a sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    pub heading: Line,
    pub sentence: Line,
    /// Where "Continue" leads; empty: no link.
    pub next: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Error {
    pub heading: Line,
    pub detail: Option<Line>,
    /// The request's number, for who asks the operator; empty: none.
    pub reference: String,
    /// Where "Try again" leads; empty: no link.
    pub again: String,
}

/// The answer of `response_mode=form_post`: goes to the application by itself, or by a button.
#[derive(Clone, Debug, Serialize)]
pub struct FormPost {
    /// The application's redirect address, which the server has found registered.
    pub to: String,
    pub fields: Vec<(String, String)>,
}

/// On by itself, or by a link, to a page of ours: what a form of another site brought goes on as if nobody else had sent it, and what a
/// form of ours asked for leaves the policy of its page behind.
#[derive(Clone, Debug, Serialize)]
pub struct GoOn {
    /// A path of the domain.
    pub to: String,
}

/// Step `user_code`, field `user_code`.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceCode {
    /// As the address that the device showed had it.
    pub user_code: String,
}

/// Step `device_allow`; `answer`=`yes` or `no`, or `back` for another account.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceAllow {
    pub client: String,
    /// Who has signed in.
    pub name: String,
    pub user_code: String,
    pub scopes: Vec<Scope>,
}

/// Whether an application that registered itself is answered. Step `consent`; `answer`=`yes` or `no`.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// As it calls itself.
    pub client: String,
    /// Where the answer goes: a host, or an app's scheme.
    pub place: String,
    /// Who has signed in.
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// A scope, in words where it is OpenID's or the pool's.
#[derive(Clone, Debug)]
pub struct Scope(pub String);

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let key = match self.0.as_str() {
            "openid" => Some("scope_openid"),
            "profile" => Some("scope_profile"),
            "email" => Some("scope_email"),
            "phone" => Some("scope_phone"),
            "aws.cognito.signin.user.admin" => Some("scope_admin"),
            _ => None,
        };
        let mut scope = serializer.serialize_struct("Scope", 2)?;
        scope.serialize_field("key", &key)?;
        scope.serialize_field("text", &self.0)?;
        scope.end()
    }
}

impl Page for RememberDevice {
    const NAME: &'static str = "device";

    fn sample() -> Self {
        Self {}
    }
}

impl Page for SignOut {
    const NAME: &'static str = "sign_out";

    fn sample() -> Self {
        Self {
            name: "ana@example.com".to_owned(),
            fields: vec![("client_id".to_owned(), "1example23456789".to_owned())],
        }
    }
}

impl Page for SignedOut {
    const NAME: &'static str = "signed_out";

    fn sample() -> Self {
        Self {}
    }
}

impl Page for Done {
    const NAME: &'static str = "done";

    fn sample() -> Self {
        Self {
            heading: Say::AccountConfirmed.into(),
            sentence: Say::YouCanSignIn.into(),
            next: "/login?client_id=1example23456789".to_owned(),
        }
    }
}

impl Page for Error {
    const NAME: &'static str = "error";

    fn sample() -> Self {
        Self {
            heading: Say::SomethingWentWrong.into(),
            detail: Some(Say::SessionExpired.into()),
            reference: "1-67a1-sample".to_owned(),
            again: "/login?client_id=1example23456789".to_owned(),
        }
    }
}

impl Page for FormPost {
    const NAME: &'static str = "form_post";

    fn sample() -> Self {
        Self {
            to: "https://app.example.com/callback".to_owned(),
            fields: vec![
                ("code".to_owned(), "2b1f7c1a-sample".to_owned()),
                ("state".to_owned(), "abc".to_owned()),
            ],
        }
    }
}

impl Page for GoOn {
    const NAME: &'static str = "go_on";

    fn sample() -> Self {
        Self {
            to: "/oauth2/idpresponse?code=2b1f7c1a-sample&state=abc".to_owned(),
        }
    }
}

impl Page for DeviceCode {
    const NAME: &'static str = "device_code";

    fn sample() -> Self {
        Self {
            user_code: String::new(),
        }
    }
}

impl Page for Consent {
    const NAME: &'static str = "consent";

    fn sample() -> Self {
        Self {
            client: "Notes Assistant".to_owned(),
            place: "assistant.example.com".to_owned(),
            name: "ana@example.com".to_owned(),
            scopes: ["openid", "email", "notes/read"]
                .map(|scope| Scope(scope.to_owned()))
                .into(),
        }
    }
}

impl Page for DeviceAllow {
    const NAME: &'static str = "device_allow";

    fn sample() -> Self {
        Self {
            client: "Example TV".to_owned(),
            name: "ana@example.com".to_owned(),
            user_code: "WDJB-MJHT".to_owned(),
            scopes: ["openid", "email", "reports/read"]
                .map(|scope| Scope(scope.to_owned()))
                .into(),
        }
    }
}
