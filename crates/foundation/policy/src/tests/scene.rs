//! The reference's shorthand, so that a test reads like a row of its table: `+s3:GetObject b/* if StringEquals k v`.
//! `!` before action or resource negates it; `to` and `except` name principals; a resource without `arn:` is S3's.

use serde_json::{Value as Json, json};

use crate::{
    Account, Context, Decision, Grounds, Needs, Policies, Policy, PolicyKind, Principal, Request, evaluate,
    evaluate_trust,
};

pub const A: &str = "123456789012";
pub const X: &str = "999999999999";
pub const SUB: &str = "us-east-1:11111111-1111-1111-1111-111111111111";
pub const POOL: &str = "us-east-1:22222222-2222-2222-2222-222222222222";

pub const ANN: Principal<'static> = user("arn:aws:iam::123456789012:user/Ann", "Ann", "AIDA1111111111111ANN");
pub const BOB: Principal<'static> = user("arn:aws:iam::123456789012:user/Bob", "Bob", "AIDA1111111111111BOB");
pub const ROOT: Principal<'static> = Principal::Root {
    account: Account::new(A),
};
pub const STRANGER: Principal<'static> = Principal::User {
    account: Account::new(X),
    arn: "arn:aws:iam::999999999999:user/Sam",
    name: "Sam",
    id: "AIDA1111111111111SAM",
};
pub const SESSION: Principal<'static> = Principal::RoleSession {
    account: Account::new(A),
    arn: "arn:aws:sts::123456789012:assumed-role/x/CognitoIdentityCredentials",
    role_arn: "arn:aws:iam::123456789012:role/app/x",
    user_id: "AROA11111111111111XX:CognitoIdentityCredentials",
};
pub const FEDERATED_USER: Principal<'static> = Principal::FederatedUser {
    account: Account::new(A),
    arn: "arn:aws:sts::123456789012:federated-user/Kim",
    user_id: "123456789012:Kim",
};
pub const IDENTITY_POOL: Principal<'static> = Principal::Federated {
    provider: "cognito-identity.amazonaws.com",
};

const fn user(arn: &'static str, name: &'static str, id: &'static str) -> Principal<'static> {
    Principal::User {
        account: Account::new(A),
        arn,
        name,
        id,
    }
}

#[derive(Clone, Debug)]
enum Expected {
    Allowed,
    Explicit(PolicyKind),
    Implicit(PolicyKind),
}

/// One row: policies, a request, the decision.
#[derive(Clone, Debug)]
pub struct Case {
    pub number: u8,
    identity: Vec<Policy>,
    boundary: Option<Policy>,
    session: Option<Vec<Policy>>,
    resource: Option<Policy>,
    trust: Option<Policy>,
    caller: Principal<'static>,
    owner: &'static str,
    keys: Vec<(&'static str, Vec<&'static str>, bool)>,
    action: &'static str,
    needs: Needs,
    on: String,
    expected: Expected,
}

pub fn case(number: u8) -> Case {
    Case {
        number,
        identity: Vec::new(),
        boundary: None,
        session: None,
        resource: None,
        trust: None,
        caller: ANN,
        owner: A,
        keys: Vec::new(),
        action: "",
        needs: Needs::Allow,
        on: String::new(),
        expected: Expected::Allowed,
    }
}

impl Case {
    pub fn p(mut self, statements: &[&str]) -> Self {
        self.identity.push(policy(PolicyKind::Identity, statements));
        self
    }

    pub fn p_of_version(mut self, version: Option<&str>, statements: &[&str]) -> Self {
        self.identity
            .push(policy_of_version(PolicyKind::Identity, version, statements));
        self
    }

    pub fn r(mut self, statements: &[&str]) -> Self {
        self.resource = Some(policy(PolicyKind::Bucket, statements));
        self
    }

    pub fn b(mut self, statements: &[&str]) -> Self {
        self.boundary = Some(policy(PolicyKind::Boundary, statements));
        self
    }

    pub fn s(mut self, statements: &[&str]) -> Self {
        self.session
            .get_or_insert_default()
            .push(policy(PolicyKind::Session, statements));
        self
    }

    pub fn narrowed_to_nothing(mut self) -> Self {
        self.session = Some(Vec::new());
        self
    }

    pub fn t(mut self, statements: &[&str]) -> Self {
        self.trust = Some(policy(PolicyKind::Trust, statements));
        self
    }

    pub fn by(mut self, caller: Principal<'static>) -> Self {
        self.caller = caller;
        self
    }

    pub fn owned_by(mut self, account: &'static str) -> Self {
        self.owner = account;
        self
    }

    pub fn with(mut self, key: &'static str, value: &'static str) -> Self {
        self.keys.push((key, vec![value], false));
        self
    }

    pub fn with_all(mut self, key: &'static str, values: &[&'static str]) -> Self {
        self.keys.push((key, values.to_vec(), true));
        self
    }

    pub fn asks(mut self, action: &'static str, on: &str) -> Self {
        self.action = action;
        self.on = resource(on);
        self
    }

    pub fn needing(mut self, needs: Needs) -> Self {
        self.needs = needs;
        self
    }

    pub fn allow(mut self) -> Self {
        self.expected = Expected::Allowed;
        self
    }

    pub fn explicit(mut self, by: PolicyKind) -> Self {
        self.expected = Expected::Explicit(by);
        self
    }

    pub fn implicit(mut self, cause: PolicyKind) -> Self {
        self.expected = Expected::Implicit(cause);
        self
    }

    pub fn decide(&self) -> Decision {
        let mut context = Context::of(&self.caller);
        for (key, values, many) in &self.keys {
            if *many {
                context.set_all(*key, values.iter().copied());
            } else {
                context.set(*key, values[0]);
            }
        }
        let request = Request {
            principal: self.caller,
            action: self.action,
            resource: &self.on,
            resource_account: self.owner,
            context: &context,
            needs: self.needs,
        };
        let policies = Policies {
            identity: &self.identity,
            boundary: self.boundary.as_ref(),
            session: self.session.as_deref(),
            resource: self.resource.as_ref(),
        };
        match &self.trust {
            Some(trust) => evaluate_trust(&request, trust, &policies),
            None => evaluate(&request, &policies),
        }
    }

    pub fn check(&self) {
        let decision = self.decide();
        let right = match (&self.expected, decision) {
            (Expected::Allowed, Decision::Allowed(_)) => true,
            (Expected::Explicit(by), Decision::ExplicitDeny(statement)) => *by == statement.kind,
            (Expected::Implicit(cause), Decision::ImplicitDeny(missing)) => *cause == missing,
            _ => false,
        };
        assert!(
            right,
            "case {}: expected {:?}, got {decision:?}\n{self:#?}",
            self.number, self.expected
        );
    }
}

pub fn check_all(cases: Vec<Case>) {
    for case in cases {
        case.check();
    }
}

pub fn policy(kind: PolicyKind, statements: &[&str]) -> Policy {
    policy_of_version(kind, Some("2012-10-17"), statements)
}

pub fn policy_of_version(kind: PolicyKind, version: Option<&str>, statements: &[&str]) -> Policy {
    let text = text_of_version(version, statements);
    Policy::parse(&text, kind).unwrap_or_else(|error| panic!("{error}: {text}"))
}

pub fn text(statements: &[&str]) -> String {
    text_of_version(Some("2012-10-17"), statements)
}

fn text_of_version(version: Option<&str>, statements: &[&str]) -> String {
    let statements: Vec<Json> = statements.iter().map(|shorthand| statement(shorthand)).collect();
    let mut document = json!({ "Statement": statements });
    if let Some(version) = version {
        document["Version"] = json!(version);
    }
    document.to_string()
}

pub fn resource(shorthand: &str) -> String {
    if shorthand == "*" || shorthand.starts_with("arn:") {
        shorthand.to_owned()
    } else {
        format!("arn:aws:s3:::{shorthand}")
    }
}

pub fn is_allowed(decision: Decision) -> bool {
    matches!(decision, Decision::Allowed(Grounds::Statement(_)))
}

fn statement(shorthand: &str) -> Json {
    let shorthand = shorthand.replace("${sub}", "${cognito-identity.amazonaws.com:sub}");
    let (head, condition) = match shorthand.split_once(" if ") {
        Some((head, condition)) => (head, Some(condition)),
        None => (shorthand.as_str(), None),
    };
    let (head, principal) = match (head.split_once(" to "), head.split_once(" except ")) {
        (Some((head, named)), _) => (head, Some(("Principal", named))),
        (_, Some((head, named))) => (head, Some(("NotPrincipal", named))),
        _ => (head, None),
    };
    let (effect, head) = head.split_at(1);
    let (action, on) = head
        .split_once(' ')
        .map_or((head, None), |(action, on)| (action, Some(on)));
    let mut out = json!({ "Effect": if effect == "+" { "Allow" } else { "Deny" } });
    let (name, action) = action
        .strip_prefix('!')
        .map_or(("Action", action), |action| ("NotAction", action));
    out[name] = action.split(',').map(Json::from).collect();
    if let Some(on) = on {
        let (name, on) = on.strip_prefix('!').map_or(("Resource", on), |on| ("NotResource", on));
        out[name] = json!(resource(on));
    }
    if let Some((name, named)) = principal {
        out[name] = principals(named);
    }
    for clause in condition.into_iter().flat_map(|condition| condition.split(" and ")) {
        let mut words = clause.splitn(3, ' ');
        let (operator, key, values) = (words.next().unwrap(), words.next().unwrap(), words.next().unwrap_or(""));
        out["Condition"][operator][key] = values.split(',').map(Json::from).collect();
    }
    out
}

fn principals(named: &str) -> Json {
    if named == "*" {
        return json!("*");
    }
    let mut out = json!({});
    for name in named.split(',') {
        let (form, name) = name.split_once('=').unwrap_or(("AWS", name));
        if out[form].is_null() {
            out[form] = json!([]);
        }
        out[form].as_array_mut().unwrap().push(json!(name));
    }
    out
}
