//! Who is not there looks like who is. Reference: user-pools 17.2.

use serde_json::{Value, json};
use testkit::{authenticator::Authenticator, text};

use super::holder::{ORIGIN, people_of};
use crate::tests::{entry::WRONG, people::People};

async fn wished(people: &People, name: &str) -> Value {
    let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    people.initiate("USER_AUTH", parameters).await.ok()
}

#[tokio::test]
async fn some_have_a_passkey_and_some_have_none() {
    let people = people_of(json!({}), json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    let (mut with, mut without) = (0, 0);
    for number in 0..40 {
        let name = format!("nobody{number}");
        let first = wished(&people, &name).await;
        let second = wished(&people, &name).await;
        assert_eq!(first["ChallengeName"], second["ChallengeName"]);
        if first["ChallengeName"] == "SELECT_CHALLENGE" {
            assert_eq!(first["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));
            without += 1;
            continue;
        }
        with += 1;
        let [first, mut second] = [first, second].map(|challenge| {
            let options = text(&challenge, "/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS");
            (challenge, serde_json::from_str::<Value>(&options).unwrap())
        });
        assert_ne!(first.1["challenge"], second.1["challenge"]);
        second.1["challenge"] = first.1["challenge"].clone();
        assert_eq!(first.1, second.1);
        let allowed = &first.1["allowCredentials"][0];
        assert_eq!(allowed["transports"], json!(["hybrid", "internal"]));
        // Whoever answers is refused as who has the wrong key.
        let id = base64::Engine::decode(&base64::prelude::BASE64_URL_SAFE_NO_PAD, text(allowed, "/id")).unwrap();
        let signed = Authenticator::es256(&id).sign(&first.1, ORIGIN);
        let responses = json!({"USERNAME": name, "CREDENTIAL": signed.to_string()});
        people
            .respond("WEB_AUTHN", first.0["Session"].as_str(), responses)
            .await
            .refused_as(WRONG);
    }
    assert!(with > 5 && without > 5, "{with} {without}");
}

#[tokio::test]
async fn clients_that_tell_tell() {
    let people = people_of(json!({}), json!({"PreventUserExistenceErrors": "LEGACY"})).await;
    let parameters = json!({"USERNAME": "nobody", "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    people
        .initiate("USER_AUTH", parameters)
        .await
        .refused("UserNotFoundException", "User does not exist.");
}
