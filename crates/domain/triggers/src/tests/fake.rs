//! A function in a process of its own: this test program, run again, speaks the Runtime API as a runtime does.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process, thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::Child;

/// The command that runs it. How it starts: `well`, `fails` (tells why), `dies`, `hangs once`.
pub(super) fn function(start: &str) -> Child {
    let program = env::current_exe().unwrap();
    let mut command = vec![program.to_str().unwrap().to_owned()];
    command.extend(["tests::fake::main", "--exact", "--ignored", "--nocapture"].map(str::to_owned));
    Child {
        command,
        directory: env::temp_dir(),
        unwatched: None,
        environment: vec![("START".to_owned(), start.to_owned())],
        role: None,
        processes: 1,
    }
}

struct Told {
    id: String,
    deadline: String,
    event: Value,
}

#[test]
#[ignore = "it is the function, not a test"]
fn main() {
    let Some(api) = env::var_os("AWS_LAMBDA_RUNTIME_API") else {
        return;
    };
    let api = api.into_string().unwrap();
    match env::var_os("START").unwrap().to_str().unwrap() {
        "fails" => {
            let error = json!({ "errorMessage": "no module named app", "errorType": "ImportError" });
            send(&api, "POST", "init/error", error.to_string().as_bytes());
            process::exit(1);
        }
        "dies" => process::exit(7),
        "hangs once" if fs::File::create_new("hung").is_ok() => thread::sleep(Duration::from_secs(3600)),
        _ => {}
    }
    loop {
        let told = next(&api);
        act(&api, &told);
    }
}

fn act(api: &str, told: &Told) {
    let answer = |body: &[u8]| send(api, "POST", &format!("invocation/{}/response", told.id), body);
    match told.event["do"].as_str().unwrap() {
        "echo" => {
            let mut event = told.event.clone();
            event["pid"] = json!(process::id());
            event["deadline"] = json!(told.deadline);
            event["key"] = json!(env::var_os("AWS_ACCESS_KEY_ID").map(|key| key.into_string().unwrap()));
            event["path"] = json!(env::var_os("PATH").is_some());
            answer(event.to_string().as_bytes());
        }
        "error" => {
            let error = json!({ "errorMessage": "no entry for ana", "errorType": "ValueError" });
            send(
                api,
                "POST",
                &format!("invocation/{}/error", told.id),
                error.to_string().as_bytes(),
            );
        }
        "die" => process::exit(3),
        "kill" => process::abort(),
        "slow" => {
            thread::sleep(Duration::from_millis(700));
            answer(b"{}");
        }
        "hang" => loop {
            thread::sleep(Duration::from_secs(1));
        },
        "forget" => {}
        "garble" => drop(answer(b"{\"a\":")),
        "list" => drop(answer(b"[]")),
        "large" => drop(answer(&vec![b' '; 7 * 1024 * 1024])),
        "other" => {
            let (status, _, body) = send(api, "POST", "invocation/another/response", b"{}");
            answer(
                json!({ "status": status, "said": String::from_utf8(body).unwrap() })
                    .to_string()
                    .as_bytes(),
            );
        }
        // A child of its own that would outlive it.
        "spawn" => {
            let mut child = process::Command::new("/bin/sleep").arg("60").spawn().unwrap();
            answer(json!({ "child": child.id() }).to_string().as_bytes());
            thread::spawn(move || child.wait());
        }
        unknown => panic!("{unknown}"),
    }
}

fn next(api: &str) -> Told {
    let (status, headers, body) = send(api, "GET", "invocation/next", b"");
    assert_eq!(status, 200);
    let header = |name: &str| {
        let value = headers.iter().find_map(|line| line.strip_prefix(name));
        value.unwrap().trim_start_matches(':').trim().to_owned()
    };
    assert!(header("lambda-runtime-trace-id").starts_with("Root=1-"));
    Told {
        id: header("lambda-runtime-aws-request-id"),
        deadline: header("lambda-runtime-deadline-ms"),
        event: serde_json::from_slice(&body).unwrap(),
    }
}

/// A server that has gone is the end of its functions too.
fn send(api: &str, method: &str, path: &str, body: &[u8]) -> (u16, Vec<String>, Vec<u8>) {
    let gone = || -> ! { process::exit(0) };
    let Ok(mut stream) = TcpStream::connect(api) else {
        gone()
    };
    let head = format!(
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nHost: {api}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let sent = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    if sent.is_err() && body.len() < 1 << 20 {
        gone();
    }
    let mut reader = BufReader::new(stream);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            if body.len() > 1 << 20 {
                return (0, lines, Vec::new());
            }
            gone();
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let status = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Vec::new();
    let _ = reader.read_to_end(&mut answer);
    (status, lines, answer)
}
