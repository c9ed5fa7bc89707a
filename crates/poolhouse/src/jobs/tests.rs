use std::{
    future::{Ready, pending, ready},
    ops::Deref,
};

use store::records::jobs;
use testkit::World;
use tokio::sync::mpsc;

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

/// One database with nodes.
struct Rig(World);

impl Deref for Rig {
    type Target = World;

    fn deref(&self) -> &World {
        &self.0
    }
}

impl Rig {
    async fn new() -> Self {
        Self(World::new().await)
    }

    fn lease(&self, node: &str) -> Lease {
        Lease {
            store: self.store.clone(),
            env: Arc::clone(&self.env),
            node: node.to_owned(),
            name: "sweep",
            every: HOUR,
        }
    }

    async fn row(&self) -> jobs::JobRow {
        self.store.read(|r| jobs::find(r, "sweep")).await.unwrap().unwrap()
    }
}

fn works() -> Ready<Result<u64, ApiError>> {
    ready(Ok(1))
}

fn fails() -> Ready<Result<u64, ApiError>> {
    ready(Err(ApiError::internal("disk full")))
}

/// What came of asking, in a word.
async fn turn(lease: &Lease, wanted: Wanted, work: impl Future<Output = Result<u64, ApiError>>) -> &'static str {
    match lease.turn(wanted, work).await.unwrap() {
        Turn::Ran(Ok(_)) => "ran",
        Turn::Ran(Err(_)) => "failed",
        Turn::NotDue(_) => "not due",
        Turn::Elsewhere(_) => "elsewhere",
    }
}

#[tokio::test]
async fn one_node_does_it_for_all_in_its_time() {
    let rig = Rig::new().await;
    let (a, b) = (rig.lease("a"), rig.lease("b"));
    assert_eq!(turn(&a, Wanted::Due, works()).await, "ran");
    for node in [&a, &b] {
        assert_eq!(turn(node, Wanted::Due, works()).await, "not due");
    }
    assert_eq!(turn(&b, Wanted::Now, works()).await, "ran");
    rig.advance(HOUR);
    assert_eq!(turn(&a, Wanted::Due, works()).await, "ran");
    assert_eq!(rig.row().await.holder, "a");
}

#[tokio::test]
async fn while_one_works_the_others_do_not_and_a_dead_one_keeps_nobody_from_it_for_long() {
    let rig = Rig::new().await;
    let (a, b) = (rig.lease("a"), rig.lease("b"));
    let (begun, mut under_way) = mpsc::unbounded_channel();
    let never_ends = async move {
        begun.send(()).unwrap();
        pending().await
    };
    let stuck = tokio::spawn(async move { turn(&a, Wanted::Due, never_ends).await });
    under_way.recv().await.unwrap();
    for wanted in [Wanted::Due, Wanted::Now] {
        assert_eq!(turn(&b, wanted, works()).await, "elsewhere");
    }
    stuck.abort();
    drop(stuck.await);
    assert_eq!(turn(&b, Wanted::Now, works()).await, "elsewhere");
    rig.advance(Duration::from_secs(61));
    assert_eq!(turn(&b, Wanted::Due, works()).await, "ran");
    assert_eq!(turn(&b, Wanted::Due, works()).await, "not due");
    // The same node, started anew, waits for nobody.
    let again = rig.lease("b");
    assert_eq!(turn(&again, Wanted::Now, works()).await, "ran");
}

#[tokio::test]
async fn a_failure_is_kept_and_tried_again_soon() {
    let rig = Rig::new().await;
    let (a, b) = (rig.lease("a"), rig.lease("b"));
    assert_eq!(turn(&a, Wanted::Due, fails()).await, "failed");
    assert!(rig.row().await.error.unwrap().contains("disk full"));
    assert_eq!(turn(&b, Wanted::Due, works()).await, "not due");
    rig.advance(AFTER_FAILURE);
    assert_eq!(turn(&b, Wanted::Due, works()).await, "ran");
    assert_eq!(rig.row().await.error, None);
}

#[tokio::test]
async fn a_job_runs_at_the_start_and_when_it_is_woken() {
    let rig = Rig::new().await;
    let mut jobs = Jobs::new(rig.store.clone(), Arc::clone(&rig.env), "a".to_owned());
    let (shared, own) = (Wake::default(), Wake::default());
    let (ran, mut runs) = mpsc::unbounded_channel();
    let tell = |name: &'static str| {
        let ran = ran.clone();
        move || {
            let ran = ran.clone();
            async move {
                ran.send(name).unwrap();
                works().await
            }
        }
    };
    jobs.for_all(Job::every(HOUR, "shared").woken_by(&shared), tell("shared"));
    assert_eq!(runs.recv().await, Some("shared"));
    jobs.for_this_node(Job::every(HOUR, "own").woken_by(&own), tell("own"));
    assert_eq!(runs.recv().await, Some("own"));
    shared.ring();
    assert_eq!(runs.recv().await, Some("shared"));
    own.ring();
    assert_eq!(runs.recv().await, Some("own"));
    jobs.stop().await;
    own.ring();
    drop(ran);
    assert_eq!(runs.recv().await, None, "stopped");
}

#[tokio::test]
async fn what_was_broken_off_is_done_at_the_next_start_whenever_it_was_done_before() {
    let rig = Rig::new().await;
    let node = rig.lease("local");
    assert_eq!(turn(&node, Wanted::Due, works()).await, "ran");
    let (begun, mut under_way) = mpsc::unbounded_channel();
    let broken_off = tokio::spawn(async move {
        let never_ends = async move {
            begun.send(()).unwrap();
            pending().await
        };
        turn(&node, Wanted::Now, never_ends).await
    });
    under_way.recv().await.unwrap();
    broken_off.abort();
    drop(broken_off.await);
    rig.advance(Duration::from_secs(1));
    let again = rig.lease("local");
    assert_eq!(turn(&again, Wanted::Due, works()).await, "ran");
    assert_eq!(turn(&again, Wanted::Due, works()).await, "not due");
}
