//! Links that are not made, and why.

use serde_json::{Value, json};
use testkit::merged;

use super::{INVALID, NO_USER, corporate, disable, google, identities, link, own, pairs, people, user};

const NOT_FOUND: &str = "ResourceNotFoundException";

#[tokio::test]
async fn who_is_not_here_is_linked_with_nobody() {
    let people = people().await;
    let elsewhere = people.app.pool(json!({})).await;
    let input = json!({"UserPoolId": elsewhere, "Username": "zoe", "MessageAction": "SUPPRESS"});
    let zoe = people.app.admin.call("AdminCreateUser", input).await.ok();
    let sub = zoe["User"]["Attributes"][0]["Value"].as_str().unwrap().to_owned();
    for destination in [
        own("nobody"),
        own("zoe"),
        own(&sub),
        own(" "),
        google("G1"),
        user("Nowhere", "", "ana"),
        user("cognito", "", "ana"),
    ] {
        let answer = link(&people, destination, google("G1")).await;
        answer.refused_as(NO_USER);
    }
    let input = json!({"UserPoolId": "us-east-1_Nowhere00", "DestinationUser": own("ana"), "SourceUser": google("G1")});
    let answer = people.app.admin.call("AdminLinkProviderForUser", input).await;
    answer.refused(NOT_FOUND, "User pool us-east-1_Nowhere00 does not exist.");
    // A provider is its pool's.
    let input = json!({"UserPoolId": elsewhere, "DestinationUser": own("zoe"), "SourceUser": google("G1")});
    let answer = people.app.admin.call("AdminLinkProviderForUser", input).await;
    answer.refused(NOT_FOUND, "Identity provider Google does not exist.");
}

#[tokio::test]
async fn who_can_be_linked_is_somebody_of_a_provider() {
    let people = people().await;
    let social = "ProviderAttributeName must be Cognito_Subject for Google.";
    let unmapped = |name: &str| format!("The identity provider Corporate does not map the attribute {name}.");
    let missing = |name: &str| format!("Missing required parameter {name}");
    let too_long = "ProviderName, ProviderAttributeName and ProviderAttributeValue of the SourceUser cannot have more than 128 \
                    characters together.";
    let without = |member: &str| {
        let mut source = google("G1");
        source.as_object_mut().unwrap().remove(member);
        source
    };
    let cases: Vec<(Value, &str, String)> = vec![
        (
            own("ana"),
            INVALID,
            "Invalid SourceUser: Cognito users with a username/password may not be passed in as a SourceUser, only as a DestinationUser"
                .to_owned(),
        ),
        (user("google", "Cognito_Subject", "G1"), NOT_FOUND, "Identity provider google does not exist.".to_owned()),
        (user("Google", "email", "ana@example.com"), INVALID, social.to_owned()),
        (user("Google", "cognito_subject", "G1"), INVALID, social.to_owned()),
        (corporate("gender", "x"), INVALID, unmapped("gender")),
        (corporate("Email", "x"), INVALID, unmapped("Email")),
        (corporate("mail", "x"), INVALID, unmapped("mail")),
        (corporate("username", "x"), INVALID, unmapped("username")),
        (corporate("sub", "x"), INVALID, unmapped("sub")),
        (without("ProviderName"), INVALID, missing("ProviderName")),
        (without("ProviderAttributeName"), INVALID, missing("ProviderAttributeName")),
        (google(""), INVALID, missing("ProviderAttributeValue")),
        (corporate("email", ""), INVALID, missing("ProviderAttributeValue")),
        (corporate("", "x"), INVALID, missing("ProviderAttributeName")),
        (google(&"x".repeat(108)), INVALID, too_long.to_owned()),
    ];
    for (source, code, sentence) in cases {
        link(&people, own("ana"), source).await.refused(code, &sentence);
    }
    assert_eq!(identities(&people, "ana").await, pairs(&[]));
    link(&people, own("ana"), google(&"é".repeat(107))).await.ok();
    for (member, destination) in [
        ("ProviderName", json!({"ProviderAttributeValue": "ana"})),
        ("ProviderAttributeValue", json!({"ProviderName": "Cognito"})),
    ] {
        let answer = link(&people, destination.clone(), google("G1")).await;
        answer.refused(INVALID, &missing(member));
        disable(&people, destination).await.refused(INVALID, &missing(member));
    }
}

#[tokio::test]
async fn who_is_linked_is_not_linked_again() {
    let people = people().await;
    people.member("bea", &[]).await;
    link(&people, own("ana"), google("G1")).await.ok();
    let already = "SourceUser is already linked to DestinationUser";
    link(&people, own("ana"), google("G1")).await.refused(INVALID, already);
    link(&people, google("G1"), google("G1"))
        .await
        .refused(INVALID, already);
    link(&people, own("bea"), google("G1")).await.refused_as(super::MERGING);
    assert_eq!(identities(&people, "ana").await, pairs(&[("Google", "G1")]));
}

#[tokio::test]
async fn nobody_writes_who_they_are_elsewhere() {
    let people = people().await;
    link(&people, own("ana"), google("G1")).await.ok();
    let token = people.token("ana").await;
    let forged = json!([{"Name": "identities", "Value": "[{\"userId\":\"G2\",\"providerName\":\"Google\"}]"}]);
    let with = |members: Value| merged(members, json!({"UserAttributes": forged}));
    let names = |members: Value| merged(members, json!({"UserAttributeNames": ["identities"]}));
    let (ana, bea) = (
        json!({"Username": "ana"}),
        json!({"Username": "bea", "Password": "Passw0rd!"}),
    );
    let unknown = "identities: Attribute does not exist in the schema.\n";
    let nonconforming = format!("Attributes did not conform to the schema: {unknown}");
    for (answer, sentence) in [
        (
            people.with_token(&token, "UpdateUserAttributes", with(json!({}))).await,
            format!("user.{unknown}"),
        ),
        (
            people.admin("AdminUpdateUserAttributes", with(ana.clone())).await,
            format!("user.{unknown}"),
        ),
        (
            people
                .with_token(&token, "DeleteUserAttributes", names(json!({})))
                .await,
            format!("Invalid user attributes: user.{unknown}"),
        ),
        (
            people.admin("AdminDeleteUserAttributes", names(ana)).await,
            format!("Invalid user attributes: user.{unknown}"),
        ),
        (
            people.admin("AdminCreateUser", with(json!({"Username": "bea"}))).await,
            nonconforming.clone(),
        ),
        (people.public("SignUp", with(bea)).await, nonconforming),
    ] {
        answer.refused(INVALID, &sentence);
    }
    people
        .admin("AdminGetUser", json!({"Username": "bea"}))
        .await
        .refused_as(NO_USER);
    assert_eq!(identities(&people, "ana").await, pairs(&[("Google", "G1")]));
}
