//! The functions of a test's pools: one webhook that hears every event and answers as it is told.

use std::{
    collections::BTreeMap,
    net::TcpListener as Listener,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use testkit::World;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use triggers::{Function, Keep, Named, Settings, Triggers, Way, Webhook};
use upstream::{Address, Reach, Upstream};

/// The function that answers.
pub(crate) const FUNCTION: &str = "arn:aws:lambda:eu-west-1:123456789012:function:hook";

/// Cheap to clone: all that hear the same.
#[derive(Clone, Default)]
pub(crate) struct Functions {
    heard: Arc<Mutex<Vec<Value>>>,
    /// By `triggerSource`; the event comes back where nothing is said.
    said: Arc<Mutex<BTreeMap<String, Said>>>,
}

#[derive(Clone)]
enum Said {
    /// Members of the response.
    Response(Value),
    Raised(String),
    /// Whatever stands here.
    Body(String),
}

impl Functions {
    /// The service of triggers that finds them.
    pub fn triggers(&self, world: &World) -> Triggers {
        let listener = Listener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let functions = self.clone();
        tokio::spawn(async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(functions.clone().serve(stream));
            }
        });
        let webhook = Webhook::new(Address::of_operator(&url).unwrap(), "a secret of a webhook");
        let settings = Settings {
            functions: vec![Function {
                named: Named::Name("hook".to_owned()),
                way: Way::Webhook(webhook),
            }],
            lambda: None,
            in_flight: 16,
            keep: Keep::Nothing,
        };
        Triggers::new(world.env.clone(), Upstream::new(Reach::Public).unwrap(), settings)
    }

    pub fn respond(&self, source: &str, response: Value) {
        self.say(source, Said::Response(response));
    }

    pub fn raise(&self, source: &str, message: &str) {
        self.say(source, Said::Raised(message.to_owned()));
    }

    pub fn garble(&self, source: &str, body: &str) {
        self.say(source, Said::Body(body.to_owned()));
    }

    fn say(&self, source: &str, said: Said) {
        self.said.lock().unwrap().insert(source.to_owned(), said);
    }

    /// What was heard since the last look.
    pub fn heard(&self) -> Vec<Value> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    /// The same by name.
    pub fn sources(&self) -> Vec<String> {
        let heard = self.heard();
        heard
            .iter()
            .map(|event| testkit::text(event, "/triggerSource"))
            .collect()
    }

    async fn serve(self, mut stream: TcpStream) {
        let Some(event) = received(&mut stream).await else {
            return;
        };
        let said = self
            .said
            .lock()
            .unwrap()
            .get(event["triggerSource"].as_str().unwrap())
            .cloned();
        let mut answer = event.clone();
        self.heard.lock().unwrap().push(event);
        let (status, body) = match said {
            None => (200, answer.to_string()),
            Some(Said::Response(response)) => {
                for (name, value) in response.as_object().unwrap() {
                    answer["response"][name] = value.clone();
                }
                (200, answer.to_string())
            }
            Some(Said::Raised(message)) => (400, json!({ "errorMessage": message }).to_string()),
            Some(Said::Body(body)) => (200, body),
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    }
}

/// The body of a request, which is an event.
async fn received(stream: &mut TcpStream) -> Option<Value> {
    let mut bytes = Vec::new();
    loop {
        let mut more = [0; 8192];
        let count = stream.read(&mut more).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&more[..count]);
        let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        if let Ok(event) = serde_json::from_slice(&bytes[head + 4..]) {
            return Some(event);
        }
    }
}
