use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use upstream::Address;

use super::{ARN, asked, invocation, lambda_api, message, triggers};
use crate::{Failure, Function, Invocation, Named, Triggers, Way, Webhook};

/// A server that answers with this status, headers and body, and keeps what it was asked.
async fn server(status: &'static str, headers: &'static str, body: &'static str) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                let mut seen = vec![0; 65536];
                let _ = stream.read(&mut seen).await;
                let length = body.len();
                let answer = format!(
                    "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}"
                );
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (url, calls)
}

pub(super) fn webhook(url: &str) -> Triggers {
    let function = Function {
        named: Named::Arn(ARN.to_owned()),
        way: Way::Webhook(Webhook::new(
            Address::of_operator(url).unwrap(),
            "a secret of a webhook",
        )),
    };
    triggers(vec![function], None)
}

#[tokio::test]
async fn a_webhooks_statuses_are_failures_and_only_what_did_not_run_is_tried_again() {
    let code = |code: &'static str| Failure::unusable(code);
    for (status, body, expected, tries) in [
        ("200 OK", r#"{"a":1}"#, None, 1),
        (
            "200 OK",
            "[]",
            Some(Failure::Unrecognizable { why: "no JSON object" }),
            1,
        ),
        ("200 OK", "", Some(Failure::Unrecognizable { why: "no JSON" }), 1),
        (
            "400 Bad",
            r#"{"errorMessage":"not you"}"#,
            Some(Failure::function_error("not you")),
            1,
        ),
        ("403 No", "", Some(code("AccessDeniedException")), 1),
        ("404 No", "", Some(Failure::NOT_FOUND), 1),
        ("302 Found", "", Some(Failure::SERVICE), 1),
        ("500 Oh", "<html>", Some(Failure::SERVICE), 1),
        ("429 Wait", "", Some(Failure::TOO_MANY), 3),
    ] {
        let (url, calls) = server(status, "", body).await;
        let outcome = asked(&webhook(&url), "x").await;
        assert_eq!(outcome.err(), expected, "{status} {body}");
        assert_eq!(calls.load(Ordering::SeqCst), tries, "{status} {body}");
    }
}

#[tokio::test]
async fn a_closed_port_is_a_failed_service() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(asked(&webhook(&url), "x").await.unwrap_err(), Failure::SERVICE);
}

#[tokio::test]
async fn the_lambda_api_is_asked_for_all_other_functions() {
    let (url, _) = server(
        "200 OK",
        "x-amz-function-error: Unhandled\r\n",
        r#"{"errorMessage":"no"}"#,
    )
    .await;
    assert_eq!(
        message(asked(&triggers(Vec::new(), Some(lambda_api(&url))), "x").await),
        "no"
    );
    let (url, _) = server("403 No", "x-amzn-errortype: AccessDeniedException\r\n", "{}").await;
    let failure = asked(&triggers(Vec::new(), Some(lambda_api(&url))), "x")
        .await
        .unwrap_err();
    assert_eq!(failure, Failure::unusable("AccessDeniedException"));
}

#[tokio::test]
async fn what_nobody_named_is_not_found() {
    assert_eq!(
        asked(&triggers(Vec::new(), None), "x").await.unwrap_err(),
        Failure::NOT_FOUND
    );
}

#[tokio::test]
async fn the_last_invocations_are_kept_and_replayed() {
    let (url, calls) = server("200 OK", "", r#"{"a":1}"#).await;
    let triggers = webhook(&url);
    for n in 0..201 {
        triggers.invoke(&invocation(json!({ "n": n }))).await.unwrap();
    }
    let kept = triggers.recorded();
    assert_eq!((kept.len(), kept[0].number, kept[199].number), (200, 201, 2));
    assert_eq!(*kept[0].invocation.event, json!({ "n": 200 }));
    assert_eq!(kept[0].outcome, Ok(Some(json!({ "a": 1 }))));

    assert!(triggers.replay(1).await.is_none());
    assert_eq!(triggers.replay(150).await, Some(Ok(json!({ "a": 1 }))));
    assert_eq!(*triggers.recorded()[0].invocation.event, json!({ "n": 149 }));
    assert_eq!(calls.load(Ordering::SeqCst), 202);
    triggers.forget();
    assert!(triggers.recorded().is_empty());
}

#[tokio::test]
async fn when_no_room_is_left_one_waits_and_is_then_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    // Connections are made and never answered.
    let triggers = webhook(&url);
    let eight: Vec<_> = (0..8)
        .map(|_| {
            let triggers = triggers.clone();
            tokio::spawn(async move { asked(&triggers, "x").await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = tokio::time::Instant::now();
    let refused = asked(&triggers, "x");
    // The others' time is over first, and then there is room, but none of the time is left.
    let failure = refused.await.unwrap_err();
    assert!(began.elapsed() > Duration::from_secs(4));
    assert!([Failure::TOO_MANY, Failure::TIMED_OUT].contains(&failure));
    for one in eight {
        assert_eq!(one.await.unwrap().unwrap_err(), Failure::TIMED_OUT);
    }
}

#[tokio::test]
async fn what_is_posted_may_answer_anything_and_is_posted_again_by_replay() {
    let (url, calls) = server("200 OK", "", "anything").await;
    let triggers = webhook(&url);
    assert_eq!(triggers.post(&invocation(json!({}))).await, Ok(()));
    assert_eq!(triggers.recorded()[0].outcome, Ok(Some(Value::Null)));
    assert_eq!(triggers.replay(1).await, Some(Ok(Value::Null)));
    assert_eq!(calls.load(Ordering::SeqCst), 2);

    let (url, calls) = server("200 OK", "", &*"x".repeat(7 << 20).leak()).await;
    assert_eq!(
        webhook(&url).post(&invocation(json!({}))).await,
        Ok(()),
        "however much it is"
    );
    assert_eq!(calls.load(Ordering::SeqCst), 1);

    let (url, _) = server("400 Bad", "", r#"{"errorMessage":"no such address"}"#).await;
    let failure = webhook(&url).post(&invocation(json!({}))).await.unwrap_err();
    assert_eq!(failure, Failure::function_error("no such address"));
}

#[tokio::test]
async fn the_lambda_api_is_told_that_nobody_waits() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = vec![0; 65536];
        let length = stream.read(&mut seen).await.unwrap();
        stream
            .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
            .await
            .unwrap();
        String::from_utf8_lossy(&seen[..length]).to_lowercase()
    });
    let triggers = triggers(Vec::new(), Some(lambda_api(&url)));
    assert_eq!(triggers.post(&invocation(json!({}))).await, Ok(()));
    assert!(asked.await.unwrap().contains("x-amz-invocation-type: event\r\n"));
}

/// Issue 7: a slow function keeps nobody waiting but its own. What is posted may take a minute, and an answer has five seconds.
#[tokio::test]
async fn what_is_posted_takes_no_room_of_those_who_wait() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (quick, _) = server("200 OK", "", "{}").await;
    let hook = |named, url: &str| Function {
        named,
        way: Way::Webhook(Webhook::new(
            Address::of_operator(url).unwrap(),
            "a secret of a webhook",
        )),
    };
    let slow = format!("http://{}", silent.local_addr().unwrap());
    let sender = ARN.replace("check", "sender");
    let triggers = triggers(
        vec![
            hook(Named::Arn(sender.clone()), &slow),
            hook(Named::Arn(ARN.to_owned()), &quick),
        ],
        None,
    );
    for _ in 0..8 {
        let (triggers, arn) = (triggers.clone(), sender.clone());
        tokio::spawn(async move {
            let invocation = Invocation {
                arn,
                ..invocation(json!({}))
            };
            triggers.post(&invocation).await
        });
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(asked(&triggers, "x").await, Ok(json!({})));
}
