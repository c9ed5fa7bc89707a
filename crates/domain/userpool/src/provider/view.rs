//! Providers are printed as the operations print them. Reference: oauth-and-federation 10.2.

use api::cognito_idp::{IdentityProviderType, ProviderDescription};
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::PoolId;

use super::{
    Provider,
    kind::{self, CERTIFICATE, SIGN_IN, SIGN_OUT},
    secret::PRIVATE_KEY,
};

/// With the details that nobody gives, and without the key that is never shown.
pub(crate) fn described(pool: &PoolId, provider: &Provider) -> IdentityProviderType {
    let settings = provider.settings.clone();
    let mut details = settings.provider_details.unwrap_or_default();
    details.remove(PRIVATE_KEY);
    let read_only = kind::read_only(settings.provider_type.unwrap_or_default(), &details);
    details.extend(read_only);
    details.extend(of_saml(provider));
    IdentityProviderType {
        user_pool_id: Some(pool.to_string()),
        provider_name: Some(provider.name.clone()),
        provider_details: Some(details),
        idp_identifiers: Some(settings.idp_identifiers.unwrap_or_default()),
        last_modified_date: Some(provider.modified),
        creation_date: Some(provider.created),
        ..settings
    }
}

/// What its metadata and its key say.
fn of_saml(provider: &Provider) -> impl Iterator<Item = (String, String)> {
    let idp = provider.metadata.as_ref();
    let sign_out = idp.and_then(|idp| idp.slo.as_ref()).map(|slo| slo.requests.clone());
    let key = provider.saml_key.as_ref().filter(|_| provider.encrypts());
    let shown = [
        (SIGN_IN, idp.map(|idp| idp.sso.clone())),
        (SIGN_OUT, sign_out),
        (CERTIFICATE, key.map(|key| BASE64_STANDARD.encode(&key.certificate))),
    ];
    let shown = shown.into_iter().filter_map(|(name, value)| Some((name, value?)));
    shown.map(|(name, value)| (name.to_owned(), value))
}

pub(crate) fn listed(provider: &Provider) -> ProviderDescription {
    ProviderDescription {
        provider_name: Some(provider.name.clone()),
        provider_type: provider.settings.provider_type,
        last_modified_date: Some(provider.modified),
        creation_date: Some(provider.created),
    }
}
