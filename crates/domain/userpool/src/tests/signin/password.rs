//! Password sign-in, who is let in, flows and parameters. Reference: user-pools 3.4, 5.1, 5.2, 17.

use serde_json::{Value, json};
use testkit::text;

use crate::tests::{
    entry::{EXCEEDED, WRONG},
    people::{PASSWORD, People},
};

#[tokio::test]
async fn a_password_gets_tokens_at_both_doors() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let parameters = || json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    let answers = [
        people.initiate("USER_PASSWORD_AUTH", parameters()).await.ok(),
        people
            .admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters())
            .await
            .ok(),
        people.admin_initiate("ADMIN_NO_SRP_AUTH", parameters()).await.ok(),
    ];
    for answer in answers {
        let members: Vec<&str> = answer.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["AuthenticationResult", "ChallengeParameters"]);
        assert_eq!(answer["ChallengeParameters"], json!({}));
        let result = answer["AuthenticationResult"].as_object().unwrap();
        let mut members: Vec<&str> = result.keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(
            members,
            ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"]
        );
        assert_eq!(
            (&result["ExpiresIn"], &result["TokenType"]),
            (&json!(3600), &json!("Bearer"))
        );
        assert_eq!(
            text(&answer, "/AuthenticationResult/RefreshToken").split('.').count(),
            5
        );
        people
            .get_user(&text(&answer, "/AuthenticationResult/AccessToken"))
            .await
            .ok();
    }
}

#[tokio::test]
async fn every_name_of_a_user_signs_in() {
    let people = People::with_all_flows(
        json!({"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}),
        json!({}),
    )
    .await;
    people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
    let code = people.app.code_for("ana@example.com").await;
    people.confirm("ana", &code).await.ok();
    let sub = people.attribute("ana", "sub").await.unwrap();
    for name in ["ana", "ana@example.com", &sub] {
        people.sign_in(name, PASSWORD).await.ok();
        people.sign_in_by_srp(name, PASSWORD).await.ok();
        people.sign_in(name, "Wr0ng-word").await.refused_as(WRONG);
    }
}

#[tokio::test]
async fn the_user_is_looked_at_after_the_password() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("disabled", &[]).await;
    people
        .admin("AdminDisableUser", json!({"Username": "disabled"}))
        .await
        .ok();
    let disabled = ("NotAuthorizedException", "User is disabled.");
    people.sign_in("disabled", PASSWORD).await.refused_as(disabled);
    people.sign_in_by_srp("disabled", PASSWORD).await.refused_as(disabled);
    people.sign_in("disabled", "Wr0ng-word").await.refused_as(WRONG);
    people.sign_in_by_srp("disabled", "Wr0ng-word").await.refused_as(WRONG);
}

#[tokio::test]
async fn who_is_not_confirmed_is_told_whatever_the_password_unless_users_are_hidden() {
    const UNCONFIRMED: (&str, &str) = ("UserNotConfirmedException", "User is not confirmed.");
    for (setting, told) in [("LEGACY", UNCONFIRMED), ("ENABLED", WRONG)] {
        let people = People::with_all_flows(json!({}), json!({"PreventUserExistenceErrors": setting})).await;
        people.sign_up("ana", &[]).await.ok();
        for (password, expected) in [(PASSWORD, UNCONFIRMED), ("Wr0ng-word", told)] {
            let parameters = json!({"USERNAME": "ana", "PASSWORD": password});
            people.sign_in("ana", password).await.refused_as(expected);
            let by_admin = people
                .admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters.clone())
                .await;
            by_admin.refused_as(expected);
            let wish = testkit::merged(parameters, json!({"PREFERRED_CHALLENGE": "PASSWORD"}));
            people.initiate("USER_AUTH", wish).await.refused_as(expected);
        }
        let srp_a = vault::srp::Client::new(&kernel::SystemRng).public_hex();
        let started = people
            .initiate("USER_SRP_AUTH", json!({"USERNAME": "ana", "SRP_A": srp_a}))
            .await;
        assert_eq!(
            started.sentence(),
            if told == WRONG { "" } else { UNCONFIRMED.1 },
            "{setting}"
        );
    }
}

/// Reference: user-pools 17.2, with the right password and with a wrong one; 4.7: the old password works no more.
#[tokio::test]
async fn a_reset_user_is_told_so_where_users_are_not_hidden() {
    const RESET: (&str, &str) = ("PasswordResetRequiredException", "Password reset required for the user");
    for (setting, told) in [("LEGACY", RESET), ("ENABLED", WRONG)] {
        let people = People::with_all_flows(
            json!({"AutoVerifiedAttributes": ["email"]}),
            json!({"PreventUserExistenceErrors": setting}),
        )
        .await;
        people.sign_up("ana", &[("email", "ana@example.com")]).await.ok();
        let code = people.app.code_for("ana@example.com").await;
        people.confirm("ana", &code).await.ok();
        let under_way = people.srp("ana", PASSWORD).await;
        people
            .admin("AdminResetUserPassword", json!({"Username": "ana"}))
            .await
            .ok();
        people.prove(&under_way).await.refused_as(told);
        people.sign_in("ana", PASSWORD).await.refused_as(told);
        people.sign_in("ana", "Wr0ng-word").await.refused_as(told);
        // Which of them was right is told by no count either.
        for _ in 0..2 {
            people.sign_in("ana", PASSWORD).await.refused_as(told);
        }
        let locked = if told == WRONG { EXCEEDED } else { RESET };
        people.sign_in("ana", PASSWORD).await.refused_as(locked);
    }
}

#[tokio::test]
async fn unknown_users_are_named_or_hidden() {
    let unknown = ("UserNotFoundException", "User does not exist.");
    for (setting, refusal) in [("LEGACY", unknown), ("ENABLED", WRONG)] {
        let people = People::with_all_flows(json!({}), json!({"PreventUserExistenceErrors": setting})).await;
        people.sign_in("nobody", PASSWORD).await.refused_as(refusal);
        let parameters = json!({"USERNAME": "nobody", "PASSWORD": PASSWORD});
        people
            .admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters)
            .await
            .refused_as(refusal);
    }
}

#[tokio::test]
async fn flows_that_a_client_lacks_are_refused() {
    const SRP: &str = "USER_SRP_AUTH is not enabled for the client.";
    const PASSWORD_FLOW: &str = "USER_PASSWORD_AUTH flow not enabled for this client";
    const ADMIN: &str = "Auth flow not enabled for this client";
    const CUSTOM: &str = "CUSTOM_AUTH is not enabled for the client.";
    const CHOICE: &str = "USER_AUTH is not enabled for the client.";
    const REFRESH: &str = "REFRESH_TOKEN_AUTH is not enabled for the client.";
    let none = json!({"ExplicitAuthFlows": ["ALLOW_TOKEN_EXCHANGE_DELEGATION"]});
    let people = People::with(json!({}), none).await;
    people.member("ana", &[]).await;
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD, "SRP_A": "2", "REFRESH_TOKEN": "a.b.c.d.e"});
    for (flow, sentence) in [
        ("USER_SRP_AUTH", SRP),
        ("USER_PASSWORD_AUTH", PASSWORD_FLOW),
        ("CUSTOM_AUTH", CUSTOM),
        ("USER_AUTH", CHOICE),
        ("REFRESH_TOKEN_AUTH", REFRESH),
        ("REFRESH_TOKEN", REFRESH),
    ] {
        people
            .initiate(flow, parameters.clone())
            .await
            .refused("InvalidParameterException", sentence);
    }
    for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
        people
            .admin_initiate(flow, parameters.clone())
            .await
            .refused("InvalidParameterException", ADMIN);
    }
    people
        .get_tokens("a.b.c.d.e")
        .await
        .refused("InvalidParameterException", REFRESH);
}

#[tokio::test]
async fn a_flow_belongs_to_its_door() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
    let refusal = ("InvalidParameterException", "Initiate Auth method not supported.");
    people
        .initiate("ADMIN_USER_PASSWORD_AUTH", parameters.clone())
        .await
        .refused_as(refusal);
    people
        .initiate("ADMIN_NO_SRP_AUTH", parameters.clone())
        .await
        .refused_as(refusal);
    people
        .admin_initiate("USER_PASSWORD_AUTH", parameters.clone())
        .await
        .refused_as(refusal);
    people.initiate("CUSTOM_AUTH", parameters).await.refused(
        "InvalidParameterException",
        "Custom auth lambda trigger is not configured for the user pool.",
    );
}

#[tokio::test]
async fn missing_parameters_are_named() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    let cases: [(&str, Value, &str); 5] = [
        ("USER_PASSWORD_AUTH", json!({}), "USERNAME"),
        ("USER_PASSWORD_AUTH", json!({"USERNAME": "ana"}), "PASSWORD"),
        ("USER_SRP_AUTH", json!({"USERNAME": "ana"}), "SRP_A"),
        ("USER_AUTH", json!({}), "USERNAME"),
        ("REFRESH_TOKEN_AUTH", json!({}), "REFRESH_TOKEN"),
    ];
    for (flow, parameters, missing) in cases {
        let sentence = format!("Missing required parameter {missing}");
        people
            .initiate(flow, parameters)
            .await
            .refused("InvalidParameterException", &sentence);
    }
    let answers: [(&str, Value, &str); 6] = [
        ("PASSWORD_VERIFIER", json!({}), "USERNAME"),
        (
            "PASSWORD_VERIFIER",
            json!({"USERNAME": "ana"}),
            "PASSWORD_CLAIM_SECRET_BLOCK",
        ),
        (
            "PASSWORD_VERIFIER",
            json!({"USERNAME": "ana", "PASSWORD_CLAIM_SECRET_BLOCK": "x"}),
            "PASSWORD_CLAIM_SIGNATURE",
        ),
        (
            "PASSWORD_VERIFIER",
            json!({"USERNAME": "ana", "PASSWORD_CLAIM_SECRET_BLOCK": "x", "PASSWORD_CLAIM_SIGNATURE": "x"}),
            "TIMESTAMP",
        ),
        ("NEW_PASSWORD_REQUIRED", json!({"USERNAME": "ana"}), "Session"),
        ("SMS_MFA", json!({"USERNAME": "ana"}), "Session"),
    ];
    for (challenge, responses, missing) in answers {
        let sentence = format!("Missing required parameter {missing}");
        people
            .respond(challenge, None, responses)
            .await
            .refused("InvalidParameterException", &sentence);
    }
}

#[tokio::test]
async fn a_client_is_of_one_pool() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let other = people.app.pool(json!({})).await;
    let input = json!({
        "UserPoolId": other, "ClientId": people.client, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": PASSWORD},
    });
    let sentence = format!("User pool client {} does not exist.", people.client);
    people
        .app
        .admin
        .call("AdminInitiateAuth", input)
        .await
        .refused("ResourceNotFoundException", &sentence);

    let deleted = json!({"ClientId": people.client});
    people.admin("DeleteUserPoolClient", deleted).await.ok();
    people
        .sign_in("ana", PASSWORD)
        .await
        .refused("ResourceNotFoundException", &sentence);
}

#[tokio::test]
async fn passwords_move_to_argon2id_and_back_as_users_sign_in() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    people.sign_in_by_srp("ana", PASSWORD).await.ok();

    people
        .app
        .admin
        .call(
            "TagResource",
            json!({
                "ResourceArn": format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{}", people.pool),
                "Tags": {"poolhouse:password-store": "argon2id"},
            }),
        )
        .await
        .ok();
    let forbidden = (
        "InvalidParameterException",
        "USER_SRP_AUTH is not available in a user pool with the tag poolhouse:password-store=argon2id.",
    );
    let srp = || people.initiate("USER_SRP_AUTH", json!({"USERNAME": "ana", "SRP_A": "2"}));
    srp().await.refused_as(forbidden);
    assert!(kept(&people, "ana").await.0);
    people.sign_in("ana", "Wr0ng-word").await.refused_as(WRONG);
    assert!(kept(&people, "ana").await.0, "a wrong password converts nothing");
    let before = kept(&people, "ana").await.1;
    people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(kept(&people, "ana").await, (false, before + 1));
    people.sign_in("ana", PASSWORD).await.ok();
    assert_eq!(kept(&people, "ana").await, (false, before + 1), "converted once");

    people
        .app
        .admin
        .call(
            "UntagResource",
            json!({
                "ResourceArn": format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{}", people.pool),
                "TagKeys": ["poolhouse:password-store"],
            }),
        )
        .await
        .ok();
    // Without a verifier yet, SRP fails like a wrong password does.
    people.sign_in_by_srp("ana", PASSWORD).await.refused_as(WRONG);
    people.sign_in("ana", PASSWORD).await.ok();
    people.sign_in_by_srp("ana", PASSWORD).await.ok();
}

/// Whether a verifier is kept, and the row's version.
async fn kept(people: &People, name: &str) -> (bool, i64) {
    use crate::password::kept::{Kept, Owner};
    let pool = people.app.pools.pool(&people.pool).await.unwrap();
    let name = name.to_owned();
    let (user, row) = people
        .app
        .store
        .read(move |r| {
            let user = crate::user::names::find(r, &pool, &name)?.unwrap();
            Ok((
                user.clone(),
                store::records::passwords::of_user(r, &user.pool, &user.sub)?.unwrap(),
            ))
        })
        .await
        .unwrap();
    let kept = Kept::open(&people.app.keyring, &Owner::of(&user), &row.secret).unwrap();
    (matches!(kept, Kept::Srp { .. }), row.version)
}
