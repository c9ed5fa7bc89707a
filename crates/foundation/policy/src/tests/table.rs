//! The evaluation table of identity-pools-iam section 9, row by row.

use std::collections::BTreeSet;

use super::scene::*;
use super::table_parts;
use crate::PolicyKind::{Boundary, Identity};

/// Block Public Access: S3 decides there, by `Policy::is_public`; its tests at the edge have both.
const COVERED_ELSEWHERE: [u8; 2] = [58, 59];

#[test]
fn every_row_decides_as_the_reference_says() {
    check_all(rows());
}

#[test]
fn no_row_is_forgotten() {
    let covered: BTreeSet<u8> = rows().iter().map(|case| case.number).chain(COVERED_ELSEWHERE).collect();
    assert_eq!(covered, (1..=79).collect());
}

fn rows() -> Vec<Case> {
    [
        elements(),
        per_user(),
        conditions(),
        sets_and_tags(),
        table_parts::rows(),
    ]
    .concat()
}

fn elements() -> Vec<Case> {
    let get = "s3:GetObject";
    vec![
        case(1).asks(get, "b/k").implicit(Identity),
        case(2).p(&["+s3:GetObject b/*"]).asks(get, "b/k").allow(),
        case(3)
            .p(&["+s3:GetObject b/*"])
            .asks("s3:PutObject", "b/k")
            .implicit(Identity),
        case(4).p(&["+s3:* b"]).asks(get, "b/k").implicit(Identity),
        case(5).p(&["+s3:* b/*"]).asks("s3:ListBucket", "b").implicit(Identity),
        case(6)
            .p(&["+* *", "-s3:DeleteObject b/*"])
            .asks("s3:DeleteObject", "b/k")
            .explicit(Identity),
        case(7).p(&["+S3:GETobject b/*"]).asks(get, "b/k").allow(),
        case(8)
            .p(&["+s3:GetObject b/Docs/*"])
            .asks(get, "b/docs/x")
            .implicit(Identity),
        case(9)
            .p(&["+!s3:DeleteObject *"])
            .asks("s3:DeleteObject", "b/k")
            .implicit(Identity),
        case(10)
            .p(&["+!s3:DeleteObject *"])
            .asks("iam:CreateUser", "arn:aws:iam::123456789012:user/New")
            .allow(),
        case(11)
            .p(&["+* *", "-!s3:* *"])
            .asks("iam:ListRoles", "*")
            .explicit(Identity),
        case(12)
            .p(&["+s3:GetObject !b/secret/*"])
            .asks(get, "b/secret/x")
            .implicit(Identity),
        case(13).p(&["+s3:GetObject !b/secret/*"]).asks(get, "c/x").allow(),
        case(14).p(&["+s3:GetObject b/?.txt"]).asks(get, "b/a.txt").allow(),
        case(15)
            .p(&["+s3:GetObject b/?.txt"])
            .asks(get, "b/ab.txt")
            .implicit(Identity),
        case(16).p(&["+s3:GetObject b/a/*"]).asks(get, "b/a/x/y/z").allow(),
    ]
}

fn per_user() -> Vec<Case> {
    let sub = "cognito-identity.amazonaws.com:sub";
    let own = ["+s3:GetObject b/${sub}/*"];
    let list = ["+s3:ListBucket b if StringLike s3:prefix ${sub}/*"];
    let guest = |number| case(number).by(SESSION).with(sub, SUB);
    let mine = format!("b/{SUB}/x");
    vec![
        guest(17).p(&own).asks("s3:GetObject", &mine).allow(),
        guest(18)
            .p(&own)
            .asks("s3:GetObject", &format!("b/{POOL}/x"))
            .implicit(Identity),
        guest(19)
            .p_of_version(Some("2008-10-17"), &own)
            .asks("s3:GetObject", &mine)
            .implicit(Identity),
        guest(19)
            .p_of_version(None, &own)
            .asks("s3:GetObject", &mine)
            .implicit(Identity),
        case(20).p(&own).asks("s3:GetObject", "b//x").implicit(Identity),
        guest(21)
            .p(&list)
            .with("s3:prefix", "us-east-1:11111111-1111-1111-1111-111111111111/")
            .asks("s3:ListBucket", "b")
            .allow(),
        guest(22).p(&list).asks("s3:ListBucket", "b").implicit(Identity),
        guest(23)
            .p(&list)
            .with("s3:prefix", SUB)
            .asks("s3:ListBucket", "b")
            .implicit(Identity),
    ]
}

fn conditions() -> Vec<Case> {
    let few = ["+s3:ListBucket b if NumericLessThanEquals s3:max-keys 10"];
    let not_public = ["+s3:PutObject b/* if StringNotEquals s3:x-amz-acl public-read"];
    let private = ["+s3:PutObject b/* if StringEquals s3:x-amz-acl private"];
    let private_if_said = ["+s3:PutObject b/* if StringEqualsIfExists s3:x-amz-acl private"];
    let https = ["+* *", "-s3:* b/* if Bool aws:SecureTransport false"];
    let temporary = ["+* *", "-* * if Null aws:TokenIssueTime true"];
    let mfa_or_absent = ["+* *", "-* * if BoolIfExists aws:MultiFactorAuthPresent false"];
    let mfa = ["+* *", "-* * if Bool aws:MultiFactorAuthPresent false"];
    let inside = ["+* *", "-* * if NotIpAddress aws:SourceIp 10.0.0.0/8,192.168.0.0/16"];
    let (list, get, put) = ("s3:ListBucket", "s3:GetObject", "s3:PutObject");
    vec![
        case(24).p(&few).with("s3:max-keys", "5").asks(list, "b").allow(),
        case(25)
            .p(&few)
            .with("s3:max-keys", "100")
            .asks(list, "b")
            .implicit(Identity),
        case(25)
            .p(&few)
            .with("s3:max-keys", "1000")
            .asks(list, "b")
            .implicit(Identity),
        case(25).p(&few).asks(list, "b").implicit(Identity),
        case(26).p(&not_public).asks(put, "b/k").allow(),
        case(27)
            .p(&not_public)
            .with("s3:x-amz-acl", "public-read")
            .asks(put, "b/k")
            .implicit(Identity),
        case(28).p(&private).asks(put, "b/k").implicit(Identity),
        case(29).p(&private_if_said).asks(put, "b/k").allow(),
        case(30)
            .p(&https)
            .with("aws:SecureTransport", "false")
            .asks(get, "b/k")
            .explicit(Identity),
        case(31)
            .p(&https)
            .with("aws:SecureTransport", "true")
            .asks(get, "b/k")
            .allow(),
        case(32).p(&temporary).asks(get, "b/k").explicit(Identity),
        case(33)
            .by(SESSION)
            .p(&temporary)
            .with("aws:TokenIssueTime", "2026-01-01T00:00:00Z")
            .asks(get, "b/k")
            .allow(),
        case(34).p(&mfa_or_absent).asks(get, "b/k").explicit(Identity),
        case(35).p(&mfa).asks(get, "b/k").allow(),
        case(36)
            .p(&["+* * if IpAddress aws:SourceIp 10.0.0.0/8"])
            .with("aws:SourceIp", "10.2.3.4")
            .asks(get, "b/k")
            .allow(),
        case(37)
            .p(&inside)
            .with("aws:SourceIp", "192.168.1.1")
            .asks(get, "b/k")
            .allow(),
        case(38)
            .p(&inside)
            .with("aws:SourceIp", "8.8.8.8")
            .asks(get, "b/k")
            .explicit(Identity),
        case(39)
            .p(&["+* * if DateLessThan aws:CurrentTime 2026-01-01T00:00:00Z"])
            .with("aws:CurrentTime", "2026-01-15T00:00:00Z")
            .asks(get, "b/k")
            .implicit(Identity),
    ]
}

fn sets_and_tags() -> Vec<Case> {
    let only = ["+iam:TagRole * if ForAllValues:StringEquals aws:TagKeys a,b"];
    let some = ["+iam:TagRole * if ForAnyValue:StringEquals aws:TagKeys a"];
    let both = ["+* * if StringEquals aws:PrincipalTag/dept hr,legal and StringEquals aws:PrincipalTag/lvl 3"];
    let clearance = ["+s3:GetObject b/* if StringEquals s3:ExistingObjectTag/clearance ${aws:PrincipalTag/clearance}"];
    let role = "arn:aws:iam::123456789012:role/r";
    let (get, tag) = ("s3:GetObject", "iam:TagRole");
    let odd = "arn:aws:x:r:9:s/a:111122223333:f/d";
    vec![
        case(40)
            .p(&only)
            .with_all("aws:TagKeys", &["a"])
            .asks(tag, role)
            .allow(),
        case(41)
            .p(&only)
            .with_all("aws:TagKeys", &["a", "c"])
            .asks(tag, role)
            .implicit(Identity),
        case(42).p(&only).asks(tag, role).allow(),
        case(42).p(&only).with_all("aws:TagKeys", &[]).asks(tag, role).allow(),
        case(43).p(&some).asks(tag, role).implicit(Identity),
        case(44)
            .p(&both)
            .with("aws:PrincipalTag/dept", "legal")
            .with("aws:PrincipalTag/lvl", "3")
            .asks(get, "b/k")
            .allow(),
        case(45)
            .p(&both)
            .with("aws:PrincipalTag/dept", "legal")
            .asks(get, "b/k")
            .implicit(Identity),
        case(46)
            .p(&["+* * if StringNotEquals aws:RequestedRegion us-east-1,us-west-2"])
            .with("aws:RequestedRegion", "us-west-2")
            .asks(get, "b/k")
            .implicit(Identity),
        case(47)
            .by(SESSION)
            .p(&["+* * if ArnLike aws:PrincipalArn arn:aws:iam::123456789012:role/app/*"])
            .asks(get, "b/k")
            .allow(),
        case(48)
            .p(&["+* * if ArnLike aws:SourceArn arn:aws:x:*:111122223333:f/*"])
            .with("aws:SourceArn", odd)
            .asks(get, "b/k")
            .implicit(Identity),
        case(48)
            .p(&["+* * if StringLike aws:SourceArn arn:aws:x:*:111122223333:f/*"])
            .with("aws:SourceArn", odd)
            .asks(get, "b/k")
            .allow(),
        case(67)
            .p(&clearance)
            .with("s3:ExistingObjectTag/clearance", "top")
            .with("aws:PrincipalTag/clearance", "top")
            .asks(get, "b/k")
            .allow(),
        case(68)
            .p(&clearance)
            .with("s3:ExistingObjectTag/clearance", "top")
            .asks(get, "b/k")
            .implicit(Identity),
        case(69)
            .p(&["+s3:* b-${aws:PrincipalTag/team, 'all'}/*"])
            .asks(get, "b-all/x")
            .allow(),
        case(70)
            .p(&["+s3:* b-${aws:PrincipalTag/team}/*"])
            .with("aws:PrincipalTag/team", "*")
            .asks(get, "b-red/x")
            .implicit(Identity),
        case(71)
            .by(SESSION)
            .p(&["+* *", "-s3:* b/${aws:username}/*"])
            .asks(get, "b/x/y")
            .allow(),
        case(54)
            .p(&["+s3:* *"])
            .b(&["+s3:Get* *"])
            .asks("s3:PutObject", "b/k")
            .implicit(Boundary),
    ]
}
