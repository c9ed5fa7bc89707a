//! What nobody waits for: as long as it may take, and what has failed of it. Reference: docs/custom-senders.md.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::join_all;
use serde_json::json;
use tokio::{net::TcpListener, time};

use super::{ARN, NoRoles, asked, fake::function, invocation, others::webhook, started};
use crate::{
    Failure, Reload, Triggers,
    invocation::{Asked, Times, Wanted},
};

/// Posts to a local function that has less time than usual.
async fn posted(triggers: &Triggers, what: &str) -> Result<Bytes, Failure> {
    let began = time::Instant::now();
    let after = |millis| began + Duration::from_millis(millis);
    let asked = Asked {
        arn: ARN,
        event: Bytes::from(json!({ "do": what }).to_string()),
        times: Times {
            begun_by: after(1300),
            until: after(4000),
            within: Duration::from_millis(1500),
        },
        answer: Wanted::Never,
    };
    let local = triggers.0.functions.local().next().unwrap();
    local.ask(&triggers.0.env, asked).await
}

/// What a function has begun is not told it again meanwhile, what it has not begun never reaches it.
#[tokio::test]
async fn a_busy_function_begins_late_or_not_at_all() {
    let (triggers, running) = started(function("well"), Reload::Never, Arc::new(NoRoles)).await;
    assert_eq!((triggers.takes(ARN), triggers.takes("elsewhere")), (Some(1), None));
    asked(&triggers, "echo").await.unwrap();
    // Each is at work for 700 ms: the second ends when no other may begin.
    let outcomes = join_all(["slow", "slow", "die"].map(|what| posted(&triggers, what))).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(|outcome| outcome.map(drop)).collect();
    assert_eq!(outcomes, [Ok(()), Ok(()), Err(Failure::TIMED_OUT)]);
    running.stop().await;
}

/// Lambda counts it among the function's own errors: who is told again and again is not out of reach.
#[tokio::test]
async fn a_function_that_takes_too_long_has_failed() {
    let (triggers, running) = started(function("well"), Reload::Never, Arc::new(NoRoles)).await;
    asked(&triggers, "echo").await.unwrap();
    let hung = posted(&triggers, "hang").await;
    assert!(matches!(hung, Err(Failure::FunctionError { .. })), "{hung:?}");
    running.stop().await;

    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let triggers = webhook(&format!("http://{}", silent.local_addr().unwrap()));
    time::pause();
    let began = time::Instant::now();
    let failure = triggers.post(&invocation(json!({}))).await.unwrap_err();
    assert!(matches!(failure, Failure::FunctionError { .. }), "{failure}");
    assert!((60..61).contains(&began.elapsed().as_secs()));
}
