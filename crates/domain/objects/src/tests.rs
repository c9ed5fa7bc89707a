//! What S3 promises, against a real folder and a SQLite store.

mod buckets;
mod conditional;
mod copies;
mod multipart;
mod multipart_ends;
mod objects;

use std::{collections::BTreeSet, io, ops::Deref};

use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, stream};
use iam::{Caller, Iam, UnknownKeys};
use kernel::{ApiError, Arn, Cx, Principal, PrincipalKind, Region};
use testkit::World;
use tokens::{IssuerMode, Issuers, Tokens};

use crate::{
    Asked, Conditions, Download, Error, Folder, Found, Intent, Manner, NewObject, Object, Objects, Operation, Put,
    Select, Settings,
};

/// Bytes of an object that needs a file.
const LARGE: usize = 5000;

/// Objects in a world of their own, with a bucket `photos`.
struct Rig {
    objects: Objects,
    cx: kernel::Cx,
    world: World,
}

impl Deref for Rig {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Rig {
    async fn new() -> Self {
        let world = World::new().await;
        let rig = Self {
            objects: over(&world),
            cx: world.cx(),
            world,
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
        for shard in std::fs::read_dir(self.folder().join("objects/content")).unwrap() {
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
        std::fs::read_dir(self.folder().join("objects/incoming"))
            .unwrap()
            .count()
    }
}

fn over(world: &World) -> Objects {
    let issuers = Issuers {
        default: IssuerMode::Aws,
        public_url: None,
        request_allowed: false,
    };
    let (store, keyring) = (world.store.clone(), world.keyring.clone());
    let tokens = Tokens::new(store.clone(), keyring.clone(), world.cpu.clone(), issuers);
    let iam = Iam::new(store.clone(), keyring, tokens, UnknownKeys::Refused);
    Objects::new(store, iam, Folder::open(world.folder().join("objects")).unwrap())
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
