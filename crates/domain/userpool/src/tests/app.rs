//! `App`: user pools in a [`World`], with mail in the test's hands too. Actors call operations by name.

use std::{ops::Deref, sync::Arc};

use delivery::{Budgets, Channel, Delivery, KnownCodes, Message, Route, Routes, Settings};
use federation::{Federation, Places};
use kernel::{Cx, Region};
use serde_json::{Value, json};
use testkit::{Answer, Call, World, merged, text};
use tokens::{IssuerMode, Issuers, Tokens};
use triggers::Triggers;
use upstream::{Reach, Upstream};

use super::functions::Functions;
use crate::{Beneath, Judging, SmsRole, SmsRoleFitness, SmsRoles, UserPools, ops};

pub(crate) struct App {
    /// Calls the operations that want a signature; it is not asked what it may.
    pub admin: Actor,
    /// Calls the others: public ones and those with an access token.
    pub anon: Actor,
    pub pools: UserPools,
    pub tokens: Tokens,
    pub delivery: Delivery,
    /// Of pools whose LambdaConfig names them.
    pub functions: Functions,
    triggers: Triggers,
    world: World,
}

impl Deref for App {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl App {
    /// Without pools. Mails and text messages go to the inbox.
    pub async fn new() -> Self {
        Self::sending(inbox()).await
    }

    /// The same with messages that go elsewhere, or not for ever.
    pub async fn sending(messages: Settings) -> Self {
        let app = Self::over(World::new().await, messages);
        app.tokens.add_spares(testkit::signing_keys());
        app
    }

    /// The same database served by a new process.
    pub async fn restarted(self) -> Self {
        Self::over(self.into_world().reopened().await, inbox())
    }

    /// The same database served by a new process whose keyring has a new version.
    pub async fn restarted_with_new_key(self) -> Self {
        Self::over(self.into_world().reopened_with_new_key().await, inbox())
    }

    fn into_world(self) -> World {
        self.world
    }

    fn over(world: World, messages: Settings) -> Self {
        let issuers = Issuers {
            default: IssuerMode::Request,
            public_url: None,
            request_allowed: true,
        };
        let tokens = Tokens::new(world.store.clone(), world.keyring.clone(), world.cpu.clone(), issuers);
        let functions = Functions::default();
        let triggers = functions.triggers(&world);
        let delivery = delivery(&world, messages, &triggers);
        let pools = node(&world, &tokens, &delivery, &triggers);
        let actor = |signs| Actor {
            pools: pools.clone(),
            cx: world.cx(),
            signs,
        };
        Self {
            admin: actor(Signs::Yes),
            anon: actor(Signs::No),
            pools,
            tokens,
            delivery,
            functions,
            triggers,
            world,
        }
    }

    /// Another node on the same database.
    pub fn neighbour(&self) -> UserPools {
        node(&self.world, &self.tokens, &self.delivery, &self.triggers)
    }

    /// The same of a node that reaches the public internet alone.
    pub fn guarded_neighbour(&self) -> UserPools {
        let upstream = Upstream::new(Reach::Public).unwrap();
        node_reaching(&self.world, &self.tokens, (&self.delivery, &self.triggers), upstream)
    }

    /// The same of a node that can send nothing.
    pub fn mute_neighbour(&self) -> UserPools {
        let delivery = delivery(&self.world, mute(), &self.triggers);
        node(&self.world, &self.tokens, &delivery, &self.triggers)
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

/// Everything is kept to be read, as much as there is.
pub(crate) fn inbox() -> Settings {
    Settings {
        routes: Routes {
            email: Route::Inbox,
            sms: Route::Inbox,
        },
        budgets: Budgets::default(),
        known_codes: KnownCodes::default(),
    }
}

/// Nothing can be sent.
pub(crate) fn mute() -> Settings {
    Settings {
        routes: Routes {
            email: Route::None,
            sms: Route::None,
        },
        ..inbox()
    }
}

fn delivery(world: &World, messages: Settings, triggers: &Triggers) -> Delivery {
    let (store, keyring, env) = (world.store.clone(), world.keyring.clone(), world.env.clone());
    Delivery::new(store, keyring, env, messages, triggers.clone())
}

fn node(world: &World, tokens: &Tokens, delivery: &Delivery, triggers: &Triggers) -> UserPools {
    let upstream = Upstream::new(Reach::Anywhere).unwrap();
    node_reaching(world, tokens, (delivery, triggers), upstream)
}

fn node_reaching(
    world: &World,
    tokens: &Tokens,
    (delivery, triggers): (&Delivery, &Triggers),
    upstream: Upstream,
) -> UserPools {
    UserPools::new(Beneath {
        store: world.store.clone(),
        keyring: world.keyring.clone(),
        cpu: world.cpu.clone(),
        tokens: tokens.clone(),
        delivery: delivery.clone(),
        triggers: triggers.clone(),
        sms_roles: Arc::new(Roles),
        own_hosts: Arc::new(|host| host.ends_with("id.example.net")),
        federation: Federation::new(upstream.clone(), Places::default()),
        upstream,
        login_base: "id.example.net".to_owned(),
    })
}

/// Roles that say by their names what they are good for.
pub(crate) struct Roles;

impl SmsRoles for Roles {
    fn judge<'a>(&'a self, _cx: &'a Cx, role: SmsRole<'a>) -> Judging<'a> {
        let found = match role.arn.rsplit('/').next() {
            Some("untrusting") => SmsRoleFitness::Untrusting,
            Some("powerless") => SmsRoleFitness::Powerless,
            Some("unknown") => SmsRoleFitness::Unknown,
            _ => SmsRoleFitness::Fit,
        };
        Box::pin(async move { Ok(found) })
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
    cx: Cx,
    signs: Signs,
}

impl Actor {
    pub async fn call(&self, operation: &str, input: Value) -> Answer {
        self.call_in(self.cx.region.as_str(), operation, input).await
    }

    /// A call whose signature names a region.
    pub async fn call_in(&self, region: &str, operation: &str, input: Value) -> Answer {
        let call = Call::of(&ops::TABLE, operation, input);
        assert!(
            self.signs == Signs::Yes || call.operation.auth == model::Auth::None || call.entry.facts.is_unsigned(),
            "{operation} wants a signature"
        );
        let cx = Cx {
            region: Region::new(region),
            ..Cx::internal(&self.cx.env, testkit::BASE_URL)
        };
        call.on(&self.pools, &cx).await
    }
}
