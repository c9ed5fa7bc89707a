//! A name makes nobody somebody else: attacks by what users and providers are called. Reference: oauth-and-federation 17.4.

use serde_json::json;

use super::{CORP, arrival, arrives, arrives_at, people, provide, refused};
use crate::tests::people::PASSWORD;

#[tokio::test]
async fn who_is_called_like_a_subject_is_not_whom_the_provider_means() {
    let people = people(json!({}), json!({})).await;
    for name in ["Corp_123", "corp_456"] {
        people.member(name, &[("email", "squatter@example.com")]).await;
    }
    for subject in ["123", "456"] {
        let sentence = format!("Already found an entry for username corp_{subject}");
        refused(
            arrives(&people, subject, &[("mail", "ana@example.com")]).await,
            &sentence,
        );
        let name = format!("corp_{subject}");
        assert_eq!(people.status(&name).await, "CONFIRMED", "nothing of them has changed");
        assert_eq!(people.attribute(&name, "email").await.unwrap(), "squatter@example.com");
        people.sign_in(&name, PASSWORD).await.ok();
    }
    // Nor is it the user once they are gone.
    people
        .admin("AdminDeleteUser", json!({"Username": "corp_123"}))
        .await
        .ok();
    let arrived = arrives(&people, "123", &[]).await.unwrap();
    assert_eq!(arrived.user.username, "corp_123");
    // And nobody takes the name of who has come.
    people
        .sign_up("CORP_123", &[])
        .await
        .refused("UsernameExistsException", "User already exists");
}

#[tokio::test]
async fn names_that_fold_into_one_are_refused_and_not_merged() {
    let people = people(json!({}), json!({})).await;
    provide(&people, "CORP", json!({})).await;
    let ana = arrives(&people, "Ana", &[]).await.unwrap();
    let sentence = "Already found an entry for username corp_ana";
    refused(arrives(&people, "ana", &[]).await, sentence);
    let other = arrives_at(&people.app.pools, &people, "CORP", arrival("Ana", &[])).await;
    refused(other, sentence);
    assert_eq!(arrives(&people, "Ana", &[]).await.unwrap().user.sub, ana.user.sub);
}

#[tokio::test]
async fn a_provider_named_like_another_and_an_underscore_is_another() {
    let people = people(json!({"UsernameConfiguration": {"CaseSensitive": true}}), json!({})).await;
    // The second character is the one that may be an underscore.
    provide(&people, "C_orp", json!({})).await;
    provide(&people, "Cor", json!({})).await;
    let node = &people.app.pools;
    let mut subs = Vec::new();
    for (provider, subject) in [
        ("C_orp", "p_1"),
        ("Cor", "p_1"),
        (CORP, "1"),
        (CORP, "_1"),
        (CORP, "1_"),
    ] {
        let arrived = arrives_at(node, &people, provider, arrival(subject, &[]))
            .await
            .unwrap();
        assert_eq!(arrived.user.username, format!("{provider}_{subject}"));
        subs.push(arrived.user.sub);
    }
    subs.sort_unstable();
    subs.dedup();
    assert_eq!(subs.len(), 5);
}

#[tokio::test]
async fn a_subject_that_nobody_could_be_named_by_is_refused() {
    let people = people(json!({}), json!({})).await;
    let longest = "a".repeat(128 - "corp_".len());
    assert!(arrives(&people, &longest, &[]).await.is_ok());
    let too_long = "The value of the attribute username must have a length less than or equal to 128 characters";
    let unusable = "The identity provider sent no usable user id";
    let impossible = "The user name has characters that user names cannot have";
    for (subject, sentence) in [
        (format!("{longest}b"), too_long),
        ("é".repeat(200), too_long),
        (String::new(), unusable),
        ("a\0b".to_owned(), unusable),
        ("a\nb".to_owned(), unusable),
        ("a".repeat(1025), unusable),
        ("a b".to_owned(), impossible),
        ("a\u{200b}b".to_owned(), impossible),
    ] {
        refused(arrives(&people, &subject, &[]).await, sentence);
    }
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
}
