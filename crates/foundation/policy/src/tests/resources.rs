//! The ARNs that identity policies may name. Reference: identity-pools-iam 3.3, 4.1.

use super::scene::*;
use crate::Policy;
use crate::PolicyKind::{Identity, Session};

const PATHS: &str = "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, \
                     instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, \
                     report/, access-report/.";
const LEGACY: &str = "The policy failed legacy parsing";
const VENDOR: &str = "Resource vendor must be fully qualified and cannot contain regexes.";

fn parsed(resource: &str) -> Result<(), String> {
    let document =
        format!(r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"{resource}"}}}}"#);
    Policy::parse(&document, Identity)
        .map(drop)
        .map_err(|error| error.to_string())
}

#[test]
fn what_is_refused() {
    let partition = |partition: &str, resource: &str| {
        format!("Partition \"{partition}\" is not valid for resource \"{resource}\".")
    };
    let cases = [
        (
            "bucket/*",
            "Resource bucket/* must be in ARN format or \"*\".".to_owned(),
        ),
        ("arn", "Resource arn must be in ARN format or \"*\".".to_owned()),
        ("arn:aws", VENDOR.to_owned()),
        ("arn:aws:", VENDOR.to_owned()),
        ("arn:aws:*:::b", VENDOR.to_owned()),
        ("arn:aws:s?::b", VENDOR.to_owned()),
        ("arn:x", partition("x", "arn:x:*:*:*:*")),
        ("arn:x:s3", partition("x", "arn:x:s3:*:*:*")),
        ("arn:x:s3:::b", partition("x", "arn:x:s3:::b")),
        ("arn:aws-cn:s3:::b:c", partition("aws-cn", "arn:aws-cn:s3:::b:c")),
        ("arn:aws:s3", LEGACY.to_owned()),
        ("arn:aws:s3:b", LEGACY.to_owned()),
        ("arn:aws:s3::b/*", LEGACY.to_owned()),
        (
            "arn:aws:s3:us-east-1::b",
            "Resource arn:aws:s3:us-east-1::b can not contain region information.".to_owned(),
        ),
        (
            "arn:aws:iam:us-east-1:123456789012:role/x",
            "IAM resource arn:aws:iam:us-east-1:123456789012:role/x cannot contain region information.".to_owned(),
        ),
        ("arn:aws:iam:::nothing", PATHS.to_owned()),
        ("arn:aws:iam::123456789012:root", PATHS.to_owned()),
        ("arn:aws:iam::123456789012:rule*", PATHS.to_owned()),
    ];
    for (resource, sentence) in cases {
        assert_eq!(parsed(resource), Err(sentence), "{resource}");
    }
}

#[test]
fn what_is_taken() {
    for resource in [
        "*",
        "arn:aws:abc",
        "arn:aws:abc:us-east-1",
        "arn:aws:s3:::*",
        "arn:aws:s3:*",
        "arn:*:s3:::b",
        "arn:aws:s3:us-east-1:123456789012:accesspoint/a",
        "arn:aws:s3:*:*:*",
        "arn:aws:s3express:us-east-1:123456789012:bucket/b",
        "arn:aws:iam",
        "arn:aws:iam::*:*",
        "arn:aws:iam::aws:policy/service-role/X",
        "arn:aws:iam::123456789012:r*",
        "arn:aws:iam::123456789012:user/${aws:username}",
        "arn:aws:iam:*:123456789012:role/x",
    ] {
        assert_eq!(parsed(resource), Ok(()), "{resource}");
    }
}

/// AWS completes an ARN with stars: all of the service that it names, and of no other. Source: IAM user guide, "IAM
/// identifiers".
#[test]
fn parts_that_are_left_out_are_any() {
    check_all(vec![
        case(4)
            .p(&["+* arn:aws:iam"])
            .asks("iam:GetUser", "arn:aws:iam::123456789012:user/Ann")
            .allow(),
        case(5)
            .p(&["+* arn:aws:iam"])
            .asks("s3:GetObject", "b/k")
            .implicit(Identity),
        case(6).p(&["+* arn:*:s3"]).asks("s3:GetObject", "b/k").allow(),
        case(7)
            .p(&["+* arn:*:s3"])
            .asks("iam:GetUser", "arn:aws:iam::123456789012:user/Ann")
            .implicit(Identity),
        // An action without a resource is not one of the service's resources.
        case(8)
            .p(&["+* arn:*:s3", "+* arn:aws:iam"])
            .asks("s3:ListAllMyBuckets", "*")
            .implicit(Identity),
        case(1)
            .p(&["+sqs:* arn:aws:sqs"])
            .asks("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:q")
            .allow(),
        case(2)
            .p(&["+sqs:* arn:aws:sqs:us-east-1"])
            .asks("sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:q")
            .implicit(Identity),
        case(3)
            .p(&["+sqs:* arn:aws:sqs"])
            .asks("sns:Publish", "arn:aws:sns:us-east-1:123456789012:t")
            .implicit(Identity),
    ]);
}

/// Session policies do not support incomplete ARNs. Source: IAM user guide, "IAM identifiers".
#[test]
fn session_policies_name_whole_arns() {
    for (resource, whole) in [
        ("*", true),
        ("arn:aws:sqs:*:*:*", true),
        ("arn:aws:s3:::b/a:b", true),
        ("arn:aws:sqs", false),
        ("arn:aws:sqs:*", false),
        ("arn:*:s3", false),
        ("arn:aws:iam::*", false),
    ] {
        let checked = policy(Session, &["+* *", &format!("+* {resource}")]).require_whole_arns();
        let refusal = checked.map_err(|error| (error.code(), error.to_string()));
        let expected = if whole {
            Ok(())
        } else {
            Err(("MalformedPolicyDocument", LEGACY.to_owned()))
        };
        assert_eq!(refusal, expected, "{resource}");
    }
}
