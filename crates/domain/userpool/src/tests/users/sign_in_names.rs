//! Usernames, aliases, username attributes, letter case. Reference: user-pools 2.8, 2.9, 4.4, 4.8.

use serde_json::{Value, json};
use testkit::text;

use crate::tests::people::{PASSWORD, People, list};

fn aliases() -> Value {
    json!({"AliasAttributes": ["email", "phone_number", "preferred_username"], "AutoVerifiedAttributes": ["email"]})
}

#[tokio::test]
async fn what_may_be_a_username() {
    let email = "Username should be an email.";
    let phone = "Username should be a phone number.";
    let either = "Username should be either an email or a phone number.";
    let no_email = "Username cannot be of email format, since user pool is configured for email alias.";
    let no_phone = "Username cannot be of phone number format, since user pool is configured for phone number alias.";
    let cases = [
        (json!({}), vec!["ana", "ana@example.com", "+12065550100"], vec![]),
        (
            json!({"UsernameAttributes": ["email"]}),
            vec!["ana@example.com"],
            vec![("ana", email), ("+12065550100", email)],
        ),
        (
            json!({"UsernameAttributes": ["phone_number"]}),
            vec!["+12065550100"],
            vec![("ana@example.com", phone)],
        ),
        (
            json!({"UsernameAttributes": ["email", "phone_number"]}),
            vec!["ana@example.com", "+12065550100"],
            vec![("ana", either)],
        ),
        (
            json!({"AliasAttributes": ["email", "phone_number"]}),
            vec!["ana"],
            vec![("ana@example.com", no_email), ("+12065550100", no_phone)],
        ),
        (json!({"AliasAttributes": ["email"]}), vec!["+12065550100"], vec![]),
    ];
    for (settings, good, bad) in cases {
        let people = People::of(settings.clone()).await;
        for name in good {
            people.sign_up(name, &[]).await.ok();
            people.user(name).await;
        }
        for (name, sentence) in bad {
            people
                .sign_up(name, &[])
                .await
                .refused("InvalidParameterException", sentence);
            let created = people.admin("AdminCreateUser", json!({"Username": name})).await;
            created.refused("InvalidParameterException", sentence);
        }
    }
}

#[tokio::test]
async fn a_username_attribute_is_an_attribute_and_the_sub_the_username() {
    let people = People::of(json!({"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]})).await;
    let answer = people
        .sign_up("ana@example.com", &[("email", "else@example.com")])
        .await
        .ok();
    let sub = text(&answer, "/UserSub");
    let user = people.user("ana@example.com").await;
    assert_eq!(user["Username"], sub);
    assert_eq!(
        people.attribute(&sub, "email").await.as_deref(),
        Some("ana@example.com")
    );
    let sentence = "An account with the given email already exists.";
    // Unique while unverified.
    people
        .sign_up("ana@example.com", &[])
        .await
        .refused("UsernameExistsException", sentence);
    let created = people
        .admin("AdminCreateUser", json!({"Username": "ana@example.com"}))
        .await;
    created.refused("UsernameExistsException", sentence);
    people
        .confirm("ana@example.com", &people.app.code_for("ana@example.com").await)
        .await
        .ok();
    for name in ["ana@example.com", &sub] {
        people.sign_in(name, PASSWORD).await.ok();
    }
    // An administrator's list may repeat the name, or leave it out.
    for (name, email, accepted) in [
        ("ben@example.com", "other@example.com", false),
        ("ben@example.com", "ben@example.com", true),
        ("cara@example.com", "", true),
    ] {
        let attributes = crate::tests::people::list(&[("email", email)]);
        let input = json!({"Username": name, "UserAttributes": attributes, "MessageAction": "SUPPRESS"});
        let answer = people.admin("AdminCreateUser", input).await;
        if accepted {
            answer.ok();
            assert_eq!(people.attribute(name, "email").await.as_deref(), Some(name));
        } else {
            answer.refused(
                "InvalidParameterException",
                "User email should be empty or same as username since username attribute is email",
            );
            let nobody = people.admin("AdminGetUser", json!({"Username": name})).await;
            nobody.refused("UserNotFoundException", "User does not exist.");
        }
    }

    // A changed value works at once, the old one no longer, and is free.
    people
        .set("ana@example.com", &[("email", "new@example.com")])
        .await
        .ok();
    people.sign_in("new@example.com", PASSWORD).await.ok();
    let old = people.sign_in("ana@example.com", PASSWORD).await;
    old.refused("UserNotFoundException", "User does not exist.");
    people.sign_up("ana@example.com", &[]).await.ok();
    let clash = people.set("new@example.com", &[("email", "ana@example.com")]).await;
    clash.refused("AliasExistsException", sentence);
    assert_eq!(
        people.attribute(&sub, "email").await.as_deref(),
        Some("new@example.com")
    );
}

#[tokio::test]
async fn an_alias_counts_once_it_is_verified() {
    let people = People::of(aliases()).await;
    people.sign_up("ana", &[("email", "shared@example.com")]).await.ok();
    let unverified = people.sign_in("shared@example.com", PASSWORD).await;
    unverified.refused("UserNotFoundException", "User does not exist.");
    let ana = people.app.code_for("shared@example.com").await;
    // A second one of the same address is no error yet.
    people.sign_up("ben", &[("email", "shared@example.com")]).await.ok();
    let ben = people.app.code_for("shared@example.com").await;
    people.confirm("ana", &ana).await.ok();
    people.sign_in("shared@example.com", PASSWORD).await.ok();
    people
        .confirm("ben", &ben)
        .await
        .refused("AliasExistsException", "An account with the email already exists.");
    assert_eq!(people.status("ben").await, "UNCONFIRMED");

    // The refusal did not spend the code.
    let forced = json!({"Username": "ben", "ConfirmationCode": ben, "ForceAliasCreation": true});
    people.public("ConfirmSignUp", forced).await.ok();
    assert_eq!(
        people.attribute("ana", "email_verified").await.as_deref(),
        Some("false")
    );
    assert_eq!(people.attribute("ben", "email_verified").await.as_deref(), Some("true"));
    assert_eq!(people.user("shared@example.com").await["Username"], "ben");
    people.sign_in("ana", PASSWORD).await.ok();
}

#[tokio::test]
async fn one_of_two_racing_confirmations_gets_the_alias() {
    let people = People::of(aliases()).await;
    people.sign_up("ana", &[("email", "shared@example.com")]).await.ok();
    let ana = people.app.code_for("shared@example.com").await;
    people.sign_up("ben", &[("email", "shared@example.com")]).await.ok();
    let ben = people.app.code_for("shared@example.com").await;
    let (first, second) = tokio::join!(people.confirm("ana", &ana), people.confirm("ben", &ben));
    let (won, lost) = if first.result.is_ok() {
        (first, second)
    } else {
        (second, first)
    };
    won.ok();
    lost.refused("AliasExistsException", "An account with the email already exists.");
}

#[tokio::test]
async fn aliases_are_given_up_and_taken_by_changes() {
    let people = People::of(aliases()).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.member("ben", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    let clash = people.set("ben", &[("email_verified", "true")]).await;
    clash.refused("AliasExistsException", "An account with the email already exists.");
    assert_eq!(people.user("ana@example.com").await["Username"], "ana");
    // A changed address is no alias before it is verified, and the old one is free.
    people.set("ana", &[("email", "new@example.com")]).await.ok();
    let gone = people
        .admin("AdminGetUser", json!({"Username": "ana@example.com"}))
        .await;
    gone.refused("UserNotFoundException", "User does not exist.");
    people.set("ben", &[("email_verified", "true")]).await.ok();
    assert_eq!(people.user("ana@example.com").await["Username"], "ben");
    // Deleted with its user.
    people
        .admin("AdminDeleteUser", json!({"Username": "ana@example.com"}))
        .await
        .ok();
    people
        .set("ana", &[("email", "ana@example.com"), ("email_verified", "true")])
        .await
        .ok();
    assert_eq!(people.user("ana@example.com").await["Username"], "ana");
}

#[tokio::test]
async fn preferred_usernames_are_for_confirmed_users_and_unique() {
    let people = People::of(aliases()).await;
    let refused = people.sign_up("ana", &[("preferred_username", "annie")]).await;
    refused.refused(
        "InvalidParameterException",
        "preferred_username cannot be set before the user is confirmed, since it is an alias of the user pool.",
    );
    people.member("ana", &[]).await;
    people.member("ben", &[]).await;
    people.set("ana", &[("preferred_username", "annie")]).await.ok();
    people.sign_in("annie", PASSWORD).await.ok();
    for name in ["annie", "ana"] {
        let clash = people.set("ben", &[("preferred_username", name)]).await;
        clash.refused(
            "AliasExistsException",
            "An account with the preferred_username already exists.",
        );
        assert!(people.sign_up(name, &[]).await.result.is_err());
    }
    people.set("ana", &[("preferred_username", "")]).await.ok();
    people.set("ben", &[("preferred_username", "annie")]).await.ok();
    assert_eq!(people.user("annie").await["Username"], "ben");
}

#[tokio::test]
async fn letter_case() {
    let insensitive = json!({"CaseSensitive": false});
    // Settings, the name that signs up, other spellings, whether they mean the same user, and how the name is shown.
    let cases = [
        (json!({}), "Ana", "ana", false, Some("Ana")),
        (
            json!({"UsernameConfiguration": {"CaseSensitive": true}}),
            "Ana",
            "ana",
            false,
            Some("Ana"),
        ),
        (
            json!({"UsernameConfiguration": insensitive}),
            "Ana",
            "aNA",
            true,
            Some("ana"),
        ),
        (
            json!({"UsernameAttributes": ["email"]}),
            "Ana@example.com",
            "ana@example.com",
            false,
            None,
        ),
        (
            json!({"UsernameAttributes": ["email"], "UsernameConfiguration": insensitive}),
            "Ana@Example.com",
            "aNA@example.COM",
            true,
            None,
        ),
    ];
    for (settings, name, other, same, shown) in cases {
        let people = People::of(settings.clone()).await;
        let sub = text(&people.sign_up(name, &[]).await.ok(), "/UserSub");
        let user = people.user(name).await;
        assert_eq!(user["Username"], shown.unwrap_or(&sub), "{settings}");
        let found = people.admin("AdminGetUser", json!({"Username": other})).await;
        let again = people.sign_up(other, &[]).await;
        assert_eq!(
            (found.result.is_ok(), again.result.is_err()),
            (same, same),
            "{settings}"
        );
        people.admin("AdminConfirmSignUp", json!({"Username": name})).await.ok();
        people.sign_in(name, PASSWORD).await.ok();
    }
}

#[tokio::test]
async fn case_is_kept_where_a_value_is_no_sign_in_name() {
    let people = People::of(json!({
        "AliasAttributes": ["email"], "UsernameConfiguration": {"CaseSensitive": false},
    }))
    .await;
    people
        .member(
            "ana",
            &[
                ("email", "Ana@Example.com"),
                ("name", "Ana"),
                ("preferred_username", "Annie"),
            ],
        )
        .await;
    assert_eq!(
        people.attribute("ana", "email").await.as_deref(),
        Some("ana@example.com")
    );
    assert_eq!(people.attribute("ana", "name").await.as_deref(), Some("Ana"));
    assert_eq!(
        people.attribute("ana", "preferred_username").await.as_deref(),
        Some("Annie")
    );
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people.sign_in("ANA@example.com", PASSWORD).await.ok();
    let found = people
        .admin("ListUsers", json!({"Filter": "email = \"ANA@example.com\""}))
        .await
        .ok();
    assert_eq!(found["Users"][0]["Username"], "ana");
}

#[tokio::test]
async fn nobody_is_named_like_anothers_sub() {
    let people = People::of(json!({})).await;
    let sub = text(&people.sign_up("ana", &[]).await.ok(), "/UserSub");
    people
        .sign_up(&sub, &[])
        .await
        .refused("UsernameExistsException", "User already exists");
    let created = people.admin("AdminCreateUser", json!({"Username": sub})).await;
    created.refused("UsernameExistsException", "User account already exists");
    assert_eq!(people.user(&sub).await["Username"], "ana");
    // A name of that form which is nobody's sub is a name like another.
    let free = "00000000-0000-0000-0000-000000000000";
    people.sign_up(free, &[]).await.ok();
    assert_eq!(people.user(free).await["Username"], free);
}

#[tokio::test]
async fn a_username_is_free_again_after_deletion() {
    let people = People::of(json!({})).await;
    let first = text(
        &people.sign_up("ana", &[("email", "ana@example.com")]).await.ok(),
        "/UserSub",
    );
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    let second = text(&people.sign_up("ana", &[]).await.ok(), "/UserSub");
    assert_ne!(first, second);
    assert_eq!(people.user("ana").await["UserAttributes"], list(&[("sub", &second)]));
}

#[tokio::test]
async fn nobody_is_found_under_the_digest_of_a_long_name() {
    let people = People::of(aliases()).await;
    let long = "a".repeat(300);
    let digest = hex::encode(vault::sha256(long.as_bytes()));
    people.member("ana", &[]).await;
    people.set("ana", &[("preferred_username", &long)]).await.ok();
    let sub = people.attribute("ana", "sub").await;
    // As a username, and as a name that may begin with a blank.
    people.member(&format!("sha256:{digest}"), &[]).await;
    people.member("ben", &[]).await;
    people
        .set("ben", &[("preferred_username", &format!(" sha256:{digest}"))])
        .await
        .ok();
    for name in [format!("sha256:{digest}"), "ben".to_owned()] {
        assert_ne!(people.attribute(&name, "sub").await, sub, "{name}");
    }
}
