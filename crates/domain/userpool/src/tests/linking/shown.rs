//! Where it is told who a user is elsewhere.

use serde_json::{Value, json};
use testkit::{MockClock, text};

use super::{google, link, own, people_of};
use crate::tests::{
    functions::FUNCTION,
    people::{PASSWORD, value},
};

/// When the one link was made: after the two calls about Ana, and as the third about providers.
fn shown(millis: i64) -> String {
    format!(
        r#"[{{"userId":"G1","providerName":"Google","providerType":"Google","issuer":null,"primary":false,"dateCreated":{millis}}}]"#
    )
}

#[tokio::test]
async fn all_who_read_a_user_read_it() {
    let lambdas = json!({"PreTokenGeneration": FUNCTION, "PostAuthentication": FUNCTION});
    let narrow = json!({"ReadAttributes": ["name"]});
    let people = people_of(json!({"LambdaConfig": lambdas}), narrow).await;
    link(&people, own("ana"), google("G1")).await.ok();
    let millis = people.app.now().millis();
    assert!(millis > MockClock::START.millis());
    let expected = Some(shown(millis));
    assert_eq!(people.attribute("ana", "identities").await, expected);
    let attributes = people.user("ana").await["UserAttributes"].clone();
    assert_eq!(
        (&attributes[0]["Name"], &attributes[1]["Name"]),
        (&json!("sub"), &json!("identities"))
    );

    let forged = json!({"claimsToAddOrOverride": {"identities": "mine"}, "claimsToSuppress": ["identities"]});
    let functions = people.app.functions.clone();
    functions.respond(
        "TokenGeneration_Authentication",
        json!({"claimsOverrideDetails": forged}),
    );
    let signed_in = people.sign_in("ana", PASSWORD).await.ok();
    for event in functions.heard() {
        let told = &event["request"]["userAttributes"];
        assert_eq!(
            told["identities"].as_str(),
            expected.as_deref(),
            "{}",
            event["triggerSource"]
        );
        assert_eq!(told["cognito:user_status"], "CONFIRMED");
    }
    let token = text(&signed_in, "/AuthenticationResult/AccessToken");
    let read = people.get_user(&token).await.ok();
    assert_eq!(value(&read["UserAttributes"], "identities"), expected);
    assert_eq!(value(&read["UserAttributes"], "email"), None);
    let claims = people.claims(&text(&signed_in, "/AuthenticationResult/IdToken")).await;
    let claim = json!([{
        "userId": "G1", "providerName": "Google", "providerType": "Google", "issuer": null, "primary": "false",
        "dateCreated": millis.to_string(),
    }]);
    assert_eq!(claims["identities"], claim);
    assert_eq!(people.claims(&token).await.get("identities"), None);
}

#[tokio::test]
async fn lists_tell_it_and_do_not_search_by_it() {
    let people = people_of(json!({}), json!({})).await;
    people.member("bea", &[]).await;
    link(&people, own("ana"), google("G1")).await.ok();
    let list = |input: Value| people.admin("ListUsers", input);
    let listed = list(json!({"AttributesToGet": ["identities", "email"]})).await.ok();
    let of = |name: &str| {
        let mut users = listed["Users"].as_array().unwrap().iter();
        users.find(|user| user["Username"] == name).unwrap()["Attributes"].clone()
    };
    assert_eq!(of("bea"), json!([]));
    let ana = of("ana");
    assert_eq!(ana.as_array().unwrap().len(), 2);
    assert!(value(&ana, "identities").unwrap().contains(r#""userId":"G1""#));
    let whole = list(json!({"Filter": "username = \"ana\""})).await.ok();
    assert!(value(&whole["Users"][0]["Attributes"], "identities").is_some());
    let searched = list(json!({"Filter": "identities ^= \"[\""})).await;
    searched.refused("InvalidParameterException", "Input fails to satisfy the constraints.");
}
