//! What a pool's `iss` is and which spellings of it are accepted. decision 12; reference user-pools 8.1, 15.3.

use kernel::{Cx, PoolId};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssuerMode {
    /// From the request's own address: dev only, because whoever asks chooses the name.
    Request,
    /// The configured base URL.
    Public,
    /// `https://cognito-idp.<region>.amazonaws.com/<pool>`.
    Aws,
    /// `https://issuer-cognito-idp.<region>.amazonaws.com/<pool>`.
    AwsUpdated,
    /// Any other text, as it is.
    Fixed(String),
}

impl IssuerMode {
    /// From what a pool chose, or the server's setting.
    pub fn parse(text: &str) -> Self {
        match text {
            "request" => Self::Request,
            "public" => Self::Public,
            "aws" => Self::Aws,
            "aws-updated" => Self::AwsUpdated,
            other => Self::Fixed(other.to_owned()),
        }
    }
}

/// The server's side of the choice.
#[derive(Clone, Debug)]
pub struct Issuers {
    /// For pools that choose nothing.
    pub default: IssuerMode,
    /// The configured base URL, without a slash at its end.
    pub public_url: Option<String>,
    /// Whether [`IssuerMode::Request`] may be used: in dev.
    pub request_allowed: bool,
}

impl Issuers {
    /// The mode of a pool, which chose `choice` (None: nothing). For AWS's forms `updated` decides which of the two.
    pub fn mode(&self, choice: Option<&str>, updated: bool) -> IssuerMode {
        let mode = choice.map_or_else(|| self.default.clone(), IssuerMode::parse);
        match mode {
            IssuerMode::Aws if updated => IssuerMode::AwsUpdated,
            IssuerMode::Request if !self.request_allowed => IssuerMode::Public,
            mode => mode,
        }
    }

    /// The `iss` of tokens that this request causes.
    pub fn issuer(&self, cx: &Cx, pool: &PoolId, mode: &IssuerMode) -> String {
        match mode {
            IssuerMode::Request => format!("{}/{pool}", cx.base_url),
            IssuerMode::Public => format!("{}/{pool}", self.public_url.as_deref().unwrap_or(&cx.base_url)),
            IssuerMode::Aws => aws("cognito-idp", pool),
            IssuerMode::AwsUpdated => aws("issuer-cognito-idp", pool),
            IssuerMode::Fixed(issuer) => issuer.clone(),
        }
    }

    /// Whether `iss` is a spelling of this pool's issuer. The signature has proved by then that we issued the token for this
    /// pool; in mode `request` it may have been asked for under another of our addresses.
    pub fn accepts(&self, cx: &Cx, pool: &PoolId, mode: &IssuerMode, iss: &str) -> bool {
        match mode {
            IssuerMode::Request => {
                let url = iss.strip_prefix("http://").or_else(|| iss.strip_prefix("https://"));
                url.and_then(|u| u.split_once('/'))
                    .is_some_and(|(_, path)| path == pool.as_str())
            }
            mode => iss == self.issuer(cx, pool, mode),
        }
    }
}

fn aws(host: &str, pool: &PoolId) -> String {
    format!("https://{host}.{}.amazonaws.com/{pool}", pool.region())
}
