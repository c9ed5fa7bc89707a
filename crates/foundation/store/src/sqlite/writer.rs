//! The writing thread: whatever waits shares one transaction and one sync, each closure in a savepoint of its own.
//!
//! BEGIN IMMEDIATE ─▶ (SAVEPOINT ─▶ closure ─▶ RELEASE, or ROLLBACK TO)* ─▶ COMMIT, synced ─▶ answers

use std::sync::Arc;

use rusqlite::ErrorCode;

use super::connection::{Connection, unavailable};
use crate::{
    StoreError,
    connection::Connection as Any,
    queue::Queue,
    stats::{Counters, count},
    task::{Task, run_caught},
};

pub(super) struct Writer {
    pub connection: Connection,
    pub queue: Arc<Queue>,
    pub counters: Arc<Counters>,
    /// Closures to a commit at most.
    pub batch: usize,
}

impl Writer {
    pub fn run(mut self) {
        while let Some(first) = self.queue.pop() {
            self.share_a_commit(first);
        }
    }

    fn share_a_commit(&mut self, first: Box<dyn Task>) {
        if let Err(error) = self.connection.control("BEGIN IMMEDIATE") {
            // Nothing was begun: a lock that another process kept for too long is overload, the rest is a fault.
            let busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
            return first.answer(Err(if busy {
                StoreError::Overloaded
            } else {
                unavailable(&error)
            }));
        }
        let mut kept = Vec::new();
        // Told after the commit: they may have failed by what it brings, and who begins anew must see that.
        let mut undone = Vec::new();
        let mut ran = 0;
        let mut next = Some(first);
        while let Some(mut task) = next {
            match self.in_savepoint(task.as_mut()) {
                Ok(()) => kept.push(task),
                Err(error) => undone.push((task, error)),
            }
            if !self.connection.in_transaction() {
                // A full disk and the like end the whole transaction at once.
                let error = StoreError::Unavailable("the shared transaction was rolled back".to_owned());
                fail(kept, &error);
                kept = Vec::new();
                break;
            }
            ran += 1;
            // What arrived meanwhile joins in: the longer the line, the more share the sync.
            next = if ran < self.batch { self.queue.try_pop() } else { None };
        }
        self.commit(kept);
        for (task, error) in undone {
            task.answer(Err(error));
        }
    }

    /// Keeps or undoes what one closure did, leaving the others' work alone.
    fn in_savepoint(&mut self, task: &mut dyn Task) -> Result<(), StoreError> {
        self.connection.failed = false;
        self.connection
            .control("SAVEPOINT closure")
            .map_err(|error| unavailable(&error))?;
        let mut outcome = run_caught(task, Any::Sqlite(&mut self.connection));
        if outcome.is_ok() && self.connection.failed {
            outcome = Err(StoreError::IgnoredFailure);
        }
        if outcome.is_err() && self.connection.in_transaction() {
            self.undo_closure();
        }
        if self.connection.in_transaction() {
            self.connection
                .control("RELEASE closure")
                .map_err(|error| unavailable(&error))?;
        }
        outcome
    }

    /// If even that fails, the whole transaction goes: better all anew than a half-done closure committed.
    fn undo_closure(&self) {
        if let Err(error) = self.connection.control("ROLLBACK TO closure") {
            tracing::error!(%error, "a closure could not be undone alone");
            self.roll_back();
        }
    }

    fn commit(&self, kept: Vec<Box<dyn Task>>) {
        if kept.is_empty() {
            if self.connection.in_transaction() {
                self.roll_back();
            }
            return;
        }
        if let Err(error) = self.connection.control("COMMIT") {
            if self.connection.in_transaction() {
                self.roll_back();
            }
            // The frames may have reached the log before the sync failed, and be found there after a crash.
            return fail(kept, &StoreError::OutcomeUnknown(error.to_string()));
        }
        count(&self.counters.commits, 1);
        count(&self.counters.writes, kept.len());
        for task in kept {
            task.answer(Ok(()));
        }
    }

    fn roll_back(&self) {
        if let Err(error) = self.connection.control("ROLLBACK") {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }
}

fn fail(tasks: Vec<Box<dyn Task>>, error: &StoreError) {
    for task in tasks {
        task.answer(Err(error.clone()));
    }
}
