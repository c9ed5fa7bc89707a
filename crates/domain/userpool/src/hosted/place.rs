//! An app client in its pool: where somebody signs in, and for whom.

use std::sync::Arc;

use api::cognito_idp::{ClientTypeType, UserPoolTierType};
use kernel::{ApiError, ClientId, Cx, PoolId};

use crate::{
    UserPools,
    client::{Client, Flow, loaded::Confidentiality, oauth::OAuth},
    device::browser::BrowserDevice,
    pool::{
        Pool,
        loaded::SelfRegistration,
        passkeys::{Page, Passkeys},
        switches::{Proofs, Switches},
    },
    session::login::validity,
    signin::{
        Door, Visit,
        protocol::{Otherwise, StepUp},
    },
};

/// A client in its pool, as both are now.
#[derive(Clone)]
pub struct Place {
    pub(crate) pool: Arc<Pool>,
    pub(crate) client: Arc<Client>,
    /// As the page can use them.
    pub(crate) passkeys: Arc<Passkeys>,
    /// What the browser has been remembered as.
    pub(crate) devices: Arc<[BrowserDevice]>,
}

impl UserPools {
    /// A client of this pool. Errors: internal.
    pub async fn place(&self, pool: &PoolId, client: &str) -> Result<Option<Place>, ApiError> {
        let Some(pool) = self.load(pool).await? else {
            return Ok(None);
        };
        let client = pool.clients.get(client).map(Arc::clone);
        Ok(client.map(|client| Place {
            passkeys: Arc::clone(&pool.passkeys),
            devices: Arc::default(),
            pool,
            client,
        }))
    }

    /// What tokens of the place call their issuer. Errors: internal.
    pub async fn issuer_at(&self, cx: &Cx, place: &Place) -> Result<Option<String>, ApiError> {
        self.tokens.issuer(cx, &place.pool.id).await
    }
}

impl Place {
    /// On this page, at a browser that has these. None: the page has no passkeys.
    #[must_use]
    pub fn at(self, page: Option<&Page>, devices: Vec<BrowserDevice>) -> Self {
        Self {
            passkeys: Arc::new(self.passkeys.at(page)),
            devices: devices.into(),
            ..self
        }
    }

    pub fn pool(&self) -> &PoolId {
        &self.pool.id
    }

    pub fn client(&self) -> &ClientId {
        &self.client.id
    }

    pub fn oauth(&self) -> &OAuth {
        &self.client.oauth
    }

    /// What pages call the pool: a tag of its own.
    pub fn title(&self) -> Option<&str> {
        let tags = self.pool.settings.user_pool_tags.as_ref()?;
        tags.get(super::tags::TITLE).map(String::as_str)
    }

    /// What people know the pool by: its title, else its name.
    pub fn known_as(&self) -> &str {
        let name = self.pool.settings.name.as_deref().unwrap_or_default();
        self.title()
            .map(str::trim)
            .filter(|title| !title.is_empty())
            .unwrap_or(name)
    }

    /// Whether the client shows who it is: by a secret, or by keys.
    pub fn is_confidential(&self) -> bool {
        self.client.confidentiality() == Confidentiality::Confidential
    }

    /// Whether the client shows who it is by what it signs, and by nothing less.
    pub fn has_keys(&self) -> bool {
        self.client.keys.is_some()
    }

    /// Whether its tokens are bound to a key, as its pool has it and as it wishes.
    pub fn proofs(&self) -> Proofs {
        if self.client.registered.is_bound {
            Proofs::Required
        } else {
            self.pool.switches.proofs
        }
    }

    /// Whether this is a secret of the client; a public one has none to give.
    pub fn has_secret(&self, given: Option<&str>) -> bool {
        self.client.has_secret(given)
    }

    /// Whether a user may choose among first factors. Reference: oauth-and-federation 9.
    pub fn offers_choice(&self) -> bool {
        self.client.allows(Flow::Choice) && !self.is_lite()
    }

    /// Whether the pool has the plan below which some parameters mean nothing.
    pub fn is_lite(&self) -> bool {
        self.pool.settings.user_pool_tier == Some(UserPoolTierType::Lite)
    }

    /// Whether somebody who has just signed in is known on the next page: a client may take no browser's session for a sign-in.
    pub fn keeps_browsers(&self) -> bool {
        !validity(&self.pool, &self.client).is_zero()
    }

    /// Whether people may sign up by themselves.
    pub fn signs_up(&self) -> bool {
        self.pool.self_registration == SelfRegistration::Open
    }

    pub fn hides_users(&self) -> bool {
        self.client.hides_users()
    }

    pub fn revokes_tokens(&self) -> bool {
        self.client.revokes_tokens()
    }

    /// Those of the names that are levels of the pool, in their order.
    pub fn known_levels<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<String> {
        let known = names.filter(|name| self.pool.levels.level(name).is_some());
        known.map(str::to_owned).collect()
    }

    /// Whether a sign-in that reached this level has shown as much as one of the wished ones; any, where none is wished.
    pub fn suffices(&self, reached: Option<&str>, wished: &[String]) -> bool {
        let level = |name: &str| self.pool.levels.level(name);
        let reached = reached.and_then(level);
        wished.is_empty()
            || wished
                .iter()
                .any(|name| level(name).is_some() && reached >= level(name))
    }

    /// What a sign-in is to show at the least, if it can.
    pub fn wish(&self, levels: &[String]) -> Option<StepUp> {
        let targets: Vec<_> = levels.iter().filter_map(|name| self.pool.levels.level(name)).collect();
        (!targets.is_empty()).then_some(StepUp {
            targets,
            credit: None,
            otherwise: Otherwise::Lower,
        })
    }

    /// Whether there is such a scope still.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.pool.has_scope(scope)
    }

    /// What the pool does beyond Cognito.
    pub fn switches(&self) -> Switches {
        self.pool.switches
    }

    /// Whether the client is told when a browser's session ends that it had tokens of.
    pub fn hears_logouts(&self) -> bool {
        self.pool.logout_uri(&self.client.id).is_some()
    }

    /// Whether the client registered itself: nobody of the pool's has vouched for it.
    pub fn is_self_registered(&self) -> bool {
        self.client.kind() == ClientTypeType::Dcr
    }

    /// What people know the client by.
    pub fn client_name(&self) -> &str {
        self.client.settings.client_name.as_deref().unwrap_or_default()
    }

    /// Seconds that an access token lives.
    pub fn access_token_life(&self) -> u64 {
        self.client.lifetimes.access_token.as_secs()
    }

    pub(crate) fn visit(&self) -> Visit {
        let visit = Visit::new((Arc::clone(&self.pool), Arc::clone(&self.client)), Door::Hosted);
        Visit {
            passkeys: Arc::clone(&self.passkeys),
            browser: Arc::clone(&self.devices),
            ..visit
        }
    }
}
