//! A reading thread: each closure sees one snapshot.

use super::connection::{Connection, unavailable};
use crate::{
    StoreError,
    engine::Connection as Any,
    job::{Job, run_caught},
    queue::Queue,
    stats::{Counters, count},
};

pub(super) fn run(mut connection: Connection, queue: &Queue, counters: &Counters) {
    while let Some(mut job) = queue.pop() {
        let outcome = snapshot(&mut connection, job.as_mut());
        count(&counters.reads, 1);
        job.answer(outcome);
    }
}

fn snapshot(connection: &mut Connection, job: &mut dyn Job) -> Result<(), StoreError> {
    connection.failed = false;
    connection.control("BEGIN").map_err(|error| unavailable(&error))?;
    let outcome = run_caught(job, Any::Sqlite(connection));
    if connection.in_transaction()
        && let Err(error) = connection.control("ROLLBACK")
    {
        tracing::error!(%error, "a snapshot could not be ended");
    }
    outcome
}
