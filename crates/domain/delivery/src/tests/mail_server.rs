//! A mail server of a few lines: it speaks enough SMTP to take a mail, to be busy, to refuse, or to be slow.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Accept,
    /// 451 to the first mail, then accept.
    BusyOnce,
    /// 550 to every recipient.
    Refuse,
    /// Each answer comes after so long.
    Slow(Duration),
}

#[derive(Clone, Debug, Default)]
pub struct Received {
    pub sender: String,
    pub recipients: Vec<String>,
    pub data: String,
}

#[derive(Default)]
struct Book {
    received: Vec<Received>,
    attempts: usize,
}

pub struct MailServer {
    pub port: u16,
    book: Arc<Mutex<Book>>,
}

impl MailServer {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let book = Arc::<Mutex<Book>>::default();
        let shared = Arc::clone(&book);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, script, Arc::clone(&shared)));
            }
        });
        Self { port, book }
    }

    pub fn received(&self) -> Vec<Received> {
        self.book.lock().unwrap().received.clone()
    }

    pub fn attempts(&self) -> usize {
        self.book.lock().unwrap().attempts
    }
}

async fn converse(stream: TcpStream, script: Script, book: Arc<Mutex<Book>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut mail = Received::default();
    write.write_all(b"220 ready\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let verb = line.split([' ', ':']).next().unwrap_or("").to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" | "HELO" | "RSET" | "NOOP" => b"250 fine\r\n",
            "MAIL" => {
                let mut book = book.lock().unwrap();
                book.attempts += 1;
                mail.sender = line.split_once(':').map_or("", |(_, from)| from).trim().to_owned();
                if script == Script::BusyOnce && book.attempts == 1 {
                    b"451 busy\r\n"
                } else {
                    b"250 fine\r\n"
                }
            }
            "RCPT" if script == Script::Refuse => b"550 nobody of that name\r\n",
            "RCPT" => {
                mail.recipients
                    .push(line.split_once(':').map_or("", |(_, to)| to).trim().to_owned());
                b"250 fine\r\n"
            }
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.unwrap();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    mail.data.push_str(&line);
                    mail.data.push('\n');
                }
                book.lock().unwrap().received.push(std::mem::take(&mut mail));
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"500 what\r\n",
        };
        if let Script::Slow(pause) = script {
            tokio::time::sleep(pause).await;
        }
        // Who has gone hears nothing.
        if write.write_all(answer).await.is_err() {
            return;
        }
    }
}
