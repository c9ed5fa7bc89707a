use super::scene::text;
use crate::PolicyKind::{self, Boundary, Bucket, Identity, Session, Trust};
use crate::{Policy, Position, Version};

const SYNTAX: &str = "Syntax errors in policy.";
const NOT_JSON: &str = "This policy contains invalid Json";
const LEGACY: &str = "The policy failed legacy parsing";
const VENDOR: &str = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

fn refusal(kind: PolicyKind, text: &str) -> (String, &'static str) {
    let error = Policy::parse(text, kind).map(|_| ()).expect_err(text);
    (error.to_string(), error.code())
}

fn with(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
}

/// To whatever an IAM policy is for.
fn check_iam(cases: &[(&str, &str)]) {
    for kind in [Identity, Session, Boundary] {
        for (text, sentence) in cases {
            assert_eq!(
                refusal(kind, text),
                ((*sentence).to_owned(), "MalformedPolicyDocument"),
                "{text}"
            );
        }
    }
}

#[test]
fn iam_refuses_what_is_no_policy() {
    check_iam(&[
        ("", NOT_JSON),
        ("{not json", NOT_JSON),
        ("{", NOT_JSON),
        (r#"{"Version":"2012-10-17",}"#, NOT_JSON),
        ("[]", SYNTAX),
        ("\"*\"", SYNTAX),
        (r#"{"Version":"2012-10-17"}"#, SYNTAX),
        (r#"{"Version":"2012-10-17","Statement":[]}"#, SYNTAX),
        (
            r#"{"Version":"2013-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
            SYNTAX,
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"*","Resource":"*","Extra":1}"#),
            SYNTAX,
        ),
    ]);
}

#[test]
fn iam_refuses_statements_in_its_own_words() {
    check_iam(&[
        (&with(r#"{"Action":"*","Resource":"*"}"#), SYNTAX),
        (&with(r#"{"Effect":"allow","Action":"*","Resource":"*"}"#), LEGACY),
        (&with(r#"{"Effect":"denY","Action":"*","Resource":"*"}"#), LEGACY),
        (&with(r#"{"Effect":"Maybe","Action":"*","Resource":"*"}"#), SYNTAX),
        (
            &with(r#"{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}"#),
            SYNTAX,
        ),
        (
            &with(r#"{"Effect":"Allow","Resource":"*"}"#),
            "Policy statement must contain actions.",
        ),
        (
            &with(r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#),
            "Policy statement must contain actions.",
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"*"}"#),
            "Policy statement must contain resources.",
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"*","Resource":[]}"#),
            "Policy statement must contain resources.",
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"GetObject","Resource":"*"}"#),
            VENDOR,
        ),
        (
            &with(r#"{"Effect":"Allow","Action":":GetObject","Resource":"*"}"#),
            VENDOR,
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"s3:Get:Object","Resource":"*"}"#),
            "Actions/Condition can contain only one colon.",
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"s*:GetObject","Resource":"*"}"#),
            "Vendor s* is not valid",
        ),
        (
            &with(r#"{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}"#),
            "Policy document should not specify a principal.",
        ),
        (
            &with(
                r#"{"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}"#,
            ),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
        (
            &with(r#"{"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"}"#),
            "Statement IDs (SID) must be alpha numeric. Check that your input satisfies the regular expression \
             [0-9A-Za-z]*",
        ),
    ]);
}

#[test]
fn conditions_are_checked_when_written() {
    let cases = [
        (r#"{"StringSame":{"aws:x":"1"}}"#, SYNTAX),
        (r#"{"stringequals":{"aws:x":"1"}}"#, SYNTAX),
        (r#"{"ForEachValue:StringEquals":{"aws:x":"1"}}"#, SYNTAX),
        (r#"{"NullIfExists":{"aws:x":"true"}}"#, SYNTAX),
        (r#"{"StringEquals":{"aws:x":null}}"#, SYNTAX),
        (r#"{"StringEquals":{"aws:x":{"a":1}}}"#, SYNTAX),
        (r#"{"StringEquals":{"aws:x":[["a"]]}}"#, SYNTAX),
        (r#"{"StringEquals":"aws:x"}"#, SYNTAX),
        (r#"{"NumericEquals":{"aws:x":"ten"}}"#, LEGACY),
        (r#"{"DateEquals":{"aws:x":"yesterday"}}"#, LEGACY),
        (r#"{"DateEquals":{"aws:x":["2026-01-01","2026-13-01"]}}"#, LEGACY),
        (r#"{"Bool":{"aws:x":"yes"}}"#, LEGACY),
        (r#"{"Null":{"aws:x":"maybe"}}"#, LEGACY),
        (r#"{"IpAddress":{"aws:x":"10.0.0/8"}}"#, LEGACY),
        (r#"{"IpAddress":{"aws:x":"10.0.0.0/33"}}"#, LEGACY),
        (r#"{"IpAddress":{"aws:x":"10.0.0.0/+8"}}"#, LEGACY),
        (r#"{"BinaryEquals":{"aws:x":"%%"}}"#, LEGACY),
        (r#"{"ArnLike":{"aws:x":"role/x"}}"#, LEGACY),
    ];
    for (condition, sentence) in cases {
        let text = with(&format!(
            r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#
        ));
        assert_eq!(refusal(Identity, &text).0, sentence, "{condition}");
    }
}

#[test]
fn trust_policies_name_principals_and_assume_role_actions_only() {
    let only = "AssumeRole policy may only specify STS AssumeRole actions.";
    let service = r#""Principal":{"Service":"ec2.amazonaws.com"}"#;
    let cases = [
        (
            r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#.to_owned(),
            "Missing required field Principal",
        ),
        (
            format!(r#"{{"Effect":"Allow",{service},"Action":"sts:AssumeRole","Resource":"*"}}"#),
            "Has prohibited field Resource",
        ),
        (
            r#"{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#.to_owned(),
            "Has prohibited field NotPrincipal",
        ),
        (
            format!(r#"{{"Effect":"Allow",{service},"Action":"s3:GetObject"}}"#),
            only,
        ),
        (
            format!(r#"{{"Effect":"Allow",{service},"Action":"sts:GetSessionToken"}}"#),
            only,
        ),
        (format!(r#"{{"Effect":"Allow",{service},"Action":"*"}}"#), only),
        (
            r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/*"},"Action":"sts:AssumeRole"}"#
                .to_owned(),
            r#"Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*""#,
        ),
        (
            r#"{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com","lamda.amazonaws.com"]},"Action":"sts:AssumeRole"}"#
                .to_owned(),
            r#"Invalid principal in policy: "SERVICE":"lamda.amazonaws.com""#,
        ),
        (
            r#"{"Effect":"Allow","Principal":{"Service":"lambda.example.com"},"Action":"sts:AssumeRole"}"#.to_owned(),
            r#"Invalid principal in policy: "SERVICE":"lambda.example.com""#,
        ),
        (
            r#"{"Effect":"Allow","Principal":{"Person":"ana"},"Action":"sts:AssumeRole"}"#.to_owned(),
            r#"Invalid principal in policy: "PERSON":"ana""#,
        ),
    ];
    for (statement, sentence) in cases {
        assert_eq!(refusal(Trust, &with(&statement)).0, sentence, "{statement}");
    }
    for name in [
        "lambda.amazonaws.com",
        "edgelambda.amazonaws.com",
        "ecs-tasks.amazonaws.com",
        "email.cognito-idp.amazonaws.com",
        "delivery.logs.amazonaws.com",
        "states.eu-west-1.amazonaws.com",
        "sns.us-west-2-lax-1.amazonaws.com",
        "sns.us--east-1.amazonaws.com",
        "ec2.amazonaws.com.cn",
    ] {
        let text = with(&format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"{name}"}},"Action":"sts:AssumeRole"}}"#
        ));
        assert!(Policy::parse(&text, Trust).is_ok(), "{name}");
    }
    for action in ["sts:AssumeRole", "sts:AssumeRole*", "STS:tagsession", "sts:*"] {
        let text = with(&format!(r#"{{"Effect":"Allow",{service},"Action":"{action}"}}"#));
        assert!(Policy::parse(&text, Trust).is_ok(), "{action}");
    }
}

#[test]
fn bucket_policies_answer_as_s3() {
    let everyone = r#""Effect":"Allow","Principal":"*""#;
    let cases = [
        (
            "nonsense".to_owned(),
            "Policies must be valid JSON and the first byte must be '{'",
        ),
        (
            r#"{"Version":"2012-10-17"}"#.to_owned(),
            "Missing required field Statement",
        ),
        (
            r#"{"Version":"2011-10-17","Statement":[]}"#.to_owned(),
            "The policy must contain a valid version string",
        ),
        (
            with(r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}"#),
            "Missing required field Principal",
        ),
        (
            with(r#"{"Effect":"hello","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::b"}"#),
            "Invalid effect: hello",
        ),
        (
            with(&format!(
                r#"{{{everyone},"Action":"ec2:Run","Resource":"arn:aws:s3:::b"}}"#
            )),
            "Policy has invalid action",
        ),
        (
            with(&format!(r#"{{{everyone},"Action":"s3:*","Resource":"*"}}"#)),
            "Policy has invalid resource",
        ),
        (
            with(&format!(r#"{{{everyone},"Action":"s3:*","Resource":"arn:aws:s3:*"}}"#)),
            "Policy has invalid resource",
        ),
        (
            with(r#"{"Effect":"Allow","Principal":{"AWS":"user"},"Action":"s3:*","Resource":"arn:aws:s3:::b"}"#),
            "Invalid principal in policy",
        ),
        (
            with(&format!(
                r#"{{{everyone},"Action":"s3:*","Resource":"arn:aws:s3:::b","Condition":{{"Like":{{"a:b":"c"}}}}}}"#
            )),
            "Invalid Condition type : Like",
        ),
    ];
    for (text, sentence) in cases {
        assert_eq!(
            refusal(Bucket, &text),
            (sentence.to_owned(), "MalformedPolicy"),
            "{text}"
        );
    }
    assert!(Policy::parse(r#"{"Statement":[]}"#, Bucket).is_ok());
    assert!(
        Policy::parse(
            &with(&format!(
                r#"{{"Sid":"a b",{everyone},"Action":"s3:*","Resource":"arn:aws:s3:::b/é漢"}}"#
            )),
            Bucket
        )
        .is_ok()
    );
}

#[test]
fn bucket_policies_name_services_by_their_form() {
    let policy = |name: &str| {
        with(&format!(
            r#"{{"Effect":"Allow","Principal":{{"Service":"{name}"}},"Action":"s3:*","Resource":"arn:aws:s3:::b"}}"#
        ))
    };
    for name in [
        "cloudtrail.amazonaws.com",
        "logdelivery.elasticloadbalancing.amazonaws.com",
        "new.amazonaws.com",
        "s3.amazonaws.com.cn",
    ] {
        assert!(Policy::parse(&policy(name), Bucket).is_ok(), "{name}");
    }
    for name in [
        "ec2",
        "lambda.example.com",
        ".amazonaws.com",
        "amazonaws.com",
        "x.amazonaws.com.example",
    ] {
        let expected = ("Invalid principal in policy".to_owned(), "MalformedPolicy");
        assert_eq!(refusal(Bucket, &policy(name)), expected, "{name}");
    }
}

#[test]
fn managed_policies_are_of_the_current_version() {
    let statement = r#""Statement":{"Effect":"Allow","Action":"*","Resource":"*"}"#;
    for version in ["", r#""Version":"2008-10-17","#] {
        let old = format!("{{{version}{statement}}}");
        assert_eq!(Policy::parse(&old, Identity).unwrap().version(), Version::V2008);
        assert_eq!(
            Policy::parse_managed(&old).unwrap_err().message(),
            "Policy document must be version 2012-10-17 or greater."
        );
    }
    assert!(Policy::parse_managed(&text(&["+* *"])).is_ok());
}

#[test]
fn what_aws_accepts_is_accepted() {
    let conditions = [
        r#"{"NumericLessThan":{"s3:max-keys":10}}"#,
        r#"{"Bool":{"aws:SecureTransport":true}}"#,
        r#"{"Bool":{"aws:SecureTransport":"${aws:PrincipalTag/secure}"}}"#,
        r#"{"DateGreaterThan":{"aws:CurrentTime":["2026-01-01","2026-01-01T00:00:00+02:00","1767225600","2026"]}}"#,
        r#"{"IpAddress":{"aws:SourceIp":["2001:db8::/32","203.0.113.7"]}}"#,
        r#"{"ArnLike":{"aws:SourceArn":["arn:aws:iam::${aws:PrincipalAccount}:role/*","*","${aws:PrincipalArn}"]}}"#,
        r#"{"StringEquals":{"127.0.0.1:4566/us-east-1_abc:aud":"client","aws:PrincipalTag/a:b":"c"}}"#,
        r#"{"ForAllValues:NumericEqualsIfExists":{"aws:x":["1","-2.5"]}}"#,
        r#"{"StringEquals":{"team":"x"},"StringLike":{"":"*"}}"#,
        r#"{"StringEquals":{"aws:x":[]},"DateEquals":{"aws:y":[]}}"#,
        r#"{"DateLessThan":{"aws:CurrentTime":["-0044-03-15","123456-01-01","2026-02-31","2026-01-01T12","2026-1-1T1:2Z"]}}"#,
        "{}",
    ];
    for condition in conditions {
        let text = with(&format!(
            r#"{{"Effect":"Allow","Action":"*:*","Resource":"*","Condition":{condition}}}"#
        ));
        assert!(Policy::parse(&text, Identity).is_ok(), "{condition}");
    }
    let with_id =
        r#"{"Version":"2012-10-17","Id":"harbour","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    for kind in [Identity, Session, Boundary] {
        assert_eq!(Policy::parse(with_id, kind).unwrap().id(), Some("harbour"));
    }
}

#[test]
fn statements_keep_their_place() {
    // The AWS CLI's own example, with the columns the service printed for it.
    let lone = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}"#;
    let span = Policy::parse(lone, Identity).unwrap().statements()[0].span();
    assert_eq!(
        (span.start, span.end),
        (Position { line: 1, column: 38 }, Position { line: 1, column: 167 })
    );

    let listed = "{\n    \"Version\": \"2012-10-17\",\n    \"Statement\": [\n        {\n            \"Sid\": \"\\u0041\",\n            \
                  \"Effect\": \"Allow\",\n            \"Action\": \"codecommit:ListRepositories\",\n            \
                  \"Resource\": \"*\"\n        },\n        {\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}\n    ]\n}";
    let policy = Policy::parse(listed, Identity).unwrap();
    let spans: Vec<_> = policy.statements().iter().map(crate::Statement::span).collect();
    assert_eq!(spans[0].start, Position { line: 3, column: 19 });
    assert_eq!(spans[0].end, Position { line: 9, column: 10 });
    assert_eq!(spans[1].start, Position { line: 9, column: 11 });
    assert_eq!(spans[1].end, Position { line: 10, column: 54 });
    assert_eq!(policy.statements()[0].sid(), Some("A"));
}

#[test]
fn counted_characters_leave_whitespace_out() {
    assert_eq!(crate::limits::counted_chars("{ \"a\":\n\t\"é\" }"), 9);
    assert!(crate::limits::counted_chars(&text(&["+* *"])) < crate::limits::MANAGED);
}
