//! What the operations that assume a role have in common: session policies and their size, tags, and the answer.

use std::collections::BTreeMap;

use api::sts::{AssumedRoleUser, Credentials, PolicyDescriptorType, Tag};
use kernel::Result;
use policy::limits;

use crate::{
    assume::{Assumed, SessionPolicies},
    errors,
    session::Issued,
};

/// Characters of session tags that fill the packed size. Unconfirmed: AWS packs in a form of its own.
const TAGS: usize = 8_192;

/// What is no ARN at all is told before anybody is asked whether it may be assumed. Errors: ValidationError.
pub(super) fn check_role_arn(text: &str) -> Result<()> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, service, _, _, resource]
            if ![partition, service, resource].iter().any(|part| part.is_empty()) =>
        {
            Ok(())
        }
        _ => Err(errors::invalid_role_arn(text)),
    }
}

/// Errors: ValidationError.
pub(super) fn policies(inline: Option<String>, arns: Option<Vec<PolicyDescriptorType>>) -> Result<SessionPolicies> {
    let managed: Vec<String> = arns.into_iter().flatten().filter_map(|policy| policy.arn).collect();
    if managed.len() > limits::SESSION_MANAGED_ARNS {
        return Err(errors::too_many_session_policies(limits::SESSION_MANAGED_ARNS));
    }
    Ok(SessionPolicies { inline, managed })
}

/// Errors: InvalidParameterValue for keys that are equal ignoring case.
pub(super) fn tags(given: Option<Vec<Tag>>) -> Result<BTreeMap<String, String>> {
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for tag in given.into_iter().flatten() {
        if tags.keys().any(|key| key.eq_ignore_ascii_case(&tag.key)) {
            return Err(errors::duplicate_session_tags());
        }
        tags.insert(tag.key, tag.value);
    }
    Ok(tags)
}

/// Percent of the space for policies and tags; None where there are none of either. Errors: PackedPolicyTooLarge.
pub(super) fn packed_size(policies: &SessionPolicies, tags: &BTreeMap<String, String>) -> Result<Option<i32>> {
    let inline = policies.inline.as_deref().map_or(0, |text| text.chars().count());
    let arns: usize = policies.managed.iter().map(|arn| arn.chars().count()).sum();
    let tagged: usize = tags
        .iter()
        .map(|(key, value)| key.chars().count() + value.chars().count())
        .sum();
    let percent = ((inline + arns) * 100).div_ceil(limits::SESSION_INLINE) + (tagged * 100).div_ceil(TAGS);
    if percent > 100 {
        return Err(errors::packed_policy_too_large(percent));
    }
    Ok(i32::try_from(percent).ok().filter(|percent| *percent > 0))
}

pub(super) fn credentials(issued: Issued) -> Credentials {
    Credentials {
        access_key_id: issued.access_key.to_string(),
        secret_access_key: issued.secret.as_str().to_owned(),
        session_token: issued.token,
        expiration: issued.expires,
    }
}

pub(super) fn answer(assumed: Assumed) -> (Credentials, AssumedRoleUser) {
    let user = AssumedRoleUser {
        assumed_role_id: assumed.assumed_role_id,
        arn: assumed.arn.to_string(),
    };
    let credentials = credentials(Issued {
        access_key: assumed.access_key,
        secret: assumed.secret,
        token: assumed.session_token,
        expires: assumed.expires_at,
    });
    (credentials, user)
}
