//! Section 9, continued: the rows where several policies meet.

use super::scene::*;
use crate::Needs;
use crate::PolicyKind::{Bucket, Identity, Session, Trust};
use crate::Principal;

const ROLE: &str = "arn:aws:iam::123456789012:role/app/x";

pub fn rows() -> Vec<Case> {
    [resource_policies(), narrowing(), trust(), apis()].concat()
}

fn resource_policies() -> Vec<Case> {
    let get = "s3:GetObject";
    let to_role = ["+s3:GetObject b/* to arn:aws:iam::123456789012:role/app/x"];
    let to_session = ["+s3:GetObject b/* to arn:aws:sts::123456789012:assumed-role/x/CognitoIdentityCredentials"];
    let to_account = ["+s3:GetObject b/* to arn:aws:iam::123456789012:root"];
    let to_ann = ["+s3:GetObject b/* to arn:aws:iam::123456789012:user/Ann"];
    let but_bob = ["-s3:* b/* except arn:aws:iam::123456789012:root,arn:aws:iam::123456789012:user/Bob"];
    let to_x = ["+s3:GetObject b/* to arn:aws:iam::999999999999:root"];
    let stranger = |number| case(number).by(STRANGER).p(&["+* *"]);
    vec![
        case(49).by(SESSION).r(&to_role).asks(get, "b/k").allow(),
        case(50)
            .by(SESSION)
            .r(&to_role)
            .s(&["+ec2:* *"])
            .asks(get, "b/k")
            .implicit(Session),
        case(51)
            .by(SESSION)
            .r(&to_session)
            .s(&["+ec2:* *"])
            .asks(get, "b/k")
            .allow(),
        case(52).r(&to_account).asks(get, "b/k").implicit(Identity),
        case(53).r(&to_ann).b(&["+ec2:* *"]).asks(get, "b/k").allow(),
        case(57)
            .by(Principal::Anonymous)
            .r(&["+s3:GetObject b/* to *"])
            .asks(get, "b/k")
            .allow(),
        case(60).p(&["+* *"]).r(&but_bob).asks(get, "b/k").explicit(Bucket),
        case(60).by(BOB).p(&["+* *"]).r(&but_bob).asks(get, "b/k").allow(),
        stranger(74).asks(get, "b/k").implicit(Bucket),
        stranger(75).r(&to_x).asks(get, "b/k").allow(),
    ]
}

fn narrowing() -> Vec<Case> {
    let guest = |number| {
        case(number)
            .by(SESSION)
            .p(&["+s3:*,ec2:* *"])
            .s(&["+s3:*,execute-api:* *"])
            .s(&["+rum:PutRumEvents *"])
    };
    vec![
        case(55).b(&["+* *"]).asks("s3:GetObject", "b/k").implicit(Identity),
        case(56)
            .by(SESSION)
            .p(&["+* *"])
            .s(&["-s3:DeleteObject *", "+s3:* *"])
            .asks("s3:DeleteObject", "b/k")
            .explicit(Session),
        guest(61).asks("ec2:DescribeInstances", "*").implicit(Session),
        guest(62).asks("s3:GetObject", "b/k").allow(),
    ]
}

fn trust() -> Vec<Case> {
    let trusting = "to Federated=cognito-identity.amazonaws.com if StringEquals cognito-identity.amazonaws.com:aud";
    let any_amr = "ForAnyValue:StringLike cognito-identity.amazonaws.com:amr authenticated";
    let own_pool = format!("+sts:AssumeRoleWithWebIdentity {trusting} {POOL} and {any_amr}");
    let other_pool = format!("+sts:AssumeRoleWithWebIdentity {trusting} us-east-1:other and {any_amr}");
    let with_tags = format!("+sts:AssumeRoleWithWebIdentity,sts:TagSession {trusting} {POOL} and {any_amr}");
    let one_user = "+sts:AssumeRoleWithWebIdentity to Federated=cognito-identity.amazonaws.com \
                    if StringEquals cognito-identity.amazonaws.com:sub us-east-1:u1";
    let token = |number, policy: &str| {
        case(number)
            .by(IDENTITY_POOL)
            .t(&[policy])
            .with("cognito-identity.amazonaws.com:aud", POOL)
            .asks("sts:AssumeRoleWithWebIdentity", ROLE)
    };
    let signed_in: [&str; 2] = ["authenticated", "cognito-idp.us-east-1.amazonaws.com/us-east-1_abc"];
    let amr = "cognito-identity.amazonaws.com:amr";
    let sub = "cognito-identity.amazonaws.com:sub";
    vec![
        token(63, &own_pool).with_all(amr, &["unauthenticated"]).implicit(Trust),
        token(63, &own_pool).with_all(amr, &signed_in).allow(),
        token(64, &other_pool).with_all(amr, &signed_in).implicit(Trust),
        token(65, &own_pool)
            .with_all(amr, &signed_in)
            .asks("sts:TagSession", ROLE)
            .implicit(Trust),
        token(65, &with_tags)
            .with_all(amr, &signed_in)
            .asks("sts:TagSession", ROLE)
            .allow(),
        token(66, one_user).with(sub, "us-east-1:u2").implicit(Trust),
        token(66, one_user).with(sub, "us-east-1:u1").allow(),
    ]
}

fn apis() -> Vec<Case> {
    let invoke = "execute-api:Invoke";
    let pets = ["+execute-api:Invoke arn:aws:execute-api:us-east-1:123456789012:abc/*/GET/pets"];
    let api = |path: &str| format!("arn:aws:execute-api:us-east-1:123456789012:abc/{path}");
    let role = "arn:aws:iam::123456789012:role/guest";
    vec![
        case(72).p(&pets).asks(invoke, &api("prod/GET/pets")).allow(),
        case(73)
            .p(&pets)
            .asks(invoke, &api("prod/POST/pets"))
            .implicit(Identity),
        case(73)
            .p(&pets)
            .asks(invoke, &api("prod/GET/pets/1"))
            .implicit(Identity),
        case(76)
            .p(&["-* *"])
            .asks("sts:GetCallerIdentity", "*")
            .needing(Needs::Nothing)
            .allow(),
        case(77)
            .p(&["+s3:PutObject dst/*"])
            .asks("s3:PutObject", "dst/k")
            .allow(),
        case(77)
            .p(&["+s3:PutObject dst/*"])
            .asks("s3:GetObject", "src/k")
            .implicit(Identity),
        case(78)
            .p(&["+s3:GetObject b/*"])
            .asks("s3:GetObject", "b/missing")
            .allow(),
        case(78)
            .p(&["+s3:GetObject b/*"])
            .asks("s3:ListBucket", "b")
            .implicit(Identity),
        case(79)
            .p(&["+cognito-identity:* *"])
            .asks("iam:PassRole", role)
            .implicit(Identity),
    ]
}
