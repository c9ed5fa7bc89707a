//! PostgreSQL: threads that each own one connection. Writes are serializable transactions, reads one read-only snapshot;
//! lost races and lost connections are retried, a connection lost while committing never is.

mod backoff;
mod cell;
mod connection;
mod fault;
mod role;
mod target;
mod worker;

use std::sync::{Arc, mpsc};

use crate::{Limits, StoreError, engine::Engine, stats::Counters};

pub(crate) use cell::cell;
pub(crate) use connection::Connection;
use role::Role;
use target::Target;
use worker::Worker;

/// Waits until one writer has its connection, so that a wrong address is an error at start.
pub(crate) fn open(url: &str, limits: Limits, counters: &Arc<Counters>) -> Result<Engine, StoreError> {
    let target = Arc::new(Target::parse(url)?);
    let engine = Engine::new(limits.waiting);
    let (opened, first) = mpsc::channel();
    for n in 0..limits.writers.max(1) {
        let worker = Worker::new(Role::Writer, &target, &engine.writes, counters);
        let opened = (n == 0).then(|| opened.clone());
        engine.start(&format!("store-writer-{n}"), move || worker.run(opened))?;
    }
    for n in 0..limits.readers.max(1) {
        let worker = Worker::new(Role::Reader, &target, &engine.reads, counters);
        engine.start(&format!("store-reader-{n}"), move || worker.run(None))?;
    }
    match first.recv() {
        Ok(Ok(())) => Ok(engine),
        Ok(Err(error)) => {
            engine.close();
            Err(error)
        }
        Err(_) => Err(StoreError::Closed),
    }
}
