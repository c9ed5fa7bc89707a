//! What a policy can know about a request. Reference: identity-pools-iam 6.1, 6.2.

use std::collections::BTreeMap;

use kernel::{AccountId, Cx, Principal, PrincipalKind};
use policy::{Account, Context, keys};

/// The 64 digits by which S3 names an account.
pub fn canonical_id(account: &AccountId) -> String {
    hex::encode(sigv4::sha256(format!("canonical user of {account}").as_bytes()))
}

/// As policies name the caller. `canonical_id`: that of the caller's account, where policies can name it.
pub(crate) fn named<'a>(principal: &'a Principal, canonical_id: Option<&'a str>) -> policy::Principal<'a> {
    let account = Account {
        id: principal.account.as_str(),
        canonical_id,
    };
    match &principal.kind {
        PrincipalKind::Anonymous => policy::Principal::Anonymous,
        PrincipalKind::Root => policy::Principal::Root { account },
        PrincipalKind::User { name } => policy::Principal::User {
            account,
            arn: principal.arn.as_str(),
            name,
            id: &principal.user_id,
        },
        PrincipalKind::AssumedRole { role_arn, .. } => policy::Principal::RoleSession {
            account,
            arn: principal.arn.as_str(),
            role_arn: role_arn.as_str(),
            user_id: &principal.user_id,
        },
    }
}

/// The keys of the caller and of the request's circumstances.
pub(crate) fn of<'a>(cx: &'a Cx, principal: &'a Principal, resource_account: &'a AccountId) -> Context<'a> {
    let mut context = Context::of(&named(principal, None));
    circumstances(&mut context, cx, resource_account);
    for (key, value) in &principal.tags {
        context.set_tag(keys::PRINCIPAL_TAG, key, value);
    }
    if let Some(session) = &principal.session {
        context
            .set(keys::TOKEN_ISSUE_TIME, session.issued_at.to_jiff())
            .set(keys::MULTI_FACTOR_AUTH_PRESENT, false);
        if let Some(identity) = &session.source_identity {
            context.set(keys::SOURCE_IDENTITY, identity);
        }
        for (key, values) in &session.federated {
            set(&mut context, key, values);
        }
    }
    context
}

/// Time, place and transport. The time is the one by which things expire here, so that it moves with dev's clock.
pub(crate) fn circumstances<'a>(context: &mut Context<'a>, cx: &'a Cx, resource_account: &'a AccountId) {
    context
        .set(keys::CURRENT_TIME, cx.now().to_jiff())
        .set(keys::EPOCH_TIME, cx.now().secs())
        .set(keys::SECURE_TRANSPORT, cx.secure)
        .set(keys::VIA_AWS_SERVICE, false)
        .set(keys::REQUESTED_REGION, cx.region.as_str())
        .set(keys::RESOURCE_ACCOUNT, resource_account.as_str());
    if let Some(address) = cx.source_ip {
        context.set(keys::SOURCE_IP, address);
    }
    if let Some(agent) = &cx.user_agent {
        context.set(keys::USER_AGENT, &**agent);
    }
    if let Some(page) = &cx.referer {
        context.set(keys::REFERER, &**page);
    }
}

/// The tags of an entity of IAM's, under both of their names.
pub(crate) fn tagged<'a>(context: &mut Context<'a>, tags: &'a BTreeMap<String, String>) {
    for (key, value) in tags {
        context.set_tag(keys::RESOURCE_TAG, key, value);
        context.set_tag(keys::IAM_RESOURCE_TAG, key, value);
    }
}

/// Where a resource is, if its ARN says so. That is the region whose endpoint a call must go to on AWS; here a client signs for
/// any, so what it signs for decides nothing about what is already somewhere.
pub(crate) fn region_of(resource: &str) -> Option<&str> {
    resource
        .strip_prefix("arn:")
        .and_then(|rest| rest.split(':').nth(2))
        .filter(|region| !region.is_empty() && *region != "*")
}

/// A key that a provider left. `amr` is a list by nature, whatever it holds just now.
pub(crate) fn set<'a>(context: &mut Context<'a>, key: &'a str, values: &'a [String]) {
    match values {
        [one] if !key.ends_with(":amr") => context.set(key, one),
        many => context.set_all(key, many.iter()),
    };
}
