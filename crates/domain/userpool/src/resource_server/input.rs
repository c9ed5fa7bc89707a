//! CreateResourceServer and UpdateResourceServer become settings. Reference: user-pools 14.4.

use std::collections::BTreeSet;

use api::cognito_idp::{ResourceServerScopeType, ResourceServerType};
use kernel::ApiError;

use crate::errors::hosted as errors;

/// What either asks for; an update that names no scopes leaves none. Errors: InvalidParameter.
pub(crate) fn asked(
    identifier: String,
    name: String,
    scopes: Option<Vec<ResourceServerScopeType>>,
) -> Result<ResourceServerType, ApiError> {
    let mut names = BTreeSet::new();
    let twice = scopes.iter().flatten().find(|scope| !names.insert(&scope.scope_name));
    if let Some(twice) = twice {
        return Err(errors::scope_named_twice(&twice.scope_name));
    }
    Ok(ResourceServerType {
        identifier: Some(identifier),
        name: Some(name),
        scopes: scopes.filter(|scopes| !scopes.is_empty()),
        ..ResourceServerType::default()
    })
}
