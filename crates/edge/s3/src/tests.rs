//! Whole requests, signed as clients sign them, against real objects and a real policy engine.

mod access;
mod buckets;
mod conditions;
mod form_senders;
mod forms;
mod keys;
mod known_keys;
mod objects_api;
mod policies;
mod presigned;
mod sites;
mod wording;

use std::{ops::Deref, time::Duration};

use axum::body::{Body, to_bytes};
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use iam::{Iam, Origin, UnknownKeys};
use kernel::{AccessKeyId, AccountId, Cx, Region, Timestamp};
use objects::{Folder, Objects};
use sigv4::{Canon, ContentHash, Secret, Signer, Target};
use store::records::{
    iam::{self as entities, Entity, Kind},
    iam_keys::{self, AccessKey},
    iam_policies,
};
use testkit::{ACCOUNT, World};
use tokens::{IssuerMode, Issuers, Tokens};
use vault::Purpose;

use crate::{Hosts, S3, Version2Addresses};

/// S3 with a bucket `photos` in a world of its own.
struct Rig {
    s3: S3,
    cx: Cx,
    world: World,
}

impl Deref for Rig {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

/// Who sends a request: the key's name, or nobody.
#[derive(Clone, Copy, PartialEq)]
enum Who {
    /// AdministratorAccess.
    Admin,
    /// May list `ana/` and use what is beneath it.
    Ana,
    Nobody,
}

struct Got {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The text of the first element of that name.
    fn element(&self, name: &str) -> &str {
        let Some((_, rest)) = self.body.split_once(&format!("<{name}>")) else {
            return "";
        };
        rest.split_once("</").map_or("", |(text, _)| text)
    }

    fn is(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.element("Code")), (status, code), "{}", self.body);
    }

    fn ok(self) -> Self {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        self
    }
}

fn id_of(name: &str) -> String {
    format!("AIDA{:0>17}", name.to_uppercase())
}

fn arn_of(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

fn identity_policy(name: &str) -> &'static str {
    match name {
        "admin" => r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#,
        _ => {
            r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::photos","Condition":{"StringLike":{"s3:prefix":"ana/*"}}},
        {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::photos/ana/*"}]}"#
        }
    }
}

/// Keys with names that tests can write; whatever else is none's, and so the administrator's as in dev.
const KEYS: [(&str, &str, &str, bool); 3] = [
    ("admin", "AKIAADMIN", "s-admin", true),
    ("ana", "AKIAANA", "s-ana", true),
    ("ana", "AKIANOBODY", "s-retired", false),
];

async fn people(world: &World) {
    let (account, now) = (AccountId::new(ACCOUNT), world.now());
    let mut keys = Vec::new();
    for (user, id, secret, active) in KEYS {
        let sealed = world
            .keyring
            .seal(Purpose::SecretKey, &[id], secret.as_bytes(), world.env.rng.as_ref());
        keys.push(AccessKey {
            id: AccessKeyId::new(id),
            owner: id_of(user),
            active,
            secret: sealed.unwrap(),
            created: now,
        });
    }
    let written = world.store.write(move |tx| {
        for name in ["admin", "ana"] {
            let user = Entity {
                kind: Kind::User,
                id: id_of(name),
                name: name.to_owned(),
                path: "/".to_owned(),
                created: now,
                version: 1,
                doc: "{}".to_owned(),
            };
            entities::insert(tx, &account, &user)?;
            iam_policies::put_inline(tx, &account, &user.id, "own", identity_policy(name))?;
        }
        for key in &keys {
            iam_keys::insert(tx, &account, key)?;
        }
        Ok(())
    });
    written.await.unwrap();
}

impl Rig {
    async fn new() -> Self {
        let world = World::in_region("us-east-1").await;
        people(&world).await;
        let issuers = Issuers {
            default: IssuerMode::Aws,
            public_url: None,
            request_allowed: false,
        };
        let (store, keyring) = (world.store.clone(), world.keyring.clone());
        let tokens = Tokens::new(store.clone(), keyring.clone(), world.cpu.clone(), issuers);
        let iam = Iam::new(store.clone(), keyring, tokens, UnknownKeys::Administrator);
        let folder = Folder::open(world.folder().join("objects")).unwrap();
        let rig = Self {
            s3: S3 {
                objects: Objects::new(store, iam.clone(), folder),
                iam,
                hosts: Hosts {
                    domains: vec!["localhost".to_owned()],
                    endpoints: Vec::new(),
                },
                version2: Version2Addresses::Verified,
            },
            cx: world.cx(),
            world,
        };
        rig.call(Who::Admin, "PUT /photos", &[], "").await.ok();
        rig
    }

    /// `line`: method and target; `host` among the headers replaces localhost.
    async fn call(&self, who: Who, line: &str, headers: &[(&str, &str)], body: &str) -> Got {
        self.send(self.signed(who, line, headers, body)).await
    }

    fn signed(&self, who: Who, line: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
        let (method, target) = line.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut map = HeaderMap::new();
        map.insert("host", HeaderValue::from_static("localhost:4566"));
        map.insert("content-length", HeaderValue::from(body.len()));
        for (name, value) in headers {
            map.insert(
                HeaderName::try_from(*name).unwrap(),
                HeaderValue::try_from(*value).unwrap(),
            );
        }
        if let Some(signer) = signer(who, &self.cx.region) {
            let content = ContentHash::of(body.as_bytes());
            signer
                .sign(Target { method, path, query }, &mut map, content, self.cx.wall())
                .unwrap();
        }
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .body(Body::from(body.to_owned()))
            .unwrap();
        *request.headers_mut() = map;
        request
    }

    /// `line`: method and path.
    fn presigned(&self, who: Who, line: &str, age: i64, expires: u64) -> Request<Body> {
        let (method, path) = line.split_once(' ').unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:4566"));
        let at = Timestamp::from_secs(self.cx.wall().secs() - age);
        let target = Target {
            method,
            path,
            query: "",
        };
        let query = signer(who, &self.cx.region)
            .unwrap()
            .presign(
                &target.with(&headers),
                ContentHash::Unsigned,
                at,
                Duration::from_secs(expires),
            )
            .unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{path}?{query}"))
            .body(Body::empty())
            .unwrap();
        *request.headers_mut() = headers;
        request
    }

    /// Gives a user a further policy in place of the one that was given so before.
    async fn grant(&self, name: &str, document: String) {
        let (account, user) = (AccountId::new(ACCOUNT), id_of(name));
        let written = self
            .store
            .write(move |tx| Ok(iam_policies::put_inline(tx, &account, &user, "further", &document)?));
        written.await.unwrap();
        self.s3.iam.forget();
    }

    async fn send(&self, request: Request<Body>) -> Got {
        let response = self.s3.handle(self.cx.clone(), Origin::Own, request).await;
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

fn signer(who: Who, region: &Region) -> Option<Signer> {
    let (key, secret) = match who {
        Who::Admin => ("AKIAADMIN", "s-admin"),
        Who::Ana => ("AKIAANA", "s-ana"),
        Who::Nobody => return None,
    };
    Some(Signer {
        access_key: AccessKeyId::new(key),
        secret: Secret::new(secret),
        token: None,
        region: region.clone(),
        service: "s3".to_owned(),
        canon: Canon::S3,
    })
}
