//! Who is meant, and how far that goes. Reference: identity-pools-iam 4.2, 5.2 to 5.4, 11.5, 2.5.

use super::scene::*;
use crate::PolicyKind::{Bucket, Identity, Session, Trust};
use crate::{Account, Needs, Principal};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";
const GET: &str = "s3:GetObject";
const ASSUME: &str = "sts:AssumeRole";

#[test]
fn names_in_resource_policies() {
    let hex = "ab".repeat(32);
    let canonical = format!("+s3:* b/* to CanonicalUser={hex}");
    let canonical_caller = Principal::User {
        account: Account {
            id: X,
            canonical_id: Some("abababababababababababababababababababababababababababababababab"),
        },
        arn: "arn:aws:iam::999999999999:user/Sam",
        name: "Sam",
        id: "AIDA1111111111111SAM",
    };
    let anonymous = Principal::Anonymous;
    let s3 = Principal::Service {
        name: "s3.amazonaws.com",
    };
    check_all(vec![
        case(1)
            .by(anonymous)
            .r(&["+s3:* b/* to AWS=*"])
            .asks(GET, "b/k")
            .allow(),
        case(2)
            .by(anonymous)
            .r(&["+s3:* b/* to 123456789012"])
            .asks(GET, "b/k")
            .implicit(Bucket),
        case(3).by(anonymous).p(&["+* *"]).asks(GET, "b/k").implicit(Bucket),
        case(4)
            .by(ROOT)
            .r(&["-s3:* b/* to *"])
            .asks(GET, "b/k")
            .explicit(Bucket),
        case(5)
            .by(ROOT)
            .r(&["-s3:* b to *"])
            .asks("s3:PutBucketPolicy", "b")
            .allow(),
        case(6)
            .by(ROOT)
            .r(&["-s3:* b to *"])
            .asks("s3:PutBucketPolicy", "b")
            .owned_by(X)
            .explicit(Bucket),
        case(7).by(ROOT).asks(GET, "b/k").allow(),
        case(8)
            .r(&["+s3:* b/* to AIDA1111111111111ANN"])
            .asks(GET, "b/k")
            .allow(),
        case(9)
            .by(SESSION)
            .r(&["+s3:* b/* to AROA11111111111111XX"])
            .asks(GET, "b/k")
            .allow(),
        case(10)
            .by(FEDERATED_USER)
            .narrowed_to_nothing()
            .p(&["+* *"])
            .asks(GET, "b/k")
            .implicit(Session),
        case(11)
            .by(FEDERATED_USER)
            .narrowed_to_nothing()
            .r(&["+s3:* b/* to arn:aws:sts::123456789012:federated-user/Kim"])
            .asks(GET, "b/k")
            .allow(),
        case(12)
            .by(s3)
            .r(&["+s3:* b/* to Service=s3.amazonaws.com"])
            .asks("s3:PutObject", "b/k")
            .allow(),
        case(13)
            .by(s3)
            .r(&["+s3:* b/* to Service=sns.amazonaws.com"])
            .asks("s3:PutObject", "b/k")
            .implicit(Bucket),
        case(14)
            .by(canonical_caller)
            .p(&["+* *"])
            .r(&[&canonical])
            .asks(GET, "b/k")
            .allow(),
        case(15)
            .by(canonical_caller)
            .r(&[&canonical])
            .asks(GET, "b/k")
            .implicit(Identity),
        case(16)
            .by(BOB)
            .p(&["+* *"])
            .r(&["-s3:* b/* to arn:aws:iam::123456789012:root"])
            .asks(GET, "b/k")
            .explicit(Bucket),
    ]);
}

#[test]
fn not_principal() {
    let all_of_session = "-s3:* b/* except arn:aws:iam::123456789012:root,arn:aws:iam::123456789012:role/app/x,\
                          arn:aws:sts::123456789012:assumed-role/x/CognitoIdentityCredentials";
    let role_only = "-s3:* b/* except arn:aws:iam::123456789012:root,arn:aws:iam::123456789012:role/app/x";
    check_all(vec![
        case(1)
            .by(SESSION)
            .p(&["+* *"])
            .r(&[all_of_session])
            .asks(GET, "b/k")
            .allow(),
        case(2)
            .by(SESSION)
            .p(&["+* *"])
            .r(&[role_only])
            .asks(GET, "b/k")
            .explicit(Bucket),
        case(3)
            .by(Principal::Anonymous)
            .r(&["+s3:* b/* to *", role_only])
            .asks(GET, "b/k")
            .explicit(Bucket),
        case(4)
            .by(Principal::Anonymous)
            .r(&["+s3:* b/* except 123456789012"])
            .asks(GET, "b/k")
            .allow(),
        case(5)
            .by(BOB)
            .r(&["+s3:* b/* except 123456789012"])
            .asks(GET, "b/k")
            .implicit(Identity),
        case(6)
            .by(BOB)
            .r(&["+s3:* b/* except arn:aws:iam::123456789012:user/Bob"])
            .asks(GET, "b/k")
            .implicit(Identity),
        case(7)
            .by(ROOT)
            .p(&["+* *"])
            .r(&["-s3:* b/* except 123456789012"])
            .asks(GET, "b/k")
            .allow(),
        case(8)
            .p(&["+* *"])
            .r(&["-s3:* b/* except AWS=*"])
            .asks(GET, "b/k")
            .allow(),
    ]);
}

#[test]
fn another_accounts_bucket_needs_both_sides() {
    let named = ["+s3:* b/* to arn:aws:iam::999999999999:user/Sam"];
    check_all(vec![
        case(1).by(STRANGER).r(&named).asks(GET, "b/k").implicit(Identity),
        case(2).by(STRANGER).r(&named).p(&["+s3:* *"]).asks(GET, "b/k").allow(),
        case(3)
            .by(STRANGER)
            .r(&named)
            .p(&["+s3:* *"])
            .b(&["+ec2:* *"])
            .asks(GET, "b/k")
            .implicit(crate::PolicyKind::Boundary),
        case(4)
            .by(STRANGER)
            .r(&["+s3:* b/* to *"])
            .asks(GET, "b/k")
            .implicit(Identity),
        case(5)
            .by(STRANGER)
            .p(&["+s3:* *"])
            .r(&["-s3:* b/* to *"])
            .asks(GET, "b/k")
            .explicit(Bucket),
        case(6)
            .by(SESSION)
            .owned_by(X)
            .r(&["+s3:* b/* to arn:aws:iam::123456789012:role/app/x"])
            .asks(GET, "b/k")
            .implicit(Identity),
    ]);
}

#[test]
fn trust_policies() {
    let names_ann = ["+sts:AssumeRole to arn:aws:iam::123456789012:user/Ann"];
    let names_account = ["+sts:AssumeRole to 123456789012"];
    let names_x = ["+sts:AssumeRole to 999999999999"];
    let anybody = ["+sts:AssumeRole,sts:AssumeRoleWithWebIdentity to *"];
    let allowed = ["+sts:AssumeRole *"];
    check_all(vec![
        case(1).t(&names_ann).asks(ASSUME, ROLE).allow(),
        case(2)
            .by(BOB)
            .p(&["+* *"])
            .t(&names_ann)
            .asks(ASSUME, ROLE)
            .implicit(Trust),
        case(3).t(&names_account).asks(ASSUME, ROLE).implicit(Identity),
        case(4).t(&names_account).p(&allowed).asks(ASSUME, ROLE).allow(),
        case(5).by(STRANGER).t(&names_x).asks(ASSUME, ROLE).implicit(Identity),
        case(6).by(STRANGER).t(&names_x).p(&allowed).asks(ASSUME, ROLE).allow(),
        case(7)
            .by(STRANGER)
            .t(&names_account)
            .p(&allowed)
            .asks(ASSUME, ROLE)
            .implicit(Trust),
        case(8)
            .t(&[
                "+sts:AssumeRole to 123456789012",
                "-sts:AssumeRole to arn:aws:iam::123456789012:user/Ann",
            ])
            .p(&allowed)
            .asks(ASSUME, ROLE)
            .explicit(Trust),
        case(9)
            .t(&names_ann)
            .p(&["-sts:* *"])
            .asks(ASSUME, ROLE)
            .explicit(Identity),
        case(10).t(&anybody).asks(ASSUME, ROLE).allow(),
        case(11)
            .by(Principal::Anonymous)
            .t(&anybody)
            .asks(ASSUME, ROLE)
            .implicit(Trust),
        case(12)
            .by(IDENTITY_POOL)
            .t(&anybody)
            .asks("sts:AssumeRoleWithWebIdentity", ROLE)
            .implicit(Trust),
        case(12)
            .by(IDENTITY_POOL)
            .t(&[
                "+sts:AssumeRoleWithWebIdentity to Federated=cognito-identity.amazonaws.com",
                "-sts:AssumeRoleWithWebIdentity to * if Null aws:RequestTag/team true",
            ])
            .asks("sts:AssumeRoleWithWebIdentity", ROLE)
            .explicit(Trust),
        case(13)
            .by(SESSION)
            .t(&["+sts:AssumeRole to arn:aws:iam::123456789012:role/app/x"])
            .s(&["+s3:* *"])
            .asks(ASSUME, ROLE)
            .implicit(Session),
        case(14)
            .t(&["+sts:AssumeRole to 123456789012 if StringEquals sts:ExternalId shared"])
            .p(&allowed)
            .with("sts:ExternalId", "shared")
            .asks(ASSUME, ROLE)
            .allow(),
        case(15)
            .t(&["+sts:AssumeRole to 123456789012 if StringEquals sts:ExternalId shared"])
            .p(&allowed)
            .asks(ASSUME, ROLE)
            .implicit(Trust),
    ]);
}

#[test]
fn sts_calls_without_permission() {
    check_all(vec![
        case(1).asks("sts:GetSessionToken", "*").needing(Needs::NoDeny).allow(),
        case(2)
            .p(&["-sts:* *"])
            .asks("sts:GetSessionToken", "*")
            .needing(Needs::NoDeny)
            .explicit(Identity),
        case(3)
            .by(Principal::Anonymous)
            .asks("sts:GetCallerIdentity", "*")
            .needing(Needs::Nothing)
            .implicit(Bucket),
    ]);
}

#[test]
fn public_policies() {
    let cases = [
        ("+s3:GetObject b/* to *", true),
        ("+s3:GetObject b/* to AWS=*", true),
        ("+s3:GetObject b/* except 123456789012", true),
        ("+s3:GetObject b/* to 123456789012", false),
        ("-s3:GetObject b/* to *", false),
        ("+s3:GetObject b/* to * if IpAddress aws:SourceIp 203.0.113.0/24", false),
        ("+s3:GetObject b/* to * if IpAddress aws:SourceIp 0.0.0.0/1", true),
        (
            "+s3:GetObject b/* to * if NotIpAddress aws:SourceIp 203.0.113.0/24",
            true,
        ),
        (
            "+s3:GetObject b/* to * if StringEquals aws:PrincipalAccount 123456789012",
            false,
        ),
        (
            "+s3:GetObject b/* to * if StringEqualsIfExists aws:PrincipalAccount 123456789012",
            true,
        ),
        ("+s3:GetObject b/* to * if StringLike aws:userid AROA*", true),
        ("+s3:GetObject b/* to * if StringEquals aws:Referer site", true),
        (
            "+s3:GetObject b/* to * if ArnLike aws:PrincipalArn arn:aws:iam::123456789012:role/*",
            true,
        ),
        (
            "+s3:GetObject b/* to * if ArnEquals aws:PrincipalArn arn:aws:iam::123456789012:role/x",
            false,
        ),
    ];
    for (statement, public) in cases {
        assert_eq!(policy(Bucket, &[statement]).is_public(), public, "{statement}");
    }
}
