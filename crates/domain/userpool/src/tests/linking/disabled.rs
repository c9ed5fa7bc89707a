//! Links end, and with them or without them the password of a user.

use serde_json::json;

use super::{
    INVALID, NO_USER, NOT_LINKED, arrived, corporate, disable, google, identities, link, own, pairs, people, user,
    whose, with_providers,
};
use crate::tests::{
    entry::WRONG,
    people::{PASSWORD, People, list},
};

async fn set_password(people: &People, name: &str, permanent: bool) {
    let input = json!({"Username": name, "Password": PASSWORD, "Permanent": permanent});
    people.admin("AdminSetUserPassword", input).await.ok();
}

#[tokio::test]
async fn who_was_unlinked_is_a_stranger() {
    let people = people().await;
    link(&people, own("ana"), google("G1")).await.ok();
    link(&people, own("ana"), corporate("email", "a@corp")).await.ok();
    link(&people, own("ana"), corporate("name", "a@corp")).await.ok();
    for wrong in [
        google("g1"),
        google("Google_G1"),
        user("Google", "email", "G1"),
        corporate("Cognito_Subject", "G1"),
        corporate("Cognito_Subject", "a@corp"),
        corporate("nickname", "a@corp"),
    ] {
        disable(&people, wrong).await.refused_as(NOT_LINKED);
    }
    let nowhere = disable(&people, user("Nowhere", "Cognito_Subject", "G1")).await;
    nowhere.refused("ResourceNotFoundException", "Identity provider Nowhere does not exist.");
    let unnamed = json!({"ProviderName": "Google", "ProviderAttributeValue": "G1"});
    let unnamed = disable(&people, unnamed).await;
    unnamed.refused(INVALID, "Missing required parameter ProviderAttributeName");

    assert_eq!(disable(&people, google("G1")).await.ok(), json!({}));
    disable(&people, google("G1")).await.refused_as(NOT_LINKED);
    assert_eq!(whose(&people, "Google", "G1", &[]).await, None);
    disable(&people, corporate("email", "a@corp")).await.ok();
    assert_eq!(whose(&people, "Corporate", "C1", &[("email", "a@corp")]).await, None);
    assert!(whose(&people, "Corporate", "C1", &[("name", "a@corp")]).await.is_some());
    assert_eq!(identities(&people, "ana").await, pairs(&[("Corporate", "a@corp")]));
    people.sign_in("ana", PASSWORD).await.ok();

    // Coming again they are a user of their own, who can't be merged any more.
    let name = arrived(&people, "Google", "G1", &[]).await;
    link(&people, own("ana"), google("G1")).await.refused_as(super::MERGING);
    disable(&people, google("G1")).await.refused_as(NOT_LINKED);
    assert_eq!(identities(&people, &name).await, pairs(&[("Google", "G1")]));
}

#[tokio::test]
async fn a_user_without_their_password_signs_in_elsewhere() {
    let people = people().await;
    let tokens = people.tokens("ana").await;
    link(&people, own("ana"), google("G1")).await.ok();
    for wrong in [user("Cognito", "email", "ana"), user("Cognito", "username", "ana")] {
        let answer = disable(&people, wrong).await;
        answer.refused(INVALID, "ProviderAttributeName must be Cognito_Subject for Cognito.");
    }
    disable(&people, own("nobody")).await.refused_as(NO_USER);
    disable(&people, google("ana")).await.refused_as(NOT_LINKED);
    people.sign_in("ana", PASSWORD).await.ok();

    for _ in 0..2 {
        disable(&people, own("ana")).await.ok();
        assert_eq!(people.status("ana").await, "EXTERNAL_PROVIDER");
        people.sign_in("ana", PASSWORD).await.refused_as(WRONG);
    }
    assert_eq!(identities(&people, "ana").await, pairs(&[("Google", "G1")]));
    assert!(whose(&people, "Google", "G1", &[]).await.is_some());
    // What began before goes on, and an administrator may end it.
    let refresh = tokens["RefreshToken"].as_str().unwrap();
    people.refresh(refresh).await.ok();
    people.get_user(tokens["AccessToken"].as_str().unwrap()).await.ok();

    set_password(&people, "ana", true).await;
    assert_eq!(people.status("ana").await, "CONFIRMED");
    people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(identities(&people, "ana").await, pairs(&[("Google", "G1")]));
}

#[tokio::test]
async fn neither_a_code_nor_a_temporary_password_opens_what_was_closed() {
    let people = people().await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.public("ForgotPassword", json!({"Username": "ana"})).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    disable(&people, own("ana")).await.ok();
    let input = json!({"Username": "ana", "ConfirmationCode": code, "Password": "An0ther-word"});
    let answer = people.public("ConfirmForgotPassword", input).await;
    answer.refused(
        "NotAuthorizedException",
        "User password cannot be reset in the current state.",
    );

    people.invited("bea", "Temp0rary!", &[]).await;
    let session = people.sign_in("bea", "Temp0rary!").await.ok()["Session"].clone();
    disable(&people, own("bea")).await.ok();
    people.sign_in("bea", "Temp0rary!").await.refused_as(WRONG);
    let responses = json!({"USERNAME": "bea", "NEW_PASSWORD": PASSWORD});
    let answer = people
        .respond("NEW_PASSWORD_REQUIRED", session.as_str(), responses)
        .await;
    assert_eq!(answer.error().code().0, "NotAuthorizedException");
    assert_eq!(people.status("bea").await, "EXTERNAL_PROVIDER");

    people.sign_up("eva", &[("email", "eva@example.com")]).await.ok();
    disable(&people, own("eva")).await.ok();
    let confirmed = people.admin("AdminConfirmSignUp", json!({"Username": "eva"})).await;
    let sentence = "User cannot be confirmed. Current status is EXTERNAL_PROVIDER";
    confirmed.refused("NotAuthorizedException", sentence);
}

#[tokio::test]
async fn a_password_makes_a_user_of_a_provider_one_of_the_pool() {
    let people = people().await;
    let name = arrived(
        &people,
        "Google",
        "G1",
        &[("email", "g@example.com"), ("email_verified", "true")],
    )
    .await;
    people.sign_in(&name, PASSWORD).await.refused_as(WRONG);
    set_password(&people, &name, true).await;
    assert_eq!(people.status(&name).await, "CONFIRMED");
    assert_eq!(identities(&people, &name).await, pairs(&[("Google", "G1")]));
    assert!(whose(&people, "Google", "G1", &[]).await.is_some());
    people.sign_in(&name, PASSWORD).await.ok();
    people.public("ForgotPassword", json!({"Username": name})).await.ok();
    people
        .admin("AdminResetUserPassword", json!({"Username": name}))
        .await
        .ok();

    let other = arrived(&people, "Google", "G2", &[]).await;
    set_password(&people, &other, false).await;
    assert_eq!(people.status(&other).await, "FORCE_CHANGE_PASSWORD");
    let challenged = people.sign_in(&other, PASSWORD).await.ok();
    assert_eq!(challenged["ChallengeName"], "NEW_PASSWORD_REQUIRED");
    let listed = people
        .admin(
            "ListUsers",
            json!({"Filter": "cognito:user_status = \"EXTERNAL_PROVIDER\""}),
        )
        .await
        .ok();
    assert_eq!(listed["Users"], list(&[]));
}

#[tokio::test]
async fn an_address_is_a_name_while_there_is_a_password() {
    let people = with_providers(json!({"UsernameAttributes": ["email"]}), json!({})).await;
    people.member("ana@example.com", &[]).await;
    let unproven = |address: &'static str| [("email", address), ("email_verified", "false")];
    let gus = arrived(&people, "Google", "G1", &unproven("ana@example.com")).await;
    let input = json!({"Username": gus, "Password": PASSWORD, "Permanent": true});
    let refused = people.admin("AdminSetUserPassword", input).await;
    refused.refused(INVALID, "An account with the given email already exists.");
    assert_eq!(people.status(&gus).await, "EXTERNAL_PROVIDER");
    people.sign_in(&gus, PASSWORD).await.refused_as(WRONG);

    let eva = arrived(&people, "Google", "G2", &unproven("eva@example.com")).await;
    set_password(&people, &eva, true).await;
    people.sign_in("eva@example.com", PASSWORD).await.ok();
    let taken = people.sign_up("eva@example.com", &[]).await;
    taken.refused(
        "UsernameExistsException",
        "An account with the given email already exists.",
    );
    disable(&people, own("eva@example.com")).await.ok();
    people.sign_up("eva@example.com", &[]).await.ok();
}
