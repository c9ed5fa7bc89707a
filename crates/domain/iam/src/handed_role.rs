//! A role that a service is handed, to do something by it later: whether the service could take it, and could do that. Reference:
//! user-pools 2.6; identity-pools-iam 2.5.

use kernel::{Arn, Cx};
use policy::{Account, Context, Needs, Policies, Request};

use crate::{
    Iam,
    assume_service::{self, Assuming},
    context,
    trust::TrustedRole,
};

/// Who is handed a role, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Handed<'a> {
    /// `cognito-idp.amazonaws.com`.
    pub service: &'a str,
    pub role_arn: &'a str,
    pub external_id: Option<&'a str>,
    /// The resource that the service works for: `aws:SourceArn`.
    pub source_arn: &'a str,
    /// On any resource: `sns:Publish`.
    pub action: &'a str,
}

/// What a role is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// There is no such role here.
    Unknown,
    /// Its trust policy does not let the service take it.
    Untrusting,
    /// Its permissions do not suffice.
    Powerless,
    Fit,
}

impl Iam {
    /// Nobody's permission is asked: the role's own policies decide. Errors: internal.
    pub async fn fitness(&self, cx: &Cx, handed: &Handed<'_>) -> kernel::Result<Fitness> {
        let Some(role) = self.role(cx, handed.role_arn).await? else {
            return Ok(Fitness::Unknown);
        };
        let assuming = Assuming {
            session_name: handed.service,
            external_id: handed.external_id,
            source_arn: Some(handed.source_arn),
        };
        if !assume_service::trusts(cx, &role, (handed.service, handed.role_arn), &assuming) {
            return Ok(Fitness::Untrusting);
        }
        if self.permits(cx, &role, handed).await? {
            Ok(Fitness::Fit)
        } else {
            Ok(Fitness::Powerless)
        }
    }

    async fn permits(&self, cx: &Cx, role: &TrustedRole, handed: &Handed<'_>) -> kernel::Result<bool> {
        let Some(rights) = self.rights(cx, &role.id).await? else {
            return Ok(false);
        };
        let session = Arn::assumed_role(cx.account(), &role.name, handed.service);
        let user_id = format!("{}:{}", role.id, handed.service);
        let principal = policy::Principal::RoleSession {
            account: Account {
                id: cx.account().as_str(),
                canonical_id: None,
            },
            arn: session.as_str(),
            role_arn: rights.arn.as_str(),
            user_id: &user_id,
        };
        let mut known = Context::of(&principal);
        context::circumstances(&mut known, cx, cx.account());
        for (key, value) in &role.tags {
            known.set_tag(policy::keys::PRINCIPAL_TAG, key, value);
        }
        let ask = Request {
            principal,
            action: handed.action,
            resource: "*",
            resource_account: cx.account().as_str(),
            context: &known,
            needs: Needs::Allow,
        };
        let policies = Policies {
            identity: &rights.identity,
            boundary: rights.boundary.as_ref(),
            ..Policies::default()
        };
        Ok(policy::evaluate(&ask, &policies).is_allowed())
    }
}
