//! What every command that touches data opens first: the folder, the database, the keyring.

use std::sync::Arc;

use kernel::{AccountId, Clock, Env, Region, SystemClock, SystemRng};
use store::{Config, Store, StoreError, records::facts};
use vault::Keyring;

use crate::{
    data::DataFolder,
    failure::{Failure, Result},
    keyring::{self, Absent, Source},
    settings::Settings,
};

pub struct Storage {
    pub data: DataFolder,
    pub store: Store,
    pub keyring: Arc<Keyring>,
    pub env: Arc<Env>,
    /// The clock of `env`, which dev may move.
    pub clock: Arc<SystemClock>,
}

impl Storage {
    /// Opens the database, brings its schema up to this program's, and unlocks it.
    pub async fn open(settings: &Settings, absent: Absent) -> Result<Self> {
        let data = DataFolder::open(&settings.data)?;
        let (env, clock) = environment(settings)?;
        let source = Source::of(settings, &data)?;
        let is_new = settings.database.is_none() && !data.database().exists();
        if is_new && absent == Absent::Refuse {
            // Before a database is made that nobody could use.
            source.must_exist()?;
        }
        let store = Store::open(config(settings, &data))?;
        let applied = store.migrate(env.clock.wall()).await?;
        if !applied.is_empty() {
            tracing::info!(migrations = applied.join(" "), "brought the database up to date");
        }
        let keyring = keyring::unlock(&store, &source, absent, env.rng.as_ref()).await?;
        Ok(Self {
            data,
            store,
            keyring: Arc::new(keyring),
            env,
            clock,
        })
    }

    /// Opens what a server uses or used, and changes nothing about it: for commands that work beside it.
    pub async fn beside(settings: &Settings) -> Result<Self> {
        let data = DataFolder::at(&settings.data);
        if settings.database.is_none() && !data.database().exists() {
            return Err(Failure::new(format!(
                "there is no database at {}: say where the server's data is by --data, or make it with `poolhouse init`.",
                data.database().display()
            )));
        }
        let (env, clock) = environment(settings)?;
        let source = Source::of(settings, &data)?;
        let store = Store::open(config(settings, &data))?;
        if let Err(StoreError::Statement { .. }) = store.read(|r| facts::fact(r, "account")).await {
            return Err(Failure::new(
                "the database has no tables yet: `poolhouse init` makes them.",
            ));
        }
        let keyring = keyring::unlock(&store, &source, Absent::Refuse, env.rng.as_ref()).await?;
        Ok(Self {
            data,
            store,
            keyring: Arc::new(keyring),
            env,
            clock,
        })
    }
}

/// Brings the schema up to this program's without unlocking anything; returns what was applied.
pub async fn migrate(settings: &Settings) -> Result<Vec<String>> {
    let data = DataFolder::open(&settings.data)?;
    let store = Store::open(config(settings, &data))?;
    let applied = store.migrate(SystemClock::default().wall()).await?;
    store.close().await;
    Ok(applied)
}

fn config(settings: &Settings, data: &DataFolder) -> Config {
    match &settings.database {
        Some(url) => Config::Postgres { url: url.clone() },
        None => Config::Sqlite { path: data.database() },
    }
}

fn environment(settings: &Settings) -> Result<(Arc<Env>, Arc<SystemClock>)> {
    let account = &settings.account;
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Failure::new(format!("the account `{account}` is not twelve digits.")));
    }
    let region = &settings.region;
    let fine = region
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !fine || !(5..=32).contains(&region.len()) {
        return Err(Failure::new(format!(
            "the region `{region}` has not the form of `us-east-1`."
        )));
    }
    let clock = Arc::new(SystemClock::default());
    let env = Env {
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        rng: Arc::new(SystemRng),
        account: AccountId::new(account.as_str()),
        default_region: Region::new(region.as_str()),
    };
    Ok((Arc::new(env), clock))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use testkit::Folder;

    use super::*;
    use crate::settings::Sources;

    fn settings(folder: &Folder, flags: &[(&str, &str)]) -> Settings {
        let mut all: BTreeMap<_, _> = flags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        all.insert("data".to_owned(), folder.path().join("data").display().to_string());
        Sources {
            flags: all,
            ..Sources::default()
        }
        .settings()
        .unwrap()
    }

    #[tokio::test]
    async fn a_command_beside_the_server_makes_nothing() {
        let folder = Folder::new().unwrap();
        let settings = settings(&folder, &[]);
        let sentence = Storage::beside(&settings).await.err().unwrap().to_string();
        assert!(sentence.contains("poolhouse init"), "{sentence}");
        assert!(!folder.path().join("data").exists());
        let data = DataFolder::open(&settings.data).unwrap();
        Store::open(config(&settings, &data)).unwrap().close().await;
        let sentence = Storage::beside(&settings).await.err().unwrap().to_string();
        assert!(sentence.contains("no tables"), "{sentence}");
        Storage::open(&settings, Absent::Create)
            .await
            .unwrap()
            .store
            .close()
            .await;
        Storage::beside(&settings).await.unwrap();
    }

    #[tokio::test]
    async fn without_its_keyring_no_database_is_made() {
        let folder = Folder::new().unwrap();
        let settings = settings(&folder, &[]);
        assert!(Storage::open(&settings, Absent::Refuse).await.is_err());
        assert!(!folder.path().join("data/poolhouse.db").exists());
    }

    #[tokio::test]
    async fn migrating_needs_no_keyring() {
        let folder = Folder::new().unwrap();
        let settings = settings(&folder, &[]);
        assert!(!migrate(&settings).await.unwrap().is_empty());
        assert!(migrate(&settings).await.unwrap().is_empty());
        assert!(!folder.path().join("data/keyring.json").exists());
    }

    #[test]
    fn account_and_region_have_their_forms() {
        let folder = Folder::new().unwrap();
        for (name, value, fine) in [
            ("account", "123456789012", true),
            ("account", "12345678901", false),
            ("account", "12345678901x", false),
            ("region", "eu-west-1", true),
            ("region", "EU west", false),
            ("region", "", false),
        ] {
            assert_eq!(
                environment(&settings(&folder, &[(name, value)])).is_ok(),
                fine,
                "{name} {value}"
            );
        }
    }
}
