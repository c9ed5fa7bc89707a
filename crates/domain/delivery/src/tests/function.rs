//! A function of a few lines: a webhook that keeps what it is told.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use testkit::World;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use triggers::{Function, Keep, Named, Settings, Triggers, Way, Webhook};
use upstream::{Address, Reach, Upstream};

/// Answers at once.
pub const QUICK: &str = "arn:aws:lambda:eu-west-1:123456789012:function:quick";
/// Never answers.
pub const HANGING: &str = "arn:aws:lambda:eu-west-1:123456789012:function:hanging";
/// Answers that it failed.
pub const FAILING: &str = "arn:aws:lambda:eu-west-1:123456789012:function:failing";

#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<Vec<Value>>>);

impl Heard {
    /// What was heard since the last look.
    pub fn taken(&self) -> Vec<Value> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Who tells these functions, and what they hear.
pub async fn functions(world: &World) -> (Triggers, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Heard::default();
    let hearing = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, hearing.clone()));
        }
    });
    let webhook = |arn: &str| Function {
        named: Named::Arn(arn.to_owned()),
        way: Way::Webhook(Webhook::new(
            Address::of_operator(&url).unwrap(),
            "a secret of a webhook",
        )),
    };
    let settings = Settings {
        functions: [QUICK, HANGING, FAILING].map(webhook).into(),
        lambda: None,
        in_flight: 1000,
        keep: Keep::Nothing,
    };
    let upstream = Upstream::new(Reach::Public).unwrap();
    (Triggers::new(world.env.clone(), upstream, settings), heard)
}

async fn serve(mut stream: TcpStream, heard: Heard) {
    let mut bytes = Vec::new();
    let event: Value = loop {
        let mut more = [0; 8192];
        let Ok(count @ 1..) = stream.read(&mut more).await else {
            return;
        };
        bytes.extend_from_slice(&more[..count]);
        let body = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(Ok(event)) = body.map(|at| serde_json::from_slice(&bytes[at + 4..])) {
            break event;
        }
    };
    heard.0.lock().unwrap().push(event);
    let request = String::from_utf8_lossy(&bytes).to_lowercase();
    let answer: &[u8] = if request.contains(":function:hanging") {
        return std::future::pending().await;
    } else if request.contains(":function:failing") {
        b"HTTP/1.1 400 X\r\ncontent-length: 21\r\nconnection: close\r\n\r\n{\"errorMessage\":\"no\"}"
    } else {
        b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n"
    };
    let _ = stream.write_all(answer).await;
}
