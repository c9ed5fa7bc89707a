//! A provider of a few lines: it takes requests down and answers them in turn with the statuses that it is told.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What it answers to the next request.
#[derive(Clone, Copy)]
pub enum Reply {
    Status(u16, &'static str),
    /// Nothing, and hangs up.
    Silence,
}

#[derive(Clone, Debug)]
pub struct Request {
    /// `POST /path`.
    pub line: String,
    /// In lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Book {
    received: Vec<Request>,
    replies: Vec<Reply>,
}

pub struct WebServer {
    pub url: String,
    book: Arc<Mutex<Book>>,
}

impl WebServer {
    /// The last reply is repeated.
    pub async fn start(replies: &[Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book {
            received: Vec::new(),
            replies: replies.to_vec(),
        }));
        let shared = Arc::clone(&book);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { url, book }
    }

    pub fn received(&self) -> Vec<Request> {
        self.book.lock().unwrap().received.clone()
    }
}

async fn converse(mut stream: TcpStream, book: Arc<Mutex<Book>>) {
    let mut bytes = Vec::new();
    let request = loop {
        let mut some = [0; 4096];
        let count = stream.read(&mut some).await.unwrap();
        if count == 0 {
            return;
        }
        bytes.extend_from_slice(&some[..count]);
        if let Some(request) = whole(&bytes) {
            break request;
        }
    };
    let reply = {
        let mut book = book.lock().unwrap();
        book.received.push(request);
        if book.replies.len() > 1 {
            book.replies.remove(0)
        } else {
            book.replies[0]
        }
    };
    if let Reply::Status(status, body) = reply {
        let length = body.len();
        let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        stream.write_all(answer.as_bytes()).await.unwrap();
        // Until the other side has read it.
        let _ = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut [0; 1])).await;
    }
}

fn whole(bytes: &[u8]) -> Option<Request> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let line = lines.next()?.rsplit_once(' ')?.0.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let request = Request {
        line,
        headers,
        body: body.to_owned(),
    };
    let length: usize = request.header("content-length")?.parse().unwrap();
    (request.body.len() == length).then_some(request)
}
