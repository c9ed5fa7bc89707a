use super::scene::*;
use crate::PolicyKind::{self, Bucket, Identity, Session, Trust};
use crate::{
    Context, Decision, Effect, Element, Grant, Needs, Outcome, Policies, Policy, Request, StatementRef, explain,
    explain_trust,
};

fn request<'a>(context: &'a Context<'a>, action: &'a str) -> Request<'a> {
    Request {
        principal: SESSION,
        action,
        resource: "arn:aws:s3:::b/k",
        resource_account: A,
        context,
        needs: Needs::Allow,
    }
}

#[test]
fn every_statement_tells_what_became_of_it() {
    let identity = [
        policy(Identity, &["+s3:Put* *", "+s3:Get* c/*"]),
        policy(
            Identity,
            &[
                "+s3:Get* b/*",
                "+s3:Get* b/* if StringEquals aws:PrincipalTag/Team red,${aws:SourceVpc}",
            ],
        ),
    ];
    let session = [policy(Session, &["+s3:* *"])];
    let bucket = policy(
        Bucket,
        &[
            "+s3:* b/* to arn:aws:iam::123456789012:user/Ann",
            "+s3:* b/* to 123456789012",
        ],
    );
    let policies = Policies {
        identity: &identity,
        session: Some(&session),
        resource: Some(&bucket),
        boundary: None,
    };
    let context = Context::of(&SESSION);
    let told = explain(&request(&context, "s3:GetObject"), &policies);

    let outcomes: Vec<_> = told
        .policies
        .iter()
        .flat_map(|p| &p.statements)
        .map(|trace| trace.outcome)
        .collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Fails(Element::Action),
            Outcome::Fails(Element::Resource),
            Outcome::Applies(Grant::Direct),
            Outcome::Fails(Element::Condition {
                operator: "StringEquals",
                key: "aws:PrincipalTag/Team"
            }),
            Outcome::Fails(Element::Principal),
            Outcome::Applies(Grant::Account),
            Outcome::Applies(Grant::Direct),
        ]
    );
    assert!(told.decision.is_allowed());
    let matched: Vec<_> = told
        .matched()
        .map(|trace| (trace.place.kind, trace.place.policy, trace.place.statement))
        .collect();
    assert_eq!(matched, [(Identity, 1, 0), (Bucket, 0, 1), (Session, 0, 0)]);
    assert_eq!(told.missing_keys, ["aws:PrincipalTag/Team", "aws:SourceVpc"]);
    assert_eq!(told.boundary_allows, None);
    assert_eq!(
        Element::Condition {
            operator: "Bool",
            key: "aws:x"
        }
        .to_string(),
        "Condition Bool aws:x"
    );
}

#[test]
fn the_deciding_statement_is_named() {
    let identity = [
        policy(Identity, &["+* *"]),
        policy(Identity, &["+s3:* *", "-s3:Del* *"]),
    ];
    let boundary = policy(PolicyKind::Boundary, &["+s3:Get* *"]);
    let policies = Policies {
        identity: &identity,
        boundary: Some(&boundary),
        ..Policies::default()
    };
    let context = Context::new();
    let told = explain(&request(&context, "s3:DeleteObject"), &policies);
    assert_eq!(
        told.decision,
        Decision::ExplicitDeny(StatementRef {
            kind: Identity,
            policy: 1,
            statement: 1
        })
    );
    assert!(told.matched().all(|trace| trace.statement.effect() == Effect::Deny));
    assert_eq!((told.matched().count(), told.boundary_allows), (1, Some(false)));

    let trust = policy(Trust, &["+sts:AssumeRole to *"]);
    let told = explain_trust(&request(&context, "sts:TagSession"), &trust, &policies);
    assert_eq!(told.decision, Decision::ImplicitDeny(Trust));
    assert_eq!(told.matched().count(), 0);
}

#[test]
fn refusals_end_in_the_services_words() {
    let place = |kind| StatementRef {
        kind,
        policy: 0,
        statement: 0,
    };
    let cases = [
        (
            Decision::ImplicitDeny(Identity),
            "because no identity-based policy allows the s3:GetObject action",
        ),
        (
            Decision::ImplicitDeny(PolicyKind::Boundary),
            "because no permissions boundary allows the s3:GetObject action",
        ),
        (
            Decision::ImplicitDeny(Session),
            "because no session policy allows the s3:GetObject action",
        ),
        (
            Decision::ImplicitDeny(Bucket),
            "because no resource-based policy allows the s3:GetObject action",
        ),
        (
            Decision::ImplicitDeny(Trust),
            "because no role trust policy allows the s3:GetObject action",
        ),
        (
            Decision::ExplicitDeny(place(Identity)),
            "with an explicit deny in an identity-based policy",
        ),
        (
            Decision::ExplicitDeny(place(Bucket)),
            "with an explicit deny in a resource-based policy",
        ),
        (
            Decision::ExplicitDeny(place(PolicyKind::Boundary)),
            "with an explicit deny in a permissions boundary",
        ),
        (
            Decision::ExplicitDeny(place(Session)),
            "with an explicit deny in a session policy",
        ),
        (
            Decision::ExplicitDeny(place(Trust)),
            "with an explicit deny in the role trust policy",
        ),
    ];
    for (decision, reason) in cases {
        assert_eq!(decision.reason("s3:GetObject").as_deref(), Some(reason));
    }
    assert_eq!(
        Decision::ImplicitDeny(Identity)
            .refusal(
                "arn:aws:sts::123456789012:assumed-role/x/s",
                "s3:GetObject",
                Some("\"arn:aws:s3:::b/k\"")
            )
            .unwrap(),
        "User: arn:aws:sts::123456789012:assumed-role/x/s is not authorized to perform: s3:GetObject on resource: \
         \"arn:aws:s3:::b/k\" because no identity-based policy allows the s3:GetObject action",
    );
    assert_eq!(
        Decision::ImplicitDeny(Identity)
            .refusal("arn", "iam:ListRoles", None)
            .unwrap(),
        "User: arn is not authorized to perform: iam:ListRoles because no identity-based policy allows the \
         iam:ListRoles action",
    );
}

#[test]
fn what_a_policy_asks_for_is_listed_once() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:username}/${AWS:UserName}",
         "Condition":{"StringLike":{"s3:prefix":["${aws:PrincipalTag/Team}/*"]},"Null":{"S3:Prefix":"false"}}}]}"#;
    let policy = Policy::parse(text, Identity).unwrap();
    assert_eq!(
        policy.context_keys(),
        ["aws:username", "s3:prefix", "aws:PrincipalTag/Team"]
    );
}
