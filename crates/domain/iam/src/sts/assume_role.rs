//! `AssumeRole`: a user or a session becomes a session of a role. Reference: identity-pools-iam 2.2, 2.4, 2.5.

use std::collections::BTreeMap;

use api::sts::{AssumeRoleRequest, AssumeRoleResponse};
use kernel::{Cx, Principal, PrincipalKind, Result};
use policy::{Needs, Request};

use super::request;
use crate::{
    Caller, Iam,
    assume::{DEFAULT_DURATION, Details, seconds},
    context, errors,
    session::Sealed,
    trust::TrustedRole,
};

/// A session that was begun by a session lasts an hour at most.
const CHAINED: i32 = 3600;

impl Iam {
    /// Errors: ValidationError, InvalidParameterValue (tags), AccessDenied, MalformedPolicyDocument, PackedPolicyTooLarge.
    pub(crate) async fn assume_role(&self, cx: &Cx, input: AssumeRoleRequest) -> Result<AssumeRoleResponse> {
        let who = Caller::who_signed(cx)?;
        let caller = who.principal.as_ref();
        request::check_role_arn(&input.role_arn)?;
        if input.provided_contexts.is_some_and(|contexts| !contexts.is_empty()) {
            return Err(errors::provided_contexts());
        }
        let policies = request::policies(input.policy, input.policy_arns)?;
        let asked_tags = request::tags(input.tags)?;
        let (tags, transitive) = inherit(
            caller,
            asked_tags.clone(),
            input.transitive_tag_keys.unwrap_or_default(),
        )?;
        let source_identity = source_identity(caller, input.source_identity)?;
        let duration = input.duration_seconds.unwrap_or(DEFAULT_DURATION);

        if caller.kind == PrincipalKind::Root {
            return Err(errors::roots_assume_no_roles());
        }
        let Some(role) = self.role(cx, &input.role_arn).await? else {
            return Err(errors::not_authorized_to_assume(caller.arn.as_str(), &input.role_arn));
        };
        let details = Details {
            session_name: &input.role_session_name,
            duration,
            tags: &asked_tags,
            transitive: &transitive,
            source_identity: source_identity.as_deref(),
            external_id: input.external_id.as_deref(),
        };
        check_trust(cx, who, &input.role_arn, &role, &details)?;
        if input.serial_number.is_some() || input.token_code.is_some() {
            return Err(errors::no_mfa());
        }
        if duration > role.max_session {
            return Err(errors::duration_exceeds_role());
        }
        if duration > CHAINED && caller.session.is_some() {
            return Err(errors::duration_exceeds_chaining());
        }
        self.check_session_policies(cx, &policies).await?;
        let packed_policy_size = request::packed_size(&policies, &tags)?;

        let session = Sealed {
            name: Some(input.role_session_name),
            inline: policies.inline,
            managed: policies.managed,
            source_identity: source_identity.clone(),
            tags,
            transitive,
            ..Sealed::default()
        };
        let (credentials, user) = request::answer(self.start_session(cx, &role, seconds(duration), session)?);
        Ok(AssumeRoleResponse {
            credentials: Some(credentials),
            assumed_role_user: Some(user),
            packed_policy_size,
            source_identity,
            ..AssumeRoleResponse::default()
        })
    }
}

/// The trust policy and the caller's own. Errors: AccessDenied.
fn check_trust(cx: &Cx, caller: &Caller, role_arn: &str, role: &TrustedRole, details: &Details<'_>) -> Result<()> {
    let principal = caller.principal.as_ref();
    let mut known = context::of(cx, principal, cx.account());
    context::tagged(&mut known, &role.tags);
    details.describe(&mut known);
    for action in details.actions("sts:AssumeRole") {
        let ask = Request {
            principal: context::named(principal, None),
            action,
            resource: role_arn,
            resource_account: cx.account().as_str(),
            context: &known,
            needs: Needs::Allow,
        };
        let decision = policy::evaluate_trust(&ask, &role.trust, &caller.granted.policies(None));
        if let Some(refusal) = decision.refusal(principal.arn.as_str(), action, Some(role_arn)) {
            return Err(errors::access_denied(refusal));
        }
    }
    Ok(())
}

/// Transitive tags of the calling session go on; they can't be given anew. Errors: InvalidParameterValue.
fn inherit(
    caller: &Principal,
    mut tags: BTreeMap<String, String>,
    mut transitive: Vec<String>,
) -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    if !transitive.iter().all(|key| tags.keys().any(|tag| same(tag, key))) {
        return Err(errors::unknown_transitive_tag());
    }
    let inherited = caller.session.iter().flat_map(|session| &session.transitive_tag_keys);
    for key in inherited {
        if tags.keys().any(|tag| same(tag, key)) {
            return Err(errors::transitive_tag_conflict());
        }
        if let Some((name, value)) = caller.tags.iter().find(|(tag, _)| same(tag, key)) {
            tags.insert(name.clone(), value.clone());
        }
        transitive.push(key.clone());
    }
    Ok((tags, transitive))
}

/// Once set it stays for the whole chain. Errors: AccessDenied.
fn source_identity(caller: &Principal, asked: Option<String>) -> Result<Option<String>> {
    let held = caller
        .session
        .as_ref()
        .and_then(|session| session.source_identity.clone());
    match (held, asked) {
        (Some(held), Some(asked)) if held != asked => Err(errors::source_identity_is_set()),
        (held, asked) => Ok(held.or(asked)),
    }
}
