//! Which role an identity gets: pure. Reference: identity-pools-iam 1.9.

use api::cognito_identity::{
    AmbiguousRoleResolutionType, MappingRule, MappingRuleMatchType, RoleMapping, RoleMappingType,
};
use kernel::ApiError;
use serde_json::Value;
use tokens::Claims;

use crate::{errors, logins::Login, settings::Pool};

const AUTHENTICATED: &str = "authenticated";
const UNAUTHENTICATED: &str = "unauthenticated";

/// The role for these logins; none is a guest's. `custom` is the CustomRoleArn of the call.
///
/// Errors: InvalidIdentityPoolConfiguration where there is none; NotAuthorized where a mapping denies, or where `custom` is
/// none of the roles that the mapping gives.
pub(crate) fn choose(pool: &Pool, logins: &[Login], custom: Option<&str>) -> Result<String, ApiError> {
    let kind = if logins.is_empty() {
        UNAUTHENTICATED
    } else {
        AUTHENTICATED
    };
    let role = match mapping(pool, logins) {
        Some((mapping, claims)) => mapped(mapping, claims, custom)?,
        None => match custom {
            Some(custom) => return Err(errors::access_to_role_forbidden(custom)),
            None => None,
        },
    };
    let role = role.or_else(|| pool.role(kind).map(str::to_owned));
    role.ok_or_else(errors::no_role)
}

/// With several logins the first that has a mapping decides.
fn mapping<'a>(pool: &'a Pool, logins: &'a [Login]) -> Option<(&'a RoleMapping, &'a Claims)> {
    logins.iter().find_map(|login| {
        let mut mappings = pool.settings.role_mappings.iter();
        let found = mappings.find(|(key, _)| is_for(key, login))?;
        Some((found.1, &login.claims))
    })
}

/// A user pool's key is the provider's name in any spelling, a colon, and the client's id.
fn is_for(key: &str, login: &Login) -> bool {
    key.rsplit_once(':')
        .is_some_and(|(provider, client)| login.is_by(provider) && login.claims.text("aud") == Some(client))
}

/// None: the identity pool's role for authenticated identities.
fn mapped(mapping: &RoleMapping, claims: &Claims, custom: Option<&str>) -> Result<Option<String>, ApiError> {
    let offered: Vec<&str> = match mapping.r#type {
        RoleMappingType::Token => claims.texts("cognito:roles"),
        RoleMappingType::Rules => matching_rules(mapping, claims)
            .map(|rule| rule.role_arn.as_str())
            .collect(),
    };
    if let Some(custom) = custom {
        return if offered.contains(&custom) {
            Ok(Some(custom.to_owned()))
        } else {
            Err(errors::access_to_role_forbidden(custom))
        };
    }
    let chosen = match (mapping.r#type, offered.as_slice()) {
        (RoleMappingType::Token, [only]) => claims.text("cognito:preferred_role").or(Some(only)),
        (RoleMappingType::Token, _) => claims.text("cognito:preferred_role"),
        (RoleMappingType::Rules, offered) => offered.first().copied(),
    };
    match (chosen, mapping.ambiguous_role_resolution) {
        (Some(role), _) => Ok(Some(role.to_owned())),
        (None, Some(AmbiguousRoleResolutionType::AuthenticatedRole)) => Ok(None),
        (None, Some(AmbiguousRoleResolutionType::Deny) | None) => Err(errors::role_mapping_denies()),
    }
}

fn matching_rules<'a>(mapping: &'a RoleMapping, claims: &'a Claims) -> impl Iterator<Item = &'a MappingRule> {
    let rules = mapping.rules_configuration.iter().flat_map(|rules| &rules.rules);
    rules.filter(|rule| matches(rule, claims))
}

/// A claim that is absent matches nothing, not even NotEqual. Of a list one element is enough; NotEqual wants none equal.
fn matches(rule: &MappingRule, claims: &Claims) -> bool {
    let values = spelled(claims.get(&rule.claim));
    let wanted = rule.value.as_str();
    match rule.match_type {
        MappingRuleMatchType::Equals => values.iter().any(|value| value == wanted),
        MappingRuleMatchType::Contains => values.iter().any(|value| value.contains(wanted)),
        MappingRuleMatchType::StartsWith => values.iter().any(|value| value.starts_with(wanted)),
        MappingRuleMatchType::NotEqual => !values.is_empty() && values.iter().all(|value| value != wanted),
    }
}

/// A claim's values as texts; numbers and booleans as JSON writes them.
pub(crate) fn spelled(claim: Option<&Value>) -> Vec<String> {
    match claim {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(items)) => items.iter().flat_map(|item| spelled(Some(item))).collect(),
        Some(other) => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests;
