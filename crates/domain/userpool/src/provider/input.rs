//! CreateIdentityProvider and UpdateIdentityProvider become settings. Reference: user-pools 14.5, oauth-and-federation 10.2.

use std::collections::BTreeMap;

use api::cognito_idp::{
    CreateIdentityProviderRequest, IdentityProviderType, IdentityProviderTypeType as Kind,
    UpdateIdentityProviderRequest,
};

use super::{
    Provider,
    kind::{self, CERTIFICATE, SIGN_IN, SIGN_OUT, USERNAME},
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

/// Details that are not anybody's to give are left out, and the mapping says what users' names come of, whether it was asked for or not.
fn completed(asked: IdentityProviderType) -> IdentityProviderType {
    let kind = asked.provider_type.unwrap_or_default();
    let mut details = asked.provider_details.unwrap_or_default();
    let read_only = kind::read_only(kind, &details);
    details.retain(|name, _| !read_only.contains_key(name));
    if kind == Kind::Saml {
        details.retain(|name, _| ![CERTIFICATE, SIGN_IN, SIGN_OUT].contains(&name.as_str()));
    }
    let mut mapping = asked.attribute_mapping.unwrap_or_default();
    if let Some(subject) = kind::subject(kind) {
        mapping.entry(USERNAME.to_owned()).or_insert_with(|| subject.to_owned());
    }
    IdentityProviderType {
        provider_details: Some(details),
        attribute_mapping: Some(mapping),
        acr_mapping: asked.acr_mapping.filter(|levels: &BTreeMap<_, _>| !levels.is_empty()),
        ..asked
    }
}
