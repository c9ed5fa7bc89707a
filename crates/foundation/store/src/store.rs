//! The store that everybody holds a clone of.

use std::sync::Arc;

use kernel::Timestamp;

use crate::{
    Config, Limits, Reader, Stats, Stop, StoreError, Tx, Value,
    cache::Watches,
    engine::Engine,
    migrate, postgres,
    schema::{MIGRATIONS, Migrations},
    sqlite,
    stats::Counters,
    task,
};

/// Sends closures to the engine's threads and awaits their answers. Cheap to clone; the last clone's end stops the threads.
///
/// Closures are `Fn`: after a lost race they run again from the start. So they clone what they give away rather than
/// moving it out of their captures, keep nothing from one run to the next, and do nothing but statements.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    counters: Arc<Counters>,
    watches: Arc<Watches>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.engine.close();
    }
}

impl Store {
    /// Opens (SQLite: creates) the database and starts the threads; waits for a first connection. Does not migrate.
    pub fn open(config: Config) -> Result<Store, StoreError> {
        Self::open_with(config, Limits::default())
    }

    /// [`Store::open`] with other limits than the default ones.
    pub fn open_with(config: Config, limits: Limits) -> Result<Store, StoreError> {
        let counters = Arc::new(Counters::default());
        let engine = match config {
            Config::Sqlite { path } => sqlite::open(&path, limits, &counters)?,
            Config::Postgres { url } => postgres::open(&url, limits, &counters)?,
        };
        Ok(Self {
            inner: Arc::new(Inner {
                engine,
                counters,
                watches: Arc::default(),
            }),
        })
    }

    /// While `is_busy`, SQLite's commits wait a moment for more writes to share their sync: to be asked of whoever knows whether the
    /// cores have work in line.
    pub fn share_commits_while(&self, is_busy: impl Fn() -> bool + Send + Sync + 'static) {
        self.inner.engine.company.ask(is_busy);
    }

    /// Brings the schema up to this program's and returns the names of the migrations that it applied. Nodes may do so at
    /// the same time. Errors: Migration where the database was migrated by a newer program or by altered files.
    pub async fn migrate(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        self.migrate_to(MIGRATIONS, now).await
    }

    /// [`Store::migrate`] with given migrations.
    pub(crate) async fn migrate_to(&self, migrations: Migrations, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let mut applied = Vec::new();
        loop {
            let (task, answer) = task::closure(self.watches(), move |mut connection, _| {
                migrate::some(&mut connection, migrations, now)
            });
            self.inner.engine.writes.push(task)?;
            let names = answer.await.map_err(|_| StoreError::Closed)??;
            if names.is_empty() {
                return Ok(applied);
            }
            applied.extend(names.into_iter().map(str::to_owned));
        }
    }

    /// Runs `f` on one snapshot, which holds every write that was acknowledged before the call.
    /// Errors: Overloaded, Unavailable, and whatever `f` returns.
    pub async fn read<T, F>(&self, f: F) -> Result<T, StoreError>
    where
        F: Fn(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (task, answer) = task::closure(self.watches(), move |connection, _| f(&mut Reader { connection }));
        self.inner.engine.reads.push(task)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// [`Store::read`] for a closure that may refuse. Errors: as [`Store::read`].
    pub async fn consult<T, F>(&self, f: F) -> Result<T, Stop>
    where
        F: Fn(&mut Reader<'_>) -> Result<T, Stop> + Send + 'static,
        T: Send + 'static,
    {
        decided(self.read(move |r| kept(f(r))).await)
    }

    /// [`Store::read`] for a few look-ups by key, a row or a handful each. On SQLite they take microseconds and run on the
    /// caller's thread; on PostgreSQL this is [`Store::read`].
    pub async fn look_up<T, F>(&self, f: F) -> Result<T, StoreError>
    where
        F: Fn(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let at_hand = self.inner.engine.at_hand.as_ref();
        match at_hand.and_then(|at_hand| at_hand.look(|connection| f(&mut Reader { connection }))) {
            Some(found) => Ok(found),
            None => self.read(f).await,
        }
    }

    /// Runs `f` in one serializable transaction and commits what it wrote, durably, before this returns; what it wrote
    /// before a refusal too ([`Stop`]). `f` may run several times.
    /// Errors: Overloaded, Contention, Unavailable, OutcomeUnknown, and whatever `f` returns.
    pub async fn write<T, F>(&self, f: F) -> Result<T, Stop>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
        T: Send + 'static,
    {
        self.transact(f).await
    }

    /// [`Store::write`] for a crate whose refusals are an enum of its own.
    pub async fn transact<T, E, F>(&self, f: F) -> Result<T, Stop<E>>
    where
        F: Fn(&mut Tx<'_>) -> Result<T, Stop<E>> + Send + 'static,
        T: Send + 'static,
        E: Send + 'static,
    {
        let (task, answer) = task::closure(self.watches(), move |connection, moved| {
            kept(f(&mut Tx { connection, moved }))
        });
        self.inner.engine.writes.push(task)?;
        decided(answer.await.map_err(|_| StoreError::Closed)?)
    }

    /// How the engine would run `sql` (tables being large): what tests read to see that a look-up uses an index.
    pub async fn explain(&self, sql: &str, params: Vec<Value>) -> Result<Vec<String>, StoreError> {
        let sql = sql.to_owned();
        let (task, answer) = task::closure(self.watches(), move |mut connection, _| {
            connection.explain(&sql, &params)
        });
        self.inner.engine.reads.push(task)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) fn watches(&self) -> &Arc<Watches> {
        &self.inner.watches
    }

    pub fn stats(&self) -> Stats {
        let engine = &self.inner.engine;
        self.inner.counters.stats(engine.reads.len() + engine.writes.len())
    }

    /// Takes no more closures from any clone, finishes those that wait, and ends the threads and connections.
    pub async fn close(self) {
        let threads = self.inner.engine.close();
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a thread of the store had panicked");
                }
            }
        });
        if joined.await.is_err() {
            tracing::error!("the store's threads could not be awaited");
        }
    }
}

/// What of a closure's outcome is kept, for the engines: a refusal is a value like any other.
fn kept<T, E>(outcome: Result<T, Stop<E>>) -> Result<Result<T, E>, StoreError> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Store(error)) => Err(error),
        Err(Stop::Raced) => Err(StoreError::Raced),
    }
}

/// The way back.
fn decided<T, E>(outcome: Result<Result<T, E>, StoreError>) -> Result<T, Stop<E>> {
    match outcome {
        Ok(decided) => decided.map_err(Stop::Refused),
        Err(StoreError::Raced) => Err(Stop::Raced),
        Err(error) => Err(error.into()),
    }
}
