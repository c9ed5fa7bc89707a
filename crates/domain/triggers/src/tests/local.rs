use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use kernel::Clock as _;
use serde_json::{Value, json};
use testkit::{Folder, MockClock};

use super::{NoRoles, ShortRoles, asked, fake::function, invocation, message, started};
use crate::{Failure, Reload, Running, Triggers};

async fn well() -> (Triggers, Running) {
    started(function("well"), Reload::Never, Arc::new(NoRoles)).await
}

fn pid(answer: &Value) -> u64 {
    answer["pid"].as_u64().unwrap()
}

/// Whether a process is there and no corpse.
fn lives(pid: u64) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(") ")
        .next()
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('Z'))
}

async fn eventually(what: impl Fn() -> bool) {
    for _ in 0..100 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to that");
}

#[tokio::test]
async fn a_process_answers_one_event_after_the_other() {
    let (triggers, running) = well().await;
    let first = asked(&triggers, "echo").await.unwrap();
    assert_eq!(
        (first["do"].as_str(), first["path"].as_bool()),
        (Some("echo"), Some(false))
    );
    assert_eq!(first["key"], Value::Null);
    let deadline: i64 = first["deadline"].as_str().unwrap().parse().unwrap();
    let left = deadline - MockClock::default().wall().millis();
    assert!((4000..=5000).contains(&left), "{left}");
    let second = asked(&triggers, "echo").await.unwrap();
    assert_eq!(pid(&first), pid(&second));

    // What others have is not theirs to answer.
    let other = asked(&triggers, "other").await.unwrap();
    assert_eq!(other["status"], 400);
    assert!(other["said"].as_str().unwrap().contains("Invalid request ID"));

    running.stop().await;
    assert!(!lives(pid(&first)));
}

#[tokio::test]
async fn failures_of_the_function_are_told_and_it_goes_on() {
    let (triggers, running) = well().await;
    assert_eq!(message(asked(&triggers, "error").await), "no entry for ana");
    for what in ["garble", "list", "large"] {
        let failure = asked(&triggers, what).await.unwrap_err();
        assert!(matches!(failure, Failure::Unrecognizable { .. }), "{what}: {failure}");
    }
    let before = pid(&asked(&triggers, "echo").await.unwrap());
    for (what, told) in [
        ("die", "Error: Runtime exited with error: exit status 3"),
        ("kill", "Error: Runtime exited with error: signal: 6"),
    ] {
        let said = message(asked(&triggers, what).await);
        assert!(said.starts_with("RequestId: ") && said.ends_with(told), "{said}");
    }
    assert_ne!(pid(&asked(&triggers, "echo").await.unwrap()), before);
    let said = message(asked(&triggers, "forget").await);
    assert_eq!(said, "The next event was asked for before this one was answered");
    running.stop().await;
}

#[tokio::test]
async fn a_function_that_can_not_start_fails_each_event_with_its_reason() {
    let (triggers, running) = started(function("fails"), Reload::Never, Arc::new(NoRoles)).await;
    assert_eq!(message(asked(&triggers, "echo").await), "no module named app");
    running.stop().await;
    let (triggers, running) = started(function("dies"), Reload::Never, Arc::new(NoRoles)).await;
    assert!(message(asked(&triggers, "echo").await).ends_with("Runtime exited with error: exit status 7"));
    running.stop().await;
    let mut absent = function("well");
    absent.command = vec!["/no/such/program".to_owned()];
    let (triggers, running) = started(absent, Reload::Never, Arc::new(NoRoles)).await;
    assert!(message(asked(&triggers, "echo").await).contains("its command can't be run"));
    running.stop().await;
}

#[tokio::test]
async fn a_function_that_hangs_is_ended_when_its_time_is_over() {
    let (triggers, running) = well().await;
    let before = pid(&asked(&triggers, "echo").await.unwrap());
    let began = Instant::now();
    assert_eq!(asked(&triggers, "hang").await.unwrap_err(), Failure::TIMED_OUT);
    let took = began.elapsed();
    assert!(
        took > Duration::from_secs(4) && took < Duration::from_secs(7),
        "{took:?}"
    );
    assert_ne!(pid(&asked(&triggers, "echo").await.unwrap()), before);
    running.stop().await;
}

#[tokio::test]
async fn several_processes_take_events_in_parallel() {
    let mut child = function("well");
    child.processes = 3;
    let (triggers, running) = started(child, Reload::Never, Arc::new(NoRoles)).await;
    let began = Instant::now();
    let all = join_all((0..6).map(|_| asked(&triggers, "slow"))).await;
    assert!(all.iter().all(Result::is_ok));
    // Two rounds, where one process would take six.
    assert!(began.elapsed() < Duration::from_millis(6 * 700));
    running.stop().await;
}

#[tokio::test]
async fn who_has_gone_is_not_served_and_blocks_nobody() {
    let (triggers, running) = well().await;
    asked(&triggers, "echo").await.unwrap();
    let busy = invocation(json!({ "do": "slow" }));
    let gone = invocation(json!({ "do": "die" }));
    {
        let (mut first, mut second) = (Box::pin(triggers.invoke(&busy)), Box::pin(triggers.invoke(&gone)));
        let short = Duration::from_millis(100);
        assert!(tokio::time::timeout(short, &mut first).await.is_err());
        assert!(tokio::time::timeout(short, &mut second).await.is_err());
    }
    let before = pid(&asked(&triggers, "echo").await.unwrap());
    // The one that would have ended the process was dropped unseen.
    assert_eq!(pid(&asked(&triggers, "echo").await.unwrap()), before);
    running.stop().await;
}

#[tokio::test]
async fn what_a_function_started_ends_with_it() {
    let (triggers, running) = well().await;
    let child = asked(&triggers, "spawn").await.unwrap()["child"].as_u64().unwrap();
    assert!(lives(child));
    running.stop().await;
    eventually(|| !lives(child)).await;
    let (triggers, running) = well().await;
    let child = asked(&triggers, "spawn").await.unwrap()["child"].as_u64().unwrap();
    drop(running);
    eventually(|| !lives(child)).await;
}

#[tokio::test]
async fn changed_files_bring_a_new_process() {
    let folder = Folder::new().unwrap();
    let path: &Path = folder.path();
    fs::write(path.join("app.py"), "one").unwrap();
    let mut child = function("well");
    child.directory = path.to_owned();
    let (triggers, running) = started(child, Reload::WhenChanged, Arc::new(NoRoles)).await;
    let first = pid(&asked(&triggers, "echo").await.unwrap());
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_eq!(pid(&asked(&triggers, "echo").await.unwrap()), first);
    fs::write(path.join("app.py"), "three").unwrap();
    tokio::time::sleep(Duration::from_millis(250)).await;
    assert_ne!(pid(&asked(&triggers, "echo").await.unwrap()), first);
    running.stop().await;
}

#[tokio::test]
async fn a_role_brings_credentials_which_are_renewed_with_the_process() {
    let mut child = function("well");
    let role = "arn:aws:iam::123456789012:role/check";
    child.role = Some(role.to_owned());
    let roles = Arc::new(ShortRoles {
        lifetime: Duration::from_secs(2),
        asked: Mutex::default(),
    });
    let (triggers, running) = started(child, Reload::Never, roles.clone()).await;
    assert_eq!(asked(&triggers, "echo").await.unwrap()["key"], "ASIA1");
    tokio::time::sleep(Duration::from_millis(1600)).await;
    assert_eq!(asked(&triggers, "echo").await.unwrap()["key"], "ASIA2");
    assert_eq!(roles.asked.lock().unwrap()[0], format!("{role} check"));
    running.stop().await;

    let mut child = function("well");
    child.role = Some(role.to_owned());
    let (triggers, running) = started(child, Reload::Never, Arc::new(NoRoles)).await;
    assert!(message(asked(&triggers, "echo").await).contains("can't be assumed"));
    running.stop().await;
}

/// docs/operations.md: a process that does not answer in time is ended, and started again. One that hangs while it loads never asks.
#[tokio::test]
async fn a_process_that_hangs_while_it_loads_is_replaced() {
    let folder = Folder::new().unwrap();
    let mut child = function("hangs once");
    child.directory = folder.path().to_owned();
    child.loads_within = Duration::from_secs(2);
    let (triggers, running) = started(child, Reload::Never, Arc::new(NoRoles)).await;
    let began = Instant::now();
    while asked(&triggers, "echo").await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(20), "it hangs for ever");
    }
    running.stop().await;
}

/// As `directory` is where the server runs, if nobody says otherwise, with its data beneath.
#[tokio::test]
async fn the_servers_own_data_is_no_code() {
    let folder = Folder::new().unwrap();
    let data = folder.path().join("poolhouse-data");
    fs::create_dir(&data).unwrap();
    fs::write(data.join("poolhouse.db"), "").unwrap();
    let mut child = function("well");
    child.directory = folder.path().to_owned();
    child.unwatched = Some(data.clone());
    let (triggers, running) = started(child, Reload::WhenChanged, Arc::new(NoRoles)).await;
    let first = pid(&asked(&triggers, "echo").await.unwrap());
    for written in ["a user", "a user and their session"] {
        fs::write(data.join("poolhouse.db"), written).unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert_eq!(pid(&asked(&triggers, "echo").await.unwrap()), first);
    }
    running.stop().await;
}

/// docs/operations.md: a process is ended that has not answered within five seconds, its own. Else more events than a function has time
/// for would have its processes killed one after the other.
#[tokio::test]
async fn a_process_that_is_given_an_event_late_has_its_time_for_it() {
    let (triggers, running) = well().await;
    let before = pid(&asked(&triggers, "echo").await.unwrap());
    // The last of them begins when five seconds are almost over.
    let all = join_all((0..8).map(|_| asked(&triggers, "slow"))).await;
    let late: Vec<_> = all.into_iter().filter_map(Result::err).collect();
    // One; two on a machine that is busy.
    assert!(
        late == [Failure::TIMED_OUT] || late == [Failure::TIMED_OUT, Failure::TIMED_OUT],
        "{late:?}"
    );
    assert_eq!(pid(&asked(&triggers, "echo").await.unwrap()), before);
    running.stop().await;
}
