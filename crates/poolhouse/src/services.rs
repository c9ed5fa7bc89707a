//! Wires the services of one process together.

use std::{sync::Arc, thread};

use delivery::Delivery;
use federation::Federation;
use iam::{Iam, UnknownKeys};
use identitypool::IdentityPools;
use kernel::CpuPool;
use objects::{Folder, Objects};
use s3::S3;
use server::{App, Documents, Doors, Looks, Profile, Turnstile};
use store::Store;
use tokens::Tokens;
use triggers::Triggers;
use userpool::{Beneath, UserPools};

use crate::{
    data,
    deployment::Deployment,
    failure::{Failure, Result},
    functions, hosted_pages, messages,
    sms_roles::RolesOfIam,
    social,
    storage::Storage,
};

#[derive(Clone)]
pub struct Services {
    pub tokens: Tokens,
    pub delivery: Delivery,
    pub triggers: Triggers,
    pub user_pools: UserPools,
    pub identity_pools: IdentityPools,
    pub iam: Iam,
    pub objects: Objects,
    pub store: Store,
    /// Differs from node to node of one database.
    pub node: String,
}

impl Services {
    pub fn new(deployment: &Deployment<'_>, storage: &Storage) -> Result<Self> {
        let (store, keyring) = (storage.store.clone(), Arc::clone(&storage.keyring));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let cpu = CpuPool::start(cores).map_err(|error| Failure::new(format!("threads can't be started: {error}")))?;
        store.share_commits_while({
            let cpu = cpu.clone();
            move || cpu.is_busy()
        });
        let tokens = Tokens::new(store.clone(), Arc::clone(&keyring), cpu.clone(), deployment.issuers());
        let upstream = deployment.upstream()?;
        let places = social::places(&deployment.settings.social)?;
        let messages = messages::settings(deployment.settings, deployment.profile, &upstream)?;
        let triggers = functions::triggers(deployment.settings, deployment.profile, &storage.env, upstream.clone())?;
        let env = Arc::clone(&storage.env);
        let delivery = Delivery::new(store.clone(), Arc::clone(&keyring), env, messages, triggers.clone());
        let unknown_keys = match deployment.profile {
            Profile::Dev => UnknownKeys::Administrator,
            Profile::Serve => UnknownKeys::Refused,
        };
        let iam = Iam::new(store.clone(), Arc::clone(&keyring), tokens.clone(), unknown_keys);
        let path = storage.data.objects();
        data::make_private(&path)?;
        let folder = Folder::open(path.clone())
            .map_err(|error| Failure::file("the objects' folder can't be opened:", &path, &error))?;
        Ok(Self {
            user_pools: UserPools::new(Beneath {
                store: store.clone(),
                keyring: Arc::clone(&keyring),
                cpu,
                tokens: tokens.clone(),
                delivery: delivery.clone(),
                triggers: triggers.clone(),
                sms_roles: Arc::new(RolesOfIam(iam.clone())),
                own_hosts: deployment.no_domains(),
                federation: Federation::new(upstream.clone(), places),
                upstream,
                login_base: deployment.login_base(),
            }),
            identity_pools: IdentityPools::new(store.clone(), keyring, tokens.clone(), iam.clone()),
            objects: Objects::new(store.clone(), iam.clone(), folder),
            tokens,
            delivery,
            triggers,
            iam,
            store,
            node: match deployment.settings.database {
                None => "local".to_owned(),
                Some(_) => kernel::uuid(storage.env.rng.as_ref()),
            },
        })
    }

    /// What was cached of a store that has been emptied.
    pub fn forget(&self) {
        self.tokens.forget();
        self.delivery.forget();
        self.triggers.forget();
        self.user_pools.forget();
        self.identity_pools.forget();
        self.iam.forget();
        self.objects.forget();
    }

    /// The edge over these services.
    pub fn app(&self, deployment: &Deployment<'_>, storage: &Storage, doors: Option<Doors>) -> Result<App> {
        let &Deployment { settings, profile, .. } = deployment;
        Ok(App {
            env: Arc::clone(&storage.env),
            profile,
            store: self.store.clone(),
            tokens: self.tokens.clone(),
            delivery: self.delivery.clone(),
            triggers: self.triggers.clone(),
            user_pools: self.user_pools.clone(),
            identity_pools: self.identity_pools.clone(),
            iam: self.iam.clone(),
            s3: S3 {
                objects: self.objects.clone(),
                iam: self.iam.clone(),
                version2: deployment.version2(),
                hosts: deployment.hosts(),
            },
            doors,
            hosted_pages: hosted_pages::read(settings.pages.as_deref())?,
            hosted_looks: Looks::default(),
            turnstile: Turnstile::new(settings.attempts_per_minute),
            documents: Documents::default(),
            hosts: deployment.own_hosts(),
            behind_proxy: settings.behind_proxy && profile == Profile::Serve,
            public_url: deployment.public_url.as_deref().map(Arc::from),
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}
