//! What SAML identity providers say of themselves: a file that somebody gave, or a document that they publish. Reference:
//! oauth-and-federation 11.1.

use std::time::Duration;

use http::StatusCode;
use kernel::Timestamp;
use saml::{IdentityProvider, NotMetadata};
use upstream::{Address, Reach, Upstream};

/// How long a published document is taken. Reference: oauth-and-federation 11.1.
pub(crate) const LIFE: Duration = Duration::from_secs(6 * 3600);

/// Bytes of a document.
const LARGEST: usize = 131_072;
const XML: &str = "application/samlmetadata+xml, application/xml;q=0.9, */*;q=0.1";

/// What is configured now. `now`: true time. Errors: in words of ours.
pub(crate) fn configured(metadata: &str, reach: Reach, now: Timestamp) -> Result<IdentityProvider, String> {
    reachable(IdentityProvider::configured(metadata, now), reach)
}

/// What was configured before and is read anew: certificates that have expired since count still.
pub(crate) fn renewed(metadata: &str, reach: Reach) -> Result<IdentityProvider, String> {
    reachable(IdentityProvider::read(metadata), reach)
}

fn reachable(read: Result<IdentityProvider, NotMetadata>, reach: Reach) -> Result<IdentityProvider, String> {
    let idp = read.map_err(|error| error.to_string())?;
    let logout = idp.slo.iter().flat_map(|slo| [&slo.requests, &slo.responses]);
    let is_safe = |address: &String| reach == Reach::Anywhere || address.starts_with("https://");
    if std::iter::once(&idp.sso).chain(logout).all(is_safe) {
        Ok(idp)
    } else {
        Err("an address does not start with https://".to_owned())
    }
}

/// The document at an address. Errors: for the log.
pub(crate) async fn fetched(upstream: &Upstream, url: &str) -> Result<String, String> {
    let address = Address::of_tenant(url).map_err(|error| error.to_string())?;
    let answer = upstream.document(address, XML, LARGEST).await;
    let answer = answer.map_err(|error| error.to_string())?;
    if answer.status != StatusCode::OK {
        return Err(format!("status {}", answer.status));
    }
    String::from_utf8(answer.body.to_vec()).map_err(|error| error.to_string())
}
