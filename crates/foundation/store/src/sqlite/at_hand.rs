//! Connections for look-ups by key, which take microseconds: run where they are asked for, because handing one to a thread
//! and back costs more than the look-up does.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{connection::Connection, reader::snapshot};
use crate::{
    StoreError,
    connection::Connection as Any,
    stats::{Counters, count},
};

pub(crate) struct AtHand {
    /// None: closed.
    free: Mutex<Option<Vec<Connection>>>,
    counters: Arc<Counters>,
}

impl AtHand {
    pub fn open(path: &Path, connections: usize, counters: &Arc<Counters>) -> Result<Self, StoreError> {
        let opened: Result<Vec<Connection>, StoreError> = (0..connections)
            .map(|_| Connection::reader_without_patience(path))
            .collect();
        Ok(Self {
            free: Mutex::new(Some(opened?)),
            counters: Arc::clone(counters),
        })
    }

    /// What `act` finds on one snapshot. None where no connection is free and where anything went wrong: then a thread is to
    /// be asked, which may wait.
    pub fn look<T>(&self, act: impl FnOnce(Any<'_>) -> Result<T, StoreError>) -> Option<T> {
        let mut connection = self.free().as_mut()?.pop()?;
        let outcome = snapshot(&mut connection, |connection| {
            catch_unwind(AssertUnwindSafe(|| act(connection))).ok().transpose()
        });
        if let Some(free) = self.free().as_mut() {
            free.push(connection);
        }
        let found = outcome.ok().flatten();
        count(&self.counters.reads, usize::from(found.is_some()));
        found
    }

    pub fn close(&self) {
        *self.free() = None;
    }

    fn free(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Read as _, Reader};

    fn one(connection: Any<'_>) -> Result<Option<(i64,)>, StoreError> {
        Reader { connection }.one("SELECT 1", ())
    }

    #[test]
    fn what_cannot_be_looked_up_here_is_left_to_a_thread() {
        let folder = testkit::Folder::new().unwrap();
        let path = folder.path().join("db");
        let _writer = Connection::writer(&path).unwrap();
        let at_hand = AtHand::open(&path, 1, &Arc::default()).unwrap();
        assert_eq!(at_hand.look(one), Some(Some((1,))));
        let nested = at_hand.look(|_| Ok(at_hand.look(one)));
        assert_eq!(nested, Some(None), "no connection is free");
        assert_eq!(at_hand.look(|_| Err::<(), _>(StoreError::Nul)), None);
        assert_eq!(at_hand.look(|_| -> Result<(), StoreError> { panic!("boom") }), None);
        assert_eq!(
            at_hand.look(one),
            Some(Some((1,))),
            "the connection is as good as before"
        );
        at_hand.close();
        assert_eq!(at_hand.look(one), None);
    }
}
