//! The writing thread: whatever waits shares one transaction and one sync.
//!
//! BEGIN IMMEDIATE ─▶ closure* ─▶ COMMIT, synced ─▶ answers
//!
//! One that fails undoes them all, and all run anew, each in a savepoint of its own, so that only its own work is lost:
//!
//! BEGIN IMMEDIATE ─▶ (SAVEPOINT ─▶ closure ─▶ RELEASE, or ROLLBACK TO)* ─▶ COMMIT, synced ─▶ answers

use std::sync::Arc;

use rusqlite::ErrorCode;

use super::{
    company::Company,
    connection::{Connection, unavailable},
};
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
    pub company: Arc<Company>,
    /// Closures to a commit at most.
    pub batch: usize,
}

type Tasks = Vec<Box<dyn Task>>;

impl Writer {
    pub fn run(mut self) {
        while let Some(first) = self.queue.pop() {
            self.company.wait(self.queue.len());
            self.share_a_commit(first);
        }
    }

    fn share_a_commit(&mut self, first: Box<dyn Task>) {
        let Some(mut tasks) = self.begin(vec![first]) else {
            return;
        };
        match self.run_together(&mut tasks) {
            Ok(()) => self.commit(tasks),
            Err(error) => {
                if self.connection.in_transaction() {
                    self.roll_back();
                }
                if let [_] = tasks.as_slice() {
                    return fail(tasks, &error);
                }
                count(&self.counters.retries, tasks.len());
                if let Some(tasks) = self.begin(tasks) {
                    self.run_apart(tasks);
                }
            }
        }
    }

    /// Gives the tasks back when the transaction stands; answers them if it can't be begun.
    fn begin(&self, tasks: Tasks) -> Option<Tasks> {
        let Err(error) = self.connection.control("BEGIN IMMEDIATE") else {
            return Some(tasks);
        };
        // Nothing was begun: a lock that another process kept for too long is overload, the rest is a fault.
        let busy = error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy);
        let error = if busy {
            StoreError::Overloaded
        } else {
            unavailable(&error)
        };
        fail(tasks, &error);
        None
    }

    /// Runs what was taken from the line and what has joined it meanwhile: the longer the line, the more share the sync. Ends at
    /// the first that fails, which is the last of them then.
    fn run_together(&mut self, tasks: &mut Tasks) -> Result<(), StoreError> {
        let mut ran = 0;
        while let Some(task) = tasks.get_mut(ran) {
            self.run_one(task.as_mut())?;
            ran += 1;
            if ran == tasks.len() && ran < self.batch {
                tasks.extend(self.queue.try_pop());
            }
        }
        Ok(())
    }

    fn run_apart(&mut self, tasks: Tasks) {
        let mut kept = Vec::new();
        // Told after the commit: they may have failed by what it brings, and who begins anew must see that.
        let mut undone = Vec::new();
        let mut left = tasks.into_iter();
        while let Some(mut task) = left.next() {
            match self.in_savepoint(task.as_mut()) {
                Ok(()) => kept.push(task),
                Err(error) => undone.push((task, error)),
            }
            if !self.connection.in_transaction() {
                // A full disk and the like end the whole transaction at once.
                let error = StoreError::Unavailable("the shared transaction was rolled back".to_owned());
                fail(std::mem::take(&mut kept), &error);
                fail(left.by_ref().collect(), &error);
            }
        }
        self.commit(kept);
        for (task, error) in undone {
            task.answer(Err(error));
        }
    }

    fn run_one(&mut self, task: &mut dyn Task) -> Result<(), StoreError> {
        self.connection.failed = false;
        run_caught(task, Any::Sqlite(&mut self.connection))?;
        if self.connection.failed {
            return Err(StoreError::IgnoredFailure);
        }
        Ok(())
    }

    /// Keeps or undoes what one closure did, leaving the others' work alone.
    fn in_savepoint(&mut self, task: &mut dyn Task) -> Result<(), StoreError> {
        self.connection
            .control("SAVEPOINT closure")
            .map_err(|error| unavailable(&error))?;
        let outcome = self.run_one(task);
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

    fn commit(&self, kept: Tasks) {
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

fn fail(tasks: Tasks, error: &StoreError) {
    for task in tasks {
        task.answer(Err(error.clone()));
    }
}
