//! The sign-in of somebody whom a provider vouches for: what it leaves, what it does not ask, and what the tokens say.

use federation::{Arrival, SamlSession};
use kernel::PoolId;
use serde_json::json;
use store::records::sso_sessions::{External, SamlSession as Kept};

use super::{CORP, arrival, arrives, arrives_at, people};
use crate::{
    device::browser::BrowserDevice,
    hosted::{Approved, Browser, DeviceDue, Presented, Reply},
    tests::people::People,
};

const MAIL: (&str, &str) = ("mail", "ana@example.com");

#[tokio::test]
async fn a_browsers_session_knows_who_vouched() {
    let people = people(json!({}), json!({})).await;
    let saml = SamlSession {
        name_id: "Ana".to_owned(),
        format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
        index: Some("_s1".to_owned()),
    };
    let kept = Kept {
        name_id: saml.name_id.clone(),
        format: saml.format.clone(),
        index: saml.index.clone(),
    };
    for (saml, kept) in [(Some(saml), Some(kept)), (None, None)] {
        let arrival = Arrival {
            saml,
            ..arrival("Ana", &[MAIL])
        };
        let signed_in = arrives_at(&people.app.pools, &people, CORP, arrival).await.unwrap();
        let cookie = Browser::cookie(&signed_in).to_owned();
        let place = super::place(&people).await;
        let browser = people.app.pools.browser(&people.app.cx(), &place, &cookie).await;
        let browser = browser.unwrap().unwrap();
        let expected = External {
            provider: CORP.to_owned(),
            saml: kept,
        };
        assert_eq!(browser.login.doc.external, Some(expected));
    }
}

#[tokio::test]
async fn neither_second_factors_nor_devices_are_asked_for() {
    let role = "arn:aws:iam::000000000000:role/texts";
    let pool = json!({
        "MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true},
    });
    let people = people(pool, json!({})).await;
    let first = arrives(&people, "ana", &[MAIL]).await.unwrap();
    let (pool, sub) = (PoolId::new(people.pool.as_str()), first.user.sub.clone());
    let remembered = BrowserDevice::draw(&pool, &sub, people.app.cx().rng());
    let place = super::place(&people).await.at(None, vec![remembered]);
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let arrived = Box::pin(pools.arrive_at(&cx, &place, CORP, arrival("ana", &[MAIL])));
    let Ok(Reply::LoggedIn(signed_in)) = arrived.await else {
        panic!("Ana is asked for more");
    };
    let browser = Browser::of(&signed_in);
    assert_eq!(pools.device_due(&place, &browser).await.unwrap(), DeviceDue::Nothing);
}

/// The claims of both tokens of a code.
async fn claims(people: &People, browser: &Browser) -> [serde_json::Map<String, serde_json::Value>; 2] {
    let (pools, cx, place) = (&people.app.pools, people.app.cx(), super::place(people).await);
    let callback = "https://app.example.com/cb".to_owned();
    let approved = Approved {
        redirect_uri: callback.clone(),
        scopes: tokens::Scopes::new("openid"),
        ..Approved::default()
    };
    let code = pools.give_code(&cx, &place, browser, approved).await.unwrap();
    let presented = Presented {
        code,
        redirect_uri: callback,
        verifier: None,
        proof: None,
    };
    let tokens = pools.trade_code(&cx, &place, presented).await.unwrap();
    let id = people.claims(&tokens.id_token.unwrap()).await;
    [id, people.claims(&tokens.access_token).await]
}

#[tokio::test]
async fn tokens_say_the_name_the_group_and_how_they_came() {
    let people = people(json!({}), json!({})).await;
    let browser = Browser::of(&arrives(&people, "Ana", &[MAIL]).await.unwrap());
    let [id, access] = claims(&people, &browser).await;
    let groups = json!([format!("{}_{CORP}", people.pool)]);
    for claims in [&id, &access] {
        assert_eq!(claims["cognito:groups"], groups);
        assert_eq!(claims["amr"], json!(["fed"]));
        assert_eq!(claims["acr"], "urn:cognito:loa:1");
    }
    assert_eq!(
        (&id["cognito:username"], &access["username"]),
        (&json!("corp_ana"), &json!("corp_ana"))
    );
    assert_eq!(
        (&id["email"], &id["email_verified"]),
        (&json!("ana@example.com"), &json!(false))
    );
}

#[tokio::test]
async fn a_sign_in_of_somebody_unchanged_writes_its_session_alone() {
    let people = people(json!({}), json!({})).await;
    arrives(&people, "ana", &[MAIL]).await.unwrap();
    for (mail, writes) in [("ana@example.com", 1), ("new@example.com", 1)] {
        let before = people.app.store.stats();
        arrives(&people, "ana", &[("mail", mail)]).await.unwrap();
        let after = people.app.store.stats();
        assert_eq!(after.writes - before.writes, writes, "{mail}");
        assert_eq!(after.reads - before.reads, 2, "who it is, and all of them: {mail}");
    }
}
