//! `SetIdentityPoolRoles` replaces roles and mappings. The caller must be allowed to pass every role that is named: see its
//! row. Reference: identity-pools-iam 1.9.

use api::cognito_identity::{RoleMapping, RoleMappingType, SetIdentityPoolRolesInput};
use kernel::{ApiError, Cx, IdentityPoolId, Result};

use crate::{IdentityPools, errors, settings::Providers};

/// AWS's quota; the model would allow more.
const MOST_RULES: usize = 25;

impl IdentityPools {
    /// Errors: ResourceNotFound, InvalidParameter, ConcurrentModification.
    pub async fn set_identity_pool_roles(&self, cx: &Cx, input: SetIdentityPoolRolesInput) -> Result<()> {
        let id = IdentityPoolId::new(input.identity_pool_id);
        let mappings = input.role_mappings.unwrap_or_default();
        let pool = self.pool(id.as_str()).await?;
        for (key, mapping) in &mappings {
            check(key, mapping)?;
            if !self.may_be_mapped(cx, &pool, key).await? {
                return Err(errors::mapping_of_unknown_provider(key));
            }
        }
        self.change(cx, &id, Providers::Kept, move |settings| {
            settings.roles.clone_from(&input.roles);
            settings.role_mappings.clone_from(&mappings);
            Ok(())
        })
        .await
    }
}

fn check(provider: &str, mapping: &RoleMapping) -> Result<(), ApiError> {
    if mapping.ambiguous_role_resolution.is_none() {
        return Err(errors::mapping_incomplete(provider, "AmbiguousRoleResolution"));
    }
    match (&mapping.rules_configuration, mapping.r#type) {
        (None, RoleMappingType::Rules) => Err(errors::mapping_incomplete(provider, "RulesConfiguration")),
        (Some(_), RoleMappingType::Token) => Err(errors::token_mapping_with_rules(provider)),
        (Some(rules), RoleMappingType::Rules) if rules.rules.len() > MOST_RULES => Err(errors::too_many_rules()),
        _ => Ok(()),
    }
}
