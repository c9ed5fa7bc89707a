//! What a domain's settings may be. Reference: user-pools 2.6, 14.3.

use api::cognito_idp::{CustomDomainConfigType, RoutingType, UserPoolTierType};
use kernel::{ApiError, Arn};

use super::ManagedLogin;
use crate::{
    errors::{
        hosted as errors,
        settings::{feature_not_available, feature_to_disable},
    },
    pool::Pool,
};

const MANAGED_LOGIN: &str = "Managed Login Version 2";

/// The version that is asked for, if any. Errors: InvalidParameter, FeatureUnavailableInTier.
pub(crate) fn managed_login(pool: &Pool, asked: Option<i32>) -> Result<Option<ManagedLogin>, ApiError> {
    let Some(number) = asked else { return Ok(None) };
    let version = ManagedLogin::of(number).ok_or_else(errors::unknown_managed_login_version)?;
    match pool.settings.user_pool_tier {
        Some(tier @ UserPoolTierType::Lite) if version == ManagedLogin::Managed => {
            Err(feature_not_available(tier, MANAGED_LOGIN))
        }
        _ => Ok(Some(version)),
    }
}

/// Whether a pool's plan may become this one. Errors: FeatureUnavailableInTier.
pub(crate) fn check_plan(pool: &Pool, after: Option<UserPoolTierType>) -> Result<(), ApiError> {
    let managed = |version| version == ManagedLogin::Managed;
    let in_use = pool.domains.iter().any(|domain| managed(domain.managed_login_version));
    match after {
        Some(tier @ UserPoolTierType::Lite) if in_use => Err(feature_to_disable(tier, MANAGED_LOGIN)),
        _ => Ok(()),
    }
}

/// There is no certificate manager to ask: what has the form of a certificate's name in the Region that AWS wants is one. Errors:
/// InvalidParameter.
pub(crate) fn check_certificate(config: &CustomDomainConfigType) -> Result<(), ApiError> {
    let fine = Arn::parse(&config.certificate_arn).is_some_and(|arn| {
        let id = arn.resource().strip_prefix("certificate/");
        arn.service() == "acm"
            && arn.region() == "us-east-1"
            && arn.account().len() == 12
            && arn.account().bytes().all(|b| b.is_ascii_digit())
            && id.is_some_and(is_certificate_id)
    });
    if fine {
        Ok(())
    } else {
        Err(errors::no_such_certificate())
    }
}

fn is_certificate_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Pools have no replicas, so that there is none to fail over to. Errors: InvalidParameter.
pub(crate) fn check_routing(routing: Option<&RoutingType>) -> Result<(), ApiError> {
    match routing.and_then(|routing| routing.failover.as_ref()) {
        Some(failover) => Err(errors::no_replica_to_fail_over_to(&failover.secondary_region)),
        None => Ok(()),
    }
}
