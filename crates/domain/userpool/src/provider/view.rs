//! Providers are printed as the operations print them. Reference: oauth-and-federation 10.2.

use api::cognito_idp::{IdentityProviderType, ProviderDescription};
use kernel::PoolId;

use super::{Provider, kind, secret::PRIVATE_KEY};

/// With the details that nobody gives, and without the key that is never shown.
pub(crate) fn described(pool: &PoolId, provider: &Provider) -> IdentityProviderType {
    let settings = provider.settings.clone();
    let mut details = settings.provider_details.unwrap_or_default();
    details.remove(PRIVATE_KEY);
    let read_only = kind::read_only(settings.provider_type.unwrap_or_default(), &details);
    details.extend(read_only);
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

pub(crate) fn listed(provider: &Provider) -> ProviderDescription {
    ProviderDescription {
        provider_name: Some(provider.name.clone()),
        provider_type: provider.settings.provider_type,
        last_modified_date: Some(provider.modified),
        creation_date: Some(provider.created),
    }
}
