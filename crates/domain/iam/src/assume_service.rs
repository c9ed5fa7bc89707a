//! A service takes a role for whom it works: a function's process gets the credentials of the function's role. Reference:
//! identity-pools-iam 2.5.

use std::collections::BTreeMap;

use kernel::Cx;
use policy::{Context, Needs, Policies, Request, keys};

use crate::{
    AssumeRefusal, Assumed, Iam,
    assume::{DEFAULT_DURATION, Details, seconds},
    context,
    session::Sealed,
    trust::TrustedRole,
};

/// How a service takes a role.
#[derive(Clone, Copy)]
pub(crate) struct Assuming<'a> {
    pub session_name: &'a str,
    pub external_id: Option<&'a str>,
    /// The resource that it works for, where it says one.
    pub source_arn: Option<&'a str>,
}

impl Iam {
    /// For an hour. The role's trust policy must name the service (`lambda.amazonaws.com`); nobody's permission is asked
    /// beside it, since it is the operator's configuration that names the role. Errors: NotAuthorized, Internal.
    pub async fn assume_as_service(
        &self,
        cx: &Cx,
        service: &str,
        role_arn: &str,
        session_name: &str,
    ) -> Result<Assumed, AssumeRefusal> {
        let Some(role) = self.role(cx, role_arn).await? else {
            return Err(AssumeRefusal::NotAuthorized);
        };
        let assuming = Assuming {
            session_name,
            external_id: None,
            source_arn: None,
        };
        if !trusts(cx, &role, (service, role_arn), &assuming) {
            return Err(AssumeRefusal::NotAuthorized);
        }
        let session = Sealed {
            name: Some(session_name.to_owned()),
            ..Sealed::default()
        };
        Ok(self.start_session(cx, &role, seconds(DEFAULT_DURATION), session)?)
    }
}

/// Whether the role's trust policy lets a service take it.
pub(crate) fn trusts(cx: &Cx, role: &TrustedRole, (service, role_arn): (&str, &str), assuming: &Assuming<'_>) -> bool {
    let principal = policy::Principal::Service { name: service };
    let none = BTreeMap::new();
    let details = Details {
        session_name: assuming.session_name,
        duration: DEFAULT_DURATION,
        tags: &none,
        transitive: &[],
        source_identity: None,
        external_id: assuming.external_id,
    };
    let mut known = Context::of(&principal);
    context::circumstances(&mut known, cx, cx.account());
    context::tagged(&mut known, &role.tags);
    details.describe(&mut known);
    if let Some(source) = assuming.source_arn {
        known
            .set(keys::SOURCE_ARN, source)
            .set(keys::SOURCE_ACCOUNT, cx.account().as_str());
    }
    let ask = Request {
        principal,
        action: "sts:AssumeRole",
        resource: role_arn,
        resource_account: cx.account().as_str(),
        context: &known,
        needs: Needs::Allow,
    };
    policy::evaluate_trust(&ask, &role.trust, &Policies::default()).is_allowed()
}
