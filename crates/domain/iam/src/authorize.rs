//! What a caller may do. The algorithm is the policy crate's (reference identity-pools-iam 5.2); here its inputs are gathered.

use std::{borrow::Cow, collections::BTreeMap};

use kernel::{AccountId, ApiError, Cx, Principal};
use model::{Facts, Passed};
use policy::{Decision, Needs, Policy, Request, Value, Values, keys};
use serde_json::Value as Json;

use crate::{Caller, Iam, context, developer, target::Target};

/// One action on one resource.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    action: &'a str,
    resource: &'a str,
    keys: Vec<(Cow<'a, str>, Values<'a>)>,
    resource_policy: Option<&'a Policy>,
    resource_account: Option<&'a AccountId>,
    target: Option<Target>,
    facts: Facts,
}

impl<'a> Ask<'a> {
    /// `action` such as `s3:GetObject`; `resource` an ARN, or `*` for actions without one.
    pub fn new(action: &'a str, resource: &'a str) -> Self {
        Self {
            action,
            resource,
            keys: Vec::new(),
            resource_policy: None,
            resource_account: None,
            target: None,
            facts: Facts::NONE,
        }
    }

    /// A condition key of this request, such as `s3:prefix`.
    #[must_use]
    pub fn with(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Value<'a>>) -> Self {
        self.keys.push((key.into(), Values::One(value.into())));
        self
    }

    /// A key that is multivalued by nature, such as `aws:TagKeys`.
    #[must_use]
    pub fn with_all<V: Into<Value<'a>>>(
        mut self,
        key: impl Into<Cow<'a, str>>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.keys.push((key.into(), Values::Many(values)));
        self
    }

    /// The policy that hangs on the resource: a bucket's.
    #[must_use]
    pub fn governed_by(mut self, policy: Option<&'a Policy>) -> Self {
        self.resource_policy = policy;
        self
    }

    /// Whose the resource is, if not the account's that is served.
    #[must_use]
    pub fn owned_by(mut self, account: &'a AccountId) -> Self {
        self.resource_account = Some(account);
        self
    }

    /// The tags of a resource of another service: IAM looks up those of its own. Reference: identity-pools-iam 6.2.
    #[must_use]
    pub fn tagged(mut self, tags: &'a BTreeMap<String, String>) -> Self {
        for (key, value) in tags {
            self = self.with(format!("{}{key}", keys::RESOURCE_TAG), value);
        }
        self
    }

    /// What the resource is, where that can't be looked up: it is still to become it.
    #[must_use]
    pub(crate) fn on(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// An operation of IAM, STS or Cognito: what its row says, and the keys that its input gives: tags asked for, the policy
    /// or boundary meant. Reference: identity-pools-iam 6.2.
    #[must_use]
    pub fn of_call(mut self, facts: Facts, input: &'a Json) -> Self {
        self.facts = facts;
        let tags = requested_tags(input);
        for (key, value) in &tags {
            self = self.with(format!("{}{key}", keys::REQUEST_TAG), *value);
        }
        let removed = input.get("TagKeys").and_then(Json::as_array).into_iter().flatten();
        let mut tag_keys: Vec<&str> = removed.filter_map(Json::as_str).collect();
        tag_keys.extend(tags.iter().map(|(key, _)| *key));
        if !tag_keys.is_empty() {
            self = self.with_all(keys::TAG_KEYS, tag_keys);
        }
        for (member, key, counts) in [
            ("PolicyArn", keys::IAM_POLICY_ARN, facts.names_policy()),
            ("PermissionsBoundary", keys::IAM_PERMISSIONS_BOUNDARY, true),
        ] {
            if let Some(arn) = input.get(member).and_then(Json::as_str).filter(|_| counts) {
                self = self.with(key, arn);
            }
        }
        self
    }
}

impl Ask<'_> {
    fn needs(&self) -> Needs {
        if self.facts.is_free() {
            Needs::Nothing
        } else if self.facts.is_free_unless_denied() {
            Needs::NoDeny
        } else {
            Needs::Allow
        }
    }
}

/// Lists of Key and Value (IAM, STS) or maps (Cognito), under any of their names.
fn requested_tags(input: &Json) -> Vec<(&str, &str)> {
    let member = ["Tags", "UserPoolTags", "IdentityPoolTags"]
        .iter()
        .find_map(|name| input.get(name));
    match member {
        Some(Json::Array(list)) => list
            .iter()
            .filter_map(|tag| Some((tag.get("Key")?.as_str()?, tag.get("Value")?.as_str()?)))
            .collect(),
        Some(Json::Object(map)) => map
            .iter()
            .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .collect(),
        _ => Vec::new(),
    }
}

/// A refusal, in AWS's words. Reference: identity-pools-iam 5.5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denial {
    /// `User: <arn> is not authorized to perform: <action> on resource: <arn> <reason>`.
    pub sentence: String,
    /// The session's ARN for roles.
    pub caller: String,
    pub action: String,
    pub resource: String,
    /// From `because no …` or `with an explicit deny in …` on.
    pub reason: String,
    pub decision: Decision,
}

impl Denial {
    fn new(request: &Request<'_>, caller: &Principal, decision: Decision) -> Self {
        Self {
            sentence: decision
                .refusal(caller.arn.as_str(), request.action, Some(request.resource))
                .unwrap_or_default(),
            caller: caller.arn.to_string(),
            action: request.action.to_owned(),
            resource: request.resource.to_owned(),
            reason: decision.reason(request.action).unwrap_or_default(),
            decision,
        }
    }

    /// The sentence as S3 prints it: the resource in double quotes, and none where the action has none. The other services
    /// name `*` then.
    pub fn quoted(&self) -> String {
        let Self {
            caller,
            action,
            resource,
            reason,
            ..
        } = self;
        let on = match resource.as_str() {
            "*" => String::new(),
            arn => format!(" on resource: \"{arn}\""),
        };
        format!("User: {caller} is not authorized to perform: {action}{on} {reason}")
    }
}

/// Why something is not done.
#[derive(Debug)]
pub enum Unauthorized {
    Denied(Box<Denial>),
    Internal(ApiError),
}

impl Unauthorized {
    /// The answer, a denial in the words of the service that was asked.
    pub fn told(self, say: impl FnOnce(Denial) -> ApiError) -> ApiError {
        match self {
            Self::Denied(denial) => say(*denial),
            Self::Internal(error) => error,
        }
    }
}

impl From<ApiError> for Unauthorized {
    fn from(error: ApiError) -> Self {
        Self::Internal(error)
    }
}

impl Iam {
    /// Whether the caller may do it: identity policies, boundary, session policies, the resource's policy.
    pub async fn authorize(&self, cx: &Cx, caller: &Caller, ask: &Ask<'_>) -> Result<(), Unauthorized> {
        let principal = caller.principal.as_ref();
        let target = match &ask.target {
            Some(target) => Some(target.clone()),
            None => self.target(cx, ask.action, ask.resource, ask.facts).await?,
        };
        let resource = target.as_ref().map_or(ask.resource, |target| &target.arn);
        let account = ask.resource_account.unwrap_or(cx.account());
        let mut context = context::of(cx, principal, account);
        if let Some(region) = context::region_of(resource) {
            context.set(keys::REQUESTED_REGION, region);
        }
        if let Some(target) = &target {
            context::tagged(&mut context, &target.tags);
            if let Some(boundary) = &target.boundary {
                context.set(keys::IAM_PERMISSIONS_BOUNDARY, boundary);
            }
        }
        for (key, values) in &ask.keys {
            match values {
                Values::One(value) => context.set(key.clone(), value.clone()),
                Values::Many(values) => context.set_all(key.clone(), values.iter().cloned()),
            };
        }
        let resource_policy = ask
            .resource_policy
            .filter(|_| !developer::keeps(principal, ask.action, account));
        let canonical_id = resource_policy.map(|_| context::canonical_id(&principal.account));
        let request = Request {
            principal: context::named(principal, canonical_id.as_deref()),
            action: ask.action,
            resource,
            resource_account: account.as_str(),
            context: &context,
            needs: ask.needs(),
        };
        let decision = policy::evaluate(&request, &caller.granted.policies(resource_policy));
        if decision.is_allowed() {
            return Ok(());
        }
        let denial = Denial::new(&request, principal, decision);
        Err(Unauthorized::Denied(Box::new(denial)))
    }

    /// Whether the caller may hand each of these roles over. Errors: as the role's row says, else `denied`.
    /// Reference: identity-pools-iam 1.3, 1.9.
    pub async fn may_pass(
        &self,
        cx: &Cx,
        caller: &Caller,
        roles: &BTreeMap<&str, &Passed>,
        denied: impl Fn(Denial) -> ApiError,
    ) -> kernel::Result<()> {
        for (role, passed) in roles {
            let ask = Ask::new("iam:PassRole", role).with(keys::IAM_PASSED_TO_SERVICE, passed.to);
            let decision = self.authorize(cx, caller, &ask).await;
            let say = |denial: Denial| match passed.refusal {
                Some(refusal) => refusal(role).because(denial.sentence),
                None => denied(denial),
            };
            decision.map_err(|refusal| refusal.told(say))?;
        }
        Ok(())
    }
}
