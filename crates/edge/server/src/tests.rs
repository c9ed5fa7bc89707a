//! Tests of the edge, by the entry that every connection goes through: whole requests against real services on a database
//! of their own, with time, chance and mail in the test's hands.

mod acme;
mod beyond;
mod callers;
mod confirm_user;
mod context;
mod documents;
mod doors;
mod hang_up;
mod hosted;
mod in_step;
mod lock_out;
mod looks;
mod negatives;
mod own_hosts;
mod passing;
mod proxied;
mod regions;
mod requests;
mod routing;
mod signatures;
mod socket;
mod trust;

use std::{
    net::{IpAddr, Ipv4Addr},
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use delivery::{Budgets, Delivery, KnownCodes, Route, Routes};
use federation::{Federation, Places};
use iam::{Iam, UnknownKeys};
use identitypool::IdentityPools;
use kernel::{Cx, Env};
use model::{Service, Table};
use objects::Objects;
use s3::{Hosts, S3, Version2Addresses};
use testkit::{MockClock, REGION, World};
use tokens::{IssuerMode, Issuers, Tokens};
use triggers::Triggers;
use upstream::{Reach, Upstream};
use userpool::{Beneath, Judging, SmsRole, SmsRoleFitness, SmsRoles, UserPools};

use self::{
    callers::Key,
    requests::{Draft, Got},
};
use crate::{App, Doors, OwnHosts, Profile, body, entry, peer::Peer};

/// What clients of these tests call the server.
const HOST: &str = "localhost:4566";
/// Forms and failed client authentications of an address in a minute.
const ATTEMPTS: u32 = 5;
const PUBLIC_URL: &str = "https://id.example.com";

/// Who has connected, by plain http.
const LOOPBACK: Peer = Peer {
    ip: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
    secure: false,
};

fn inbox() -> delivery::Settings {
    delivery::Settings {
        routes: Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        },
        budgets: Budgets::default(),
        known_codes: KnownCodes::default(),
    }
}

struct Rig {
    app: Arc<App>,
    resets: Arc<AtomicU32>,
    world: World,
}

impl Deref for Rig {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

/// What roles are good for is not seen here.
struct AnyRole;

impl SmsRoles for AnyRole {
    fn judge<'a>(&'a self, _cx: &'a Cx, _role: SmsRole<'a>) -> Judging<'a> {
        Box::pin(async { Ok(SmsRoleFitness::Fit) })
    }
}

/// Without functions.
fn triggers(env: &Arc<Env>) -> Triggers {
    let settings = triggers::Settings {
        functions: Vec::new(),
        lambda: None,
        in_flight: 1,
        keep: triggers::Keep::Last,
    };
    Triggers::new(env.clone(), Upstream::new(Reach::Public).unwrap(), settings)
}

impl Rig {
    async fn dev() -> Self {
        Self::new(Profile::Dev, IssuerMode::Request, &[]).await
    }

    async fn serve() -> Self {
        Self::new(Profile::Serve, IssuerMode::Public, &[]).await
    }

    async fn new(profile: Profile, issuer: IssuerMode, trusted_hosts: &[&str]) -> Self {
        Self::over(World::new().await, profile, issuer, trusted_hosts).await
    }

    /// The same data in dev, served by a new process whose keyring has a new version.
    async fn with_new_key(self) -> Self {
        let Self { app, world, .. } = self;
        drop(app);
        let world = world.reopened_with_new_key().await;
        Self::over(world, Profile::Dev, IssuerMode::Request, &[]).await
    }

    async fn over(world: World, profile: Profile, issuer: IssuerMode, trusted_hosts: &[&str]) -> Self {
        let dev = profile == Profile::Dev;
        let public_url = (!dev).then(|| PUBLIC_URL.to_owned());
        let issuers = Issuers {
            default: issuer,
            public_url: public_url.clone(),
            request_allowed: dev,
        };
        let (store, keyring, env, cpu) = (&world.store, &world.keyring, &world.env, &world.cpu);
        let tokens = Tokens::new(store.clone(), keyring.clone(), cpu.clone(), issuers);
        tokens.add_spares(testkit::signing_keys());
        let iam = iam(&world, &tokens, profile).await;
        let resets = Arc::new(AtomicU32::new(0));
        let triggers = triggers(env);
        let delivery = Delivery::new(store.clone(), keyring.clone(), env.clone(), inbox(), triggers.clone());
        let app = App {
            profile,
            user_pools: UserPools::new(Beneath {
                store: store.clone(),
                keyring: keyring.clone(),
                cpu: cpu.clone(),
                tokens: tokens.clone(),
                delivery: delivery.clone(),
                triggers: triggers.clone(),
                sms_roles: Arc::new(AnyRole),
                // What the edge makes of such a name is tested, so that a pool may have it.
                own_hosts: Arc::new(|_| false),
                upstream: Upstream::new(Reach::Anywhere).unwrap(),
                federation: Federation::new(Upstream::new(Reach::Anywhere).unwrap(), Places::default()),
                login_base: "localhost".to_owned(),
            }),
            identity_pools: IdentityPools::new(store.clone(), keyring.clone(), tokens.clone(), iam.clone()),
            s3: s3(&world, &iam),
            env: env.clone(),
            store: store.clone(),
            tokens,
            delivery,
            triggers,
            iam,
            hosted_pages: pages::hosted::Hosted::new(&[]).unwrap(),
            hosted_looks: crate::Looks::default(),
            turnstile: crate::Turnstile::new(ATTEMPTS),
            documents: crate::Documents::default(),
            doors: dev.then(|| doors_of(&world.clock, &resets)),
            hosts: own_hosts(trusted_hosts),
            behind_proxy: false,
            public_url: public_url.map(Arc::from),
            version: "1.2.3",
        };
        Self {
            app: Arc::new(app),
            resets,
            world,
        }
    }

    async fn send(&self, draft: Draft) -> Got {
        self.send_from(LOOPBACK, draft).await
    }

    /// By whoever has connected.
    async fn send_from(&self, peer: Peer, draft: Draft) -> Got {
        let (head, bytes) = self.whole(peer, draft).await;
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(bytes).unwrap(),
        }
    }

    /// The head of what may be no text.
    async fn bytes(&self, path: &str) -> Got {
        let (head, bytes) = self.whole(LOOPBACK, Draft::get(path)).await;
        assert!(!bytes.is_empty(), "{path}");
        Got {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::new(),
        }
    }

    async fn whole(&self, peer: Peer, draft: Draft) -> (http::response::Parts, Vec<u8>) {
        let response = entry::handle(Arc::clone(&self.app), peer, draft.request()).await;
        let (head, body) = response.into_parts();
        let bytes = body::read(body, 1 << 24).await.unwrap();
        (head, bytes.to_vec())
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

/// With its account; dev takes an unknown key for its administrator's.
async fn iam(world: &World, tokens: &Tokens, profile: Profile) -> Iam {
    let unknown_keys = match profile {
        Profile::Dev => UnknownKeys::Administrator,
        Profile::Serve => UnknownKeys::Refused,
    };
    let (store, keyring) = (world.store.clone(), world.keyring.clone());
    let iam = Iam::new(store, keyring, tokens.clone(), unknown_keys);
    iam.ensure_account(&world.cx()).await.unwrap();
    iam
}

fn s3(world: &World, iam: &Iam) -> S3 {
    let folder = objects::Folder::open(world.folder().join("objects")).unwrap();
    S3 {
        objects: Objects::new(world.store.clone(), iam.clone(), folder),
        iam: iam.clone(),
        version2: Version2Addresses::Verified,
        hosts: buckets(),
    }
}

fn buckets() -> Hosts {
    Hosts {
        domains: vec!["localhost".to_owned()],
        endpoints: Vec::new(),
    }
}

fn own_hosts(trusted: &[&str]) -> OwnHosts {
    OwnHosts {
        login_bases: vec!["localhost".to_owned(), "id.example.com".to_owned()],
        trusted: trusted.iter().map(|host| (*host).to_owned()).collect(),
        public: Some("id.example.com".to_owned()),
        s3: buckets(),
        ..OwnHosts::default()
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
