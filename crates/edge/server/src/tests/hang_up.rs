//! Clients that hang up before they are answered. Reference: user-pools 16.3: a user who is confirmed is told of to the pool's function.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use federation::{Federation, Places};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use triggers::{Function, Keep, Named, Settings, Triggers, Way, Webhook};
use upstream::{Address, Reach, Upstream};
use userpool::{Beneath, UserPools};

use super::{AnyRole, HOST, Key, Rig};
use crate::{Bound, Stop};

const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:hook";

/// A function that answers one event each time it is let, and whom it heard of.
struct Slow {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
    go: Arc<Notify>,
}

impl Slow {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (heard, go) = (Arc::<Mutex<Vec<String>>>::default(), Arc::new(Notify::new()));
        let (hearing, let_go) = (Arc::clone(&heard), Arc::clone(&go));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let event: Value = loop {
                    stream.read_buf(&mut bytes).await.unwrap();
                    let body = bytes.windows(4).position(|four| four == b"\r\n\r\n");
                    if let Some(Ok(event)) = body.map(|at| serde_json::from_slice(&bytes[at + 4..])) {
                        break event;
                    }
                };
                hearing
                    .lock()
                    .unwrap()
                    .push(event["userName"].as_str().unwrap().to_owned());
                let_go.notified().await;
                let body = event.to_string();
                let start = format!(
                    "HTTP/1.1 200 X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{start}{body}").as_bytes()).await;
            }
        });
        Self { url, heard, go }
    }

    /// With room for one invocation.
    fn triggers(&self, rig: &Rig) -> Triggers {
        let webhook = Webhook::new(Address::of_operator(&self.url).unwrap(), "a secret of a webhook");
        let settings = Settings {
            functions: vec![Function {
                named: Named::Arn(FUNCTION.to_owned()),
                way: Way::Webhook(webhook),
            }],
            lambda: None,
            in_flight: 1,
            keep: Keep::Nothing,
        };
        Triggers::new(rig.env.clone(), Upstream::new(Reach::Public).unwrap(), settings)
    }

    async fn hears(&self, whom: &[&str]) {
        eventually(async || *self.heard.lock().unwrap() == whom).await;
    }
}

async fn eventually(what: impl AsyncFn() -> bool) {
    for _ in 0..200 {
        if what().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to that");
}

#[tokio::test]
async fn whoever_is_confirmed_is_told_of_though_the_client_hangs_up() {
    let mut rig = Rig::dev().await;
    let slow = Slow::start().await;
    let user_pools = UserPools::new(Beneath {
        store: rig.store.clone(),
        keyring: rig.keyring.clone(),
        cpu: rig.cpu.clone(),
        tokens: rig.app.tokens.clone(),
        delivery: rig.app.delivery.clone(),
        triggers: slow.triggers(&rig),
        sms_roles: Arc::new(AnyRole),
        own_hosts: Arc::new(|_| false),
        upstream: Upstream::new(Reach::Anywhere).unwrap(),
        federation: Federation::new(Upstream::new(Reach::Anywhere).unwrap(), Places::default()),
        login_base: "localhost".to_owned(),
    });
    Arc::get_mut(&mut rig.app).unwrap().user_pools = user_pools;
    let key = Key::unknown();
    let (pool, client) = rig.pool(&key, None).await;
    let settings = json!({
        "UserPoolId": pool, "AutoVerifiedAttributes": ["email"], "LambdaConfig": {"PostConfirmation": FUNCTION},
    });
    rig.idp(&key, "UpdateUserPool", settings).await.ok();
    for name in ["ana@example.com", "bea@example.com"] {
        rig.sign_up(&client, name).await;
    }

    let bound = Bound::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let (_stop, stopped) = Stop::new();
    let address = bound.address;
    tokio::spawn(bound.serve(Arc::clone(&rig.app), None, stopped));
    let confirm = async |name: &str| {
        let kept = rig.app.delivery.inbox(Some(name)).await.unwrap();
        let code = kept[0].message.code.clone().unwrap();
        let body = json!({"ClientId": client, "Username": name, "ConfirmationCode": code}).to_string();
        let head = format!(
            "POST / HTTP/1.1\r\nhost: {HOST}\r\nx-amz-target: AWSCognitoIdentityProviderService.ConfirmSignUp\r\n\
             content-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        stream
    };
    let is_confirmed = async |name: &str| {
        let user = json!({"UserPoolId": pool, "Username": name});
        rig.idp(&key, "AdminGetUser", user).await.ok().json()["UserStatus"] == "CONFIRMED"
    };

    let _waiting = confirm("ana@example.com").await;
    slow.hears(&["ana@example.com"]).await;
    // There is no room for her event yet.
    let hung_up = confirm("bea@example.com").await;
    eventually(async || is_confirmed("bea@example.com").await).await;
    drop(hung_up);
    tokio::time::sleep(Duration::from_millis(100)).await;
    slow.go.notify_one();
    slow.hears(&["ana@example.com", "bea@example.com"]).await;
}
