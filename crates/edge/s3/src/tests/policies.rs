//! Buckets' policies as they are put and read back. Reference: identity-pools-iam 4.2, 11.1.

use objects::BucketPolicy;

use super::*;

fn policy(principal: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"{resource}"}}]}}"#
    )
}

async fn kept(rig: &Rig) -> Option<String> {
    let bucket = rig.s3.objects.bucket("photos").await.unwrap();
    bucket.settings.policy.as_ref().map(|policy| policy.text().to_owned())
}

#[tokio::test]
async fn users_are_kept_by_their_ids() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/open/k", &[], "v").await.ok();
    let named = |name: &str| {
        policy(
            &format!(r#"{{"AWS":"{name}"}}"#),
            "s3:GetObject",
            "arn:aws:s3:::photos/open/*",
        )
    };
    let given = named(&arn_of("ana"));
    let put = rig.call(Who::Admin, "PUT /photos?policy", &[], &given).await;
    assert_eq!(put.status, 204, "{}", put.body);
    assert_eq!(kept(&rig).await, Some(named(&id_of("ana"))));
    assert_eq!(rig.call(Who::Admin, "GET /photos?policy", &[], "").await.body, given);
    assert_eq!(rig.call(Who::Ana, "GET /photos/open/k", &[], "").await.body, "v");

    let nobody = named(&arn_of("bob"));
    let put = rig.call(Who::Admin, "PUT /photos?policy", &[], &nobody).await;
    put.is(400, "MalformedPolicy");
    assert_eq!(put.element("Message"), "Invalid principal in policy");
    assert_eq!(
        kept(&rig).await,
        Some(named(&id_of("ana"))),
        "nothing is stored by a refused call"
    );
}

#[tokio::test]
async fn what_s3_refuses_is_not_kept() {
    let rig = Rig::new().await;
    let account = r#"{"AWS":"arn:aws:iam::123456789012:root"}"#;
    let object = "arn:aws:s3:::photos/*";
    let not_principal = policy(account, "s3:GetObject", object).replace("Principal", "NotPrincipal");
    let blank_first = format!(" {}", policy(account, "s3:GetObject", object));
    let public_and_wrong = policy(r#""*""#, "s3:GetObjct", object);
    for (document, sentence) in [
        (policy(account, "s3:GetObjct", object), "Policy has invalid action"),
        (
            policy(account, "s3:ListBucket", object),
            "Action does not apply to any resource(s) in statement",
        ),
        (
            policy(account, "s3:GetObject", "arn:aws:s3:::other/*"),
            "Policy has invalid resource",
        ),
        (not_principal, "Allow with NotPrincipal is not allowed."),
        (
            policy(&format!(r#"{{"AWS":"{}"}}"#, arn_of("bob")), "s3:GetObjct", object),
            "Invalid principal in policy",
        ),
        (
            blank_first,
            "Policies must be valid JSON and the first byte must be '{'",
        ),
        (public_and_wrong, "Policy has invalid action"),
    ] {
        let put = rig.call(Who::Admin, "PUT /photos?policy", &[], &document).await;
        put.is(400, "MalformedPolicy");
        let message = put.element("Message").replace("&apos;", "'");
        assert_eq!(message, sentence, "{document}");
    }
    assert_eq!(kept(&rig).await, None);
}

/// Kept by a version that refused less.
#[tokio::test]
async fn an_old_policy_goes_on() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "PUT /photos/open/k", &[], "v").await.ok();
    let old = format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":["{}","123456789012"]}},"Action":["s3:GetObject","s3:GetObjct"],"Resource":"arn:aws:s3:::photos/*"}}}}"#,
        arn_of("ana")
    );
    let put = rig
        .s3
        .objects
        .change_settings("photos", move |s| s.policy = BucketPolicy::parse(old.clone()).ok());
    put.await.unwrap();
    assert_eq!(rig.call(Who::Ana, "GET /photos/open/k", &[], "").await.body, "v");
    rig.call(Who::Admin, "GET /photos?policyStatus", &[], "").await.ok();
}

/// What is read can be put again.
#[tokio::test]
async fn a_policy_is_as_long_as_it_reads() {
    let rig = Rig::new().await;
    let of = |names: usize| {
        let name = format!("\"{}\"", id_of("ana"));
        let names = vec![name; names].join(",");
        policy(
            &format!(r#"{{"AWS":[{names}]}}"#),
            "s3:GetObject",
            "arn:aws:s3:::photos/open/*",
        )
    };
    let shown = |given: &str| given.replace(&id_of("ana"), &arn_of("ana"));
    let (fits, long) = (of(500), of(800));
    assert!(shown(&fits).len() < 20 * 1024 && long.len() < 20 * 1024 && shown(&long).len() > 20 * 1024);

    let put = async |document: &str| rig.call(Who::Admin, "PUT /photos?policy", &[], document).await;
    assert_eq!(put(&fits).await.status, 204);
    let read = rig.call(Who::Admin, "GET /photos?policy", &[], "").await.body;
    assert_eq!(read, shown(&fits));
    assert_eq!(put(&read).await.status, 204);
    put(&long).await.is(400, "PolicyTooLarge");
    put(&"{".repeat(20 * 1024 + 1)).await.is(400, "PolicyTooLarge");
    assert_eq!(kept(&rig).await, Some(fits), "nothing is stored by a refused call");
}
