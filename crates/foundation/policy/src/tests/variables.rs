//! What went wrong in other engines: reference identity-pools-iam 4.4 and 4.1 (wildcards).

use super::scene::*;
use crate::PolicyKind::Identity;

#[test]
fn variables_in_resources() {
    let get = "s3:GetObject";
    let user = "aws:username";
    check_all(vec![
        case(1).p(&["+s3:* b/${aws:username}/*"]).asks(get, "b/Ann/x").allow(),
        case(2).p(&["+s3:* b/${AWS:UserName}/*"]).asks(get, "b/Ann/x").allow(),
        case(3)
            .p(&["+s3:* b/${aws:username}*"])
            .by(SESSION)
            .asks(get, "b/other")
            .implicit(Identity),
        case(4)
            .p(&["+s3:* b/${aws:username}"])
            .with(user, "a/*")
            .asks(get, "b/a/x")
            .implicit(Identity),
        case(5)
            .p(&["+s3:* b/${aws:username}"])
            .with(user, "a/*")
            .asks(get, "b/a/*")
            .allow(),
        case(6)
            .p(&["+s3:* b/${aws:username}/?"])
            .with(user, "?")
            .asks(get, "b/x/y")
            .implicit(Identity),
        case(7)
            .p(&["+s3:* b/${aws:username}"])
            .with(user, "${aws:userid}")
            .asks(get, "b/${aws:userid}")
            .allow(),
        case(8).p(&["+s3:* b/${*}/${?}/${$}"]).asks(get, "b/*/?/$").allow(),
        case(9).p(&["+s3:* b/${*}"]).asks(get, "b/x").implicit(Identity),
        case(10)
            .p_of_version(None, &["+s3:* b/${aws:username}/x"])
            .asks(get, "b/${aws:username}/x")
            .allow(),
        case(11)
            .p(&["+s3:* b/${aws:username"])
            .asks(get, "b/${aws:username")
            .allow(),
        case(12)
            .p(&["+s3:* b/${aws:PrincipalTag/t, 'x*'}/y"])
            .asks(get, "b/x*/y")
            .allow(),
        case(13)
            .p(&["+s3:* b/${aws:PrincipalTag/t, 'x*'}/y"])
            .asks(get, "b/xx/y")
            .implicit(Identity),
        case(14)
            .p(&["+s3:* b/${aws:PrincipalTag/t, 'x'}/y"])
            .with("aws:PrincipalTag/T", "own")
            .asks(get, "b/own/y")
            .allow(),
        case(15)
            .p(&["+s3:* b/${aws:PrincipalTag/t, x}/y"])
            .asks(get, "b/x/y")
            .implicit(Identity),
        case(16)
            .p(&["+s3:* b/${cognito-identity.amazonaws.com:amr}/y"])
            .with_all("cognito-identity.amazonaws.com:amr", &["authenticated"])
            .asks(get, "b/authenticated/y")
            .implicit(Identity),
        case(17)
            .p(&["+s3:* b/${aws:TagKeys, 'x'}/y"])
            .with_all("aws:TagKeys", &["k"])
            .asks(get, "b/x/y")
            .implicit(Identity),
        case(18)
            .p(&["+s3:* !b/${aws:PrincipalTag/none}/*"])
            .asks(get, "b/secret/x")
            .implicit(Identity),
        case(19)
            .p(&["+sqs:* arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:q"])
            .asks("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:q")
            .implicit(Identity),
    ]);
}

#[test]
fn variables_in_conditions() {
    let get = "s3:GetObject";
    let own = |negated: bool| {
        let operator = if negated { "StringNotEquals" } else { "StringEquals" };
        format!("+* * if {operator} aws:ResourceTag/owner ${{aws:PrincipalTag/owner}}")
    };
    check_all(vec![
        case(1)
            .p(&[&own(false)])
            .with("aws:ResourceTag/owner", "ana")
            .with("aws:PrincipalTag/owner", "ana")
            .asks(get, "b/k")
            .allow(),
        case(2)
            .p(&[&own(false)])
            .with("aws:ResourceTag/owner", "")
            .asks(get, "b/k")
            .implicit(Identity),
        case(3)
            .p(&[&own(true)])
            .with("aws:ResourceTag/owner", "ana")
            .asks(get, "b/k")
            .implicit(Identity),
        case(4).p(&[&own(true)]).asks(get, "b/k").implicit(Identity),
        case(5)
            .p(&[&own(true)])
            .with("aws:PrincipalTag/owner", "ana")
            .asks(get, "b/k")
            .allow(),
        case(6)
            .p(&["+* * if StringLike aws:ResourceTag/owner ${aws:PrincipalTag/owner}"])
            .with("aws:ResourceTag/owner", "ana")
            .with("aws:PrincipalTag/owner", "*")
            .asks(get, "b/k")
            .implicit(Identity),
        case(7)
            .p(&["+* * if StringEqualsIgnoreCase aws:ResourceTag/owner x-${aws:username}"])
            .with("aws:ResourceTag/owner", "X-ANN")
            .asks(get, "b/k")
            .allow(),
        case(8)
            .p(&["+* * if ArnLike aws:SourceArn arn:aws:iam::${aws:PrincipalAccount}:role/*"])
            .with("aws:SourceArn", "arn:aws:iam::123456789012:role/x")
            .asks(get, "b/k")
            .allow(),
        case(9)
            .p(&["+* * if ArnEquals aws:SourceArn ${aws:PrincipalArn}"])
            .with("aws:SourceArn", "arn:aws:iam::123456789012:user/Ann")
            .asks(get, "b/k")
            .allow(),
        case(10)
            .p(&["+* * if Bool aws:SecureTransport ${aws:PrincipalTag/secure}"])
            .with("aws:SecureTransport", "true")
            .with("aws:PrincipalTag/secure", "TRUE")
            .asks(get, "b/k")
            .allow(),
        case(11)
            .p_of_version(None, &["+* * if StringEquals aws:ResourceTag/owner ${aws:username}"])
            .with("aws:ResourceTag/owner", "Ann")
            .asks(get, "b/k")
            .implicit(Identity),
    ]);
}

#[test]
fn stars_stay_between_their_colons() {
    let send = "sqs:SendMessage";
    let queue = "arn:aws:sqs:us-east-1:123456789012:a:b";
    let cases = [
        ("arn:aws:sqs:*:*:a*", true),
        ("arn:aws:sqs:us-*", true),
        ("arn:aws:sqs:*", true),
        ("arn:*:sqs:us-east-1:123456789012:a:?", true),
        ("arn:aws:sqs:us-east-1:*:b", false),
        ("arn:aws:sqs:us-east-?:123456789012:*", true),
        ("arn:aws:SQS:us-east-1:123456789012:*", false),
    ];
    for (pattern, allowed) in cases {
        let statement = format!("+sqs:* {pattern}");
        let decision = case(0).p(&[&statement]).asks(send, queue).decide();
        assert_eq!(is_allowed(decision), allowed, "{pattern}");
    }
    let everything = case(0)
        .p(&["+sqs:* arn:aws:sqs:*"])
        .asks("sqs:ListQueues", "*")
        .decide();
    assert!(
        !is_allowed(everything),
        "an ARN pattern covers no action without resource"
    );
}
