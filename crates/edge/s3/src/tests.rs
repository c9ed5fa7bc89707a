//! Whole requests, signed as clients sign them, against real objects and a real policy engine.

mod access;
mod buckets;
mod conditions;
mod forms;
mod keys;
mod objects_api;
mod policies;
mod sites;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::body::to_bytes;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Request};
use kernel::{
    AccessKeyId, AccountId, ApiError, Arn, Clock, Code, Cx, Env, Principal, PrincipalKind, Region, SystemClock,
    SystemRng, Timestamp,
};
use objects::{Folder, Objects};
use policy::{Context, Policies, Policy, PolicyKind};
use sigv4::{Canon, ContentHash, Secret, Signer, Target};
use store::{Config, Store};

use super::{Body, Credential, Gate, Hosts, Question, S3};

const ACCOUNT: &str = "123456789012";

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A clock that stands still.
struct Still;

impl Clock for Still {
    fn wall(&self) -> Timestamp {
        Timestamp::from_secs(1_768_478_400)
    }

    fn now(&self) -> Timestamp {
        self.wall()
    }
}

struct Rig {
    s3: S3,
    cx: Cx,
    root: PathBuf,
}

impl Drop for Rig {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.root);
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

fn principal(name: &str) -> iam::Caller {
    let account = AccountId::new(ACCOUNT);
    iam::Caller::without_rights(Principal {
        kind: PrincipalKind::User { name: name.to_owned() },
        arn: Arn::iam(&account, "user", "/", name),
        account,
        user_id: id_of(name),
        access_key: None,
        tags: std::collections::BTreeMap::new(),
        session: None,
    })
}

fn id_of(name: &str) -> String {
    format!("AIDA{:0>17}", name.to_uppercase())
}

/// Of users there are Ana and the administrator. What is kept names their ids, what is shown their ARNs.
fn rename(document: &str, from: fn(&str) -> String, to: fn(&str) -> String) -> Result<String, ApiError> {
    policy::rename_principals(document, |name| {
        let found = ["ana", "admin"].into_iter().find(|user| from(user) == name);
        if found.is_none() && name.contains(":user/") {
            return Err(ApiError::new(Code("MalformedPolicy"), "Invalid principal in policy"));
        }
        Ok(found.map(to))
    })
}

fn arn_of(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:user/{name}")
}

fn identity_policy(name: &str) -> Policy {
    let admin = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let ana = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::photos","Condition":{"StringLike":{"s3:prefix":"ana/*"}}},
        {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject"],"Resource":"arn:aws:s3:::photos/ana/*"}]}"#;
    Policy::parse(if name == "admin" { admin } else { ana }, PolicyKind::Identity).unwrap()
}

fn decide(question: &Question) -> Result<(), String> {
    let (arn, name) = (
        question.caller.principal.arn.as_str(),
        match &question.caller.principal.kind {
            PrincipalKind::User { name } => name.as_str(),
            _ => "",
        },
    );
    let account = policy::Account::new(ACCOUNT);
    let principal = if name.is_empty() {
        policy::Principal::Anonymous
    } else {
        policy::Principal::User {
            account,
            arn,
            name,
            id: &question.caller.principal.user_id,
        }
    };
    let mut context = Context::of(&principal);
    for (key, value) in &question.keys.single {
        context.set(key.as_str(), value.as_str());
    }
    let identity = if name.is_empty() {
        Vec::new()
    } else {
        vec![identity_policy(name)]
    };
    let request = policy::Request {
        principal,
        action: question.action,
        resource: &question.resource,
        resource_account: question.resource_account.as_str(),
        context: &context,
        needs: policy::Needs::Allow,
    };
    let policies = Policies {
        identity: &identity,
        resource: question.bucket_policy.as_ref(),
        ..Policies::default()
    };
    let resource = format!("\"{}\"", question.resource);
    match policy::evaluate(&request, &policies).refusal(arn, question.action, Some(&resource)) {
        None => Ok(()),
        Some(_) if name.is_empty() => Err("Access Denied".to_owned()),
        Some(sentence) => Err(sentence),
    }
}

fn gate() -> Gate {
    Gate {
        credential: Arc::new(|_, _, key, _token| {
            async move {
                match key.as_str() {
                    "AKIAADMIN" => Ok(Ok(Credential {
                        caller: principal("admin"),
                        secret: Some(Secret::new("s-admin")),
                    })),
                    "AKIAANA" => Ok(Ok(Credential {
                        caller: principal("ana"),
                        secret: Some(Secret::new("s-ana")),
                    })),
                    // As in dev a key that was never issued.
                    "AKIAANYBODY" => Ok(Ok(Credential {
                        caller: principal("admin"),
                        secret: None,
                    })),
                    _ => Ok(Err(sigv4::Error::UnknownKey(key))),
                }
            }
            .boxed()
        }),
        version2: super::Version2Addresses::Verified,
        decide: Arc::new(|_, question| async move { Ok(decide(&question)) }.boxed()),
        keep_principals: Arc::new(|_, document| async move { rename(&document, arn_of, id_of) }.boxed()),
        show_principals: Arc::new(|_, document| async move { rename(&document, id_of, arn_of) }.boxed()),
    }
}

impl Rig {
    async fn new() -> Self {
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("s3-test-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&root).unwrap();
        let store = Store::open(Config::Sqlite { path: root.join("db") }).unwrap();
        store.migrate(SystemClock::default().wall()).await.unwrap();
        let objects = Objects::new(store, Folder::open(root.join("objects")).unwrap());
        let env = Arc::new(Env {
            clock: Arc::new(Still),
            rng: Arc::new(SystemRng),
            account: AccountId::new(ACCOUNT),
            default_region: Region::new("us-east-1"),
        });
        let hosts = Hosts {
            domains: vec!["localhost".to_owned()],
            endpoints: Vec::new(),
        };
        let cx = Cx::internal(&env, "http://localhost");
        let rig = Self {
            s3: S3 {
                objects,
                gate: gate(),
                hosts,
            },
            cx,
            root,
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
        if let Some(signer) = signer(who) {
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

    fn presigned(&self, who: Who, method: &str, path: &str, age: i64, expires: u64) -> Request<Body> {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("localhost:4566"));
        let at = Timestamp::from_secs(self.cx.wall().secs() - age);
        let target = Target {
            method,
            path,
            query: "",
        };
        let query = signer(who)
            .unwrap()
            .presign(
                target,
                &headers,
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

    async fn send(&self, request: Request<Body>) -> Got {
        let response = self.s3.handle(&self.cx, iam::Origin::Own, request).await;
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 20).await.unwrap();
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
}

fn signer(who: Who) -> Option<Signer> {
    let (key, secret) = match who {
        Who::Admin => ("AKIAADMIN", "s-admin"),
        Who::Ana => ("AKIAANA", "s-ana"),
        Who::Nobody => return None,
    };
    Some(Signer {
        access_key: AccessKeyId::new(key),
        secret: Secret::new(secret),
        token: None,
        region: Region::new("us-east-1"),
        service: "s3".to_owned(),
        canon: Canon::S3,
    })
}
