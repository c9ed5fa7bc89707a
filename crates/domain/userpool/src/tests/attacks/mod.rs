//! What somebody tries who wants in without all that is wanted, or to know who is there.

mod existence;
mod factors;
mod functions;
mod meanwhile;
mod migration;
mod swapped;

use std::{sync::Arc, time::Duration};

use federation::{Federation, Places};
use serde_json::{Value, json};
use testkit::{Answer, merged, text};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Notify,
};
use triggers::{Function, Keep, Named, Settings, Triggers, Way, Webhook};
use upstream::{Address, Reach, Upstream};
use vault::totp::Seed;

use super::{functions::FUNCTION, people::People};

pub(super) const MAIL: &str = "ana@example.com";

pub(super) const PHONE: &str = "+15551234567";

const STEP: Duration = Duration::from_secs(30);

pub(super) fn sending() -> Value {
    json!({
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"},
        "EmailConfiguration": {
            "EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
        },
    })
}

fn every_factor(mode: &str) -> Value {
    json!({
        "MfaConfiguration": mode,
        "SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": true}, "EmailMfaConfiguration": {},
    })
}

pub(super) fn lambdas(triggers: &[&str]) -> Value {
    let lambdas: Value = triggers.iter().map(|t| ((*t).to_owned(), json!(FUNCTION))).collect();
    json!({ "LambdaConfig": lambdas })
}

pub(super) async fn pool(settings: Value, client: Value, mfa: Option<&str>) -> People {
    let people = People::with_all_flows(merged(sending(), settings), client).await;
    people.member("ana", &[("email", MAIL), ("phone_number", PHONE)]).await;
    if let Some(mode) = mfa {
        people.admin("SetUserPoolMfaConfig", every_factor(mode)).await.ok();
    }
    people
}

async fn enrolled(people: &People, token: &str) -> Seed {
    let answer = people.with_token(token, "AssociateSoftwareToken", json!({})).await.ok();
    let seed = Seed::parse(&text(&answer, "/SecretCode")).unwrap();
    let code = seed.code(people.app.cx().now());
    people
        .with_token(token, "VerifySoftwareToken", json!({"UserCode": code}))
        .await
        .ok();
    seed
}

async fn user_auth(people: &People, name: &str, parameters: Value) -> Answer {
    people
        .initiate("USER_AUTH", merged(json!({"USERNAME": name}), parameters))
        .await
}

/// A webhook that answers when it is let.
pub(super) async fn slow(app: &super::app::App) -> (crate::UserPools, Arc<Notify>, Arc<Notify>) {
    slow_saying(app, json!({})).await
}

/// The same with these members in the response.
pub(super) async fn slow_saying(app: &super::app::App, said: Value) -> (crate::UserPools, Arc<Notify>, Arc<Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (heard, let_go) = (Arc::clone(&asked), Arc::clone(&go));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let body = loop {
                let mut more = [0; 8192];
                let count = stream.read(&mut more).await.unwrap();
                if count == 0 {
                    return;
                }
                bytes.extend_from_slice(&more[..count]);
                let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                    continue;
                };
                if let Ok(mut event) = serde_json::from_slice::<Value>(&bytes[end + 4..]) {
                    event["response"] = merged(event["response"].clone(), said.clone());
                    break event.to_string().into_bytes();
                }
            };
            heard.notify_one();
            let_go.notified().await;
            let start = format!(
                "HTTP/1.1 200 X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(start.as_bytes()).await.unwrap();
            stream.write_all(&body).await.unwrap();
        }
    });
    let settings = Settings {
        functions: vec![Function {
            named: Named::Name("hook".to_owned()),
            way: Way::Webhook(Webhook::new(
                Address::of_operator(&url).unwrap(),
                "a secret of a webhook",
            )),
        }],
        lambda: None,
        in_flight: 16,
        keep: Keep::Nothing,
    };
    let pools = crate::UserPools::new(crate::Beneath {
        store: app.store.clone(),
        keyring: app.keyring.clone(),
        cpu: app.cpu.clone(),
        tokens: app.tokens.clone(),
        delivery: app.delivery.clone(),
        triggers: Triggers::new(app.env.clone(), Upstream::new(Reach::Public).unwrap(), settings),
        sms_roles: Arc::new(super::app::Roles),
        own_hosts: Arc::new(|_| false),
        upstream: Upstream::new(Reach::Public).unwrap(),
        federation: Federation::new(Upstream::new(Reach::Public).unwrap(), Places::default()),
        login_base: "localhost".to_owned(),
    });
    (pools, asked, go)
}
