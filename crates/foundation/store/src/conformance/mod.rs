//! What the store promises, run on both engines: each case is a test `sqlite::…` and a test `postgres::…`.

mod cuts;
mod load;
mod migrations;
mod proxy;
mod tls;
mod transactions;
mod values;

use kernel::{ApiError, Code, Timestamp};
use testkit::Folder;

use crate::{Config, Limits, Read, Store, StoreError};

const NOW: Timestamp = Timestamp::from_secs(1_768_478_400);

const SCHEMA: &[(&str, &str)] = &[(
    "0001_things",
    "CREATE TABLE things (name {key} NOT NULL PRIMARY KEY, n BIGINT NOT NULL, note TEXT, raw {blob}, flag BOOLEAN);
     CREATE INDEX things_by_n ON things (n, name);",
)];

/// Tests of `cases`, functions from a [`Bed`], on each engine.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::$case(crate::conformance::Bed::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                if let Some(bed) = crate::conformance::Bed::postgres() {
                    super::$case(bed).await;
                }
            })+
        }
    };
}
use on_both;

/// Where one test's data is. Stores are opened on it, several if need be.
pub(crate) struct Bed {
    config: Config,
    _folder: Option<Folder>,
}

impl Bed {
    pub(crate) fn sqlite() -> Self {
        let folder = Folder::new().unwrap();
        Self {
            config: Config::Sqlite {
                path: folder.path().join("test.db"),
            },
            _folder: Some(folder),
        }
    }

    pub(crate) fn postgres() -> Option<Self> {
        let url = testkit::postgres::database()?;
        Some(Self {
            config: Config::Postgres { url },
            _folder: None,
        })
    }

    /// Two closures that write can be under way at once.
    pub(crate) fn writes_concurrently(&self) -> bool {
        matches!(self.config, Config::Postgres { .. })
    }

    fn open(&self) -> Store {
        self.open_with(Limits::default())
    }

    pub(crate) fn open_with(&self, limits: Limits) -> Store {
        Store::open_with(self.config.clone(), limits).unwrap()
    }

    /// A store with the table `things`.
    async fn store(&self) -> Store {
        self.store_with(Limits::default()).await
    }

    async fn store_with(&self, limits: Limits) -> Store {
        let store = self.open_with(limits);
        store.migrate_to(SCHEMA, NOW).await.unwrap();
        store
    }
}

fn refusal() -> ApiError {
    ApiError::new(
        Code::CodeMismatch,
        "Invalid verification code provided, please try again.",
    )
}

const PUT: &str = "INSERT INTO things (name, n) VALUES ($1, $2)";
const ADD: &str = "UPDATE things SET n = n + 1 WHERE name = $1";

fn n_of(r: &mut impl Read, name: &str) -> Result<Option<i64>, StoreError> {
    Ok(r.one("SELECT n FROM things WHERE name = $1", (name,))?.map(|(n,)| n))
}

/// Writes `name` as 0 or `n`, acknowledged.
async fn put(store: &Store, name: &'static str, n: i64) {
    store.write(move |tx| Ok(tx.exec(PUT, (name, n))?)).await.unwrap();
}

async fn n(store: &Store, name: &'static str) -> Option<i64> {
    store.read(move |r| n_of(r, name)).await.unwrap()
}
