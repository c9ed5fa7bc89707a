//! The two engines as one: which there is, and the connection that a closure works on.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{Builder, JoinHandle},
};

use crate::{FromRow, StoreError, Value, postgres, queue::Queue, sqlite};

/// Threads behind two lines, of readers and of writers.
pub(crate) struct Engine {
    pub reads: Arc<Queue>,
    pub writes: Arc<Queue>,
    /// SQLite only.
    pub at_hand: Option<sqlite::AtHand>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Engine {
    pub fn new(waiting: usize) -> Self {
        Self {
            reads: Arc::new(Queue::new(waiting)),
            writes: Arc::new(Queue::new(waiting)),
            at_hand: None,
            threads: Mutex::new(Vec::new()),
        }
    }

    pub fn start(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
        let thread = Builder::new().name(name.to_owned()).spawn(work);
        let thread = thread.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Lets the threads finish what waits and end; returns them for joining.
    pub fn close(&self) -> Vec<JoinHandle<()>> {
        self.reads.close();
        self.writes.close();
        if let Some(at_hand) = &self.at_hand {
            at_hand.close();
        }
        std::mem::take(&mut self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An open transaction's connection, of either engine.
pub(crate) enum Connection<'a> {
    Sqlite(&'a mut sqlite::Connection),
    Postgres(&'a mut postgres::Connection),
}

impl Connection<'_> {
    pub fn rows<R: FromRow>(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<R>, StoreError> {
        refuse_nul(values)?;
        #[cfg(test)]
        crate::records::tests::seen(sql, values);
        match self {
            Self::Sqlite(connection) => connection.rows(sql, values),
            Self::Postgres(connection) => connection.rows(sql, values),
        }
    }

    pub fn exec(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        refuse_nul(values)?;
        #[cfg(test)]
        crate::records::tests::seen(sql, values);
        match self {
            Self::Sqlite(connection) => connection.exec(sql, values),
            Self::Postgres(connection) => connection.exec(sql, values),
        }
    }

    /// Runs a migration's statements; `{key}` and `{blob}` become the engine's types.
    pub fn script(&mut self, text: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.script(&text.replace("{key}", "TEXT").replace("{blob}", "BLOB")),
            Self::Postgres(connection) => {
                connection.script(&text.replace("{key}", "TEXT COLLATE \"C\"").replace("{blob}", "BYTEA"))
            }
        }
    }

    /// Lets one node at a time migrate, until the transaction ends. To be called before anything else in it.
    pub fn lock_schema(&mut self) -> Result<(), StoreError> {
        match self {
            // The write transaction excludes every other writer already.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(connection) => connection.lock_schema(),
        }
    }

    /// How the engine would run a statement, line by line.
    pub fn explain(&mut self, sql: &str, values: &[Value]) -> Result<Vec<String>, StoreError> {
        match self {
            Self::Sqlite(connection) => connection.explain(sql, values),
            Self::Postgres(connection) => connection.explain(sql, values),
        }
    }
}

/// PostgreSQL's text can't hold it, so SQLite's may not either.
fn refuse_nul(values: &[Value]) -> Result<(), StoreError> {
    let holds_nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
    if values.iter().any(holds_nul) {
        Err(StoreError::Nul)
    } else {
        Ok(())
    }
}
