//! `App`: user pools on a database of their own, with time, chance, keys and mail in the test's hands. Actors call
//! operations by name, as the front end does: model validation first, then the table.

use std::{sync::Arc, time::Duration};

use delivery::{Channel, Delivery, Message, Route, Routes};
use kernel::{AccountId, ApiError, CpuPool, Cx, Env, Region};
use serde_json::{Value, json};
use store::{Config, Store};
use testkit::{Folder, MockClock, SeededRng};
use tokens::{IssuerMode, Issuers, Tokens};
use vault::{Keyring, jws::SigningKey};

use crate::{UserPools, ops};

pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const ACCOUNT: &str = "000000000000";
pub(crate) const BASE_URL: &str = "http://localhost:4566";

pub(crate) struct App {
    /// Calls the operations that want a signature; it is not asked what it may.
    pub admin: Actor,
    /// Calls the others: public ones and those with an access token.
    pub anon: Actor,
    pub pools: UserPools,
    pub tokens: Tokens,
    pub delivery: Delivery,
    pub store: Store,
    pub keyring: Arc<Keyring>,
    pub clock: Arc<MockClock>,
    pub env: Arc<Env>,
    database: Config,
    /// Removed with the App.
    folder: Folder,
}

impl App {
    /// Without pools, on SQLite unless [`testkit::postgres::chosen`]. Mails and text messages go to the inbox.
    pub async fn new() -> Self {
        let folder = Folder::new().unwrap();
        let database = match testkit::postgres::chosen() {
            Some(url) => Config::Postgres { url },
            None => Config::Sqlite {
                path: folder.path().join("db"),
            },
        };
        let rng = Arc::new(SeededRng::new(7));
        let keyring = Arc::new(Keyring::generate(rng.as_ref()));
        let clock = Arc::new(MockClock::default());
        let env = Arc::new(Env {
            clock: clock.clone(),
            rng,
            account: AccountId::new(ACCOUNT),
            default_region: Region::new(REGION),
        });
        let app = Self::open((folder, database), clock, env, keyring).await;
        let spares = testkit::signing_keys().map(|der| SigningKey::from_pkcs8(der).unwrap());
        app.tokens.add_spares(spares);
        app
    }

    /// The same database served by a new process.
    pub async fn restarted(self) -> Self {
        let keyring = Arc::clone(&self.keyring);
        self.restarted_with(keyring).await
    }

    /// The same database served by a new process whose keyring has a new version.
    pub async fn restarted_with_new_key(self) -> Self {
        let mut keyring = self.keyring.as_of(self.keyring.current_version()).unwrap();
        keyring.rotate(self.env.rng.as_ref());
        self.restarted_with(Arc::new(keyring)).await
    }

    async fn restarted_with(self, keyring: Arc<Keyring>) -> Self {
        let Self {
            admin,
            anon,
            pools,
            tokens,
            delivery,
            store,
            clock,
            env,
            database,
            folder,
            ..
        } = self;
        drop((admin, anon, pools, tokens, delivery));
        store.close().await;
        Self::open((folder, database), clock, env, keyring).await
    }

    async fn open(
        (folder, database): (Folder, Config),
        clock: Arc<MockClock>,
        env: Arc<Env>,
        keyring: Arc<Keyring>,
    ) -> Self {
        let store = Store::open(database.clone()).unwrap();
        store.migrate(env.clock.now()).await.unwrap();
        let cpu = CpuPool::start(2).unwrap();
        let issuers = Issuers {
            default: IssuerMode::Request,
            public_url: None,
            request_allowed: true,
        };
        let tokens = Tokens::new(store.clone(), keyring.clone(), cpu.clone(), issuers);
        let routes = Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        };
        let delivery = Delivery::new(store.clone(), keyring.clone(), env.clone(), routes);
        let pools = UserPools::new(store.clone(), keyring.clone(), cpu, tokens.clone(), delivery.clone());
        let actor = |signs| Actor {
            pools: pools.clone(),
            env: env.clone(),
            signs,
        };
        Self {
            admin: actor(Signs::Yes),
            anon: actor(Signs::No),
            pools,
            tokens,
            delivery,
            store,
            keyring,
            clock,
            env,
            database,
            folder,
        }
    }

    /// A context for what no operation does.
    pub fn cx(&self) -> Cx {
        Cx::internal(&self.env, BASE_URL)
    }

    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// A new pool with these settings (members of CreateUserPool): its id.
    pub async fn pool(&self, settings: Value) -> String {
        let input = merged(json!({"PoolName": "staff"}), settings);
        let answer = self.admin.call("CreateUserPool", input).await.ok();
        text(&answer, "/UserPool/Id")
    }

    /// A new app client with these settings (members of CreateUserPoolClient): its id.
    pub async fn client(&self, pool: &str, settings: Value) -> String {
        let input = merged(json!({"UserPoolId": pool, "ClientName": "web"}), settings);
        let answer = self.admin.call("CreateUserPoolClient", input).await.ok();
        text(&answer, "/UserPoolClient/ClientId")
    }

    /// What was sent to an address, newest first.
    pub async fn inbox(&self, to: &str) -> Vec<Message> {
        let kept = self.delivery.inbox(Some(to)).await.unwrap();
        kept.into_iter().map(|kept| kept.message).collect()
    }

    /// The code (or temporary password) in the newest message to an address.
    pub async fn code_for(&self, to: &str) -> String {
        let newest = self.inbox(to).await.into_iter().next();
        newest
            .and_then(|message| message.code)
            .unwrap_or_else(|| panic!("no code went to {to}"))
    }

    /// The newest message to an address, which went by mail.
    pub async fn mail_to(&self, to: &str) -> Message {
        let newest = self.inbox(to).await.into_iter().next();
        newest
            .filter(|message| message.channel == Channel::Email)
            .unwrap_or_else(|| panic!("no mail went to {to}"))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Signs {
    Yes,
    No,
}

/// Who calls. `admin` may call every operation, as a signature on a public one is ignored; `anon` those that want none.
#[derive(Clone)]
pub(crate) struct Actor {
    pools: UserPools,
    env: Arc<Env>,
    signs: Signs,
}

impl Actor {
    pub async fn call(&self, operation: &str, input: Value) -> Answer {
        self.call_in(REGION, operation, input).await
    }

    /// A call whose signature names a region.
    pub async fn call_in(&self, region: &str, operation: &str, input: Value) -> Answer {
        let entry = ops::TABLE
            .entry(operation)
            .unwrap_or_else(|| panic!("{operation} is not in the table"));
        let model = ops::TABLE.service.operation(operation).unwrap();
        assert!(
            self.signs == Signs::Yes || model.auth == model::Auth::None,
            "{operation} wants a signature"
        );
        let cx = Cx {
            region: Region::new(region),
            ..Cx::internal(&self.env, BASE_URL)
        };
        let result = match ops::TABLE.service.validate(model, &input) {
            Ok(()) => (entry.call)(&self.pools, &cx, input).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &result {
            assert!(
                model.errors.contains(&error.code().0) || error.code().0 == "SerializationException",
                "{operation} is not modelled to answer {error:?}"
            );
        }
        Answer {
            operation: operation.to_owned(),
            result: result.map(model::Answered::tree),
        }
    }
}

/// What an operation answered; null where it has no output.
#[derive(Debug)]
pub(crate) struct Answer {
    operation: String,
    pub result: Result<Value, ApiError>,
}

impl Answer {
    #[track_caller]
    pub fn ok(self) -> Value {
        let operation = self.operation;
        self.result
            .unwrap_or_else(|error| panic!("{operation} answered {error:?}"))
    }

    #[track_caller]
    pub fn refused(self, code: &str, sentence: &str) {
        match self.result {
            Ok(answer) => panic!("{} was not refused with {code}: {answer}", self.operation),
            Err(error) => assert_eq!((error.code().0, error.message()), (code, sentence), "{error:?}"),
        }
    }
}

/// `settings` over `defaults`, member by member of the outermost level.
pub(crate) fn merged(mut defaults: Value, settings: Value) -> Value {
    let (Value::Object(into), Value::Object(from)) = (&mut defaults, settings) else {
        panic!("settings are an object");
    };
    into.extend(from);
    defaults
}

/// The text at a JSON pointer.
#[track_caller]
pub(crate) fn text(value: &Value, pointer: &str) -> String {
    let found = value.pointer(pointer).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no text at {pointer} in {value}"))
        .to_owned()
}
