//! Domains are printed as DescribeUserPoolDomain prints them. Reference: user-pools 14.3.

use api::cognito_idp::{DomainDescriptionType, DomainStatusType};

use super::{Domain, DomainKind};
use crate::pool::Pool;

/// It works as soon as it is there.
pub(crate) fn described(pool: &Pool, domain: &Domain) -> DomainDescriptionType {
    DomainDescriptionType {
        user_pool_id: Some(pool.id.to_string()),
        aws_account_id: Some(pool.account.to_string()),
        domain: Some(domain.name.clone()),
        s3_bucket: Some(format!("aws-cognito-prod-{}-assets", pool.id.region())),
        cloud_front_distribution: Some(domain.distribution.clone()),
        version: Some(domain.assets.clone()),
        status: Some(DomainStatusType::Active),
        custom_domain_config: domain.custom.clone(),
        managed_login_version: Some(domain.managed_login_version.number()),
        routing: None,
    }
}

/// What a custom domain's name is to be an alias of.
pub(crate) fn alias_target(domain: &Domain) -> Option<String> {
    (domain.kind == DomainKind::Custom).then(|| domain.distribution.clone())
}
