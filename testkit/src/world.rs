//! What a service stands on, in a test's hands: a database of its own, time, chance, keys, cores. A crate puts its own
//! services on it; they are built from what is public here.

use std::{path::Path, sync::Arc, time::Duration};

use kernel::{AccountId, Clock, CpuPool, Cx, Env, Region, Timestamp};
use store::{Config, Store};
use vault::Keyring;

use crate::{Folder, MockClock, SeededRng, postgres};

/// Whose resources these are.
pub const ACCOUNT: &str = "123456789012";
/// Where they are, unless a world is made for another region.
pub const REGION: &str = "eu-west-1";
/// What clients call the server.
pub const BASE_URL: &str = "http://localhost:4566";

/// Threads that hash and sign.
pub const CPU_THREADS: usize = 2;

pub struct World {
    pub store: Store,
    pub keyring: Arc<Keyring>,
    pub clock: Arc<MockClock>,
    pub env: Arc<Env>,
    pub cpu: CpuPool,
    database: Config,
    /// Removed with the world.
    folder: Folder,
}

impl World {
    /// An empty database on SQLite, or on PostgreSQL where [`postgres::chosen`] says so.
    pub async fn new() -> Self {
        Self::in_region(REGION).await
    }

    pub async fn in_region(region: &str) -> Self {
        Self::on(postgres::chosen(), region).await
    }

    /// One on SQLite, and one on PostgreSQL where that is installed.
    pub async fn on_every_engine() -> Vec<Self> {
        let mut worlds = vec![Self::on(None, REGION).await];
        if let Some(url) = postgres::database() {
            worlds.push(Self::on(Some(url), REGION).await);
        }
        worlds
    }

    async fn on(postgres: Option<String>, region: &str) -> Self {
        let folder = must(Folder::new());
        let database = match postgres {
            Some(url) => Config::Postgres { url },
            None => Config::Sqlite {
                path: folder.path().join("db"),
            },
        };
        let (clock, rng) = (Arc::new(MockClock::default()), Arc::new(SeededRng::new(7)));
        let keyring = Arc::new(Keyring::generate(rng.as_ref()));
        let env = Arc::new(Env {
            clock: Arc::<MockClock>::clone(&clock),
            rng,
            account: AccountId::new(ACCOUNT),
            default_region: Region::new(region),
        });
        Self {
            store: opened(&database, &env).await,
            keyring,
            clock,
            env,
            cpu: must(CpuPool::start(CPU_THREADS)),
            database,
            folder,
        }
    }

    /// The same database served by a new process. What was built on this world is dropped before.
    pub async fn reopened(mut self) -> Self {
        self.store.close().await;
        self.store = opened(&self.database, &self.env).await;
        self.cpu = must(CpuPool::start(CPU_THREADS));
        self
    }

    /// The same database as another node has it open.
    pub async fn second_store(&self) -> Store {
        opened(&self.database, &self.env).await
    }

    /// The same database served by a new process whose keyring has a new version.
    pub async fn reopened_with_new_key(mut self) -> Self {
        self.keyring = Arc::new(self.rotated_keyring());
        self.reopened().await
    }

    /// The keyring with one version more.
    pub fn rotated_keyring(&self) -> Keyring {
        let mut keyring = must(
            self.keyring
                .as_of(self.keyring.current_version())
                .ok_or("its own version"),
        );
        keyring.rotate(self.env.rng.as_ref());
        keyring
    }

    /// A context that no request caused.
    pub fn cx(&self) -> Cx {
        Cx::internal(&self.env, BASE_URL)
    }

    /// The same in another account, which has nothing here.
    pub fn cx_of_account(&self, account: &str) -> Cx {
        let env = Env {
            clock: Arc::clone(&self.env.clock),
            rng: Arc::clone(&self.env.rng),
            account: AccountId::new(account),
            default_region: self.env.default_region.clone(),
        };
        Cx::internal(&Arc::new(env), BASE_URL)
    }

    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// An empty folder but for a database on SQLite, for whoever keeps files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

async fn opened(database: &Config, env: &Env) -> Store {
    let store = must(Store::open(database.clone()));
    must(store.migrate(env.clock.now()).await);
    store
}

#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
#[track_caller]
fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("a world to test in: {error:?}"))
}
