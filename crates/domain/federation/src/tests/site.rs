//! A small server that plays providers, and keys of theirs.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What is answered at a path, whole.
#[derive(Clone)]
pub enum Said {
    At(String),
    /// A byte now and then, for ever.
    Dripping,
}

/// It answers by path and keeps what it was asked.
pub struct Site {
    pub base: String,
    answers: Arc<Mutex<HashMap<String, Said>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let site = Self {
            base,
            answers: Arc::default(),
            asked: Arc::default(),
        };
        let (answers, asked) = (Arc::clone(&site.answers), Arc::clone(&site.asked));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), Arc::clone(&asked)));
            }
        });
        site
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// `200` with this.
    pub fn says(&self, path: &str, body: &Value) {
        self.answers(path, "200 OK", "application/json", &body.to_string());
    }

    pub fn answers(&self, path: &str, status: &str, kind: &str, body: &str) {
        let text = format!(
            "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.put(path, Said::At(text));
    }

    pub fn leads(&self, path: &str, to: &str) {
        let head = "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0";
        self.put(path, Said::At(format!("{head}\r\nlocation: {to}\r\n\r\n")));
    }

    pub fn drips(&self, path: &str) {
        self.put(path, Said::Dripping);
    }

    fn put(&self, path: &str, said: Said) {
        self.answers.lock().unwrap().insert(path.to_owned(), said);
    }

    /// Requests whose first line begins so, whole.
    pub fn asked(&self, start: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|text| text.starts_with(start)).cloned().collect()
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Mutex<HashMap<String, Said>>>, asked: Arc<Mutex<Vec<String>>>) {
    let request = read(&mut stream).await;
    let path = request.split([' ', '?']).nth(1).unwrap_or_default().to_owned();
    asked.lock().unwrap().push(request);
    let said = answers.lock().unwrap().get(&path).cloned();
    match said {
        Some(Said::At(text)) => {
            let _ = stream.write_all(text.as_bytes()).await;
        }
        Some(Said::Dripping) => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 90000\r\n\r\n")
                .await;
            while stream.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        None => {
            let _ = stream
                .write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                .await;
        }
    }
}

/// Head and body.
async fn read(stream: &mut TcpStream) -> String {
    let mut seen = Vec::new();
    let mut part = [0; 4096];
    loop {
        let length = stream.read(&mut part).await.unwrap_or(0);
        seen.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&seen).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if length == 0 {
                return text;
            }
            continue;
        };
        let wanted = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let wanted = wanted.map_or(0, |length| length.parse().unwrap());
        if length == 0 || body.len() >= wanted {
            return text;
        }
    }
}

pub struct Key {
    pair: EcdsaKeyPair,
    kid: &'static str,
}

impl Key {
    pub fn new(kid: &'static str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { pair, kid }
    }

    pub fn jwk(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        json!({"kty": "EC", "crv": "P-256", "kid": self.kid, "x": encode(x), "y": encode(y)})
    }

    pub fn sign(&self, claims: &Value) -> String {
        self.sign_under(&json!({"alg": "ES256", "kid": self.kid}), claims)
    }

    pub fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let text = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        format!("{text}.{}", encode(signature))
    }
}

/// By HS256.
pub fn sign_by_secret(secret: &[u8], claims: &Value) -> String {
    let text = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256","kid":"a"}"#),
        encode(claims.to_string())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("{text}.{}", encode(hmac::sign(&key, text.as_bytes())))
}

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
