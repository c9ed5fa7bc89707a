//! Tests of the edge, by the entry that every connection goes through: whole requests against real services on a database
//! of their own, with time, chance and mail in the test's hands.

mod callers;
mod context;
mod documents;
mod doors;
mod in_step;
mod lock_out;
mod negatives;
mod passing;
mod proxied;
mod regions;
mod requests;
mod routing;
mod signatures;
mod socket;
mod trust;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use delivery::{Delivery, Route, Routes};
use iam::{Iam, UnknownKeys};
use identitypool::IdentityPools;
use kernel::{AccountId, CpuPool, Cx, Env, Region};
use model::{Service, Table};
use objects::Objects;
use s3::{Hosts, S3, Version2Addresses};
use store::{Config, Store};
use testkit::{Folder, MockClock, SeededRng};
use tokens::{IssuerMode, Issuers, Tokens};
use userpool::UserPools;
use vault::{Keyring, jws::SigningKey};

use self::{
    callers::Key,
    requests::{Draft, Got},
};
use crate::{App, Doors, Profile, body, entry, peer::Peer};

const ACCOUNT: &str = "000000000000";
const REGION: &str = "eu-west-1";
/// What clients of these tests call the server.
const HOST: &str = "localhost:4566";
const PUBLIC_URL: &str = "https://id.example.com";
const CPU_THREADS: usize = 2;

struct Rig {
    app: Arc<App>,
    clock: Arc<MockClock>,
    resets: Arc<AtomicU32>,
    cpu: CpuPool,
    /// Removed with the rig.
    _folder: Folder,
}

impl Rig {
    async fn dev() -> Self {
        Self::new(Profile::Dev, IssuerMode::Request, &[]).await
    }

    async fn serve() -> Self {
        Self::new(Profile::Serve, IssuerMode::Public, &[]).await
    }

    async fn new(profile: Profile, issuer: IssuerMode, trusted_hosts: &[&str]) -> Self {
        let folder = Folder::new().unwrap();
        let store = Store::open(Config::Sqlite {
            path: folder.path().join("db"),
        })
        .unwrap();
        let (clock, rng) = (Arc::new(MockClock::default()), Arc::new(SeededRng::new(11)));
        let keyring = Arc::new(Keyring::generate(rng.as_ref()));
        let env = Arc::new(Env {
            clock: clock.clone(),
            rng,
            account: AccountId::new(ACCOUNT),
            default_region: Region::new(REGION),
        });
        store.migrate(env.clock.now()).await.unwrap();
        let cpu = CpuPool::start(CPU_THREADS).unwrap();
        let dev = profile == Profile::Dev;
        let public_url = (!dev).then(|| PUBLIC_URL.to_owned());
        let issuers = Issuers {
            default: issuer,
            public_url: public_url.clone(),
            request_allowed: dev,
        };
        let tokens = Tokens::new(store.clone(), keyring.clone(), cpu.clone(), issuers);
        tokens.add_spares(testkit::signing_keys().map(|der| SigningKey::from_pkcs8(der).unwrap()));
        let routes = Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        };
        let delivery = Delivery::new(store.clone(), keyring.clone(), env.clone(), routes);
        let unknown_keys = if dev {
            UnknownKeys::Administrator
        } else {
            UnknownKeys::Refused
        };
        let iam = Iam::new(store.clone(), keyring.clone(), tokens.clone(), unknown_keys);
        iam.ensure_account(&Cx::internal(&env, "")).await.unwrap();
        let objects = Objects::new(
            store.clone(),
            iam.clone(),
            objects::Folder::open(folder.path().join("objects")).unwrap(),
        );
        let resets = Arc::new(AtomicU32::new(0));
        let app = App {
            profile,
            user_pools: UserPools::new(
                store.clone(),
                keyring.clone(),
                cpu.clone(),
                tokens.clone(),
                delivery.clone(),
            ),
            identity_pools: IdentityPools::new(store.clone(), keyring, tokens.clone(), iam.clone()),
            s3: S3 {
                objects,
                iam: iam.clone(),
                version2: Version2Addresses::Verified,
                hosts: Hosts {
                    domains: vec!["localhost".to_owned()],
                    endpoints: Vec::new(),
                },
            },
            env,
            store,
            tokens,
            delivery,
            iam,
            doors: dev.then(|| doors_of(&clock, &resets)),
            trusted_hosts: trusted_hosts.iter().map(|host| (*host).to_owned()).collect(),
            behind_proxy: false,
            public_url: public_url.map(Arc::from),
            version: "1.2.3",
        };
        Self {
            app: Arc::new(app),
            clock,
            resets,
            cpu,
            _folder: folder,
        }
    }

    async fn send(&self, draft: Draft) -> Got {
        let peer = Peer {
            ip: Some([127, 0, 0, 1].into()),
            secure: false,
        };
        let response = entry::handle(Arc::clone(&self.app), peer, draft.request()).await;
        let (head, body) = response.into_parts();
        let bytes = body::read(body, 1 << 24).await.unwrap();
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    fn cx(&self) -> Cx {
        Cx::internal(&self.app.env, "http://localhost:4566")
    }

    /// A new key of the user `root` with AdministratorAccess, as `poolhouse admin create-access-key` makes it.
    async fn admin(&self) -> Key {
        let (id, secret) = self.app.iam.create_administrator_key(&self.cx(), "root").await.unwrap();
        Key {
            id,
            secret,
            region: REGION,
        }
    }
}

/// The services, and what each lacks of its model.
fn services() -> [(&'static Service, Vec<&'static str>); 4] {
    fn of<S>(table: &'static Table<S>) -> (&'static Service, Vec<&'static str>) {
        (table.service, table.missing())
    }
    [
        of(&userpool::ops::TABLE),
        of(&identitypool::ops::TABLE),
        of(&iam::ops::TABLE),
        of(&iam::sts::TABLE),
    ]
}

fn doors_of(clock: &Arc<MockClock>, resets: &Arc<AtomicU32>) -> Doors {
    let (clock, resets) = (Arc::clone(clock), Arc::clone(resets));
    Doors {
        advance: Box::new(move |span: Duration| clock.advance(span)),
        reset: Box::new(move || {
            let resets = Arc::clone(&resets);
            Box::pin(async move {
                // The second one fails, so that both answers are seen.
                if resets.fetch_add(1, Ordering::Relaxed) == 0 {
                    Ok(())
                } else {
                    Err("the disk is full".to_owned())
                }
            })
        }),
    }
}
