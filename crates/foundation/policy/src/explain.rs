//! The same evaluation, told statement by statement: for the policy simulator and `poolhouse explain`.
//! Reference: identity-pools-iam 3.4.

use crate::decision::{Decision, StatementRef};
use crate::element::Element;
use crate::evaluate::{Facts, Gate, Limit, Policies, decide, parts};
use crate::kind::PolicyKind;
use crate::parse::Policy;
use crate::principal::Grant;
use crate::request::Request;
use crate::statement::{Effect, Statement};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'p> {
    /// The grant says how closely a resource or trust policy names the caller.
    Applies(Grant),
    Fails(Element<'p>),
}

#[derive(Clone, Copy, Debug)]
pub struct StatementTrace<'p> {
    pub place: StatementRef,
    pub statement: &'p Statement,
    pub outcome: Outcome<'p>,
}

#[derive(Clone, Debug)]
pub struct PolicyTrace<'p> {
    pub kind: PolicyKind,
    /// Index in its part's list.
    pub index: usize,
    pub policy: &'p Policy,
    pub statements: Vec<StatementTrace<'p>>,
}

#[derive(Clone, Debug)]
pub struct Explanation<'p> {
    pub decision: Decision,
    /// Every policy with every statement: identity, resource or trust, boundary, session.
    pub policies: Vec<PolicyTrace<'p>>,
    /// Keys that the policies ask for and the request lacks (`MissingContextValues`), each once.
    pub missing_keys: Vec<&'p str>,
    /// `AllowedByPermissionsBoundary`; `None` without a boundary.
    pub boundary_allows: Option<bool>,
}

impl<'p> Explanation<'p> {
    /// `MatchedStatements`: the applying Allows of what is allowed, the applying Denies of what is denied explicitly.
    pub fn matched(&self) -> impl Iterator<Item = &StatementTrace<'p>> {
        let wanted = match self.decision {
            Decision::Allowed(_) => Some(Effect::Allow),
            Decision::ExplicitDeny(_) => Some(Effect::Deny),
            Decision::ImplicitDeny(_) => None,
        };
        self.policies
            .iter()
            .flat_map(|policy| &policy.statements)
            .filter(move |trace| {
                wanted == Some(trace.statement.effect()) && matches!(trace.outcome, Outcome::Applies(_))
            })
    }
}

/// [`crate::evaluate`], with its reasons.
pub fn explain<'p>(request: &Request<'_>, policies: &Policies<'p>) -> Explanation<'p> {
    tell(request, policies, Gate::Resource(policies.resource), PolicyKind::Bucket)
}

/// [`crate::evaluate_trust`], with its reasons.
pub fn explain_trust<'p>(request: &Request<'_>, trust: &'p Policy, policies: &Policies<'p>) -> Explanation<'p> {
    tell(request, policies, Gate::Trust(trust), PolicyKind::Trust)
}

fn tell<'p>(request: &Request<'_>, policies: &Policies<'p>, gate: Gate<'p>, kind: PolicyKind) -> Explanation<'p> {
    let mut traces: Vec<PolicyTrace<'p>> = parts(policies, gate)
        .into_iter()
        .flat_map(|(kind, list)| {
            list.iter()
                .enumerate()
                .map(move |(index, policy)| (kind, index, policy))
        })
        .map(|(kind, index, policy)| PolicyTrace {
            kind,
            index,
            policy,
            statements: Vec::new(),
        })
        .collect();
    let facts = Facts::gather(request, policies, gate, |place, statement, outcome| {
        let outcome = outcome.map_or_else(Outcome::Fails, Outcome::Applies);
        if let Some(trace) = traces
            .iter_mut()
            .find(|trace| (trace.kind, trace.index) == (place.kind, place.policy))
        {
            trace.statements.push(StatementTrace {
                place,
                statement,
                outcome,
            });
        }
    });
    let mut missing_keys: Vec<&'p str> = Vec::new();
    for key in traces.iter().flat_map(|trace| trace.policy.context_keys()) {
        if !request.context.contains(key) && !missing_keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            missing_keys.push(key);
        }
    }
    Explanation {
        decision: decide(request, &facts, kind),
        policies: traces,
        missing_keys,
        boundary_allows: policies.boundary.map(|_| facts.boundary == Limit::Allows),
    }
}
