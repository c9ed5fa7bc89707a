//! How a role is assumed: its trust policy must allow, then temporary credentials are made. STS and identity pools share
//! it. Reference: identity-pools-iam 2.4 to 2.6.

use std::{collections::BTreeMap, time::Duration};

use kernel::{AccessKeyId, ApiError, Arn, Cx, Timestamp};
use policy::{Context, Needs, Policies, Request, keys};
use vault::SecretText;

use crate::{
    Iam, context, errors,
    session::{Issued, Sealed},
    trust::TrustedRole,
};

/// Seconds of a session that asks for nothing else.
pub(crate) const DEFAULT_DURATION: i32 = 3600;

/// What narrows a session: the union of these, intersected with the role's own policies. Reference: 2.6.
#[derive(Clone, Debug, Default)]
pub struct SessionPolicies {
    pub inline: Option<String>,
    /// ARNs of managed policies of AWS's or the account's.
    pub managed: Vec<String>,
}

/// The holder of a verified token asks for a role.
#[derive(Clone, Debug, Default)]
pub struct AssumeWithWebIdentity {
    pub role_arn: String,
    pub session_name: String,
    /// As trust policies name it, and before the colon of its keys: `cognito-identity.amazonaws.com`.
    pub provider: String,
    /// What the token says, by the part of the key after the colon: `aud`, `sub`, `amr`.
    pub claims: BTreeMap<String, Vec<String>>,
    /// An hour if absent.
    pub duration_seconds: Option<i32>,
    pub policies: SessionPolicies,
    pub tags: BTreeMap<String, String>,
    pub transitive_tag_keys: Vec<String>,
}

/// Temporary credentials of a role.
#[derive(Debug)]
pub struct Assumed {
    pub access_key: AccessKeyId,
    pub secret: SecretText,
    pub session_token: String,
    /// Whole seconds.
    pub expires_at: Timestamp,
    /// `AROA…:session`.
    pub assumed_role_id: String,
    pub arn: Arn,
}

/// Why the role was not assumed. As an [`ApiError`] it is STS's answer.
#[derive(Debug)]
pub enum AssumeRefusal {
    /// There is no such role, or its trust policy does not allow it: both look the same.
    NotAuthorized,
    DurationExceedsRole,
    /// A session policy is malformed or does not exist.
    Policy(ApiError),
    Internal(ApiError),
}

impl From<ApiError> for AssumeRefusal {
    fn from(error: ApiError) -> Self {
        Self::Internal(error)
    }
}

impl From<AssumeRefusal> for ApiError {
    fn from(refusal: AssumeRefusal) -> Self {
        match refusal {
            AssumeRefusal::NotAuthorized => errors::not_authorized_to_assume_with_web_identity(),
            AssumeRefusal::DurationExceedsRole => errors::duration_exceeds_role(),
            AssumeRefusal::Policy(error) | AssumeRefusal::Internal(error) => error,
        }
    }
}

impl Iam {
    /// The role's trust policy decides alone. The token must have been verified.
    pub async fn assume_with_web_identity(
        &self,
        cx: &Cx,
        request: AssumeWithWebIdentity,
    ) -> Result<Assumed, AssumeRefusal> {
        let Some(role) = self.role(cx, &request.role_arn).await? else {
            return Err(AssumeRefusal::NotAuthorized);
        };
        let mut federated: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (claim, values) in &request.claims {
            federated.insert(format!("{}:{claim}", request.provider), values.clone());
        }
        let duration = request.duration_seconds.unwrap_or(DEFAULT_DURATION);
        let details = Details {
            session_name: &request.session_name,
            duration,
            tags: &request.tags,
            transitive: &request.transitive_tag_keys,
            source_identity: None,
            external_id: None,
        };
        if !trusts(cx, &role, &request, &federated, &details) {
            return Err(AssumeRefusal::NotAuthorized);
        }
        if duration > role.max_session {
            return Err(AssumeRefusal::DurationExceedsRole);
        }
        self.check_session_policies(cx, &request.policies).await?;
        federated.insert(keys::FEDERATED_PROVIDER.to_owned(), vec![request.provider]);
        let session = Sealed {
            name: Some(request.session_name),
            inline: request.policies.inline,
            managed: request.policies.managed,
            federated,
            tags: request.tags,
            transitive: request.transitive_tag_keys,
            ..Sealed::default()
        };
        Ok(self.start_session(cx, &role, seconds(duration), session)?)
    }

    /// Errors: MalformedPolicyDocument, or ValidationError for a managed policy that does not exist.
    pub(crate) async fn check_session_policies(
        &self,
        cx: &Cx,
        policies: &SessionPolicies,
    ) -> Result<(), AssumeRefusal> {
        if let Some(inline) = &policies.inline {
            self.session_policy(inline)
                .and_then(|policy| policy.require_whole_arns())
                .map_err(|error| AssumeRefusal::Policy(errors::malformed(&error)))?;
        }
        for arn in &policies.managed {
            if self.managed_text(cx, arn).await?.is_none() {
                return Err(AssumeRefusal::Policy(errors::no_such_session_policy(arn)));
            }
        }
        Ok(())
    }

    pub(crate) fn start_session(
        &self,
        cx: &Cx,
        role: &TrustedRole,
        lifetime: Duration,
        session: Sealed,
    ) -> kernel::Result<Assumed> {
        let name = session.name.clone().unwrap_or_default();
        let sealed = Sealed {
            principal: role.id.clone(),
            ..session
        };
        let Issued {
            access_key,
            secret,
            token,
            expires,
        } = self.issue(cx, lifetime, sealed)?;
        Ok(Assumed {
            access_key,
            secret,
            session_token: token,
            expires_at: expires,
            assumed_role_id: format!("{}:{name}", role.id),
            arn: Arn::assumed_role(cx.account(), &role.name, &name),
        })
    }
}

/// What is asked beside the role. Reference: 2.5.
#[derive(Clone, Copy)]
pub(crate) struct Details<'a> {
    pub session_name: &'a str,
    /// Seconds.
    pub duration: i32,
    pub tags: &'a BTreeMap<String, String>,
    pub transitive: &'a [String],
    pub source_identity: Option<&'a str>,
    pub external_id: Option<&'a str>,
}

impl<'a> Details<'a> {
    pub fn describe(&self, context: &mut Context<'a>) {
        context
            .set(keys::STS_ROLE_SESSION_NAME, self.session_name)
            .set(keys::STS_DURATION_SECONDS, i64::from(self.duration));
        if let Some(identity) = self.source_identity {
            context.set(keys::STS_SOURCE_IDENTITY, identity);
        }
        if let Some(id) = self.external_id {
            context.set(keys::STS_EXTERNAL_ID, id);
        }
        for (key, value) in self.tags {
            context.set_tag(keys::REQUEST_TAG, key, value);
        }
        context
            .set_all(keys::TAG_KEYS, self.tags.keys())
            .set_all(keys::STS_TRANSITIVE_TAG_KEYS, self.transitive);
    }

    /// Everything the trust policy must allow.
    pub fn actions(&self, assume: &'static str) -> Vec<&'static str> {
        let mut actions = vec![assume];
        if !self.tags.is_empty() {
            actions.push("sts:TagSession");
        }
        if self.source_identity.is_some() {
            actions.push("sts:SetSourceIdentity");
        }
        actions
    }
}

fn trusts(
    cx: &Cx,
    role: &TrustedRole,
    request: &AssumeWithWebIdentity,
    federated: &BTreeMap<String, Vec<String>>,
    details: &Details<'_>,
) -> bool {
    let principal = policy::Principal::Federated {
        provider: &request.provider,
    };
    let mut known = Context::of(&principal);
    context::circumstances(&mut known, cx, cx.account());
    context::tagged(&mut known, &role.tags);
    known.set(keys::FEDERATED_PROVIDER, &request.provider);
    for (key, values) in federated {
        context::set(&mut known, key, values);
    }
    details.describe(&mut known);
    details
        .actions("sts:AssumeRoleWithWebIdentity")
        .into_iter()
        .all(|action| {
            let ask = Request {
                principal,
                action,
                resource: &request.role_arn,
                resource_account: cx.account().as_str(),
                context: &known,
                needs: Needs::Allow,
            };
            policy::evaluate_trust(&ask, &role.trust, &Policies::default()).is_allowed()
        })
}

pub(crate) fn seconds(n: i32) -> Duration {
    Duration::from_secs(u64::try_from(n).unwrap_or(0))
}
