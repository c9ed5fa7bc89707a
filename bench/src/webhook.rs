//! A webhook that takes its time: it gives each event back as it came, later.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

pub struct Webhook {
    pub address: String,
    waiting: Arc<AtomicUsize>,
    /// Ends with it.
    _served: JoinSet<()>,
}

impl Webhook {
    pub async fn open(delay: Duration) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?.to_string();
        let waiting = Arc::new(AtomicUsize::new(0));
        let (mut served, counted) = (JoinSet::new(), Arc::clone(&waiting));
        served.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, delay, Arc::clone(&counted)));
            }
        });
        Ok(Self {
            address,
            waiting,
            _served: served,
        })
    }

    /// Events that are here and not answered yet.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

async fn serve(mut stream: TcpStream, delay: Duration, waiting: Arc<AtomicUsize>) {
    while let Ok(Some(event)) = read(&mut stream).await {
        waiting.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(delay).await;
        waiting.fetch_sub(1, Ordering::Relaxed);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", event.len());
        if stream.write_all(&[head.as_bytes(), &event].concat()).await.is_err() {
            return;
        }
    }
}

/// The body of the next request. None: there is no further one.
async fn read(stream: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut request = Vec::new();
    loop {
        let head_end = request.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some((head, body)) = head_end.and_then(|at| request.split_at_checked(at + 4)) {
            let head = String::from_utf8_lossy(head).to_ascii_lowercase();
            let mut headers = head.lines().filter_map(|line| line.split_once(':'));
            let length = headers.find(|(name, _)| *name == "content-length");
            let length = length.and_then(|(_, length)| length.trim().parse().ok()).unwrap_or(0);
            if body.len() >= length {
                return Ok(Some(body.to_vec()));
            }
        }
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(None);
        }
    }
}
