//! The last invocations, in memory, to be looked at in dev.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kernel::Timestamp;
use serde_json::Value;

use crate::{
    Failure,
    invocation::{Invocation, Wanted},
};

const KEPT: usize = 200;
/// Bytes of an answer beyond which it is not kept: functions may answer megabytes.
const LARGEST: usize = 64 * 1024;

/// One invocation and what came of it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Counts from 1.
    pub number: u64,
    /// When it ended.
    pub at: Timestamp,
    pub invocation: Invocation,
    /// Whether its answer was waited for.
    pub(crate) wanted: Wanted,
    /// None where the answer was too large to be kept.
    pub outcome: Result<Option<Value>, Failure>,
    pub took: Duration,
}

#[derive(Default)]
pub(crate) struct Record(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    count: u64,
    last: VecDeque<Arc<Recorded>>,
}

impl Record {
    /// `at` is when it ended.
    pub fn keep(
        &self,
        invocation: &Invocation,
        wanted: Wanted,
        outcome: &Result<Value, Failure>,
        (at, took): (Timestamp, Duration),
    ) {
        let outcome = match outcome {
            Ok(answer) => Ok((size(answer) <= LARGEST).then(|| answer.clone())),
            Err(failure) => Err(failure.clone()),
        };
        let mut kept = self.lock();
        kept.count += 1;
        let recorded = Recorded {
            number: kept.count,
            at,
            invocation: invocation.clone(),
            wanted,
            outcome,
            took,
        };
        kept.last.truncate(KEPT - 1);
        kept.last.push_front(Arc::new(recorded));
    }

    /// Newest first.
    pub fn last(&self) -> Vec<Arc<Recorded>> {
        self.lock().last.iter().cloned().collect()
    }

    pub fn clear(&self) {
        *self.lock() = Kept::default();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(answer: &Value) -> usize {
    serde_json::to_vec(answer).map_or(usize::MAX, |bytes| bytes.len())
}
