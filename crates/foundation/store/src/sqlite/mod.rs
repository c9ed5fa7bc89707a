//! SQLite: one thread writes, with many closures to a commit; others read, each on its own connection and snapshot; look-ups
//! by key need no thread.

mod at_hand;
mod cell;
mod company;
mod connection;
mod placeholders;
mod reader;
mod writer;

use std::{path::Path, sync::Arc};

use crate::{Limits, StoreError, engine::Engine, stats::Counters};

pub(crate) use at_hand::AtHand;
pub(crate) use cell::cell;
pub(crate) use company::Company;
pub(crate) use connection::Connection;

pub(crate) fn open(path: &Path, limits: Limits, counters: &Arc<Counters>) -> Result<Engine, StoreError> {
    let mut engine = Engine::new(limits.waiting);
    // First, because it creates the file and turns the write-ahead log on.
    let writer = writer::Writer {
        connection: Connection::writer(path)?,
        queue: Arc::clone(&engine.writes),
        counters: Arc::clone(counters),
        company: Arc::clone(&engine.company),
        batch: limits.batch.max(1),
    };
    engine.start("store-writer", move || writer.run())?;
    for n in 0..limits.readers.max(1) {
        let (connection, queue) = (Connection::reader(path)?, Arc::clone(&engine.reads));
        let counters = Arc::clone(counters);
        engine.start(&format!("store-reader-{n}"), move || {
            reader::run(connection, &queue, &counters);
        })?;
    }
    engine.at_hand = Some(AtHand::open(path, limits.readers.max(1), counters)?);
    Ok(engine)
}
