//! What S3 refuses of a bucket's policy although its grammar is right. Reference: identity-pools-iam 11.1.

use super::scene::*;
use crate::Policy;
use crate::PolicyKind::Bucket;
use crate::bucket::WALKS;

const ACTION: &str = "Policy has invalid action";
const RESOURCE: &str = "Policy has invalid resource";
const FIT: &str = "Action does not apply to any resource(s) in statement";
const KEY: &str = "Policy has an invalid condition key";
const CONDITIONS: &str = "Conditions do not apply to combination of actions and resources in statement";

/// The policy is put on the bucket `b`.
fn refusal(document: &str) -> Result<(), String> {
    let parsed = Policy::parse(document, Bucket).unwrap_or_else(|error| panic!("{error}: {document}"));
    parsed.require_sense_in("b").map_err(|error| {
        assert_eq!(error.code(), "MalformedPolicy");
        error.to_string()
    })
}

fn check(cases: &[(&str, Result<(), &str>)]) {
    for (statement, expected) in cases {
        let expected = expected.map_err(str::to_owned);
        assert_eq!(refusal(&text(&[statement])), expected, "{statement:.200}");
    }
}

#[test]
fn actions_are_s3s() {
    check(&[
        ("+s3:GetObject b/* to *", Ok(())),
        ("+S3:getobject b/* to *", Ok(())),
        ("+s3:GetObjct b/* to *", Err(ACTION)),
        ("+s3:GetObject,s3:Fetch*Object b/* to *", Err(ACTION)),
        ("+s3:Get?bject b/* to *", Ok(())),
        ("+s3:Get* b/* to *", Ok(())),
        ("+s3:* b to *", Ok(())),
        ("+* b to *", Ok(())),
        ("+s3:GetBucketCors b to *", Ok(())),
        ("+s3:ListObjectsV2 b to *", Err(ACTION)),
        ("+s3:HeadObject b/* to *", Err(ACTION)),
        ("-!s3:GetObjct b/* to *", Err(ACTION)),
    ]);
}

#[test]
fn every_action_has_a_resource_that_fits() {
    check(&[
        ("+s3:ListBucket b to *", Ok(())),
        ("+s3:ListBucket b/* to *", Err(FIT)),
        ("+s3:GetObject b to *", Err(FIT)),
        ("+s3:GetObject,s3:GetBucketPolicy b/* to *", Err(FIT)),
        // A pattern needs one.
        ("+s3:List* b to *", Ok(())),
        ("+s3:List* b/* to *", Ok(())),
        ("+s3:ListBucket* b/* to *", Err(FIT)),
        ("+s3:*Object b to *", Err(FIT)),
        ("+s3:GetObject b* to *", Ok(())),
        ("+s3:ListBucket b* to *", Ok(())),
        ("+s3:GetObject ? to *", Err(FIT)),
        ("+s3:GetObject b/${aws:username}/* to *", Ok(())),
        ("+s3:ListBucket b/${aws:username}/* to *", Err(FIT)),
        // Nobody's bucket policy speaks of these.
        ("+s3:ListAllMyBuckets b to *", Err(FIT)),
        ("+s3:CreateAccessPoint b/* to *", Err(FIT)),
        ("+s3:DescribeJob b to *", Err(FIT)),
        // What is left is enough.
        ("-!s3:GetObject b to *", Ok(())),
        ("-s3:GetObject !b/public/* to *", Ok(())),
        ("-s3:ListBucket !b/public/* to *", Ok(())),
        ("-!* b to *", Err(FIT)),
    ]);
    let both = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":["s3:GetObject","s3:ListBucket"],
        "Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*"]}}"#;
    assert_eq!(refusal(both), Ok(()));
}

#[test]
fn resources_lie_in_the_bucket() {
    let stars = format!("+s3:GetObject c{}/k to *", "*".repeat(18_000));
    check(&[
        ("+s3:GetObject bb/* to *", Err(RESOURCE)),
        ("+s3:ListBucket bb to *", Err(RESOURCE)),
        ("+s3:GetObject B/* to *", Err(RESOURCE)),
        ("+s3:GetObject /* to *", Err(RESOURCE)),
        ("+s3:GetObject ?/* to *", Ok(())),
        ("+s3:GetObject arn:aws:s3:::* to *", Ok(())),
        ("+s3:GetObject */k to *", Ok(())),
        ("+s3:GetObject c*/k to *", Err(RESOURCE)),
        ("-s3:GetObject !bb/* to *", Err(RESOURCE)),
        ("+s3:GetObject ${aws:username}/* to *", Err(RESOURCE)),
        (&stars, Err(RESOURCE)),
    ]);
    let one_of_two = text(&["+s3:GetObject b/* to *", "+s3:GetObject c/* to *"]);
    assert_eq!(refusal(&one_of_two), Err(RESOURCE.to_owned()));
}

#[test]
fn an_allow_names_whom_it_means() {
    check(&[
        (
            "+s3:GetObject b/* except 123456789012",
            Err("Allow with NotPrincipal is not allowed."),
        ),
        ("-s3:GetObject b/* except 123456789012", Ok(())),
    ]);
}

/// Which keys come with which actions was seen of S3 for tags, ACL headers and copies.
#[test]
fn conditions_can_hold_for_every_action() {
    check(&[
        ("+s3:ListBucket b to * if StringLike s3:prefix a/*", Ok(())),
        ("+s3:ListBucket b to * if StringLike S3:Prefix a/*", Ok(())),
        ("+s3:GetObject b/* to * if StringLike s3:prefix a/*", Err(CONDITIONS)),
        (
            "+s3:ListBucket,s3:GetBucketAcl b to * if StringLike s3:prefix a/*",
            Err(CONDITIONS),
        ),
        ("+s3:* b to * if StringLike s3:prefix a/*", Ok(())),
        ("+s3:* b/* to * if StringLike s3:prefix a/*", Err(CONDITIONS)),
        ("-!s3:GetObject b to * if StringLike s3:prefix a/*", Ok(())),
        (
            "+s3:GetObject b/* to * if StringEquals s3:ExistingObjectTag/a 1",
            Ok(()),
        ),
        (
            "+s3:GetObject b/* to * if StringEquals s3:ExistingObjectTag/ 1",
            Err(KEY),
        ),
        (
            "+s3:PutObject b/* to * if StringEquals s3:ExistingObjectTag/a 1",
            Err(CONDITIONS),
        ),
        (
            "+s3:DeleteObject b/* to * if StringEquals s3:ExistingObjectTag/a 1",
            Err(CONDITIONS),
        ),
        (
            "+s3:PutObjectAcl b/* to * if StringEquals s3:RequestObjectTag/a 1",
            Err(CONDITIONS),
        ),
        ("+s3:PutObject b/* to * if StringEquals s3:RequestObjectTag/a 1", Ok(())),
        ("+s3:PutObject b/* to * if StringEquals s3:x-amz-acl private", Ok(())),
        (
            "+s3:GetObject,s3:PutObject b/* to * if StringEquals s3:x-amz-acl private",
            Err(CONDITIONS),
        ),
        (
            "-s3:PutObject b/* to * if Null s3:x-amz-server-side-encryption true",
            Ok(()),
        ),
        (
            "+s3:GetObjectVersion b/* to * if StringEquals s3:VersionId null",
            Ok(()),
        ),
        ("+s3:GetObject b/* to * if NumericLessThan s3:signatureAge 1000", Ok(())),
        (
            "+* b to * if StringEquals s3:DataAccessPointAccount 123456789012",
            Ok(()),
        ),
        ("+s3:PutObject b/* to * if StringEquals s3:x-acl private", Err(KEY)),
        ("+s3:GetObject b/* to * if StringEquals team x", Err(KEY)),
        // Others' keys are not S3's to know.
        ("+s3:GetObject b/* to * if StringEquals aws:Nonsense x", Ok(())),
        (
            "+s3:GetObject b/* to * if StringEquals cognito-identity.amazonaws.com:sub x",
            Ok(()),
        ),
    ]);
}

/// Actions before resources, whether they fit before conditions.
#[test]
fn the_first_fault_in_s3s_order_is_named() {
    check(&[
        ("+s3:GetObjct c/* to * if StringEquals team x", Err(ACTION)),
        ("+s3:ListBucket c/* to * if StringEquals team x", Err(RESOURCE)),
        ("+s3:ListBucket b/* to * if StringEquals team x", Err(FIT)),
    ]);
    let grammar = |statement: &str| Policy::parse(&text(&[statement]), Bucket).unwrap_err().to_string();
    assert_eq!(grammar("+ec2:Run * to user"), "Invalid principal in policy");
    assert_eq!(grammar("+ec2:Run * to *"), ACTION);
    assert_eq!(
        grammar("+s3:GetObject b/* to * if IpAddress aws:SourceIp 300.0.0.0"),
        "Invalid IP address in Conditions"
    );
}

/// As S3's console writes them. IAM's own policies go on without.
#[test]
fn statement_ids_have_blanks_dashes_and_underscores() {
    let with = |sid: &str| {
        text(&["+s3:GetObject b/* to *"]).replacen("{\"Action\"", &format!("{{\"Sid\":\"{sid}\",\"Action\""), 1)
    };
    for (sid, takes) in [
        ("S3PolicyStmt-DO-NOT-MODIFY-1700000000000", true),
        ("Allow_All 2", true),
        ("a.b", false),
        ("a\u{e4}", false),
    ] {
        let document = with(sid);
        assert!(document.contains(sid));
        assert_eq!(Policy::parse(&document, Bucket).is_ok(), takes, "{sid}");
    }
    let of_user = r#"{"Version":"2012-10-17","Statement":{"Sid":"a-b","Effect":"Allow","Action":"*","Resource":"*"}}"#;
    assert!(Policy::parse(of_user, crate::PolicyKind::Identity).is_err());
    assert!(Policy::parse(&of_user.replace("a-b", "ab"), crate::PolicyKind::Identity).is_ok());
}

/// What is said again is not looked up again.
#[test]
fn the_same_thing_a_thousand_times_is_one_thing() {
    let key = "s3:x-amz-acl";
    let letters: Vec<usize> = key
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphabetic())
        .map(|(i, _)| i)
        .collect();
    let variant = |n: usize| -> String {
        let raised = |i: usize| {
            letters
                .iter()
                .position(|at| *at == i)
                .is_some_and(|bit| n >> bit & 1 == 1)
        };
        key.char_indices()
            .map(|(i, c)| if raised(i) { c.to_ascii_uppercase() } else { c })
            .collect()
    };
    let tests: Vec<String> = (0..220).map(|n| format!("\"{}\":\"true\"", variant(n))).collect();
    for (actions, expected) in [
        (vec!["\"*\""; 2_000], Ok(())),
        (vec!["\"s3:PutObject\",\"S3:putobject\",\"s3:Put*\""; 300], Ok(())),
        (vec!["\"s3:GetObject\""; 800], Err(CONDITIONS.to_owned())),
    ] {
        let document = format!(
            r#"{{"Statement":{{"Effect":"Deny","Principal":"*","Action":[{}],"Resource":"arn:aws:s3:::b/*","Condition":{{"Null":{{{}}}}}}}}}"#,
            actions.join(","),
            tests.join(",")
        );
        assert!(document.len() < 20 * 1024, "{}", document.len());
        let before = WALKS.get();
        assert_eq!(refusal(&document), expected);
        // What it can act on, the key, and the distinct entries.
        assert!(WALKS.get() - before <= 2 + 2, "{}", WALKS.get() - before);
    }
}
