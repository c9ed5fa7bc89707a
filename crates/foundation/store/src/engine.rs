//! The two engines as one: threads behind two lines.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{Builder, JoinHandle},
};

use crate::{StoreError, queue::Queue, sqlite};

/// Threads behind two lines, of readers and of writers.
pub(crate) struct Engine {
    pub reads: Arc<Queue>,
    pub writes: Arc<Queue>,
    /// SQLite only.
    pub at_hand: Option<sqlite::AtHand>,
    /// What SQLite's commits wait for.
    pub company: Arc<sqlite::Company>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Engine {
    pub fn new(waiting: usize) -> Self {
        Self {
            reads: Arc::new(Queue::new(waiting)),
            writes: Arc::new(Queue::new(waiting)),
            at_hand: None,
            company: Arc::default(),
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
