//! A proxy before PostgreSQL that cuts the connection at a chosen moment.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The server never hears it.
    BeforeTheServerHears,
    /// The server does it and answers, and the answer is lost.
    AfterTheServerAnswered,
}

type Rule = Arc<Mutex<Option<(&'static str, Cut)>>>;

pub struct Proxy {
    rule: Rule,
}

impl Proxy {
    /// In front of the server whose URL names a socket folder; with it comes the URL that leads through the proxy.
    pub fn before(url: &str) -> (Self, String) {
        let (user, rest) = url.split_once('@').unwrap();
        let (folder, database) = rest.split_once('/').unwrap();
        let socket = PathBuf::from(folder.replace("%2F", "/")).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let through = format!("{user}@{}/{database}", listener.local_addr().unwrap());
        let proxy = Self { rule: Rule::default() };
        let rule = Arc::clone(&proxy.rule);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                relay(client, UnixStream::connect(&socket).unwrap(), &rule);
            }
        });
        (proxy, through)
    }

    /// Cuts one connection, the first on which a client says something with `text` in it.
    pub fn cut_once(&self, text: &'static str, how: Cut) {
        *self.rule.lock().unwrap() = Some((text, how));
    }

    /// It has happened.
    pub fn has_cut(&self) -> bool {
        self.rule.lock().unwrap().is_none()
    }
}

fn relay(client: TcpStream, server: UnixStream, rule: &Rule) {
    client.set_nodelay(true).unwrap();
    let lose_the_answer = Arc::new(AtomicBool::new(false));
    let (from_client, to_client) = (client.try_clone().unwrap(), client);
    let (from_server, to_server) = (server.try_clone().unwrap(), server);
    let (rule, lose) = (Arc::clone(rule), Arc::clone(&lose_the_answer));
    // Errors are ends: whichever side goes, the other goes with it.
    thread::spawn(move || {
        let _ = upward(&from_client, &to_server, &rule, &lose);
        let _ = to_server.shutdown(Shutdown::Both);
        let _ = from_client.shutdown(Shutdown::Read);
    });
    thread::spawn(move || {
        let _ = downward(&from_server, &to_client, &lose_the_answer);
        let _ = to_client.shutdown(Shutdown::Both);
        let _ = from_server.shutdown(Shutdown::Both);
    });
}

fn upward(mut client: &TcpStream, mut server: &UnixStream, rule: &Rule, lose: &AtomicBool) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let n = client.read(&mut buffer)?;
        let said = &buffer[..n];
        if n == 0 {
            return Ok(());
        }
        let mut rule = rule.lock().unwrap();
        let struck = rule.is_some_and(|(text, _)| said.windows(text.len()).any(|part| part == text.as_bytes()));
        match struck.then(|| rule.take()).flatten() {
            Some((_, Cut::BeforeTheServerHears)) => return Ok(()),
            Some((_, Cut::AfterTheServerAnswered)) => lose.store(true, Ordering::SeqCst),
            None => {}
        }
        drop(rule);
        server.write_all(said)?;
    }
}

fn downward(mut server: &UnixStream, mut client: &TcpStream, lose: &AtomicBool) -> io::Result<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let n = server.read(&mut buffer)?;
        if n == 0 || lose.load(Ordering::SeqCst) {
            return Ok(());
        }
        client.write_all(&buffer[..n])?;
    }
}
