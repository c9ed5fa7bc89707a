//! CreateIdentityProvider and UpdateIdentityProvider become settings. Reference: user-pools 14.5, oauth-and-federation 10.2.

use std::collections::BTreeMap;

use api::cognito_idp::{CreateIdentityProviderRequest, IdentityProviderType, UpdateIdentityProviderRequest};

use super::{
    Provider,
    kind::{self, USERNAME},
};

pub(crate) fn created(input: CreateIdentityProviderRequest) -> IdentityProviderType {
    completed(IdentityProviderType {
        provider_type: Some(input.provider_type),
        provider_details: Some(input.provider_details),
        attribute_mapping: input.attribute_mapping,
        idp_identifiers: input.idp_identifiers,
        acr_mapping: input.acr_mapping,
        ..IdentityProviderType::default()
    })
}

/// What is omitted stays, what is empty is gone.
pub(crate) fn updated(before: &Provider, input: UpdateIdentityProviderRequest) -> IdentityProviderType {
    let settings = before.settings.clone();
    completed(IdentityProviderType {
        provider_details: input.provider_details.or(settings.provider_details),
        attribute_mapping: input.attribute_mapping.or(settings.attribute_mapping),
        idp_identifiers: input.idp_identifiers.or(settings.idp_identifiers),
        acr_mapping: input.acr_mapping.or(settings.acr_mapping),
        ..settings
    })
}

/// The mapping says what users' names come of, whether it was asked for or not.
fn completed(asked: IdentityProviderType) -> IdentityProviderType {
    let mut mapping = asked.attribute_mapping.unwrap_or_default();
    if let Some(subject) = kind::subject(asked.provider_type.unwrap_or_default()) {
        mapping.entry(USERNAME.to_owned()).or_insert_with(|| subject.to_owned());
    }
    IdentityProviderType {
        attribute_mapping: Some(mapping),
        acr_mapping: asked.acr_mapping.filter(|levels: &BTreeMap<_, _>| !levels.is_empty()),
        ..asked
    }
}
