//! A client that costs next to nothing: HTTP/1.1 over one kept connection, bodies by Content-Length.

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sigv4::{Canon, ContentHash, Secret, SessionToken, Signer, Target};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

pub struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    }
}

/// A request, made once and sent often.
#[derive(Clone)]
pub struct Prepared(Vec<u8>);

impl Prepared {
    pub fn get(host: &str, path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes())
    }

    /// The same by a browser that keeps a cookie.
    pub fn get_with(host: &str, path: &str, cookie: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\r\n").into_bytes())
    }

    /// A form of a page, or of an OAuth client; `header` is one more.
    pub fn posted(
        host: &str,
        path: &str,
        (name, value): (&'static str, &str),
        members: &[(&str, &str)],
    ) -> Result<Self, String> {
        let body = encoded(members);
        let mut headers = HeaderMap::new();
        put(&mut headers, "host", host)?;
        put(&mut headers, "content-type", FORM)?;
        put(&mut headers, name, value)?;
        headers.insert("content-length", HeaderValue::from(body.len()));
        Ok(Self(bytes(&format!("POST {path}"), &headers, body.as_bytes())))
    }

    /// A post of JSON.
    pub fn post(host: &str, path: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        Self([head.as_bytes(), body].concat())
    }

    /// A signed get of an object.
    pub fn signed_get(host: &str, path: &str, key: &Key) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        put(&mut headers, "host", host)?;
        key.sign("GET", path, &mut headers, b"")?;
        Ok(Self(bytes(&format!("GET {path}"), &headers, b"")))
    }

    /// A signed put of an object, or of a bucket.
    pub fn put(host: &str, path: &str, body: &[u8], key: &Key) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        put(&mut headers, "host", host)?;
        headers.insert("content-length", HeaderValue::from(body.len()));
        key.sign("PUT", path, &mut headers, body)?;
        Ok(Self(bytes(&format!("PUT {path}"), &headers, body)))
    }

    /// A signed call of an AWS Query service.
    pub fn form(host: &str, members: &[(&str, &str)], key: &Key) -> Result<Self, String> {
        let body = encoded(members);
        let mut headers = HeaderMap::new();
        put(&mut headers, "host", host)?;
        put(&mut headers, "content-type", FORM)?;
        headers.insert("content-length", HeaderValue::from(body.len()));
        key.sign("POST", "/", &mut headers, body.as_bytes())?;
        Ok(Self(bytes("POST /", &headers, body.as_bytes())))
    }

    /// A call of an AWS JSON service; signed where a key is given.
    pub fn call(host: &str, target: &str, input: &Value, key: Option<&Key>) -> Result<Self, String> {
        let body = input.to_string();
        let mut headers = HeaderMap::new();
        put(&mut headers, "host", host)?;
        put(&mut headers, "content-type", "application/x-amz-json-1.1")?;
        put(&mut headers, "x-amz-target", target)?;
        headers.insert("content-length", HeaderValue::from(body.len()));
        if let Some(key) = key {
            key.sign("POST", "/", &mut headers, body.as_bytes())?;
        }
        Ok(Self(bytes("POST /", &headers, body.as_bytes())))
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Pairs, as a form has them.
pub fn encoded(members: &[(&str, &str)]) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    members.join("&")
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) -> Result<(), String> {
    let value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
    headers.insert(HeaderName::from_static(name), value);
    Ok(())
}

fn bytes(line: &str, headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let mut request = format!("{line} HTTP/1.1\r\n").into_bytes();
    for (name, value) in headers {
        request.extend_from_slice(name.as_str().as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(value.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(body);
    request
}

/// An access key that signs.
pub struct Key(Signer);

impl Key {
    pub fn new(id: &str, secret: &str, service: &str) -> Self {
        Self(Signer {
            access_key: kernel::AccessKeyId::new(id),
            secret: Secret::new(secret),
            token: None,
            region: kernel::Region::new("us-east-1"),
            service: service.to_owned(),
            canon: Canon::Standard,
        })
    }

    /// For S3, which is signed in a form of its own.
    pub fn for_objects(id: &str, secret: &str) -> Self {
        let Self(signer) = Self::new(id, secret, "s3");
        Self(Signer {
            canon: Canon::S3,
            ..signer
        })
    }

    /// As the session's that the token says.
    pub fn of_session(self, token: &str) -> Self {
        Self(Signer {
            token: Some(SessionToken::new(token)),
            ..self.0
        })
    }

    fn sign(&self, method: &str, path: &str, headers: &mut HeaderMap, body: &[u8]) -> Result<(), String> {
        let now = kernel::Clock::wall(&kernel::SystemClock::default());
        let target = Target {
            method,
            path,
            query: "",
        };
        self.0
            .sign(target, headers, ContentHash::of(body), now)
            .map(drop)
            .map_err(|error| format!("{error:?}"))
    }
}

impl Connection {
    pub async fn open(host: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(host).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Self {
            stream,
            host: host.to_owned(),
            buffer: Vec::with_capacity(64 * 1024),
        })
    }

    pub async fn send(&mut self, request: &Prepared) -> Result<Answer, String> {
        self.stream
            .write_all(&request.0)
            .await
            .map_err(|error| error.to_string())?;
        self.receive().await
    }

    /// A call whose answer must be 200; the output.
    pub async fn call(&mut self, target: &str, input: &Value, key: Option<&Key>) -> Result<Value, String> {
        let request = Prepared::call(&self.host.clone(), target, input, key)?;
        let answer = self.send(&request).await?;
        if answer.status != 200 {
            return Err(format!(
                "{target}: {} {}",
                answer.status,
                String::from_utf8_lossy(&answer.body)
            ));
        }
        Ok(serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    async fn receive(&mut self) -> Result<Answer, String> {
        self.buffer.clear();
        let head_end = loop {
            if let Some(at) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            if self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .map_err(|error| error.to_string())?
                == 0
            {
                return Err("the server closed the connection".to_owned());
            }
        };
        let head = String::from_utf8_lossy(self.buffer.get(..head_end).unwrap_or_default()).into_owned();
        let mut answer = Answer {
            status: head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0),
            head,
            body: Vec::new(),
        };
        let length: usize = answer
            .header("content-length")
            .and_then(|v| v.parse().ok())
            .unwrap_or(0);
        while self.buffer.len() < head_end + length {
            if self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .map_err(|error| error.to_string())?
                == 0
            {
                return Err("the server closed the connection".to_owned());
            }
        }
        answer.body = self
            .buffer
            .get(head_end..head_end + length)
            .unwrap_or_default()
            .to_vec();
        Ok(answer)
    }
}
