//! ListWebAuthnCredentials and DeleteWebAuthnCredential. Reference: user-pools 7.4.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use testkit::{authenticator::Authenticator, text};

use super::holder::{ORIGIN, complete, list, people, registered, start};

fn ids(credentials: &[Value]) -> Vec<String> {
    let id = |credential| {
        BASE64_URL_SAFE_NO_PAD
            .decode(text(credential, "/CredentialId"))
            .unwrap()
    };
    credentials
        .iter()
        .map(|credential| String::from_utf8(id(credential)).unwrap())
        .collect()
}

#[tokio::test]
async fn a_passkey_is_listed_as_it_was_registered() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let mut made = Authenticator::es256(b"phone").create_bent(&start(&people, &token).await, ORIGIN, |said| {
        said.transports = vec!["hybrid", "internal"];
    });
    made["authenticatorAttachment"] = Value::Null;
    complete(&people, &token, &made).await.ok();
    let now = people.app.cx().now();
    let listed = list(&people, &token).await;
    let created = listed[0]["CreatedAt"].as_f64().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "a time of our days")]
    let age = now.millis() as f64 / 1000.0 - created;
    assert!((0.0..1.0).contains(&age), "{age}");
    let expected = json!({
        "CredentialId": BASE64_URL_SAFE_NO_PAD.encode("phone"),
        "FriendlyCredentialName": "Passkey",
        "RelyingPartyId": "example.com",
        "AuthenticatorTransports": ["hybrid", "internal"],
        "CreatedAt": created,
    });
    assert_eq!(listed, [expected]);
}

#[tokio::test]
async fn passkeys_page_in_the_order_of_their_registration() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    for id in ["c", "a", "d", "b"] {
        registered(&people, &token, id).await;
    }
    assert_eq!(ids(&list(&people, &token).await), ["c", "a", "d", "b"]);
    let page = async |input: Value| people.with_token(&token, "ListWebAuthnCredentials", input).await;
    let first = page(json!({"MaxResults": 3})).await.ok();
    assert_eq!(ids(first["Credentials"].as_array().unwrap()), ["c", "a", "d"]);
    let next = text(&first, "/NextToken");
    let second = page(json!({"MaxResults": 3, "NextToken": next})).await.ok();
    assert_eq!(ids(second["Credentials"].as_array().unwrap()), ["b"]);
    assert_eq!(second.get("NextToken"), None);
    assert_eq!(
        page(json!({"MaxResults": 0})).await.ok()["Credentials"]
            .as_array()
            .unwrap()
            .len(),
        4
    );

    people.member("ben", &[]).await;
    let ben = people.token("ben").await;
    people
        .with_token(&ben, "ListWebAuthnCredentials", json!({"NextToken": next}))
        .await
        .refused("InvalidParameterException", "Invalid pagination token given.");
}

#[tokio::test]
async fn a_passkey_is_deleted_by_its_user_alone() {
    let people = people().await;
    for name in ["ana", "ben"] {
        people.member(name, &[]).await;
    }
    let (ana, ben) = (people.token("ana").await, people.token("ben").await);
    for id in ["phone", "key"] {
        registered(&people, &ana, id).await;
    }
    let phone = BASE64_URL_SAFE_NO_PAD.encode("phone");
    let delete = |token: &str, id: &str| {
        let (token, id) = (token.to_owned(), id.to_owned());
        let people = &people;
        async move {
            people
                .with_token(&token, "DeleteWebAuthnCredential", json!({"CredentialId": id}))
                .await
        }
    };
    let missing = ("ResourceNotFoundException", "WebAuthn credential does not exist.");
    delete(&ben, &phone).await.refused_as(missing);
    delete(&ana, "nothing").await.refused_as(missing);
    assert_eq!(delete(&ana, &phone).await.ok(), json!({}));
    delete(&ana, &phone).await.refused_as(missing);
    assert_eq!(ids(&list(&people, &ana).await), ["key"]);
    // The credential is nobody's: who has the authenticator may register it again.
    registered(&people, &ben, "phone").await;
}

#[tokio::test]
async fn a_token_speaks_for_a_user_who_is_there() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let made = Authenticator::es256(b"phone").create(&start(&people, &token).await, ORIGIN);
    complete(&people, &token, &made).await.ok();
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await;
    for (operation, input) in [
        ("StartWebAuthnRegistration", json!({})),
        ("CompleteWebAuthnRegistration", json!({"Credential": made})),
        ("ListWebAuthnCredentials", json!({})),
        ("DeleteWebAuthnCredential", json!({"CredentialId": "phone"})),
    ] {
        let answer = people.with_token(&token, operation, input).await;
        answer.refused("NotAuthorizedException", "Access Token has been revoked");
    }
    // Neither the name nor the credential is taken any more.
    people.member("ana", &[]).await;
    let again = people.token("ana").await;
    assert!(list(&people, &again).await.is_empty());
    registered(&people, &again, "phone").await;
}
