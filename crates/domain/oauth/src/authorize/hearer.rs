//! The app that waits for an answer, and how it is told that it gets nothing. Reference: oauth-and-federation 3.4, 3.6.

use std::borrow::Cow;

use crate::{Redirect, Response};

/// Why an app gets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub error: &'static str,
    pub description: Option<Cow<'static, str>>,
}

impl Fault {
    pub const fn new(error: &'static str) -> Self {
        Self {
            error,
            description: None,
        }
    }

    /// A scope that the client does not have. Reference: oauth-and-federation 3.3.
    pub(super) const SCOPE: Self = Self {
        error: "invalid_request",
        description: Some(Cow::Borrowed("invalid_scope")),
    };

    pub(super) const MALFORMED: Self = Self::new("invalid_request");
}

/// An app that waits for an answer.
#[derive(Clone, Copy)]
pub(super) struct Hearer<'a> {
    pub redirect_uri: &'a str,
    pub response: Response,
    pub state: Option<&'a str>,
    pub iss: Option<&'a str>,
}

impl Hearer<'_> {
    /// `members` of the answer, with what goes with each.
    pub fn told(self, mut members: Vec<(String, String)>) -> Redirect {
        members.extend(self.state.map(|state| ("state".to_owned(), state.to_owned())));
        self.sent(members)
    }

    pub fn refusal(self, fault: &Fault) -> Redirect {
        self.told_of(fault.error, fault.description.as_deref())
    }

    /// In the order that Cognito has. Reference: oauth-and-federation 3.6.
    pub fn told_of(self, error: &str, description: Option<&str>) -> Redirect {
        let member = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let error = member("error", error);
        let state = self.state.map(|state| member("state", state));
        let members = match description {
            Some(text) => [Some(member("error_description", text)), state, Some(error)],
            None => [Some(error), state, None],
        };
        self.sent(members.into_iter().flatten().collect())
    }

    fn sent(self, mut members: Vec<(String, String)>) -> Redirect {
        members.extend(self.iss.map(|iss| ("iss".to_owned(), iss.to_owned())));
        Redirect {
            uri: self.redirect_uri.to_owned(),
            response: self.response,
            members,
        }
    }
}
