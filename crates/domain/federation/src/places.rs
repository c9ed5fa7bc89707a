//! Where Google, Facebook, Amazon and Apple are. Reference: oauth-and-federation 10.2.

use crate::{Kind, Url};

/// The real places, but for those that this server's configuration names others for.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub facebook: Place,
    pub google: Place,
    pub amazon: Place,
    pub apple: Place,
}

/// What takes the place of a provider's addresses. None: the real one.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Where browsers are sent.
    pub authorize_url: Option<Url>,
    pub token_url: Option<Url>,
    /// Where a user's attributes are asked for; which of them goes to its query.
    pub attributes_url: Option<Url>,
    pub jwks_uri: Option<Url>,
    /// As which its ID tokens name it.
    pub oidc_issuer: Option<String>,
}

/// A provider's own addresses.
pub(crate) struct Real {
    pub authorize_url: String,
    pub token_url: String,
    pub attributes_url: Option<String>,
    pub jwks_uri: Option<&'static str>,
    pub oidc_issuer: &'static str,
}

impl Places {
    /// What stands in for the real ones, and those. None: there is more than one such provider in the world. `graph_version`: of Facebook's
    /// API.
    pub(crate) fn of(&self, kind: Kind, graph_version: &str) -> Option<(&Place, Real)> {
        match kind {
            Kind::Facebook => Some((&self.facebook, Real::facebook(graph_version))),
            Kind::Google => Some((&self.google, Real::google())),
            Kind::Amazon => Some((&self.amazon, Real::amazon())),
            Kind::Apple => Some((&self.apple, Real::apple())),
            Kind::OpenId | Kind::Saml => None,
        }
    }
}

impl Real {
    fn facebook(graph_version: &str) -> Self {
        Self {
            authorize_url: format!("https://www.facebook.com/{graph_version}/dialog/oauth"),
            token_url: format!("https://graph.facebook.com/{graph_version}/oauth/access_token"),
            attributes_url: Some(format!("https://graph.facebook.com/{graph_version}/me")),
            jwks_uri: None,
            oidc_issuer: "https://www.facebook.com",
        }
    }

    fn google() -> Self {
        Self {
            authorize_url: "https://accounts.google.com/o/oauth2/v2/auth".to_owned(),
            token_url: "https://www.googleapis.com/oauth2/v4/token".to_owned(),
            attributes_url: Some("https://people.googleapis.com/v1/people/me".to_owned()),
            jwks_uri: Some("https://www.googleapis.com/oauth2/v3/certs"),
            oidc_issuer: "https://accounts.google.com",
        }
    }

    fn amazon() -> Self {
        Self {
            authorize_url: "https://www.amazon.com/ap/oa".to_owned(),
            token_url: "https://api.amazon.com/auth/o2/token".to_owned(),
            attributes_url: Some("https://api.amazon.com/user/profile".to_owned()),
            jwks_uri: None,
            oidc_issuer: "https://www.amazon.com",
        }
    }

    fn apple() -> Self {
        Self {
            authorize_url: "https://appleid.apple.com/auth/authorize".to_owned(),
            token_url: "https://appleid.apple.com/auth/token".to_owned(),
            attributes_url: None,
            jwks_uri: Some("https://appleid.apple.com/auth/keys"),
            oidc_issuer: "https://appleid.apple.com",
        }
    }
}
