//! All policies of a request together. Reference: identity-pools-iam 5.2 (same account), 5.3 (cross-account), 5.4
//! (exceptions) and 2.5 (trust policies).
//!
//! Deny anywhere ─▶ refused. Then the resource policy: names the caller itself ─▶ allowed; its role ─▶ no identity policy
//! needed; its account ─▶ a delegation, nothing by itself. Then identity, boundary, session must each allow.
//! Another account's resource: its policy must allow, whoever it names, and so must the caller's own side.

use crate::decision::{Decision, Grounds, StatementRef};
use crate::element::Element;
use crate::kind::PolicyKind;
use crate::parse::Policy;
use crate::principal::{Grant, Principal};
use crate::request::{Needs, Request};
use crate::statement::{Effect, Prepared, Statement, folded_action};

/// The policies that may apply.
#[derive(Clone, Copy, Debug, Default)]
pub struct Policies<'a> {
    /// Inline and attached ones; for users also those of their groups.
    pub identity: &'a [Policy],
    pub boundary: Option<&'a Policy>,
    /// `None`: the session is not narrowed. `Some(&[])`: GetFederationToken without policies, narrowed to nothing.
    pub session: Option<&'a [Policy]>,
    /// The bucket's policy. Trust policies go to [`evaluate_trust`].
    pub resource: Option<&'a Policy>,
}

/// Whether the caller may do it.
pub fn evaluate(request: &Request<'_>, policies: &Policies<'_>) -> Decision {
    let facts = Facts::gather(request, policies, Gate::Resource(policies.resource), |_, _, _| {});
    decide(request, &facts, PolicyKind::Bucket)
}

/// Whether the caller may assume the role (or tag the session, or set its source identity: one request each) whose trust
/// policy this is: the trust policy must allow, the caller's policies as for any resource. `policies.resource` is not
/// looked at. That roots assume no roles is for the caller of this function to say, in STS's words.
pub fn evaluate_trust(request: &Request<'_>, trust: &Policy, policies: &Policies<'_>) -> Decision {
    let facts = Facts::gather(request, policies, Gate::Trust(trust), |_, _, _| {});
    decide(request, &facts, PolicyKind::Trust)
}

/// The policy that hangs on the resource.
#[derive(Clone, Copy)]
pub(crate) enum Gate<'a> {
    Resource(Option<&'a Policy>),
    Trust(&'a Policy),
}

/// What each part says.
#[derive(Default)]
pub(crate) struct Facts {
    deny: Option<StatementRef>,
    gate: Option<(Grant, StatementRef)>,
    identity: Option<StatementRef>,
    pub(crate) boundary: Limit,
    session: Limit,
}

/// What a part says that can only narrow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    /// There is no such policy.
    #[default]
    Absent,
    Silent,
    Allows,
}

impl Facts {
    /// `witness` is told of every statement that was tried.
    pub(crate) fn gather<'p>(
        request: &Request<'_>,
        policies: &Policies<'p>,
        gate: Gate<'p>,
        mut witness: impl FnMut(StatementRef, &'p Statement, Result<Grant, Element<'p>>),
    ) -> Self {
        let prepared = Prepared::new(request);
        let mut facts = Self {
            boundary: policies.boundary.map_or(Limit::Absent, |_| Limit::Silent),
            session: policies.session.map_or(Limit::Absent, |_| Limit::Silent),
            ..Self::default()
        };
        for (kind, list) in parts(policies, gate) {
            for (policy, document) in list.iter().enumerate() {
                for (statement, parsed) in document.statements().iter().enumerate() {
                    let place = StatementRef {
                        kind,
                        policy,
                        statement,
                    };
                    let outcome = parsed.applies(&prepared, kind);
                    if let Ok(grant) = outcome {
                        facts.note(place, parsed.effect(), grant);
                    }
                    witness(place, parsed, outcome);
                }
            }
        }
        facts
    }

    fn note(&mut self, place: StatementRef, effect: Effect, grant: Grant) {
        if effect == Effect::Deny {
            self.deny.get_or_insert(place);
            return;
        }
        match place.kind {
            PolicyKind::Identity => {
                self.identity.get_or_insert(place);
            }
            PolicyKind::Boundary => self.boundary = Limit::Allows,
            PolicyKind::Session => self.session = Limit::Allows,
            PolicyKind::Bucket | PolicyKind::Trust => {
                if self.gate.is_none_or(|(closest, _)| closest < grant) {
                    self.gate = Some((grant, place));
                }
            }
        }
    }
}

/// Every part with its policies, in the order in which one cause of several is named.
pub(crate) fn parts<'p>(policies: &Policies<'p>, gate: Gate<'p>) -> [(PolicyKind, &'p [Policy]); 4] {
    let one = |policy: Option<&'p Policy>| policy.map(std::slice::from_ref).unwrap_or_default();
    [
        (PolicyKind::Identity, policies.identity),
        match gate {
            Gate::Resource(policy) => (PolicyKind::Bucket, one(policy)),
            Gate::Trust(policy) => (PolicyKind::Trust, one(Some(policy))),
        },
        (PolicyKind::Boundary, one(policies.boundary)),
        (PolicyKind::Session, policies.session.unwrap_or_default()),
    ]
}

/// What an account's root may always do to its buckets, so that a policy cannot lock everybody out.
const ROOT_KEEPS: [&str; 3] = ["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"];

/// Whether an account's root may do this to its buckets whatever their policies say. Reference: identity-pools-iam 5.4.
pub fn root_keeps(action: &str) -> bool {
    ROOT_KEEPS.contains(&&*folded_action(action))
}

/// `gate` is how a missing Allow of the resource's own policy is called.
pub(crate) fn decide(request: &Request<'_>, facts: &Facts, gate: PolicyKind) -> Decision {
    let account = request.principal.account();
    let home = account.is_some_and(|account| account.id == request.resource_account);
    let root = matches!(request.principal, Principal::Root { .. });

    if account.is_some() && request.needs == Needs::Nothing {
        return Decision::Allowed(Grounds::NoPermissionNeeded);
    }
    if root && home && root_keeps(request.action) {
        return Decision::Allowed(Grounds::Root);
    }
    if let Some(statement) = facts.deny {
        return Decision::ExplicitDeny(statement);
    }
    match facts.gate {
        Some((_, by)) if account.is_none() => return Decision::Allowed(Grounds::Statement(by)),
        Some((Grant::Direct, by)) if home => return Decision::Allowed(Grounds::Statement(by)),
        None if !home || gate == PolicyKind::Trust => return Decision::ImplicitDeny(gate),
        _ => {}
    }
    if root {
        return Decision::Allowed(Grounds::Root);
    }
    if request.needs == Needs::NoDeny {
        return Decision::Allowed(Grounds::NoPermissionNeeded);
    }
    let by = match (facts.gate, facts.identity) {
        (Some((Grant::Role, by)), _) if home => by,
        (_, Some(by)) => by,
        (_, None) => return Decision::ImplicitDeny(PolicyKind::Identity),
    };
    if facts.boundary == Limit::Silent {
        return Decision::ImplicitDeny(PolicyKind::Boundary);
    }
    if facts.session == Limit::Silent {
        return Decision::ImplicitDeny(PolicyKind::Session);
    }
    Decision::Allowed(Grounds::Statement(by))
}
