//! A provider as its details describe it, read once. Reference: oauth-and-federation 10.2.

use std::collections::BTreeMap;

use http::Method;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{Kind, apple, url::Url};

/// Facebook's, where the provider names none.
const GRAPH_VERSION: &str = "v17.0";

/// It has no Debug, for its secrets are in clear.
pub struct Provider {
    name: String,
    kind: Kind,
    mapping: BTreeMap<String, String>,
    pub(crate) client_id: String,
    pub(crate) secret: ClientSecret,
    /// As they are written.
    pub(crate) scopes: String,
    pub(crate) written: Written,
    saml: Option<Saml>,
}

/// What there is to know of a provider of SAML beside its details. It has no Debug, for keys are in it.
#[derive(Clone)]
pub struct Saml {
    /// As its metadata describes it.
    pub idp: saml::IdentityProvider,
    /// As what it knows us.
    pub entity_id: String,
    /// Signs requests. None: they are not signed.
    pub signing: Option<saml::Key>,
    /// For what assertions are encrypted. None: none that is encrypted is taken.
    pub decryption: Option<saml::Key>,
}

/// By what we prove to a provider who we are.
pub(crate) enum ClientSecret {
    /// A public client.
    None,
    Text(Zeroizing<String>),
    /// Made anew for each use.
    Apple(Box<apple::Key>),
}

/// What the details say of where a provider is. Only OpenID providers' do, but for the version.
pub(crate) struct Written {
    pub issuer: String,
    pub authorize_url: Option<Url>,
    pub token_url: Option<Url>,
    pub attributes_url: Option<Url>,
    pub jwks_uri: Option<Url>,
    /// How userInfo is asked for.
    pub attributes_method: Method,
    /// Of Facebook's API.
    pub graph_version: String,
}

/// Why nobody can come by such a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unusable {
    #[error("the detail `{0}` is missing")]
    Missing(&'static str),
    #[error("the detail `{0}` is no address")]
    Address(&'static str),
    #[error("attributes_request_method is neither GET nor POST")]
    Method,
    #[error("api_version is no version")]
    Version,
    #[error("private_key is no key for ES256")]
    PrivateKey,
    #[error("it is of no kind that is known")]
    Kind,
    #[error("its metadata is not known, or can't be read any more")]
    Metadata,
    #[error("a key of ours for it is missing")]
    Key,
}

impl Provider {
    /// From ProviderDetails and AttributeMapping.
    pub fn read(
        name: &str,
        kind: Kind,
        details: &BTreeMap<String, String>,
        mapping: &BTreeMap<String, String>,
    ) -> Result<Self, Unusable> {
        let details = Details(details);
        let is_saml = kind == Kind::Saml;
        Ok(Self {
            name: name.to_owned(),
            kind,
            mapping: mapping.clone(),
            client_id: if is_saml {
                String::new()
            } else {
                details.needed("client_id")?.to_owned()
            },
            secret: details.secret(kind)?,
            scopes: details.given("authorize_scopes").unwrap_or_default().trim().to_owned(),
            written: details.written(kind)?,
            saml: None,
        })
    }

    /// One of SAML, with what its details do not say.
    #[must_use]
    pub fn with_saml(self, saml: Saml) -> Self {
        Self {
            saml: Some(saml),
            ..self
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// None: it is of another kind.
    pub(crate) fn saml(&self) -> Option<&Saml> {
        self.saml.as_ref().filter(|_| self.kind == Kind::Saml)
    }

    /// By a pool's attributes, which of the provider's they are.
    pub fn mapping(&self) -> &BTreeMap<String, String> {
        &self.mapping
    }
}

struct Details<'a>(&'a BTreeMap<String, String>);

impl Details<'_> {
    /// What is empty is not there.
    fn given(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    fn needed(&self, name: &'static str) -> Result<&str, Unusable> {
        self.given(name).ok_or(Unusable::Missing(name))
    }

    fn secret(&self, kind: Kind) -> Result<ClientSecret, Unusable> {
        let text = |secret: &str| ClientSecret::Text(Zeroizing::new(secret.to_owned()));
        Ok(match kind {
            Kind::Saml => ClientSecret::None,
            Kind::OpenId => self.given("client_secret").map_or(ClientSecret::None, text),
            Kind::Google | Kind::Facebook | Kind::Amazon => text(self.needed("client_secret")?),
            Kind::Apple => {
                let (team, id) = (self.needed("team_id")?, self.needed("key_id")?);
                let key = apple::Key::read(team, id, self.needed("private_key")?);
                ClientSecret::Apple(Box::new(key.ok_or(Unusable::PrivateKey)?))
            }
        })
    }

    fn written(&self, kind: Kind) -> Result<Written, Unusable> {
        let is_open_id = kind == Kind::OpenId;
        let url = |name: &'static str| match self.given(name).filter(|_| is_open_id) {
            None => Ok(None),
            Some(text) => Url::of_tenant(text).map(Some).map_err(|_| Unusable::Address(name)),
        };
        Ok(Written {
            issuer: if is_open_id {
                self.needed("oidc_issuer")?.to_owned()
            } else {
                String::new()
            },
            authorize_url: url("authorize_url")?,
            token_url: url("token_url")?,
            attributes_url: url("attributes_url")?,
            jwks_uri: url("jwks_uri")?,
            attributes_method: match self.given("attributes_request_method") {
                None | Some("GET") => Method::GET,
                Some("POST") => Method::POST,
                Some(_) => return Err(Unusable::Method),
            },
            graph_version: match self.given("api_version").filter(|_| kind == Kind::Facebook) {
                None => GRAPH_VERSION.to_owned(),
                Some(version) if is_version(version) => version.to_owned(),
                Some(_) => return Err(Unusable::Version),
            },
        })
    }
}

/// It stands in a path.
fn is_version(text: &str) -> bool {
    text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.') && !text.contains("..")
}
