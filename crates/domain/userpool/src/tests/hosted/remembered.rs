//! Browsers that hosted login remembers. Reference: user-pools 10.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::text;

use super::{oauth, place};
use crate::{
    hosted::{Answer, Browser, Challenge, DeviceDue, LoggedIn, Place, Reply, SentBy, Start},
    tests::people::{PASSWORD, People},
};

const ANA: &str = "+15550100";
const BEN: &str = "+15550101";

/// Ana and Ben, who get a code by text message at each sign-in.
async fn people(devices: Value) -> People {
    let pool = json!({
        "MfaConfiguration": "ON",
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "harbour"},
        "DeviceConfiguration": devices,
    });
    let people = People::with(pool, oauth()).await;
    for (name, phone) in [("ana", ANA), ("ben", BEN)] {
        people.member(name, &[("phone_number", phone)]).await;
    }
    people
}

fn always() -> Value {
    json!({"ChallengeRequiredOnNewDevice": true})
}

/// At a browser with these cookies.
async fn at(people: &People, cookies: &[&str]) -> Place {
    let place = place(people).await;
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let devices = pools.devices_at(&cx, place.pool(), cookies.iter().copied());
    place.at(None, devices)
}

async fn begun(people: &People, place: &Place, name: &str) -> Reply {
    people.app.advance(Duration::from_millis(1));
    let start = Start::Password {
        username: name.to_owned(),
        password: PASSWORD.to_owned(),
        step_up: None,
    };
    let cx = people.app.cx();
    Box::pin(people.app.pools.begin_at(&cx, place, start)).await.unwrap()
}

/// With the code that comes.
async fn by_code(people: &People, place: &Place, name: &str) -> LoggedIn {
    let phone = if name == "ana" { ANA } else { BEN };
    let Reply::Challenge(Challenge::Code { session, .. }) = begun(people, place, name).await else {
        panic!("no code is asked of {name}");
    };
    let answer = Answer::Code {
        session,
        sent: SentBy::SmsMfa,
        digits: people.app.code_for(phone).await,
    };
    match people
        .app
        .pools
        .answer_at(&people.app.cx(), place, name, answer)
        .await
        .unwrap()
    {
        Reply::LoggedIn(signed_in) => *signed_in,
        other => panic!("more is asked: {other:?}"),
    }
}

async fn remembered(people: &People, name: &str) -> String {
    let place = at(people, &[]).await;
    let browser = Browser::of(&by_code(people, &place, name).await);
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let kept = pools
        .remember_browser(&cx, &place, &browser, Some("Firefox".to_owned()))
        .await;
    kept.unwrap().cookie
}

async fn skips(people: &People, cookies: &[&str], name: &str) -> bool {
    let place = at(people, cookies).await;
    match begun(people, &place, name).await {
        Reply::LoggedIn(signed_in) => {
            let due = people
                .app
                .pools
                .device_due(&place, &Browser::of(&signed_in))
                .await
                .unwrap();
            assert_eq!(due, DeviceDue::Nothing);
            true
        }
        Reply::Challenge(Challenge::Code { .. }) => false,
        other => panic!("{other:?}"),
    }
}

async fn devices(people: &People, name: &str) -> Vec<Value> {
    let listed = people.admin("AdminListDevices", json!({"Username": name})).await.ok();
    listed["Devices"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_remembered_browser_is_asked_for_no_second_factor_until_it_is_forgotten() {
    let people = people(always()).await;
    let cookie = remembered(&people, "ana").await;
    let listed = devices(&people, "ana").await;
    let [device] = listed.as_slice() else {
        panic!("{listed:?}")
    };
    let attributes = device["DeviceAttributes"].to_string();
    assert!(
        attributes.contains("Firefox") && attributes.contains("\"remembered\""),
        "{attributes}"
    );

    people.app.advance(Duration::from_secs(3600));
    assert!(skips(&people, &[&cookie], "ana").await);
    let seen = devices(&people, "ana").await[0]["DeviceLastAuthenticatedDate"].clone();
    assert!(seen.as_f64() > device["DeviceLastAuthenticatedDate"].as_f64(), "{seen}");
    assert!(!skips(&people, &[], "ana").await);

    let key = text(device, "/DeviceKey");
    let named = |more: Value| testkit::merged(json!({"Username": "ana", "DeviceKey": key}), more);
    let status = |status| named(json!({"DeviceRememberedStatus": status}));
    people
        .admin("AdminUpdateDeviceStatus", status("not_remembered"))
        .await
        .ok();
    assert!(!skips(&people, &[&cookie], "ana").await);
    people.admin("AdminUpdateDeviceStatus", status("remembered")).await.ok();
    assert!(skips(&people, &[&cookie], "ana").await);
    people.admin("AdminForgetDevice", named(json!({}))).await.ok();
    assert!(!skips(&people, &[&cookie], "ana").await);
}

#[tokio::test]
async fn it_is_of_one_user_one_pool_and_a_year() {
    let people = people(always()).await;
    let (anas, bens) = (remembered(&people, "ana").await, remembered(&people, "ben").await);
    assert!(!skips(&people, &[&anas], "ben").await);
    // Two people at one browser.
    for name in ["ana", "ben"] {
        assert!(skips(&people, &["rubbish", &anas, &bens], name).await, "{name}");
    }
    let changed = format!("{}A", &anas[..anas.len() - 1]);
    assert!(!skips(&people, &[&changed], "ana").await);

    people.app.advance(Duration::from_secs(364 * 24 * 3600));
    assert!(skips(&people, &[&anas], "ana").await);
    people.app.advance(Duration::from_secs(24 * 3600));
    assert!(!skips(&people, &[&anas], "ana").await);

    let other = people.app.pool(json!({"DeviceConfiguration": always()})).await;
    let pools = &people.app.pools;
    let opened = pools.devices_at(
        &people.app.cx(),
        &kernel::PoolId::new(other.as_str()),
        [bens.as_str()].into_iter(),
    );
    assert!(opened.is_empty());
}

#[tokio::test]
async fn what_the_pool_says_is_done() {
    let on_prompt = json!({"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": true});
    let unchallenged = json!({"ChallengeRequiredOnNewDevice": false});
    for (settings, due, skipped) in [
        (always(), DeviceDue::Remember, true),
        (on_prompt, DeviceDue::Ask, true),
        (unchallenged, DeviceDue::Remember, false),
        (Value::Null, DeviceDue::Nothing, false),
    ] {
        let people = people(settings).await;
        let place = at(&people, &[]).await;
        let browser = Browser::of(&by_code(&people, &place, "ana").await);
        assert_eq!(people.app.pools.device_due(&place, &browser).await.unwrap(), due);
        if due == DeviceDue::Nothing {
            let kept = people
                .app
                .pools
                .remember_browser(&people.app.cx(), &place, &browser, None)
                .await;
            assert!(kept.is_err());
            continue;
        }
        let cookie = remembered(&people, "ana").await;
        assert_eq!(skips(&people, &[&cookie], "ana").await, skipped, "{due:?}");
    }
}
