//! Where and how a sign-in happens.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc};

use kernel::{ApiError, Cx, Sub};
use serde::{Deserialize, Serialize};
use store::records::{sessions::Seen, sso_sessions::External, users::User};

use crate::{
    client::Client,
    device::browser::BrowserDevice,
    errors,
    pool::{Pool, passkeys::Passkeys},
    session::tracked,
    trigger::{Caller, Scene},
};

/// A sign-in stays in its pool, with its client and at its door. What an application says beside it is of one call.
#[derive(Clone)]
pub(crate) struct Visit {
    pub pool: Arc<Pool>,
    pub client: Arc<Client>,
    pub door: Door,
    /// The pool's, as they can be used where the sign-in is.
    pub passkeys: Arc<Passkeys>,
    /// The DEVICE_KEY of this call, or of the one in which the first factor was shown.
    pub device: Option<String>,
    /// At hosted login: the devices that the browser has been remembered as.
    pub browser: Arc<[BrowserDevice]>,
    /// By whom the user was sent who comes from elsewhere.
    pub brought: Option<Arc<Brought>>,
    /// ClientMetadata, which is never stored: of InitiateAuth functions are told them as `validationData` before the sign-in,
    /// of other calls as `clientMetadata`. Reference: 16.1.
    pub metadata: BTreeMap<String, String>,
    pub call: Call,
    pub context: Context,
}

/// What is known of somebody whom an identity provider vouches for.
pub(crate) struct Brought {
    pub external: External,
    pub newness: Newness,
}

/// Whether somebody became a user by this very sign-in: functions have heard of that then, and hear of no authentication. Reference:
/// oauth-and-federation 10.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Newness {
    New,
    Known,
}

/// A sign-in begun by an administrator's call is continued by one, a public one publicly, one of hosted login there.
/// Reference: 5.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Door {
    Public,
    Admin,
    Hosted,
}

/// Whether a call begins a sign-in or does anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Begins,
    GoesOn,
}

/// What the application knows of the one who signs in: UserContextData, or an administrator's ContextData.
#[derive(Clone, Default)]
pub(crate) struct Context {
    /// Where it is believed. None: it is no address.
    pub ip_address: Option<IpAddr>,
    #[expect(dead_code, reason = "threat protection judges by it")]
    pub encoded_data: Option<String>,
}

impl Visit {
    /// Of a call that says nothing beside what it asks for.
    pub fn new((pool, client): (Arc<Pool>, Arc<Client>), door: Door) -> Self {
        Self {
            passkeys: Arc::clone(&pool.passkeys),
            pool,
            client,
            door,
            device: None,
            browser: Arc::default(),
            brought: None,
            metadata: BTreeMap::new(),
            call: Call::GoesOn,
            context: Context::default(),
        }
    }

    /// The key of the device that is named, or that this user's browser is.
    pub fn device_of(&self, sub: &Sub) -> Option<&str> {
        let kept = || {
            let kept = self.browser.iter().find(|kept| kept.sub == *sub)?;
            Some(kept.key.as_str())
        };
        self.device.as_deref().or_else(kept)
    }

    /// The same of somebody whom a provider vouches for: no device stands in for anything then.
    pub fn of(self, brought: Brought) -> Self {
        Self {
            device: None,
            browser: Arc::default(),
            brought: Some(Arc::new(brought)),
            ..self
        }
    }

    /// Whether the user has become one by this sign-in.
    pub fn is_first(&self) -> bool {
        self.brought
            .as_ref()
            .is_some_and(|brought| brought.newness == Newness::New)
    }

    /// The same, of a call that begins a sign-in.
    pub fn beginning(self) -> Self {
        Self {
            call: Call::Begins,
            ..self
        }
    }

    /// A second factor is wanted, and none can be asked for: the model of the public InitiateAuth has no word of its own for it.
    pub fn no_second_factor(&self) -> ApiError {
        let error = errors::no_second_factor_deliverable();
        match (self.door, self.call) {
            (Door::Public, Call::Begins) => errors::invalid_parameter(error.message()),
            _ => error,
        }
    }

    /// From where the user comes: the call, where its sender knows no better.
    pub fn seen(&self, cx: &Cx) -> Seen {
        tracked::seen(cx, self.context.ip_address)
    }

    /// What functions are told of it, and of a user.
    pub fn scene<'a>(&'a self, cx: &'a Cx, user: &'a User) -> Scene<'a> {
        Scene {
            cx,
            pool: &self.pool,
            user,
            caller: Caller::Client(&self.client.id),
            metadata: Some(&self.metadata).filter(|_| self.call == Call::GoesOn),
        }
    }

    /// The same before a sign-in begins: what the application said is for the function to validate.
    pub fn opening_scene<'a>(&'a self, cx: &'a Cx, user: &'a User) -> Scene<'a> {
        Scene {
            metadata: Some(&self.metadata),
            ..self.scene(cx, user)
        }
    }

    /// What is sealed for a sign-in is bound to this, and to the door.
    pub fn place(&self) -> [&str; 2] {
        [self.pool.id.as_str(), self.client.id.as_str()]
    }
}
