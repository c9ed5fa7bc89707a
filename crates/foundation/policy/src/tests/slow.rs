//! A second, obvious engine over its own data: recursion for wildcards, the reference's pseudo code for the parts.

use serde_json::{Value as Json, json};

use super::scene::{A, X};
use crate::{Decision, PolicyKind, Principal};

#[derive(Clone, Debug)]
pub struct Rule {
    pub allow: bool,
    pub not_action: bool,
    pub actions: Vec<String>,
    pub not_resource: bool,
    pub resources: Vec<String>,
    /// Of resource policies only.
    pub names: Vec<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Everyone,
    AccountA,
    AccountX,
    Ann,
    Sam,
    Role,
    Session,
}

#[derive(Clone, Debug)]
pub struct World {
    pub identity: Vec<Vec<Rule>>,
    pub boundary: Option<Vec<Rule>>,
    pub session: Option<Vec<Vec<Rule>>>,
    pub resource: Option<Vec<Rule>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Allowed,
    Explicit,
    Implicit(PolicyKind),
}

impl From<Decision> for Verdict {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allowed(_) => Self::Allowed,
            Decision::ExplicitDeny(_) => Self::Explicit,
            Decision::ImplicitDeny(cause) => Self::Implicit(cause),
        }
    }
}

pub fn glob(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|skip| glob(rest, &text[skip..])),
        Some(('?', rest)) => !text.is_empty() && glob(rest, &text[1..]),
        Some((c, rest)) => text.first() == Some(c) && glob(rest, &text[1..]),
    }
}

pub fn glob_text(pattern: &str, text: &str) -> bool {
    glob(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
}

/// `key` is the S3 resource behind `arn:aws:s3:::`.
pub fn decide(world: &World, caller: &Principal<'_>, action: &str, key: &str) -> Verdict {
    let touches = |rule: &Rule| {
        let action = rule
            .actions
            .iter()
            .any(|p| glob_text(&p.to_lowercase(), &action.to_lowercase()));
        let resource = rule.resources.iter().any(|p| glob_text(p, key));
        action != rule.not_action && resource != rule.not_resource
    };
    let some = |rules: &[Rule], allow| rules.iter().any(|rule| rule.allow == allow && touches(rule));

    let gate: Vec<(bool, u8)> = world
        .resource
        .iter()
        .flatten()
        .filter(|rule| touches(rule))
        .filter_map(|rule| {
            rule.names
                .iter()
                .filter_map(|name| closeness(*name, caller))
                .max()
                .map(|c| (rule.allow, c))
        })
        .collect();
    let denied = world.identity.iter().any(|rules| some(rules, false))
        || world.boundary.iter().any(|rules| some(rules, false))
        || world.session.iter().flatten().any(|rules| some(rules, false))
        || gate.iter().any(|(allow, _)| !allow);
    if denied {
        return Verdict::Explicit;
    }
    let grant = gate
        .iter()
        .filter(|(allow, _)| *allow)
        .map(|(_, closeness)| *closeness)
        .max()
        .unwrap_or(0);
    let same_account = caller.account().is_some_and(|account| account.id == A);
    if caller.account().is_none() || !same_account {
        if grant == 0 {
            return Verdict::Implicit(PolicyKind::Bucket);
        }
        if caller.account().is_none() {
            return Verdict::Allowed;
        }
    }
    if same_account && grant == 3 {
        return Verdict::Allowed;
    }
    if matches!(caller, Principal::Root { .. }) {
        return Verdict::Allowed;
    }
    let identity = world.identity.iter().any(|rules| some(rules, true));
    if !(identity || same_account && grant == 2) {
        return Verdict::Implicit(PolicyKind::Identity);
    }
    if world.boundary.as_ref().is_some_and(|rules| !some(rules, true)) {
        return Verdict::Implicit(PolicyKind::Boundary);
    }
    if world
        .session
        .as_ref()
        .is_some_and(|policies| !policies.iter().any(|rules| some(rules, true)))
    {
        return Verdict::Implicit(PolicyKind::Session);
    }
    Verdict::Allowed
}

/// 1 account, 2 role, 3 the caller itself.
fn closeness(name: Name, caller: &Principal<'_>) -> Option<u8> {
    let account = |id| match caller {
        Principal::Root { account } if account.id == id => Some(3),
        _ if caller.account().is_some_and(|account| account.id == id) => Some(1),
        _ => None,
    };
    match name {
        Name::Everyone => Some(3),
        Name::AccountA => account(A),
        Name::AccountX => account(X),
        Name::Ann => matches!(caller, Principal::User { name: "Ann", .. }).then_some(3),
        Name::Sam => matches!(caller, Principal::User { name: "Sam", .. }).then_some(3),
        Name::Role => matches!(caller, Principal::RoleSession { .. }).then_some(2),
        Name::Session => matches!(caller, Principal::RoleSession { .. }).then_some(3),
    }
}

pub fn document(rules: &[Rule], named: bool) -> String {
    let statements: Vec<Json> = rules
        .iter()
        .map(|rule| {
            let resources: Vec<String> = rule.resources.iter().map(|key| format!("arn:aws:s3:::{key}")).collect();
            let mut out = json!({ "Effect": if rule.allow { "Allow" } else { "Deny" } });
            out[if rule.not_action { "NotAction" } else { "Action" }] = json!(rule.actions);
            out[if rule.not_resource { "NotResource" } else { "Resource" }] = json!(resources);
            if named {
                out["Principal"] = json!({ "AWS": rule.names.iter().map(|name| written(*name)).collect::<Vec<_>>() });
            }
            out
        })
        .collect();
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn written(name: Name) -> &'static str {
    match name {
        Name::Everyone => "*",
        Name::AccountA => A,
        Name::AccountX => "arn:aws:iam::999999999999:root",
        Name::Ann => "arn:aws:iam::123456789012:user/Ann",
        Name::Sam => "arn:aws:iam::999999999999:user/Sam",
        Name::Role => "arn:aws:iam::123456789012:role/app/x",
        Name::Session => "arn:aws:sts::123456789012:assumed-role/x/CognitoIdentityCredentials",
    }
}
