//! What S3 promises, against a real folder and a SQLite store.

mod buckets;
mod conditional;
mod copies;
mod multipart;
mod multipart_ends;
mod objects;

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use iam::{Caller, Iam, UnknownKeys};
use kernel::{AccountId, ApiError, Arn, CpuPool, Cx, Env, Principal, PrincipalKind, Region, SystemClock, SystemRng};
use store::{Config, Store};
use tokens::{IssuerMode, Issuers, Tokens};
use vault::Keyring;

use crate::{
    Asked, Conditions, Download, Error, Folder, Found, Intent, Manner, NewObject, Object, Objects, Operation, Put,
    Select, Settings,
};

/// Bytes of an object that needs a file.
const LARGE: usize = 5000;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// Objects in a folder of their own, removed at the end.
struct Rig {
    objects: Objects,
    cx: Cx,
    root: PathBuf,
    store: Store,
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
    }
}

impl Rig {
    async fn new() -> Self {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("objects-test-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        let store = Store::open(Config::Sqlite { path: root.join("db") }).unwrap();
        let env = Arc::new(Env {
            clock: Arc::new(SystemClock::default()),
            rng: Arc::new(SystemRng),
            account: AccountId::new("000000000000"),
            default_region: Region::new("eu-west-1"),
        });
        let cx = Cx::internal(&env, "http://localhost");
        store.migrate(cx.now()).await.unwrap();
        let objects = over(&store, &root);
        let rig = Self {
            objects,
            cx,
            root,
            store,
        };
        rig.create("photos").await.unwrap();
        rig
    }

    async fn create(&self, name: &str) -> Result<(), Error> {
        let region = Region::new("eu-west-1");
        self.objects
            .create_bucket(&self.cx, name, &region, &Settings::of_new_bucket())
            .await
    }

    async fn put(&self, key: &str, bytes: &[u8]) -> Put {
        self.objects
            .put(&self.cx, ("photos", key), NewObject::default(), whole(bytes))
            .await
            .unwrap()
    }

    async fn get(&self, key: &str) -> Vec<u8> {
        self.select(key, Select::Whole).await.unwrap()
    }

    async fn select(&self, key: &str, select: Select) -> Result<Vec<u8>, ApiError> {
        collect(got(self, &self.objects, key, select).await?).await
    }

    /// The names of all content files and folders.
    fn files(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for shard in std::fs::read_dir(self.root.join("objects/content")).unwrap() {
            for entry in std::fs::read_dir(shard.unwrap().path()).unwrap() {
                names.insert(entry.unwrap().file_name().into_string().unwrap());
            }
        }
        names
    }

    /// The ids of all contents: of files, whether a row names them or not, and of rows, with or without a file.
    async fn contents(&self) -> BTreeSet<String> {
        let rows = self
            .store
            .read(|r| store::records::objects::contents_between(r, "", "g"))
            .await;
        let mut ids = self.files();
        ids.extend(rows.unwrap());
        ids
    }

    fn incoming(&self) -> usize {
        std::fs::read_dir(self.root.join("objects/incoming")).unwrap().count()
    }
}

fn over(store: &Store, root: &Path) -> Objects {
    let keyring = Arc::new(Keyring::generate(&SystemRng));
    let issuers = Issuers {
        default: IssuerMode::Aws,
        public_url: None,
        request_allowed: false,
    };
    let tokens = Tokens::new(store.clone(), Arc::clone(&keyring), CpuPool::start(1).unwrap(), issuers);
    let iam = Iam::new(store.clone(), keyring, tokens, UnknownKeys::Refused);
    Objects::new(store.clone(), iam, Folder::open(root.join("objects")).unwrap())
}

/// To read an object as the account's owner, who may.
struct Reading {
    owner: Caller,
    intent: Intent,
}

impl Reading {
    fn of(cx: &Cx, key: &str) -> Self {
        let account = cx.account().clone();
        let manner = Manner {
            signature: None,
            content_sha256: None,
            endpoint: cx.region.clone(),
        };
        Self {
            owner: Caller::without_rights(Principal {
                kind: PrincipalKind::Root,
                arn: Arn::iam(&account, "root", "/", ""),
                ..Principal::anonymous(account)
            }),
            intent: Intent::plain(Operation::GetObject, "photos", key, manner),
        }
    }

    async fn found(&self, objects: &Objects, cx: &Cx) -> Result<Found<'_>, Error> {
        let asked = Asked {
            caller: &self.owner,
            intent: &self.intent,
            bucket: None,
        };
        let found = objects.judged(cx, asked).await?;
        found.ok_or_else(|| Error::NoSuchKey {
            key: self.intent.key.clone(),
        })
    }
}

/// Found and opened, as whoever may read it does.
async fn got(rig: &Rig, objects: &Objects, key: &str, select: Select) -> Result<Download, Error> {
    let reading = Reading::of(&rig.cx, key);
    let found = reading.found(objects, &rig.cx).await?;
    let opened = objects.open(&rig.cx, found, &Conditions::default(), select).await?;
    opened.ok_or_else(|| Error::internal("it was replaced meanwhile"))
}

async fn headed(rig: &Rig, key: &str) -> Result<Object, Error> {
    let reading = Reading::of(&rig.cx, key);
    Ok(reading.found(&rig.objects, &rig.cx).await?.object)
}

fn whole(bytes: &[u8]) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    stream::iter([Ok(Bytes::copy_from_slice(bytes))])
}

async fn collect(download: Download) -> Result<Vec<u8>, ApiError> {
    download
        .into_stream()
        .try_fold(Vec::new(), |mut all, block| async move {
            all.extend_from_slice(&block);
            Ok(all)
        })
        .await
        .map_err(ApiError::internal)
}

fn refused<T>(result: Result<T, impl Into<ApiError>>) -> &'static str {
    match result.map_err(Into::into) {
        Ok(_) => "ok",
        Err(error) => error.code().0,
    }
}
