//! A request as it came in: who sent it, what its host name is to us, and its head. Read once; whatever is decided about the
//! request is decided from this. In dev that is first of all which requests are taken for its developer's own: those may use keys
//! that were never issued, and the doors. A page elsewhere must not get there through the developer's browser, nor a page that
//! somebody put into a bucket.
//!
//! Nothing that a page writes itself is believed about pages of one origin: scripts choose the path of their `Referer`. So
//! what buckets serve never shares an origin with the doors:
//!
//! ```text
//! http://localhost:4566          the doors; buckets' files by path, sandboxed; websites are sent on
//! http://127.0.0.1:4566          websites by path; the inbox page is sent on
//! http://<bucket>.….localhost    a bucket
//! http://localhost:5173          the developer's own pages: trusted
//! ```
//!
//! Programs send none of a browser's signs and are told by the host name alone. decision 14.

use std::sync::Arc;

use http::{HeaderName, Method, header, request};
use iam::Origin;
use kernel::{Cx, Region, RequestId, authority};
use s3::WEBSITE_PATH;
use sigv4::{Authorization, Parts};

use crate::{
    App, Profile,
    alias::AwsHost,
    hosts::{HostKind, is_loopback_name},
    peer::Peer,
};

pub struct Arrival {
    /// Who sent it, through whichever proxy.
    pub peer: Peer,
    pub host_kind: HostKind,
    pub head: request::Parts,
}

impl Arrival {
    /// `peer`: who connected.
    pub fn read(app: &App, peer: Peer, head: request::Parts) -> Self {
        let host = head.headers.get(header::HOST);
        // A name that is no text is nobody's.
        let host_kind = host.map_or(HostKind::Elsewhere, |host| {
            app.hosts.kind(host.to_str().unwrap_or("\u{0}"))
        });
        Self {
            peer: peer.behind_proxy(app, &head.headers),
            host_kind,
            head,
        }
    }

    /// The authority, as the client spelt it; empty if there is none.
    pub fn host(&self) -> &str {
        self.text(&header::HOST).unwrap_or_default()
    }

    pub fn path(&self) -> &str {
        self.head.uri.path()
    }

    pub fn text(&self, name: &HeaderName) -> Option<&str> {
        self.head.headers.get(name)?.to_str().ok()
    }

    /// As signatures are made for it.
    pub fn parts(&self) -> Parts<'_> {
        Parts {
            method: self.head.method.as_str(),
            path: self.path(),
            query: self.head.uri.query().unwrap_or(""),
            headers: &self.head.headers,
        }
    }

    /// The region that a signature is made for: the endpoint that the client means.
    pub fn signed_region(&self) -> Option<Region> {
        let authorization = Authorization::find(&self.parts()).ok()?;
        authorization.map(|authorization| authorization.scope.region)
    }

    /// The context of this request. `region` is the one that it names, if it names one.
    pub fn cx(&self, app: &App, region: Option<Region>) -> Cx {
        let user_agent = self.text(&header::USER_AGENT);
        Cx {
            request_id: RequestId::random(app.env.rng.as_ref()),
            region: region
                .or_else(|| self.region_of_host(app))
                .or_else(|| user_agent.and_then(region_of_user_agent))
                .unwrap_or_else(|| app.env.default_region.clone()),
            base_url: self.base_url(app),
            source_ip: self.peer.ip,
            user_agent: user_agent.map(Arc::from),
            referer: self.text(&header::REFERER).map(Arc::from),
            secure: self.peer.secure,
            caller: None,
            env: Arc::clone(&app.env),
        }
    }

    /// Of AWS's host names, which stand in for it.
    fn region_of_host(&self, app: &App) -> Option<Region> {
        match app.hosts.alias.find(authority::host(self.host()))? {
            AwsHost::Api(region) => Some(region),
            AwsHost::S3 | AwsHost::Gateway => None,
        }
    }

    /// `scheme://authority` by which the client called us: what the issuer mode `request` is made from.
    fn base_url(&self, app: &App) -> Arc<str> {
        if let (Some(url), Profile::Serve) = (&app.public_url, app.profile) {
            return Arc::clone(url);
        }
        let host = self.text(&header::HOST).unwrap_or("localhost");
        format!("{}://{host}", self.peer.scheme()).into()
    }

    /// Whether dev may take the request for its developer's own.
    pub fn origin(&self, app: &App) -> Origin {
        if self.is_own(app) { Origin::Own } else { Origin::Foreign }
    }

    fn is_own(&self, app: &App) -> bool {
        if matches!(
            self.host_kind,
            HostKind::Elsewhere | HostKind::Own | HostKind::PublicBucket | HostKind::Domain
        ) {
            return false;
        }
        let host = self.host();
        // Browsers name the page that asks; only GET may come without an Origin, and a Referer's origin is never made up.
        let page = self.sign(&header::ORIGIN).or_else(|| self.sign(&header::REFERER));
        if let Some(page) = page {
            return is_own_page(app, page, host);
        }
        match self.fetch_metadata("sec-fetch-site") {
            // No browser, or a person who typed the address.
            None | Some("none") => true,
            Some("same-origin") => self.host_kind.is_ours(),
            // A page on this machine at another port. Other names of a configured host are others' pages.
            Some("same-site") => self.host_kind != HostKind::Bucket && is_loopback_name(authority::host(host)),
            Some(_) => false,
        }
    }

    /// A browser shows the answer as a page of its own: whoever sent it here can't read it.
    pub fn is_shown(&self) -> bool {
        self.fetch_metadata("sec-fetch-mode") == Some("navigate")
            && self.fetch_metadata("sec-fetch-dest") == Some("document")
    }

    /// Scripts can't set these. Some programs send one or the other, but never `sec-fetch-site`.
    fn fetch_metadata(&self, name: &'static str) -> Option<&str> {
        self.sign(&HeaderName::from_static(name))
    }

    /// One of a browser's signs: what is no text is there all the same.
    fn sign(&self, name: &HeaderName) -> Option<&str> {
        let value = self.head.headers.get(name);
        value.map(|value| value.to_str().unwrap_or("\u{0}"))
    }

    /// How what a bucket answers is to be shown, if this goes to one.
    pub fn showing(&self, app: &App) -> Showing {
        if self.host_kind.is_bucket() {
            return Showing::AsItIs;
        }
        // Whatever spelling of this path is not recognised here is sandboxed.
        if !self.path().starts_with(WEBSITE_PATH) {
            return Showing::Sandboxed;
        }
        match self.host_kind {
            HostKind::Localhost if app.doors.is_some() && self.only_looks() => {
                let is_v6 = self.peer.ip.is_some_and(|ip| ip.to_canonical().is_ipv6());
                Showing::At(if is_v6 { "[::1]" } else { "127.0.0.1" })
            }
            // There is no other name to show it under.
            HostKind::Configured if app.doors.is_some() => Showing::Sandboxed,
            // The pages of hosted login have this origin too: a script of a bucket's could use them as their person does.
            _ if app.doors.is_none() => Showing::Sandboxed,
            _ => Showing::AsItIs,
        }
    }

    pub fn only_looks(&self) -> bool {
        matches!(self.head.method, Method::GET | Method::HEAD)
    }
}

/// How what a bucket serves is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    /// Under an origin that is nobody else's, or as nothing that a browser shows.
    AsItIs,
    Sandboxed,
    /// Under this other name of this host, which is another origin to browsers.
    At(&'static str),
}

/// `page`: an Origin, or a Referer. `host`: the request's own.
fn is_own_page(app: &App, page: &str, host: &str) -> bool {
    let rest = page.strip_prefix("http://").or_else(|| page.strip_prefix("https://"));
    let Some(authority) = rest.and_then(|rest| rest.split(['/', '?', '#']).next()) else {
        return false;
    };
    match app.hosts.kind(authority) {
        HostKind::Localhost | HostKind::Configured => true,
        HostKind::Loopback => authority::port(authority) != authority::port(host),
        HostKind::Domain
        | HostKind::Bucket
        | HostKind::PublicBucket
        | HostKind::Own
        | HostKind::Api
        | HostKind::Storage
        | HostKind::Elsewhere => false,
    }
}

/// SDKs say the region they are configured for: `... region/eu-west-1`. Clients that call unsigned name it nowhere else.
fn region_of_user_agent(text: &str) -> Option<Region> {
    let region = text.split(' ').find_map(|word| word.strip_prefix("region/"))?;
    let fine = region
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (fine && (5..=32).contains(&region.len())).then(|| Region::new(region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_is_read_from_the_sdks_word() {
        let found = region_of_user_agent("Boto3/1.43 md/Botocore region/eu-west-1 cfg/retry-mode#legacy");
        assert_eq!(found, Some(Region::new("eu-west-1")));
        assert_eq!(region_of_user_agent("curl/8"), None);
        assert_eq!(region_of_user_agent("x region/../../etc"), None);
    }
}
