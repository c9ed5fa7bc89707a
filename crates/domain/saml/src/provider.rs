//! An identity provider, as its metadata describes it.

use kernel::Timestamp;

use crate::{
    certificate::{self, Unfit},
    instant,
    names::{DSIG, METADATA, PROTOCOL, REDIRECT},
    xml::Element,
};

/// Characters of a document. Reference: oauth-and-federation 10.1.
const MAX_CHARACTERS: usize = 131_072;

/// Reference: oauth-and-federation 11.1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    pub entity_id: String,
    /// Where browsers are sent to sign in, by HTTP-Redirect.
    pub sso: String,
    /// None: it knows no single logout by HTTP-Redirect.
    pub slo: Option<SingleLogout>,
    /// What it signs with, DER. One at least.
    pub certificates: Vec<Vec<u8>>,
}

/// By HTTP-Redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SingleLogout {
    pub requests: String,
    /// Where answers to its own requests go.
    pub responses: String,
}

/// Why a document describes no identity provider that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMetadata {
    #[error("the document is larger than {MAX_CHARACTERS} characters")]
    TooLarge,
    #[error("the document is not XML, or of a kind that is not taken")]
    NotXml,
    #[error("the document describes no identity provider of SAML 2.0")]
    NoProvider,
    #[error("the document describes several identity providers")]
    SeveralProviders,
    #[error("the identity provider has no address for signing in by HTTP-Redirect")]
    NoAddress,
    #[error("an address is neither http nor https")]
    Address,
    #[error("the identity provider has no signing certificate")]
    NoCertificate,
    #[error("the document is not valid any more")]
    Expired,
    #[error(transparent)]
    Certificate(#[from] Unfit),
}

impl IdentityProvider {
    /// A document that is configured now: neither it nor a certificate of it has expired.
    pub fn configured(metadata: &str, now: Timestamp) -> Result<Self, NotMetadata> {
        let provider = Self::read(metadata)?;
        for certificate in &provider.certificates {
            certificate::unexpired(certificate, now)?;
        }
        let root = Element::read(metadata).map_err(|_| NotMetadata::NotXml)?;
        let entities = root.all(METADATA, "EntityDescriptor");
        for described in std::iter::once(&root).chain(entities) {
            if let Some(until) = described.attribute("validUntil")
                && instant::read(until).is_none_or(|until| until < now)
            {
                return Err(NotMetadata::Expired);
            }
        }
        Ok(provider)
    }

    /// A document that was configured some time: what has expired since counts still.
    pub fn read(metadata: &str) -> Result<Self, NotMetadata> {
        if metadata.len() > MAX_CHARACTERS {
            return Err(NotMetadata::TooLarge);
        }
        let metadata = metadata.trim_start_matches('\u{FEFF}').trim();
        let root = Element::read(metadata).map_err(|_| NotMetadata::NotXml)?;
        let (entity, provider) = only_provider(&root)?;
        let entity_id = entity.attribute("entityID").filter(|id| !id.is_empty());
        let sso = redirected(provider, "SingleSignOnService")?.ok_or(NotMetadata::NoAddress)?;
        Ok(Self {
            entity_id: entity_id.ok_or(NotMetadata::NoProvider)?.to_owned(),
            sso: sso.requests,
            slo: redirected(provider, "SingleLogoutService")?,
            certificates: certificates(provider)?,
        })
    }
}

fn only_provider(root: &Element) -> Result<(&Element, &Element), NotMetadata> {
    let entities: Vec<&Element> = if root.is(METADATA, "EntityDescriptor") {
        vec![root]
    } else if root.is(METADATA, "EntitiesDescriptor") {
        root.all(METADATA, "EntityDescriptor").collect()
    } else {
        return Err(NotMetadata::NoProvider);
    };
    let providers = entities.into_iter().flat_map(|entity| {
        entity
            .all(METADATA, "IDPSSODescriptor")
            .map(move |found| (entity, found))
    });
    let is_taken = |found: &(&Element, &Element)| {
        let protocols = found.1.attribute("protocolSupportEnumeration").unwrap_or("");
        protocols.split_ascii_whitespace().any(|protocol| protocol == PROTOCOL)
    };
    let mut providers = providers.filter(is_taken);
    let first = providers.next().ok_or(NotMetadata::NoProvider)?;
    match providers.next() {
        None => Ok(first),
        Some(_) => Err(NotMetadata::SeveralProviders),
    }
}

/// The first service of this name by HTTP-Redirect.
fn redirected(provider: &Element, name: &str) -> Result<Option<SingleLogout>, NotMetadata> {
    let mut services = provider.all(METADATA, name);
    let Some(service) = services.find(|service| service.attribute("Binding") == Some(REDIRECT)) else {
        return Ok(None);
    };
    let requests = service.attribute("Location").unwrap_or("");
    let responses = service.attribute("ResponseLocation").unwrap_or(requests);
    for address in [requests, responses] {
        let is_web = ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme));
        if !is_web || address.contains('#') || address.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(NotMetadata::Address);
        }
    }
    Ok(Some(SingleLogout {
        requests: requests.to_owned(),
        responses: responses.to_owned(),
    }))
}

fn certificates(provider: &Element) -> Result<Vec<Vec<u8>>, NotMetadata> {
    let signing = provider
        .all(METADATA, "KeyDescriptor")
        .filter(|key| key.attribute("use").is_none_or(|usage| usage == "signing"));
    let certificates = signing
        .flat_map(|key| key.all(DSIG, "KeyInfo"))
        .flat_map(|info| info.all(DSIG, "X509Data"))
        .flat_map(|data| data.all(DSIG, "X509Certificate"))
        .map(|certificate| certificate::read(&certificate.text));
    let mut found = Vec::new();
    for certificate in certificates {
        let certificate = certificate?;
        if !found.contains(&certificate) {
            found.push(certificate);
        }
    }
    if found.is_empty() {
        return Err(NotMetadata::NoCertificate);
    }
    Ok(found)
}
