//! A reading thread: each closure sees one snapshot.

use super::connection::{Connection, unavailable};
use crate::{
    StoreError,
    connection::Connection as Any,
    queue::Queue,
    stats::{Counters, count},
    task::run_caught,
};

pub(super) fn run(mut connection: Connection, queue: &Queue, counters: &Counters) {
    while let Some(mut task) = queue.pop() {
        let outcome = snapshot(&mut connection, |connection| run_caught(task.as_mut(), connection));
        count(&counters.reads, 1);
        task.answer(outcome);
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
