//! Tells functions what is in the outbox for them: many beside each other, of each function no more than its share, so that some that
//! hang keep no other waiting; each claimed for longer than it may take, then removed or told again later.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use kernel::{ApiError, Timestamp};
use store::records::outbox::{self, Lane, Waiting};
use triggers::{Failure, Invocation, POSTED_LIMIT};
use vault::Purpose;

use crate::{Delivery, Event, worker::MOST_ATTEMPTS};

/// How long an attempt may take before another node may try.
const CLAIM: Duration = POSTED_LIMIT.saturating_add(Duration::from_secs(30));
/// Events under way, of all functions together.
const AT_ONCE: usize = 512;
/// A function may have this part of what the others leave: however many of those hang, there is something for the next.
const PART: usize = 16;
/// As Lambda does with what nobody waits for: a function that fails is told twice more.
const MOST_FAILURES: i64 = 3;

/// How many events of each function are under way.
type Shares = HashMap<Lane, usize>;

impl Delivery {
    /// How long until the next event is due. None: none waits.
    pub async fn until_next_event(&self) -> Result<Option<Duration>, ApiError> {
        let next = self.store.read(|r| {
            let mut next = None;
            for lane in outbox::functions(r)? {
                next = next.into_iter().chain(outbox::next_due(r, &lane)?).min();
            }
            Ok(next)
        });
        Ok(next.await?.map(|due| due.since(self.env.clock.wall())))
    }

    /// Tells every event that is due, those too that are put into the outbox meanwhile, once. Returns how many were taken.
    pub async fn tell_due(&self) -> Result<u64, ApiError> {
        let mut taken = 0;
        let mut shares = HashMap::new();
        let mut under_way = FuturesUnordered::new();
        loop {
            for (lane, waiting, until) in self.claimed(&shares).await? {
                *shares.entry(lane.clone()).or_insert(0) += 1;
                under_way.push(async move { (lane, self.tell(waiting, until).await) });
            }
            if under_way.is_empty() {
                return Ok(taken);
            }
            tokio::select! {
                Some((lane, outcome)) = under_way.next() => {
                    taken += u64::from(outcome?);
                    if let Some(share) = shares.get_mut(&lane) {
                        *share -= 1;
                    }
                }
                () = self.events.rung() => {}
            }
        }
    }

    /// What is due and ours, and until when: of each function as much as its share leaves.
    async fn claimed(&self, shares: &Shares) -> Result<Vec<(Lane, Waiting, Timestamp)>, ApiError> {
        let now = self.env.clock.wall();
        let until = now.plus(CLAIM);
        let mut ours = Vec::new();
        let mut under_way: usize = shares.values().sum();
        for lane in self.store.read(|r| outbox::functions(r)).await? {
            let held = shares.get(&lane).copied().unwrap_or(0);
            let left = share(under_way - held, self.takes(&lane)).saturating_sub(held);
            let limit = i64::try_from(left).unwrap_or(0);
            if limit == 0 {
                continue;
            }
            let of = lane.clone();
            for waiting in self.store.read(move |r| outbox::due(r, &of, now, limit)).await? {
                if self.claim(&waiting, until).await? {
                    ours.push((lane.clone(), waiting, until));
                    under_way += 1;
                }
            }
        }
        Ok(ours)
    }

    fn takes(&self, lane: &Lane) -> Option<usize> {
        match lane {
            Lane::Function(arn) => self.triggers.takes(arn),
            Lane::Mails | Lane::Texts => None,
        }
    }

    /// Whether the function took it.
    async fn tell(&self, waiting: Waiting, claimed: Timestamp) -> Result<bool, ApiError> {
        let Waiting { pool, id, attempts, .. } = &waiting;
        let invocation = match self.invocation(&waiting) {
            Ok(invocation) => invocation,
            Err(error) => {
                // A keyring that lacks a version may get it back.
                tracing::error!(?error, id, %pool, "an event can't be read");
                return self.postpone(waiting, claimed).await;
            }
        };
        let (trigger, arn) = (invocation.trigger.as_ref(), invocation.arn.as_str());
        match self.triggers.post(&invocation).await {
            Ok(()) => {
                self.remove(waiting).await?;
                Ok(true)
            }
            Err(failure) if is_given_up(&failure, attempts + 1) => {
                tracing::error!(%failure, id, %pool, trigger, arn, "a function is not told again: its message is given up");
                self.remove(waiting).await?;
                Ok(false)
            }
            Err(failure) => {
                tracing::warn!(%failure, id, %pool, trigger, arn, "a function will be told again");
                self.postpone(waiting, claimed).await
            }
        }
    }

    fn invocation(&self, waiting: &Waiting) -> Result<Invocation, ApiError> {
        let event: Event = self.opened(Purpose::OutboxEvent, &waiting.id, &waiting.message)?;
        let (trigger, arn) = (event.trigger.clone().into(), event.function.clone());
        let told = event.told(&self.keyring, self.env.rng.as_ref());
        Ok(Invocation {
            trigger,
            arn,
            event: Arc::new(told.map_err(ApiError::internal)?),
        })
    }
}

/// How many events a function may have under way where the others have so many, and it takes so many beside each other: what it could
/// not begin waits here, and has not been told in vain.
fn share(others: usize, takes: Option<usize>) -> usize {
    let left = AT_ONCE.saturating_sub(others);
    (left / PART).max(1).min(left).min(takes.unwrap_or(left))
}

/// After so many attempts.
fn is_given_up(failure: &Failure, attempts: i64) -> bool {
    match failure {
        Failure::FunctionError { .. } => attempts >= MOST_FAILURES,
        // Whoever is out of reach, or not there yet, may come back.
        Failure::Unusable { .. } | Failure::Unrecognizable { .. } => attempts >= MOST_ATTEMPTS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_others_leave_is_shared() {
        for (others, takes, expected) in [
            (0, None, 32),
            (32, None, 30),
            (480, None, 2),
            (500, None, 1),
            (511, None, 1),
            (512, None, 0),
            (0, Some(1), 1),
            (480, Some(3), 2),
            (512, Some(1), 0),
        ] {
            assert_eq!(share(others, takes), expected, "{others} {takes:?}");
        }
        let (mut functions, mut held) = (0, 0);
        while share(held, None) > 0 {
            held += share(held, None);
            functions += 1;
        }
        assert!(functions > 64, "{functions} fill it");
    }

    #[test]
    fn a_function_that_fails_is_given_up_before_one_that_is_out_of_reach() {
        let failed = Failure::FunctionError {
            message: "no such address".to_owned(),
        };
        let missing = Failure::Unusable {
            code: "ResourceNotFoundException".into(),
        };
        for (failure, attempts, expected) in [
            (&failed, 1, false),
            (&failed, 2, false),
            (&failed, 3, true),
            (&missing, 3, false),
            (&missing, 9, false),
            (&missing, 10, true),
        ] {
            assert_eq!(is_given_up(failure, attempts), expected, "{failure} {attempts}");
        }
    }
}
