//! SECRET_HASH and the plain secret at sign-in. Reference: user-pools 3.2, 17.1.

use serde_json::json;
use testkit::text;

use crate::tests::{
    entry::secret_hash,
    people::{PASSWORD, People},
};

#[tokio::test]
async fn a_confidential_client_proves_its_secret() {
    let people = People::with_all_flows(json!({}), json!({"GenerateSecret": true})).await;
    people.invited("ana", "Temp0rary!", &[]).await;
    people
        .admin(
            "AdminSetUserPassword",
            json!({"Username": "ana", "Password": PASSWORD, "Permanent": true}),
        )
        .await
        .ok();
    let described = people
        .admin("DescribeUserPoolClient", json!({"ClientId": people.client}))
        .await
        .ok();
    let secret = text(&described, "/UserPoolClient/ClientSecret");
    let client = people.client.as_str();
    let missing = format!("Client {client} is configured with secret but SECRET_HASH was not received");
    let wrong = format!("Unable to verify secret hash for client {client}");

    let parameters = |hash: Option<&str>| {
        let mut parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD});
        if let Some(hash) = hash {
            parameters["SECRET_HASH"] = json!(hash);
        }
        parameters
    };
    let good = secret_hash(&secret, "ana", client);
    let of_another = secret_hash(&secret, "ben", client);
    for (hash, sentence) in [
        (None, &missing),
        (Some("x"), &wrong),
        (Some(of_another.as_str()), &wrong),
    ] {
        people
            .initiate("USER_PASSWORD_AUTH", parameters(hash))
            .await
            .refused("NotAuthorizedException", sentence);
        let admin = people
            .admin_initiate("ADMIN_USER_PASSWORD_AUTH", parameters(hash))
            .await;
        admin.refused("NotAuthorizedException", sentence);
    }
    let answer = people
        .initiate("USER_PASSWORD_AUTH", parameters(Some(&good)))
        .await
        .ok();

    // Refresh: over the username that the tokens carry.
    let token = text(&answer, "/AuthenticationResult/RefreshToken");
    let refresh = |hash: &str| {
        people.initiate(
            "REFRESH_TOKEN_AUTH",
            json!({"REFRESH_TOKEN": token, "SECRET_HASH": hash}),
        )
    };
    people.refresh(&token).await.refused("NotAuthorizedException", &missing);
    refresh(&of_another).await.refused("NotAuthorizedException", &wrong);
    refresh(&good).await.ok();

    // GetTokensFromRefreshToken takes the secret itself.
    let wrong = format!("Unable to verify the client secret for client {client}");
    people
        .get_tokens(&token)
        .await
        .refused("NotAuthorizedException", &wrong);
    for (given, fine) in [("another", false), (secret.as_str(), true)] {
        let input = json!({"RefreshToken": token, "ClientSecret": given});
        let answer = people.public("GetTokensFromRefreshToken", input).await;
        assert_eq!(answer.result.is_ok(), fine, "{answer:?}");
    }
}

#[tokio::test]
async fn a_public_client_must_not_send_a_hash() {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    let parameters = json!({"USERNAME": "ana", "PASSWORD": PASSWORD, "SECRET_HASH": "x"});
    let sentence = format!("Unable to verify secret hash for client {}", people.client);
    people
        .initiate("USER_PASSWORD_AUTH", parameters)
        .await
        .refused("NotAuthorizedException", &sentence);
}
