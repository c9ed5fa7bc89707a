//! A request as it came in: who sent it, to which of our names, and its head. Read once; whatever is decided about the request
//! is decided from this.

use std::sync::Arc;

use http::{HeaderName, header, request};
use kernel::{Cx, Region, RequestId};
use sigv4::{Authorization, Parts};

use crate::{App, Profile, peer::Peer, place::Place};

pub struct Arrival {
    /// Who sent it, through whichever proxy.
    pub peer: Peer,
    /// What its host name is to us.
    pub place: Place,
    pub head: request::Parts,
}

impl Arrival {
    /// `peer`: who connected.
    pub fn read(app: &App, peer: Peer, head: request::Parts) -> Self {
        let host = head.headers.get(header::HOST);
        // A name that is no text is nobody's.
        let place = host.map_or(Place::Elsewhere, |host| app.place(host.to_str().unwrap_or("\u{0}")));
        Self {
            peer: peer.behind_proxy(app, &head.headers),
            place,
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

    /// `scheme://authority` by which the client called us: what the issuer mode `request` is made from.
    fn base_url(&self, app: &App) -> Arc<str> {
        if let (Some(url), Profile::Serve) = (&app.public_url, app.profile) {
            return Arc::clone(url);
        }
        let host = self.text(&header::HOST).unwrap_or("localhost");
        format!("{}://{host}", self.peer.scheme()).into()
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
