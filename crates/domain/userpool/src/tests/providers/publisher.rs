//! A server where somebody publishes a document.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// That somebody asks, and that they are to be answered.
type Held = (Arc<Notify>, Arc<Notify>);

/// Cheap to clone: all publish the same.
#[derive(Clone)]
pub(super) struct Publisher {
    pub url: String,
    published: Arc<Mutex<(u16, String)>>,
    asked: Arc<Mutex<Vec<String>>>,
    held: Arc<Mutex<Option<Held>>>,
}

impl Publisher {
    pub async fn of(document: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let publisher = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            published: Arc::new(Mutex::new((200, document.to_owned()))),
            asked: Arc::default(),
            held: Arc::default(),
        };
        let serving = publisher.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        publisher
    }

    pub fn publish(&self, status: u16, document: &str) {
        *self.published.lock().unwrap() = (status, document.to_owned());
    }

    /// The paths that were asked for since the last look.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// The next who asks waits, and then has what was published when they asked.
    pub fn hold(&self) -> Held {
        let held = Held::default();
        *self.held.lock().unwrap() = Some(held.clone());
        held
    }

    async fn serve(self, mut stream: TcpStream) {
        let mut seen = [0; 4096];
        let length = stream.read(&mut seen).await.unwrap_or(0);
        let head = String::from_utf8_lossy(&seen[..length]).into_owned();
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(path);
        let (status, document) = self.published.lock().unwrap().clone();
        let waiting = self.held.lock().unwrap().take();
        if let Some((asked, go)) = waiting {
            asked.notify_one();
            go.notified().await;
        }
        let length = document.len();
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{document}");
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}
