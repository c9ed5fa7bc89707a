//! Copies, onto another key and onto the same.

use std::collections::BTreeMap;

use super::*;
use crate::{CopySource, Directive, EtagTest, Headers, NewCopy, OpaqueSetting};

#[tokio::test]
async fn copies_keep_or_replace_what_the_source_says() {
    let rig = Rig::new().await;
    let headers = Headers {
        content_type: Some("text/plain".to_owned()),
        website_redirect: Some("/elsewhere".to_owned()),
        metadata: [("a".to_owned(), "1".to_owned())].into(),
        ..Headers::default()
    };
    let tags: BTreeMap<_, _> = [("t".to_owned(), "v".to_owned())].into();
    let new = NewObject {
        headers: headers.clone(),
        tags: tags.clone(),
        ..NewObject::default()
    };
    let put = rig
        .objects
        .put(&rig.cx, ("photos", "src"), new, whole(b"bytes"))
        .await
        .unwrap();
    let reading = Reading::of(&rig.cx, "src");
    let source = async |conditions| CopySource {
        found: reading.found(&rig.objects, &rig.cx).await.unwrap(),
        conditions,
    };
    let copy = async |key: &'static str, headers, tags| {
        let new = NewCopy {
            headers,
            tags,
            ..NewCopy::default()
        };
        let source = source(Conditions::default()).await;
        rig.objects.copy(&rig.cx, source, ("photos", key), new).await
    };

    let copied = copy("same", Directive::Copy, Directive::Copy).await.unwrap();
    assert_eq!(copied.etag, put.etag);
    let object = headed(&rig, "same").await.unwrap();
    assert_eq!(
        object.headers,
        Headers {
            website_redirect: None,
            ..headers
        }
    );
    assert_eq!(object.tags, tags);

    copy(
        "new",
        Directive::Replace(Headers::default()),
        Directive::Replace(BTreeMap::new()),
    )
    .await
    .unwrap();
    let object = headed(&rig, "new").await.unwrap();
    assert_eq!((object.headers, object.tags), (Headers::default(), BTreeMap::new()));

    assert_eq!(
        refused(copy("src", Directive::Copy, Directive::Copy).await),
        "InvalidRequest"
    );
    assert_eq!(
        refused(copy("src", Directive::Replace(Headers::default()), Directive::Copy).await),
        "ok"
    );
    assert_eq!(rig.get("src").await, b"bytes");

    let stale = Conditions {
        if_none_match: Some(EtagTest::parse(&put.etag)),
        ..Conditions::default()
    };
    let got = rig
        .objects
        .copy(&rig.cx, source(stale).await, ("photos", "x"), NewCopy::default());
    assert_eq!(refused(got.await), "PreconditionFailed");
}

/// Storage class, redirect or encryption count by being named; so does the bucket's own rule of encryption.
#[tokio::test]
async fn an_object_is_copied_onto_itself_only_with_a_change() {
    let rig = Rig::new().await;
    let etag = rig.put("k", &[b'b'; LARGE]).await.etag;
    let reading = Reading::of(&rig.cx, "k");
    let copy = async |names_attributes, if_match: Option<&str>, if_none_match: Option<&str>| {
        let own = NewObject {
            conditions: Conditions {
                if_match: if_match.map(EtagTest::parse),
                if_none_match: if_none_match.map(EtagTest::parse),
                ..Conditions::default()
            },
            ..NewObject::default()
        };
        let new = NewCopy {
            own,
            names_attributes,
            ..NewCopy::default()
        };
        let source = CopySource {
            found: reading.found(&rig.objects, &rig.cx).await.unwrap(),
            conditions: Conditions::default(),
        };
        rig.objects.copy(&rig.cx, source, ("photos", "k"), new).await
    };
    for (names, if_match, if_none_match, expected) in [
        (false, None, None, "InvalidRequest"),
        (false, None, Some("*"), "PreconditionFailed"),
        (true, None, Some("*"), "PreconditionFailed"),
        (true, Some("x"), None, "PreconditionFailed"),
        (true, Some(etag.as_str()), None, "ok"),
        (true, None, None, "ok"),
    ] {
        let got = copy(names, if_match, if_none_match).await;
        assert_eq!(refused(got), expected, "{names} {if_match:?} {if_none_match:?}");
    }
    rig.objects
        .change_settings("photos", |s| {
            s.opaque.insert(OpaqueSetting::Encryption, "<x/>".to_owned());
        })
        .await
        .unwrap();
    assert_eq!(refused(copy(false, None, None).await), "ok");
    assert_eq!(rig.get("k").await, [b'b'; LARGE]);
    assert_eq!((rig.contents().await.len(), rig.files().len()), (1, 1));
}
