//! Providers of SAML: what their metadata says of them, and what of them is refused. Reference: oauth-and-federation 10.1, 10.2, 11.1.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{merged, text};

use super::{INVALID, created, described, publisher::Publisher};
use crate::tests::app::App;

const METADATA: &str = include_str!("../../../../saml/src/tests/fixtures/metadata.xml");
const SIGN_IN: &str = "https://idp.example.org/metadata/sso";

/// The same with another address to sign in at.
fn moved(to: &str) -> String {
    METADATA.replace(SIGN_IN, to)
}

fn with_logout() -> String {
    let service = r#"<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.org/slo"/>"#;
    METADATA.replace("<SingleSignOnService", &format!("{service}<SingleSignOnService"))
}

fn saml(pool: &str, details: &Value) -> Value {
    json!({"UserPoolId": pool, "ProviderName": "Corp", "ProviderType": "SAML", "ProviderDetails": details})
}

fn detail(provider: &Value, name: &str) -> String {
    text(provider, &format!("/ProviderDetails/{name}"))
}

async fn updated(app: &App, pool: &str, details: &Value) -> Value {
    let input = json!({"UserPoolId": pool, "ProviderName": "Corp", "ProviderDetails": details});
    let answer = app.admin.call("UpdateIdentityProvider", input).await.ok();
    answer["IdentityProvider"].clone()
}

#[tokio::test]
async fn a_provider_is_as_its_metadata_says() {
    let mut app = App::new().await;
    let pool = app.pool(json!({})).await;
    let given = json!({
        "MetadataFile": with_logout(), "IDPSignout": "true", "IDPInit": "false", "EncryptedResponses": "true",
        "RequestSigningAlgorithm": "rsa-sha256",
    });
    let made = created(&app, saml(&pool, &given)).await;
    let certificate = detail(&made, "ActiveEncryptionCertificate");
    let read_only = json!({
        "SSORedirectBindingURI": SIGN_IN, "SLORedirectBindingURI": "https://idp.example.org/slo",
        "ActiveEncryptionCertificate": certificate,
    });
    let whole = json!({
        "UserPoolId": pool, "ProviderName": "Corp", "ProviderType": "SAML",
        "ProviderDetails": merged(given.clone(), read_only), "AttributeMapping": {}, "IdpIdentifiers": [],
        "CreationDate": 1_768_478_400, "LastModifiedDate": 1_768_478_400,
    });
    assert_eq!(made, whole);
    app = app.restarted_with_new_key().await;
    assert_eq!(described(&app, &pool, "Corp").await, whole);
    let own = app.admin.call("GetSigningCertificate", json!({"UserPoolId": pool}));
    assert_ne!(text(&own.await.ok(), "/Certificate"), certificate);

    // What was shown may be sent back, and what is nobody's to say is not kept.
    let sent_back = merged(
        made["ProviderDetails"].clone(),
        json!({"SSORedirectBindingURI": "https://evil.example/", "ActiveEncryptionCertificate": "x"}),
    );
    let same = updated(&app, &pool, &sent_back).await;
    assert_eq!(same["ProviderDetails"], whole["ProviderDetails"]);

    // The key stays while nobody needs it.
    let plain = updated(&app, &pool, &json!({"MetadataFile": METADATA})).await;
    let shown = json!({"MetadataFile": METADATA, "SSORedirectBindingURI": SIGN_IN});
    assert_eq!(plain["ProviderDetails"], shown);
    let again = updated(
        &app,
        &pool,
        &json!({"MetadataFile": METADATA, "EncryptedResponses": "TRUE"}),
    )
    .await;
    assert_eq!(detail(&again, "ActiveEncryptionCertificate"), certificate);

    // One that is made anew has another.
    let named = json!({"UserPoolId": pool, "ProviderName": "Corp"});
    app.admin.call("DeleteIdentityProvider", named).await.ok();
    let anew = created(&app, saml(&pool, &given)).await;
    assert_ne!(detail(&anew, "ActiveEncryptionCertificate"), certificate);
}

#[tokio::test]
async fn a_published_document_is_renewed_by_the_time_it_is_six_hours_old() {
    let mut app = App::new().await;
    let pool = app.pool(json!({})).await;
    let publisher = Publisher::of(METADATA).await;
    let url = format!("{}/metadata?tenant=1", publisher.url);
    let made = created(&app, saml(&pool, &json!({"MetadataURL": url}))).await;
    assert_eq!(
        made["ProviderDetails"],
        json!({"MetadataURL": url, "SSORedirectBindingURI": SIGN_IN})
    );
    assert_eq!(publisher.asked(), ["/metadata?tenant=1"]);
    let sign_in = || async { detail(&described(&app, &pool, "Corp").await, "SSORedirectBindingURI") };

    publisher.publish(200, &moved("https://idp.example.org/second"));
    app.advance(Duration::from_secs(6 * 3600 - 1));
    assert_eq!(app.pools.renew_documents(&app.cx()).await.unwrap(), 0);
    assert!(publisher.asked().is_empty());
    app.advance(Duration::from_secs(1));
    assert_eq!(app.pools.renew_documents(&app.cx()).await.unwrap(), 1);
    assert_eq!(publisher.asked().len(), 1);
    assert_eq!(sign_in().await, "https://idp.example.org/second");
    let unmodified = described(&app, &pool, "Corp").await;
    assert_eq!(unmodified["LastModifiedDate"], 1_768_478_400);

    // What can't be had, or is none, leaves what there was; it is looked for again in an hour.
    app.advance(Duration::from_secs(6 * 3600));
    for (status, document) in [(500, METADATA), (200, "<html>"), (200, METADATA)] {
        publisher.publish(status, document);
        let is_taken = (status, document) == (200, METADATA);
        assert_eq!(app.pools.renew_documents(&app.cx()).await.unwrap(), u64::from(is_taken));
        assert_eq!(publisher.asked().len(), 1);
        assert_eq!(app.pools.renew_documents(&app.cx()).await.unwrap(), 0);
        assert!(publisher.asked().is_empty(), "not before its time");
        let expected = if is_taken {
            SIGN_IN
        } else {
            "https://idp.example.org/second"
        };
        assert_eq!(sign_in().await, expected);
        app.advance(Duration::from_secs(3600));
    }

    // An update asks at once, where it says anything of the details; a file ends the asking.
    publisher.publish(200, &moved("https://idp.example.org/third"));
    let named = json!({"UserPoolId": pool, "ProviderName": "Corp", "IdpIdentifiers": ["corp"]});
    app.admin.call("UpdateIdentityProvider", named).await.ok();
    assert_eq!(sign_in().await, SIGN_IN);
    let moved_on = updated(&app, &pool, &json!({"MetadataURL": url})).await;
    assert_eq!(
        detail(&moved_on, "SSORedirectBindingURI"),
        "https://idp.example.org/third"
    );
    updated(&app, &pool, &json!({"MetadataFile": METADATA})).await;
    publisher.asked();
    app.advance(Duration::from_secs(24 * 3600));
    app = app.restarted().await;
    assert_eq!(app.pools.renew_documents(&app.cx()).await.unwrap(), 0);
    assert!(publisher.asked().is_empty());
    let described = described(&app, &pool, "Corp").await;
    assert_eq!(detail(&described, "SSORedirectBindingURI"), SIGN_IN);
}

#[tokio::test]
async fn a_renewal_writes_nothing_over_what_an_administrator_changed_meanwhile() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let publisher = Publisher::of(METADATA).await;
    let details = json!({"MetadataURL": publisher.url});
    created(&app, saml(&pool, &details)).await;
    for (status, read) in [
        (500, "https://idp.example.org/lost"),
        (200, "https://idp.example.org/old"),
    ] {
        let newest = format!("https://idp.example.org/newer-than-{status}");
        app.advance(Duration::from_secs(6 * 3600));
        publisher.publish(status, &moved(read));
        let (asked, go) = publisher.hold();
        let cx = app.cx();
        let changing = async {
            asked.notified().await;
            publisher.publish(200, &moved(&newest));
            updated(&app, &pool, &details).await;
            go.notify_one();
        };
        let (renewed, ()) = tokio::join!(app.pools.renew_documents(&cx), changing);
        assert_eq!(renewed.unwrap(), 0);
        let sign_in = detail(&described(&app, &pool, "Corp").await, "SSORedirectBindingURI");
        assert_eq!(sign_in, newest);

        // Nor is it asked for before the time that the change set.
        publisher.asked();
        app.advance(Duration::from_secs(6 * 3600 - 1));
        assert_eq!(app.pools.renew_documents(&app.cx()).await.unwrap(), 0);
        assert!(publisher.asked().is_empty());
    }
}

#[tokio::test]
async fn unfit_metadata_is_refused() {
    let app = App::new().await;
    let pool = app.pool(json!({})).await;
    let of_set = |name: &str, value: &str, set: &str| {
        format!(
            "1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: Member must satisfy enum \
             value set: [{set}]"
        )
    };
    let unfit = |why: &str| format!("The SAML metadata is not valid: {why}.");
    let file = |more: Value| merged(json!({"MetadataFile": METADATA}), more);
    let nowhere = "http://127.0.0.1:1/metadata";
    let broken = Publisher::of("<html>").await;
    for (details, sentence) in [
        (
            json!({"MetadataFile": "<a/>"}),
            unfit("the document describes no identity provider of SAML 2.0"),
        ),
        (
            json!({"MetadataFile": "no XML"}),
            unfit("the document is not XML, or of a kind that is not taken"),
        ),
        (
            json!({"MetadataFile": METADATA.replace("HTTP-Redirect", "HTTP-POST")}),
            unfit("the identity provider has no address for signing in by HTTP-Redirect"),
        ),
        (
            json!({"MetadataURL": nowhere}),
            format!("Error retrieving metadata from {nowhere}"),
        ),
        (
            json!({"MetadataURL": broken.url}),
            format!("Error retrieving metadata from {}", broken.url),
        ),
        (
            json!({"MetadataURL": "metadata"}),
            "Error retrieving metadata from metadata".to_owned(),
        ),
        (
            file(json!({"IDPSignout": "yes"})),
            of_set("IDPSignout", "yes", "true, false"),
        ),
        (file(json!({"IDPInit": "1"})), of_set("IDPInit", "1", "true, false")),
        (
            file(json!({"EncryptedResponses": "on"})),
            of_set("EncryptedResponses", "on", "true, false"),
        ),
        (
            file(json!({"RequestSigningAlgorithm": "rsa-sha1"})),
            of_set("RequestSigningAlgorithm", "rsa-sha1", "rsa-sha256"),
        ),
    ] {
        let answer = app.admin.call("CreateIdentityProvider", saml(&pool, &details)).await;
        answer.refused(INVALID, &sentence);
    }
    broken.publish(404, METADATA);
    let answer = app.admin.call(
        "CreateIdentityProvider",
        saml(&pool, &json!({"MetadataURL": broken.url})),
    );
    answer
        .await
        .refused(INVALID, &format!("Error retrieving metadata from {}", broken.url));

    // Its certificate ends in 2046; one that was configured before counts still.
    let pinned = json!({"MetadataFile": METADATA});
    created(&app, saml(&pool, &pinned)).await;
    app.advance(Duration::from_secs(21 * 366 * 24 * 3600));
    let late = app.admin.call(
        "UpdateIdentityProvider",
        merged(saml(&pool, &pinned), json!({"ProviderType": null})),
    );
    late.await.refused(INVALID, &unfit("a signing certificate has expired"));
    assert_eq!(
        detail(&described(&app, &pool, "Corp").await, "SSORedirectBindingURI"),
        SIGN_IN
    );
}
