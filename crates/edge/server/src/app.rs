//! What every request handler shares.

use std::{net::IpAddr, sync::Arc};

use delivery::Delivery;
use http::{HeaderMap, header};
use iam::Iam;
use identitypool::IdentityPools;
use kernel::{Cx, Env, Region, RequestId};
use s3::S3;
use store::Store;
use tokens::Tokens;
use userpool::UserPools;

/// The two profiles of one program (DESIGN 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Serve,
}

/// The services of one process, and how its edge behaves.
pub struct App {
    pub env: Arc<Env>,
    pub profile: Profile,
    pub store: Store,
    pub tokens: Tokens,
    pub delivery: Delivery,
    pub user_pools: UserPools,
    pub identity_pools: IdentityPools,
    pub iam: Iam,
    pub s3: S3,
    /// The test doors of dev; absent in serve, where their routes do not exist.
    pub doors: Option<Doors>,
    /// Hosts, beside loopback names, under which dev takes unknown keys and opens its doors. DESIGN 4.
    pub trusted_hosts: Vec<String>,
    /// A proxy stands in front and says whom it speaks for.
    pub behind_proxy: bool,
    /// The configured base URL, without a slash at its end. `scheme://host` of the request where there is none.
    pub public_url: Option<Arc<str>>,
    pub version: &'static str,
}

/// What the doors need beside the services.
pub struct Doors {
    /// Moves `now`.
    pub advance: Box<dyn Fn(std::time::Duration) + Send + Sync>,
    /// Makes the server as freshly started.
    pub reset: Box<dyn Fn() -> ResetDone + Send + Sync>,
}

pub type ResetDone = std::pin::Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// How a connection came in.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub ip: Option<IpAddr>,
    pub secure: bool,
}

impl App {
    /// The context of one request. `region` is the one the call names, if it names one.
    pub(crate) fn cx(&self, peer: Peer, headers: &HeaderMap, region: Option<Region>) -> Cx {
        let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
        let user_agent = text(header::USER_AGENT);
        Cx {
            request_id: RequestId::random(self.env.rng.as_ref()),
            region: region
                .or_else(|| user_agent.and_then(region_of_user_agent))
                .unwrap_or_else(|| self.env.default_region.clone()),
            base_url: self.base_url(peer, headers),
            source_ip: peer.ip,
            user_agent: user_agent.map(Arc::from),
            referer: text(header::REFERER).map(Arc::from),
            secure: peer.secure,
            caller: None,
            env: Arc::clone(&self.env),
        }
    }

    /// `scheme://authority` by which the client called us: what the issuer mode `request` is made from.
    fn base_url(&self, peer: Peer, headers: &HeaderMap) -> Arc<str> {
        if let (Some(url), Profile::Serve) = (&self.public_url, self.profile) {
            return Arc::clone(url);
        }
        let scheme = if peer.secure { "https" } else { "http" };
        let host = headers
            .get(header::HOST)
            .and_then(|v| v.to_str().ok())
            .unwrap_or("localhost");
        format!("{scheme}://{host}").into()
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
