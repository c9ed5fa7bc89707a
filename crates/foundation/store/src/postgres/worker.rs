//! One thread with one connection: takes a closure, runs it in a transaction, and again when the race or the connection
//! was lost.
//!
//! connect ─▶ BEGIN ─▶ closure ─▶ COMMIT ─▶ answer
//!    ▲         │         │          ├─ lost race: from BEGIN, after a pause
//!    └─────────┴─ cut ◀──┘          └─ cut: outcome unknown, answered as such

use std::sync::{Arc, mpsc::Sender};

use super::{
    backoff::Backoff,
    connection::Connection,
    fault::{self, Commit, Fault},
    role::Role,
    target::Target,
};
use crate::{
    StoreError,
    connection::Connection as Any,
    queue::Queue,
    stats::{Counters, count},
    task::{Task, run_caught},
};

pub(super) struct Worker {
    role: Role,
    target: Arc<Target>,
    queue: Arc<Queue>,
    counters: Arc<Counters>,
    connection: Option<Connection>,
}

/// How one run of a closure ended.
enum Run {
    Final(Result<(), StoreError>),
    /// Nothing was kept; this is the answer if patience has run out.
    Again(StoreError),
}

impl Worker {
    pub fn new(role: Role, target: &Arc<Target>, queue: &Arc<Queue>, counters: &Arc<Counters>) -> Self {
        Self {
            role,
            target: Arc::clone(target),
            queue: Arc::clone(queue),
            counters: Arc::clone(counters),
            connection: None,
        }
    }

    /// `opened` hears how the first attempt to connect went.
    pub fn run(mut self, opened: Option<Sender<Result<(), StoreError>>>) {
        let connected = self.connect();
        if let Some(opened) = opened {
            // Nobody listens when opening was given up already.
            let _ = opened.send(connected);
        }
        while let Some(task) = self.queue.pop() {
            self.serve(task);
        }
    }

    fn serve(&mut self, mut task: Box<dyn Task>) {
        let mut backoff = Backoff::new();
        let outcome = loop {
            match self.attempt(task.as_mut()) {
                Run::Final(outcome) => break outcome,
                Run::Again(error) if !backoff.wait(task.age()) => break Err(error),
                Run::Again(error) => {
                    tracing::debug!(%error, "a transaction is begun again");
                    count(&self.counters.retries, 1);
                }
            }
        };
        match (&outcome, self.role) {
            (Ok(()), Role::Writer) => {
                count(&self.counters.commits, 1);
                count(&self.counters.writes, 1);
            }
            (_, Role::Reader) => count(&self.counters.reads, 1),
            (Err(_), Role::Writer) => {}
        }
        task.answer(outcome);
    }

    fn attempt(&mut self, task: &mut dyn Task) -> Run {
        if let Err(error) = self.connect() {
            return Run::Again(error);
        }
        let Some(mut connection) = self.connection.take() else {
            return Run::Final(Err(StoreError::Closed));
        };
        connection.fault = None;
        if let Err(error) = connection.client.batch_execute(self.role.begin()) {
            return Run::Again(fault::unavailable(&error));
        }
        let outcome = run_caught(task, Any::Postgres(&mut connection));
        match (outcome, connection.fault) {
            (Ok(()), None) => self.commit(connection),
            (_, Some(Fault::LostConnection)) => {
                Run::Again(StoreError::Unavailable("the connection was lost".to_owned()))
            }
            (_, Some(Fault::LostRace)) => {
                self.roll_back(connection);
                Run::Again(StoreError::Contention)
            }
            (outcome, _) => {
                self.roll_back(connection);
                Run::Final(outcome.and(Err(StoreError::IgnoredFailure)))
            }
        }
    }

    fn commit(&mut self, mut connection: Connection) -> Run {
        let Err(error) = connection.client.batch_execute("COMMIT") else {
            self.connection = Some(connection);
            return Run::Final(Ok(()));
        };
        if self.role == Role::Reader {
            // Nothing was to be kept, and everything was read.
            return Run::Final(Ok(()));
        }
        match fault::of_commit(&error) {
            Commit::LostRace => {
                self.connection = Some(connection);
                Run::Again(StoreError::Contention)
            }
            Commit::Refused => {
                self.connection = Some(connection);
                Run::Final(Err(StoreError::Statement {
                    sql: "COMMIT".to_owned(),
                    cause: fault::text(&error),
                }))
            }
            Commit::Unknown => Run::Final(Err(StoreError::OutcomeUnknown(fault::text(&error)))),
        }
    }

    /// A connection that can't even do that is not used again.
    fn roll_back(&mut self, mut connection: Connection) {
        if connection.client.batch_execute("ROLLBACK").is_ok() {
            self.connection = Some(connection);
        }
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        if self
            .connection
            .as_ref()
            .is_some_and(|connection| !connection.client.is_closed())
        {
            return Ok(());
        }
        self.connection = Some(Connection::new(self.target.connect()?, self.role));
        count(&self.counters.connections, 1);
        Ok(())
    }
}
