//! A job that one node at a time does for all: its row says whose it is, until when, and how it went the last time.
//!
//! ```text
//! another's ──▶ later          ours or nobody's, and due or wanted ──▶ hold ──▶ work ──▶ end
//! not due ────▶ later                                                    └─ hold longer ─┘ from time to time
//! ```
//!
//! What a node does not end, because it was killed, runs out. Works bear being done twice: leases save work, they guard nothing.

use std::{sync::Arc, time::Duration};

use kernel::{ApiError, Env, Timestamp};
use store::{Store, records::jobs};

/// How long a node that is gone keeps a job from the others.
const HELD: Duration = Duration::from_secs(60);

/// How soon a run that failed is repeated, where its time is not sooner.
pub(super) const AFTER_FAILURE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// When it is time.
    Due,
    /// There is work, whenever it was done last.
    Now,
}

/// What came of asking for a job.
#[derive(Debug)]
pub(super) enum Turn<T> {
    Ran(Result<T, ApiError>),
    /// It is not time yet.
    NotDue(Duration),
    /// Another node does it, for as long at most.
    Elsewhere(Duration),
}

pub(super) struct Lease {
    pub store: Store,
    pub env: Arc<Env>,
    /// Differs from node to node of one database.
    pub node: String,
    pub name: &'static str,
    pub every: Duration,
}

impl Lease {
    /// Does the work if it is this node's turn. Errors: the store's; of the work nothing is lost then.
    pub async fn turn<T>(
        &self,
        wanted: Wanted,
        work: impl Future<Output = Result<T, ApiError>>,
    ) -> Result<Turn<T>, ApiError> {
        if let Some(later) = self.hold(wanted).await? {
            return Ok(match later {
                Later::NotDue(pause) => Turn::NotDue(pause),
                Later::Elsewhere(pause) => Turn::Elsewhere(pause),
            });
        }
        let outcome = tokio::select! {
            outcome = work => outcome,
            lost = self.hold_longer() => Err(lost),
        };
        let failed = outcome.as_ref().err();
        let failed = failed.map(|error| error.detail().unwrap_or(error.message()).to_owned());
        let (name, node, now) = (self.name, self.node.clone(), self.env.clock.wall());
        let ended = self
            .store
            .write(move |tx| Ok(jobs::end(tx, name, &node, now, failed.as_deref())?));
        ended.await?;
        Ok(Turn::Ran(outcome))
    }

    async fn hold(&self, wanted: Wanted) -> Result<Option<Later>, ApiError> {
        let (name, node, every, now) = (self.name, self.node.clone(), self.every, self.env.clock.wall());
        let asked = node.clone();
        let look = self.store.look_up(move |r| {
            let job = jobs::find(r, name)?;
            Ok(job.and_then(|job| later(&job, &asked, every, wanted, now)))
        });
        if let Some(later) = look.await? {
            return Ok(Some(later));
        }
        let held = self.store.write(move |tx| {
            let later = jobs::find(tx, name)?.and_then(|job| later(&job, &node, every, wanted, now));
            if later.is_none() {
                jobs::hold(tx, name, &node, now.plus(HELD))?;
            }
            Ok(later)
        });
        Ok(held.await?)
    }

    /// Ends when the job is another's: whoever was thought dead.
    async fn hold_longer(&self) -> ApiError {
        loop {
            tokio::time::sleep(HELD / 3).await;
            let (name, node, until) = (self.name, self.node.clone(), self.env.clock.wall().plus(HELD));
            let renewed = self.store.write(move |tx| Ok(jobs::renew(tx, name, &node, until)?));
            match renewed.await {
                Ok(true) => {}
                Ok(false) => return ApiError::internal("another node took it over"),
                // The next time tells; until then it may be held still.
                Err(error) => tracing::debug!(job = name, ?error, "a job could not be held for longer"),
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Later {
    NotDue(Duration),
    Elsewhere(Duration),
}

/// None: it is this node's now. Pure.
fn later(job: &jobs::JobRow, node: &str, every: Duration, wanted: Wanted, now: Timestamp) -> Option<Later> {
    if job.held_until > now && job.holder != node {
        return Some(Later::Elsewhere(job.held_until.since(now)));
    }
    if job.ran_at != Some(job.held_until) {
        // Held and never ended: what was begun there is to be finished.
        return None;
    }
    let pause = if job.error.is_some() {
        every.min(AFTER_FAILURE)
    } else {
        every
    };
    let due = job.ran_at.map(|ran_at| ran_at.plus(pause));
    let wait = due.filter(|due| *due > now && wanted == Wanted::Due);
    wait.map(|due| Later::NotDue(due.since(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn whose_turn_it_is() {
        let at = Timestamp::from_secs;
        let secs = Duration::from_secs;
        for (holder, held_until, ran_at, error, wanted, expected) in [
            ("here", 10, Some(5), None, Wanted::Due, None),
            ("other", 10, Some(5), None, Wanted::Due, None),
            ("other", 10, None, None, Wanted::Due, None),
            ("other", 100, None, None, Wanted::Due, Some(Later::Elsewhere(secs(50)))),
            ("other", 100, None, None, Wanted::Now, Some(Later::Elsewhere(secs(50)))),
            ("other", 50, None, None, Wanted::Due, None),
            ("here", 100, None, None, Wanted::Due, None),
            ("here", 10, Some(10), None, Wanted::Due, Some(Later::NotDue(secs(3560)))),
            (
                "other",
                10,
                Some(10),
                None,
                Wanted::Due,
                Some(Later::NotDue(secs(3560))),
            ),
            ("other", 10, Some(10), None, Wanted::Now, None),
            (
                "other",
                10,
                Some(10),
                Some("disk full"),
                Wanted::Due,
                Some(Later::NotDue(secs(20))),
            ),
            ("other", -20, Some(-20), Some("disk full"), Wanted::Due, None),
            ("other", -3550, Some(-3550), None, Wanted::Due, None),
        ] {
            let job = jobs::JobRow {
                name: "job".to_owned(),
                holder: holder.to_owned(),
                held_until: at(held_until),
                ran_at: ran_at.map(at),
                error: error.map(str::to_owned),
            };
            let told = later(&job, "here", HOUR, wanted, at(50));
            assert_eq!(told, expected, "{holder} {held_until} {ran_at:?} {error:?} {wanted:?}");
        }
    }
}
