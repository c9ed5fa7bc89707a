//! A provider as `federation` sees it.

use std::collections::BTreeMap;

use federation::{Kind, Saml, Unusable};

use super::{Provider, saml_keys::entity_id};
use crate::pool::Pool;

/// Errors: nobody can come by it.
pub(crate) fn outside(pool: &Pool, provider: &Provider) -> Result<federation::Provider, Unusable> {
    let settings = &provider.settings;
    let none = BTreeMap::new();
    let kind = Kind::parse(provider.kind().as_str()).ok_or(Unusable::Kind)?;
    let details = settings.provider_details.as_ref().unwrap_or(&none);
    let mapping = settings.attribute_mapping.as_ref().unwrap_or(&none);
    let read = federation::Provider::read(&provider.name, kind, details, mapping)?;
    if kind != Kind::Saml {
        return Ok(read);
    }
    let own = pool.saml_key.as_ref().map(|own| &own.key);
    // A key that is asked for and not there must not become a provider that needs none.
    let needed = |is_needed: bool, key: Option<&saml::Key>| match (is_needed, key) {
        (false, _) => Ok(None),
        (true, Some(key)) => Ok(Some(key.clone())),
        (true, None) => Err(Unusable::Key),
    };
    Ok(read.with_saml(Saml {
        idp: provider.metadata.clone().ok_or(Unusable::Metadata)?,
        entity_id: entity_id(&pool.id),
        signing: needed(provider.signs_requests(), own)?,
        decryption: needed(provider.encrypts(), provider.saml_key.as_ref())?,
    }))
}
