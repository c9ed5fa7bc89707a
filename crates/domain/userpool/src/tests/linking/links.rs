//! Links are made, seen and used.

use serde_json::json;
use testkit::text;

use super::{
    MERGING, NO_USER, arrived, corporate, disable, google, identities, link, own, pairs, people, people_of, whose,
};
use crate::{
    external::identities::{self as rows, MOST_LINKS},
    tests::people::{PASSWORD, list},
};

#[tokio::test]
async fn a_linked_user_is_who_they_were() {
    let people = people().await;
    let before = people.user("ana").await;
    let sub = people.attribute("ana", "sub").await.unwrap();
    // What the attribute of the destination is called is no matter.
    let ana = json!({"ProviderName": "Cognito", "ProviderAttributeName": "x", "ProviderAttributeValue": "ana"});
    assert_eq!(link(&people, ana, google("G1")).await.ok(), json!({}));
    let unnamed = json!({"ProviderName": "Cognito", "ProviderAttributeValue": sub});
    link(&people, unnamed, corporate("email", "ana@corp")).await.ok();

    let user = people.user("ana").await;
    assert_eq!(
        (&user["UserStatus"], &user["Username"]),
        (&json!("CONFIRMED"), &json!("ana"))
    );
    assert!(user["UserLastModifiedDate"].as_f64() > before["UserLastModifiedDate"].as_f64());
    let expected = [("Google", "G1"), ("Corporate", "ana@corp")];
    assert_eq!(identities(&people, "ana").await, pairs(&expected));
    assert_eq!(whose(&people, "Google", "G1", &[]).await.as_ref(), Some(&sub));
    assert_eq!(
        whose(&people, "Corporate", "C1", &[("email", "ana@corp")])
            .await
            .as_ref(),
        Some(&sub)
    );
    // By nothing else, and by nothing that another provider says.
    for (provider, subject, attributes) in [
        ("Google", "g1", &[][..]),
        ("Google", "ana@corp", &[("email", "ana@corp")]),
        ("Google", "ana", &[("email", "ana@example.com")]),
        ("Corporate", "G1", &[]),
        ("Corporate", "ana@corp", &[]),
        ("Corporate", "C1", &[("email", "Ana@corp")]),
        ("Corporate", "C1", &[("email", "")]),
        ("Corporate", "C1", &[("name", "ana@corp")]),
    ] {
        assert_eq!(
            whose(&people, provider, subject, attributes).await,
            None,
            "{provider} {subject} {attributes:?}"
        );
    }
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_link_by_an_attribute_is_good_for_the_first_who_comes() {
    let people = people().await;
    people.member("bea", &[]).await;
    link(&people, own("ana"), corporate("email", "shared@corp")).await.ok();
    let sub = people.attribute("ana", "sub").await.unwrap();
    let attributes = [("email", "shared@corp")];
    let pool = people.app.pools.pool(&people.pool).await.unwrap();
    people
        .app
        .store
        .write(move |tx| {
            let mut user = crate::user::directory::existing(tx, &pool, "ana")?;
            let before = user.clone();
            let by = (
                "C1",
                &std::collections::BTreeMap::from([("email".to_owned(), "shared@corp".to_owned())]),
            );
            let found = rows::find(tx, &pool, "Corporate", by)?.unwrap();
            rows::come(tx, &mut user, &found, ("C1", None))?;
            crate::user::directory::save(tx, &before, &user)
        })
        .await
        .unwrap();
    assert_eq!(identities(&people, "ana").await, pairs(&[("Corporate", "C1")]));
    assert_eq!(whose(&people, "Corporate", "C1", &[]).await, Some(sub));
    // Whoever has the address next is somebody else, and may be linked by it.
    assert_eq!(whose(&people, "Corporate", "C2", &attributes).await, None);
    link(&people, own("bea"), corporate("email", "shared@corp")).await.ok();

    // Used, it ends by its subject and by that alone.
    disable(&people, corporate("email", "shared@corp")).await.ok();
    assert_eq!(identities(&people, "bea").await, pairs(&[]));
    assert_eq!(identities(&people, "ana").await, pairs(&[("Corporate", "C1")]));
    disable(&people, corporate("Cognito_Subject", "C1")).await.ok();
    assert_eq!(identities(&people, "ana").await, pairs(&[]));
}

#[tokio::test]
async fn a_user_whom_a_provider_sent_has_other_providers() {
    let people = people().await;
    let name = arrived(&people, "Google", "G1", &[]).await;
    assert_eq!(name, "Google_G1");
    link(&people, google("G1"), corporate("Cognito_Subject", "C1"))
        .await
        .ok();
    assert_eq!(
        identities(&people, &name).await,
        pairs(&[("Google", "G1"), ("Corporate", "C1")])
    );
    let shown = people.attribute(&name, "identities").await.unwrap();
    assert!(
        shown.contains(r#""userId":"G1","providerName":"Google","providerType":"Google","issuer":null,"primary":true"#)
    );
    assert!(
        shown.contains(
            r#""userId":"C1","providerName":"Corporate","providerType":"OIDC","issuer":null,"primary":false"#
        )
    );
    // By the link too, and by their name here.
    link(&people, corporate("", "C1"), corporate("Cognito_Subject", "C2"))
        .await
        .ok();
    link(&people, own("Google_G1"), corporate("Cognito_Subject", "C3"))
        .await
        .ok();
    assert_eq!(identities(&people, &name).await.len(), 4);
    assert_eq!(people.status(&name).await, "EXTERNAL_PROVIDER");
    for (destination, source) in [
        (google("G1"), google("G1")),
        (corporate("", "C1"), google("G1")),
        (own("ana"), google("G1")),
        (own("ana"), corporate("Cognito_Subject", "C1")),
    ] {
        link(&people, destination, source).await.refused_as(MERGING);
    }
}

#[tokio::test]
async fn no_user_has_six_links_and_no_provider_six_attributes() {
    let people = people().await;
    let limit = "LimitExceededException";
    let name = arrived(&people, "Google", "G0", &[]).await;
    for n in 0..MOST_LINKS {
        link(&people, own(&name), google(&format!("L{n}"))).await.ok();
    }
    let sixth = link(&people, own(&name), google("L5")).await;
    sixth.refused(
        limit,
        "A user cannot be linked with more than 5 users of identity providers.",
    );
    assert_eq!(whose(&people, "Google", "L5", &[]).await, None);
    disable(&people, google("L0")).await.ok();
    link(&people, own(&name), google("L5")).await.ok();

    for attribute in ["email", "name", "nickname", "profile", "picture"] {
        link(&people, own("ana"), corporate(attribute, "x")).await.ok();
    }
    people.member("bea", &[]).await;
    let sixth = link(&people, own("bea"), corporate("website", "x")).await;
    let sentence = "Users of the identity provider Corporate cannot be linked by more than 5 attributes.";
    sixth.refused(limit, sentence);
    link(&people, own("bea"), corporate("picture", "y")).await.ok();
    link(&people, own("bea"), corporate("Cognito_Subject", "y")).await.ok();
    disable(&people, corporate("name", "x")).await.ok();
    link(&people, own("bea"), corporate("website", "x")).await.ok();
}

#[tokio::test]
async fn a_subject_is_linked_once_though_two_ask() {
    let people = people().await;
    people.member("bea", &[]).await;
    let (ana, bea) = tokio::join!(
        link(&people, own("ana"), google("G1")),
        link(&people, own("bea"), google("G1"))
    );
    let (won, lost) = if ana.result.is_ok() { (ana, bea) } else { (bea, ana) };
    won.ok();
    lost.refused_as(MERGING);
    let all = [identities(&people, "ana").await, identities(&people, "bea").await].concat();
    assert_eq!(all, pairs(&[("Google", "G1")]));

    // Two links of one user are both made.
    let (one, other) = tokio::join!(
        link(&people, own("ana"), google("G2")),
        link(&people, own("ana"), google("G3"))
    );
    one.ok();
    other.ok();
}

#[tokio::test]
async fn subjects_that_differ_by_their_case_are_two() {
    let people = people().await;
    people.member("bea", &[]).await;
    link(&people, own("ana"), google("Abc")).await.ok();
    link(&people, own("bea"), google("abc")).await.ok();
    let ana = people.attribute("ana", "sub").await;
    assert_eq!(whose(&people, "Google", "Abc", &[]).await, ana);
    assert_ne!(whose(&people, "Google", "abc", &[]).await, ana);
    assert_eq!(whose(&people, "Google", "ABC", &[]).await, None);
}

#[tokio::test]
async fn a_name_that_looks_like_a_providers_is_nobodys_elsewhere() {
    let people = people().await;
    people.member("Google_123", &[]).await;
    assert_eq!(whose(&people, "Google", "123", &[]).await, None);
    assert_eq!(people.attribute("Google_123", "identities").await, None);
    link(&people, google("123"), google("456")).await.refused_as(NO_USER);
    disable(&people, google("123")).await.refused_as(super::NOT_LINKED);
    // Who has that subject there may be somebody else's.
    link(&people, own("ana"), google("123")).await.ok();
    assert_eq!(
        whose(&people, "Google", "123", &[]).await,
        people.attribute("ana", "sub").await
    );
    people.sign_in("Google_123", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_link_lets_no_disabled_user_in() {
    let people = people().await;
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    link(&people, own("ana"), google("G1")).await.ok();
    assert_eq!(people.user("ana").await["Enabled"], false);
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("NotAuthorizedException", "User is disabled.");
}

#[tokio::test]
async fn a_deleted_user_is_nobody_elsewhere() {
    let people = people().await;
    let name = arrived(&people, "Google", "G1", &[]).await;
    link(&people, google("G1"), corporate("email", "a@corp")).await.ok();
    people.admin("AdminDeleteUser", json!({"Username": name})).await.ok();
    assert_eq!(whose(&people, "Google", "G1", &[]).await, None);
    assert_eq!(whose(&people, "Corporate", "C1", &[("email", "a@corp")]).await, None);
    link(&people, own("ana"), google("G1")).await.ok();
    let again = arrived(&people, "Google", "G2", &[]).await;
    assert_eq!(identities(&people, &again).await, pairs(&[("Google", "G2")]));

    // Who deletes themselves too.
    let token = people.token("ana").await;
    people.with_token(&token, "DeleteUser", json!({})).await.ok();
    assert_eq!(whose(&people, "Google", "G1", &[]).await, None);
}

#[tokio::test]
async fn users_outlive_their_provider() {
    let people = people().await;
    let name = arrived(&people, "Google", "G1", &[]).await;
    link(&people, own("ana"), google("G2")).await.ok();
    people
        .admin("DeleteIdentityProvider", json!({"ProviderName": "Google"}))
        .await
        .ok();
    assert_eq!(people.status(&name).await, "EXTERNAL_PROVIDER");
    assert_eq!(identities(&people, &name).await, pairs(&[("Google", "G1")]));
    let gone = ("ResourceNotFoundException", "Identity provider Google does not exist.");
    link(&people, own("ana"), google("G3")).await.refused_as(gone);
    disable(&people, google("G3")).await.refused_as(gone);
    disable(&people, google("G2")).await.ok();
    assert_eq!(identities(&people, "ana").await, pairs(&[]));
    link(&people, google("G1"), corporate("Cognito_Subject", "C1"))
        .await
        .ok();
    people.admin("AdminDeleteUser", json!({"Username": name})).await.ok();
}

#[tokio::test]
async fn an_immutable_attribute_keeps_a_user_from_links() {
    let schema = json!([{"Name": "plan", "AttributeDataType": "String", "Mutable": false}]);
    let people = people_of(json!({"Schema": schema}), json!({})).await;
    let input = json!({"Username": "bea", "UserAttributes": list(&[("custom:plan", "gold")])});
    let made = people.admin("AdminCreateUser", input).await.ok();
    assert_eq!(text(&made, "/User/Username"), "bea");
    let refused = link(&people, own("bea"), google("G1")).await;
    refused.refused(
        super::INVALID,
        "A DestinationUser cannot be linked whose attribute custom:plan is immutable.",
    );
    link(&people, own("ana"), google("G1")).await.ok();
}
