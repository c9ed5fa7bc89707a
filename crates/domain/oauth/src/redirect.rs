//! Back to the app: where an authorization request is answered, in the query of its address or after its `#`. Reference:
//! oauth-and-federation 3.4, 3.6.

use crate::parameters::encode;

/// How an app wants its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Response {
    Query,
    Fragment,
    /// A form that the browser posts (OAuth 2.0 Form Post Response Mode).
    Form,
}

/// An answer to an app, by way of the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub uri: String,
    pub response: Response,
    pub members: Vec<(String, String)>,
}

impl Redirect {
    /// The address that the browser goes to. Of a form it is the bare address.
    pub fn location(&self) -> String {
        let members = || encode(self.members.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        match self.response {
            Response::Query => {
                let join = if self.uri.contains('?') { '&' } else { '?' };
                format!("{}{join}{}", self.uri, members())
            }
            Response::Fragment => format!("{}#{}", self.uri, members()),
            Response::Form => self.uri.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_query() {
        let members = || {
            vec![
                ("code".to_owned(), "a b".to_owned()),
                ("state".to_owned(), "1&2".to_owned()),
            ]
        };
        for (uri, response, location) in [
            (
                "https://a.example/",
                Response::Query,
                "https://a.example/?code=a+b&state=1%262",
            ),
            (
                "https://a.example/?x=1",
                Response::Query,
                "https://a.example/?x=1&code=a+b&state=1%262",
            ),
            ("myapp://in", Response::Fragment, "myapp://in#code=a+b&state=1%262"),
            ("https://a.example/?x=1", Response::Form, "https://a.example/?x=1"),
        ] {
            let redirect = Redirect {
                uri: uri.to_owned(),
                response,
                members: members(),
            };
            assert_eq!(redirect.location(), location);
        }
    }
}
