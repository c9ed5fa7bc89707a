//! A client's server that is told of sessions' ends.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What it was told, and what it answers.
#[derive(Clone)]
pub(super) struct Hearing {
    pub uri: String,
    told: Arc<Mutex<Vec<String>>>,
    status: Arc<AtomicU16>,
}

/// It reads, and never answers.
pub(super) const SILENT: u16 = 0;

impl Hearing {
    pub async fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hearing = Self {
            uri: format!("http://{}/backchannel", listener.local_addr().unwrap()),
            told: Arc::default(),
            status: Arc::new(AtomicU16::new(200)),
        };
        let serving = hearing.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        hearing
    }

    pub fn answers(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Whole requests, which are forgotten then.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }

    /// Header and claims of the logout tokens that came, in the order of their clients.
    pub fn tokens(&self) -> Vec<(Value, Value)> {
        let part = |text: &str| serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap();
        let mut tokens: Vec<(Value, Value)> = self
            .requests()
            .iter()
            .map(|request| {
                let (_, token) = request.split_once("\r\n\r\nlogout_token=").unwrap();
                let mut parts = token.split('.');
                (part(parts.next().unwrap()), part(parts.next().unwrap()))
            })
            .collect();
        tokens.sort_by_key(|(_, claims)| claims["aud"].to_string());
        tokens
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut read = Vec::new();
        loop {
            let mut bytes = [0; 8192];
            let count = stream.read(&mut bytes).await.unwrap_or(0);
            if count == 0 {
                return;
            }
            read.extend_from_slice(&bytes[..count]);
            let text = String::from_utf8_lossy(&read).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")
                    .map(str::to_owned)
            });
            if body.len() < length.and_then(|text| text.parse().ok()).unwrap_or(0) {
                continue;
            }
            self.told.lock().unwrap().push(text);
            read.clear();
            let status = self.status.load(Ordering::SeqCst);
            if status == SILENT {
                std::future::pending::<()>().await;
            }
            let answer = format!("HTTP/1.1 {status} -\r\ncontent-length: 0\r\n\r\n");
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    }
}
