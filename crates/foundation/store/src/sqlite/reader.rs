//! A reading thread: each closure sees one snapshot.

use super::connection::{Connection, unavailable};
use crate::{
    StoreError,
    connection::Connection as Any,
    job::run_caught,
    queue::Queue,
    stats::{Counters, count},
};

pub(super) fn run(mut connection: Connection, queue: &Queue, counters: &Counters) {
    while let Some(mut job) = queue.pop() {
        let outcome = snapshot(&mut connection, |connection| run_caught(job.as_mut(), connection));
        count(&counters.reads, 1);
        job.answer(outcome);
    }
}

/// Runs `act` on one snapshot; it must not panic.
pub(super) fn snapshot<T>(
    connection: &mut Connection,
    act: impl FnOnce(Any<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.failed = false;
    connection.control("BEGIN").map_err(|error| unavailable(&error))?;
    let outcome = act(Any::Sqlite(connection));
    if connection.in_transaction()
        && let Err(error) = connection.control("ROLLBACK")
    {
        tracing::error!(%error, "a snapshot could not be ended");
    }
    outcome
}
