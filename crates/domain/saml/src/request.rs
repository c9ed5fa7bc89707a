//! Sending a browser to an identity provider to sign in.

use kernel::{Rng, Timestamp};

use crate::{
    ServiceProvider,
    key::{Key, KeyError},
    names::{ASSERTION, POST, PROTOCOL},
    provider::IdentityProvider,
    redirect::{self, Kind},
    write::escaped,
};

/// An AuthnRequest. Reference: oauth-and-federation 11.2.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Of [`request_id`].
    pub id: &'a str,
    pub relay_state: &'a str,
    pub now: Timestamp,
    /// None: unsigned.
    pub signing: Option<&'a Key>,
}

/// `_` and a random UUID: an id may not begin with a digit.
pub fn request_id(rng: &dyn Rng) -> String {
    format!("_{}", kernel::uuid(rng))
}

/// Where the browser goes. Errors: the key can't sign.
pub fn sign_in_address(
    idp: &IdentityProvider,
    sp: &ServiceProvider,
    request: &Request<'_>,
) -> Result<String, KeyError> {
    let message = format!(
        r#"<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" ID="{}" Version="2.0" IssueInstant="{}" Destination="{}" AssertionConsumerServiceURL="{}" ProtocolBinding="{POST}"><saml:Issuer xmlns:saml="{ASSERTION}">{}</saml:Issuer></samlp:AuthnRequest>"#,
        escaped(request.id),
        request.now.iso8601(),
        escaped(&idp.sso),
        escaped(&sp.acs),
        escaped(&sp.entity_id),
    );
    let sent = (Kind::Request, message.as_str());
    redirect::address(&idp.sso, sent, Some(request.relay_state), request.signing)
}
