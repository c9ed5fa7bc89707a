//! Who is linked is signed in as themselves, whoever linked them. Reference: oauth-and-federation 10.6, 17.4.

use serde_json::{Value, json};
use testkit::text;

use super::{CORP, arrival, arrives, arrives_at, attributes, pairs, people, place, refused};
use crate::{
    hosted::{NotArrived, Reply},
    tests::{
        attacks::slow_saying,
        functions::FUNCTION,
        people::{PASSWORD, People, list},
    },
};

const MAIL: (&str, &str) = ("mail", "new@example.com");

async fn link(people: &People, name: &str, attribute: &str, value: &str) {
    let input = json!({
        "DestinationUser": {"ProviderName": "Cognito", "ProviderAttributeValue": name},
        "SourceUser": {
            "ProviderName": CORP, "ProviderAttributeName": attribute, "ProviderAttributeValue": value,
        },
    });
    people.admin("AdminLinkProviderForUser", input).await.ok();
}

/// What providers call a user.
async fn user_ids(people: &People, name: &str) -> Vec<String> {
    let shown = people.attribute(name, "identities").await;
    let shown: Vec<Value> = shown.map_or(Vec::new(), |shown| serde_json::from_str(&shown).unwrap());
    shown.iter().map(|entry| text(entry, "/userId")).collect()
}

async fn ana(pool: Value) -> People {
    let people = people(pool, json!({"AttributeMapping": {"email": "mail", "name": "name"}})).await;
    people.member("ana", &[("email", "ana@example.com")]).await;
    people.set("ana", &[("email_verified", "true")]).await.ok();
    people
}

#[tokio::test]
async fn who_is_linked_is_themselves_and_has_what_the_provider_says() {
    let people = ana(json!({})).await;
    link(&people, "ana", "Cognito_Subject", "A-1").await;
    let arrived = arrives(&people, "A-1", &[("name", "Ana"), ("mail", "ana@example.com")])
        .await
        .unwrap();
    assert_eq!(arrived.user.username, "ana");
    assert_eq!(people.status("ana").await, "CONFIRMED");
    let expected = pairs([
        ("email", "ana@example.com"),
        ("email_verified", "true"),
        ("name", "Ana"),
    ]);
    assert_eq!(attributes(&people, "ana").await, expected);
    let groups = people
        .admin("AdminListGroupsForUser", json!({"Username": "ana"}))
        .await
        .ok();
    assert_eq!(groups["Groups"], json!([]));
    people.sign_in("ana", PASSWORD).await.ok();
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);

    // Unlinked, the same person is somebody else.
    let user = json!({"User": {
        "ProviderName": CORP, "ProviderAttributeName": "Cognito_Subject", "ProviderAttributeValue": "A-1",
    }});
    people.admin("AdminDisableProviderForUser", user).await.ok();
    let arrived = arrives(&people, "A-1", &[MAIL]).await.unwrap();
    assert_eq!(arrived.user.username, "corp_a-1");
}

#[tokio::test]
async fn a_flag_without_an_address_verifies_nothing_that_a_user_has_typed() {
    let mapping = json!({"AttributeMapping": {"email": "mail", "email_verified": "checked"}});
    let people = people(json!({}), mapping).await;
    people.member("eve", &[("email", "eve@example.com")]).await;
    link(&people, "eve", "Cognito_Subject", "E-1").await;
    let own = [("mail", "eve@example.com"), ("checked", "true")];
    arrives(&people, "E-1", &own).await.unwrap();
    assert_eq!(people.attribute("eve", "email_verified").await.unwrap(), "true");

    let token = people.token("eve").await;
    let input = json!({"UserAttributes": list(&[("email", "ana@example.com")])});
    people.with_token(&token, "UpdateUserAttributes", input).await.ok();
    let typed = pairs([("email", "ana@example.com"), ("email_verified", "false")]);
    for said in [&[("checked", "true")][..], &[("mail", ""), ("checked", "true")]] {
        arrives(&people, "E-1", said).await.unwrap();
        assert_eq!(attributes(&people, "eve").await, typed, "{said:?}");
    }
    // The address that the provider says is verified.
    arrives(&people, "E-1", &own).await.unwrap();
    let proven = pairs([("email", "eve@example.com"), ("email_verified", "true")]);
    assert_eq!(attributes(&people, "eve").await, proven);
    // Nor does it take back what was proven otherwise.
    arrives(&people, "E-1", &[("checked", "false")]).await.unwrap();
    assert_eq!(attributes(&people, "eve").await, proven);
}

#[tokio::test]
async fn a_link_by_an_attribute_is_of_whoever_comes_first_with_it_and_of_nobody_later() {
    let people = ana(json!({})).await;
    link(&people, "ana", "email", "Ana@work.example.com").await;
    assert_eq!(user_ids(&people, "ana").await, ["Ana@work.example.com"]);
    let other = arrives(&people, "0", &[("mail", "ana@work.example.com")])
        .await
        .unwrap();
    assert_eq!(other.user.username, "corp_0", "letter by letter");
    let at_work = ("mail", "Ana@work.example.com");
    assert_eq!(arrives(&people, "A-1", &[at_work]).await.unwrap().user.username, "ana");
    assert_eq!(user_ids(&people, "ana").await, ["A-1"]);
    // The provider gives the address to somebody else.
    let heir = arrives(&people, "B-2", &[at_work]).await.unwrap();
    assert_eq!(heir.user.username, "corp_b-2");
    assert_eq!(arrives(&people, "A-1", &[MAIL]).await.unwrap().user.username, "ana");
}

#[tokio::test]
async fn a_link_lets_in_nobody_who_may_not_go_on() {
    let people = ana(json!({})).await;
    let invited = json!({"Username": "ben", "MessageAction": "SUPPRESS"});
    people.admin("AdminCreateUser", invited).await.ok();
    people.sign_up("eve", &[]).await.ok();
    for (name, subject) in [("ana", "1"), ("ben", "2"), ("eve", "3")] {
        link(&people, name, "Cognito_Subject", subject).await;
    }
    // Who was made by an administrator needs no password for it.
    assert_eq!(arrives(&people, "2", &[]).await.unwrap().user.username, "ben");
    assert_eq!(people.status("ben").await, "FORCE_CHANGE_PASSWORD");
    refused(arrives(&people, "3", &[]).await, "User is not confirmed.");
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    refused(arrives(&people, "1", &[MAIL]).await, "User is not enabled");
    assert_eq!(people.attribute("ana", "email").await.unwrap(), "ana@example.com");
    people.admin("AdminEnableUser", json!({"Username": "ana"})).await.ok();
    people
        .admin("AdminResetUserPassword", json!({"Username": "ana"}))
        .await
        .ok();
    refused(arrives(&people, "1", &[]).await, "Password reset required for the user");
}

#[tokio::test]
async fn a_function_that_links_at_the_first_sign_in_signs_in_whom_it_linked() {
    let people = ana(json!({"LambdaConfig": {"PreSignUp": FUNCTION}})).await;
    let (pools, asked, go) = slow_saying(&people.app, json!({})).await;
    let (cx, place) = (people.app.cx(), place(&people).await);
    let acting = async {
        asked.notified().await;
        link(&people, "ana", "Cognito_Subject", "A-1").await;
        go.notify_one();
    };
    let arriving = Box::pin(pools.arrive_at(&cx, &place, CORP, arrival("A-1", &[("name", "Ana")])));
    let (arrived, ()) = tokio::join!(arriving, acting);
    let Ok(Reply::LoggedIn(signed_in)) = arrived else {
        panic!("Ana is not signed in");
    };
    assert_eq!(signed_in.user.username, "ana");
    assert_eq!(people.attribute("ana", "name").await.unwrap(), "Ana");
    let users = people.admin("ListUsers", json!({})).await.ok();
    assert_eq!(users["Users"].as_array().unwrap().len(), 1);
    assert_eq!(user_ids(&people, "ana").await, ["A-1"]);
}

/// Of somebody whose address the provider has verified.
async fn arrives_verified(people: &People, subject: &str, mail: &str) -> Result<String, String> {
    let arrival = federation::Arrival {
        has_verified_email: true,
        ..arrival(subject, &[("mail", mail)])
    };
    let arrived = arrives_at(&people.app.pools, people, CORP, arrival).await;
    arrived.map(|signed_in| signed_in.user.username)
}

/// [`ana`], in a pool that believes providers.
async fn believing(tag: &str, pool: Value) -> People {
    let people = ana(pool).await;
    people.tag(json!({"poolhouse:link-by": tag})).await;
    people
}

#[tokio::test]
async fn a_pool_may_believe_a_provider_of_an_address() {
    let people = believing("verified-email:Other Corp", json!({})).await;
    // What the provider has not verified is nobody's.
    let arrived = arrives(&people, "0", &[("mail", "ana@example.com")]).await.unwrap();
    assert_eq!(arrived.user.username, "corp_0");
    assert_eq!(arrives_verified(&people, "1", "ANA@example.com").await.unwrap(), "ana");
    assert_eq!(user_ids(&people, "ana").await, ["1"]);
    // By the subject from now on, whatever its address is; and who came before stays who they were.
    assert_eq!(
        arrives_verified(&people, "1", "other@example.com").await.unwrap(),
        "ana"
    );
    people
        .set("ana", &[("email", "ana@example.com"), ("email_verified", "true")])
        .await
        .ok();
    assert_eq!(
        arrives_verified(&people, "0", "ana@example.com").await.unwrap(),
        "corp_0"
    );
    for n in 2..=5 {
        let name = arrives_verified(&people, &n.to_string(), "ana@example.com").await;
        assert_eq!(name.unwrap(), "ana");
        people.set("ana", &[("email_verified", "true")]).await.ok();
    }
    let sixth = arrives_verified(&people, "6", "ana@example.com").await;
    assert_eq!(sixth.unwrap(), "corp_6", "a sixth link is none");
}

#[tokio::test]
async fn nobody_is_believed_whom_the_pool_does_not_name_nor_of_whom_it_is_unclear() {
    for tag in ["verified-email:Other", "verified-email:corp"] {
        let people = believing(tag, json!({})).await;
        assert_eq!(
            arrives_verified(&people, "1", "ana@example.com").await.unwrap(),
            "corp_1"
        );
    }
    let people = believing("verified-email:Corp", json!({})).await;
    people.member("ben", &[("email", "ana@example.com")]).await;
    people.sign_up("eve", &[("email", "eve@example.com")]).await.ok();
    // Neither whoever just says so, nor whoever has not been confirmed.
    assert_eq!(arrives_verified(&people, "1", "ana@example.com").await.unwrap(), "ana");
    people.set("eve", &[("email_verified", "true")]).await.ok();
    assert_eq!(
        arrives_verified(&people, "2", "eve@example.com").await.unwrap(),
        "corp_2"
    );
    people.set("ben", &[("email_verified", "true")]).await.ok();
    assert_eq!(
        arrives_verified(&people, "3", "ana@example.com").await.unwrap(),
        "corp_3"
    );
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    assert_eq!(arrives_verified(&people, "4", "ana@example.com").await.unwrap(), "ben");
    people.admin("AdminDisableUser", json!({"Username": "ben"})).await.ok();
    assert_eq!(
        arrives_verified(&people, "5", "ana@example.com").await.unwrap(),
        "corp_5"
    );
}

#[tokio::test]
async fn a_function_that_makes_up_an_address_has_verified_none() {
    let inbound = json!({"InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}});
    let people = believing("verified-email:Corp", json!({"LambdaConfig": inbound})).await;
    let said = json!({"userAttributesToMap": {"mail": "ana@example.com"}});
    let functions = &people.app.functions;
    functions.respond("InboundFederation_ExternalProvider", said);
    assert_eq!(
        arrives_verified(&people, "1", "eve@example.com").await.unwrap(),
        "corp_1"
    );
}

#[tokio::test]
async fn a_provider_that_is_not_there_brings_nobody() {
    let people = ana(json!({})).await;
    let (pools, cx, place) = (&people.app.pools, people.app.cx(), place(&people).await);
    let arrived = Box::pin(pools.arrive_at(&cx, &place, "Gone", arrival("1", &[]))).await;
    assert!(matches!(arrived, Err(NotArrived::Failed(_))));
}
