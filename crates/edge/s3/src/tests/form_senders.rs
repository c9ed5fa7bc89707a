//! Who may post a form, and what is none.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    forms::{Form, TYPE, admins},
    *,
};

#[tokio::test]
async fn what_is_no_form_is_said_to_be_none() {
    let rig = Rig::new().await;
    for (who, content_type) in [
        (Who::Nobody, "text/html"),
        (Who::Admin, "application/x-www-form-urlencoded"),
    ] {
        let got = rig
            .call(who, "POST /photos", &[("content-type", content_type)], "a=b")
            .await;
        got.is(412, "PreconditionFailed");
        assert_eq!(
            got.element("Condition"),
            "Bucket POST must be of the enclosure-type multipart/form-data"
        );
    }
    let body = admins(&[("key", "k")], &[]).body();
    let got = rig.call(Who::Nobody, "POST /nowhere-b", &[TYPE], &body).await;
    got.is(404, "NoSuchBucket");
    let cut = body.trim_end().trim_end_matches("--");
    let got = rig.call(Who::Nobody, "POST /photos", &[TYPE], cut).await;
    got.is(400, "MalformedPOSTRequest");
    rig.call(Who::Admin, "HEAD /photos/k", &[], "").await.is(404, "");
}

#[tokio::test]
async fn the_signer_needs_the_right_to_put_that_key() {
    let rig = Rig::new().await;
    let anas = |fields: &[(&str, &str)]| Form::signed("AKIAANA", "s-ana", fields, &[]);
    assert_eq!(rig.post(&anas(&[("key", "ana/1")])).await.status, 204);
    rig.post(&anas(&[("key", "bob/1")])).await.is(403, "AccessDenied");
    let tagging = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
    let got = rig.post(&anas(&[("key", "ana/2"), ("tagging", tagging)])).await;
    got.is(403, "AccessDenied");
    assert!(got.element("Message").contains("s3:PutObjectTagging"), "{}", got.body);
    // As in dev a key that was never issued: nothing to verify, yet its policy holds.
    let anybody = |fields: &[(&str, &str)]| Form::signed("AKIAANYBODY", "whatever", fields, &[]);
    assert_eq!(rig.post(&anybody(&[("key", "any")])).await.status, 204);
    rig.post(&anybody(&[("key", "any")]).with("x-amz-meta-a", "1"))
        .await
        .is(403, "AccessDenied");
}

#[tokio::test]
async fn nobody_posts_where_the_bucket_lets_everybody_put() {
    let rig = Rig::new().await;
    rig.call(Who::Admin, "DELETE /photos?publicAccessBlock", &[], "")
        .await
        .ok();
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::photos/in/*"}}"#;
    rig.call(Who::Admin, "PUT /photos?policy", &[], policy).await.ok();
    assert_eq!(rig.post(&Form::open(&[("key", "in/${filename}")])).await.status, 204);
    rig.post(&Form::open(&[("key", "out/${filename}")]))
        .await
        .is(403, "AccessDenied");
    let bad = Form::open(&[
        ("key", "in/2"),
        ("AWSAccessKeyId", "AKIAADMIN"),
        ("policy", "e30="),
        ("signature", "x"),
    ]);
    rig.post(&bad).await.is(403, "SignatureDoesNotMatch");
}

/// The condition keys of the reference, 6.3.
#[tokio::test]
async fn policies_see_that_it_was_a_form() {
    let rig = Rig::new().await;
    let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::photos/*",
        "Condition":{"StringEquals":{"s3:authType":"POST","s3:signatureversion":"AWS4-HMAC-SHA256"}}}}"#;
    rig.call(Who::Admin, "PUT /photos?policy", &[], policy).await.ok();
    rig.call(Who::Admin, "PUT /photos/k", &[], "x").await.ok();
    rig.post(&admins(&[("key", "k")], &[])).await.is(403, "AccessDenied");
}

#[tokio::test]
async fn pages_that_may_read_the_answer_are_told_so() {
    let rig = Rig::new().await;
    let cors = "<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin><AllowedMethod>POST</AllowedMethod>\
        <ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>";
    rig.call(Who::Admin, "PUT /photos?cors", &[], cors).await.ok();
    let origin = ("origin", "https://app.example");
    for (form, status) in [(admins(&[("key", "k")], &[]), 204), (Form::open(&[("key", "k")]), 403)] {
        let got = rig
            .call(Who::Nobody, "POST /photos", &[TYPE, origin], &form.body())
            .await;
        assert_eq!(got.status, status);
        assert_eq!(got.header("access-control-allow-origin"), "https://app.example");
    }
}

#[tokio::test]
async fn version_2_is_taken_where_its_addresses_are() {
    let mut rig = Rig::new().await;
    let policy =
        STANDARD.encode(r#"{"expiration":"2026-01-15T12:05:00Z","conditions":[{"bucket":"photos"},{"key":"k"}]}"#);
    // Computed by `openssl dgst -sha1 -hmac`.
    let key = "1R/Rhg3rWECqgcznZisSVH60gOo=";
    let form = Form::open(&[
        ("key", "k"),
        ("AWSAccessKeyId", "AKIAADMIN"),
        ("policy", &policy),
        ("signature", key),
    ]);
    assert_eq!(rig.post(&form).await.status, 204);
    rig.s3.version2 = Version2Addresses::Refused;
    rig.post(&form).await.is(400, "InvalidRequest");
}
