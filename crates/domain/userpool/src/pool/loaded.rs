//! A pool as sign-in and everything else beneath the operations sees it: parsed once, cached until the pool's version moves
//! (decision 11).

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{GetUserPoolMfaConfigResponse, GetUserPoolSessionConfigurationResponse, UserPoolType};
use delivery::Channel;
use kernel::{AccountId, ApiError, ClientId, PoolId, Timestamp};
use store::{
    Record, StoreError,
    records::{address::Address, saml_keys::OWN},
};
use vault::Keyring;

use super::{
    acr::LevelNames,
    first_factors::FirstFactors,
    passkeys::Passkeys,
    registration::{self, Registration},
    rows::Rows,
    schema::Schema,
    settings::{Messages, MfaSettings, PasswordStore, Recovery, SignInNames, Verification},
    stored,
    switches::Switches,
    tracking::{DeviceTracking, SessionTracking},
};
use crate::{
    client::Client,
    domain::{Domain, DomainKind},
    errors,
    password::policy::PasswordPolicy,
    provider::{Provider, saml_keys::OwnKey},
    resource_server::ResourceServer,
    trigger::Lambdas,
};

/// Scopes that need no resource server. Reference: oauth-and-federation 3.3.
pub(crate) const STANDARD_SCOPES: [&str; 5] = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/// One user pool with its clients, resource servers, identity providers and domains.
pub(crate) struct Pool {
    pub id: PoolId,
    pub account: AccountId,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// The row's version, which an update must name.
    pub version: i64,
    /// As DescribeUserPool prints it, without what is computed at each call (ids, dates, counts): for operations on pools.
    pub settings: UserPoolType,
    /// Those that GetUserPoolMfaConfig alone prints.
    pub mfa_blocks: GetUserPoolMfaConfigResponse,
    /// As GetUserPoolSessionConfiguration prints it, without the id. Default: it was never set.
    pub session_config: GetUserPoolSessionConfigurationResponse,
    pub schema: Schema,
    pub sign_in_names: SignInNames,
    pub case_sensitive: bool,
    pub password_store: PasswordStore,
    pub password_policy: PasswordPolicy,
    pub first_factors: FirstFactors,
    pub verification: Verification,
    pub recovery: Recovery,
    pub mfa: MfaSettings,
    pub passkeys: Arc<Passkeys>,
    pub levels: LevelNames,
    pub messages: Messages,
    /// None: devices are not tracked.
    pub devices: Option<DeviceTracking>,
    /// None: sessions are not tracked.
    pub sessions: Option<SessionTracking>,
    pub self_registration: SelfRegistration,
    pub lambdas: Lambdas,
    pub switches: Switches,
    /// None: no client registers itself.
    pub registration: Option<Registration>,
    pub clients: BTreeMap<ClientId, Arc<Client>>,
    /// By their identifiers.
    pub resource_servers: BTreeMap<String, ResourceServer>,
    /// By their names.
    pub providers: BTreeMap<String, Provider>,
    /// What signs requests to identity providers. None: it was not needed yet.
    pub saml_key: Option<OwnKey>,
    /// Of each kind one at most.
    pub domains: Vec<Domain>,
}

/// Whether people may sign up by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelfRegistration {
    Open,
    Closed,
}

impl Pool {
    /// From the store. Errors: corrupt settings.
    pub fn load(rows: Rows, keyring: &Keyring) -> Result<Self, StoreError> {
        let row = rows.pool;
        let json = row.document("doc", &row.doc)?;
        let (settings, blocks) = stored::read(json).map_err(|error| row.corrupt("doc", error))?;
        let mut secrets: BTreeMap<ClientId, Vec<_>> = BTreeMap::new();
        for secret in rows.client_secrets {
            secrets.entry(secret.client.clone()).or_default().push(secret);
        }
        let untagged = BTreeMap::new();
        let tags = settings.user_pool_tags.as_ref().unwrap_or(&untagged);
        let mut clients = BTreeMap::new();
        for client in rows.clients {
            let secrets = secrets.remove(&client.client).unwrap_or_default();
            let client = Client::load(client, secrets, keyring)?.tagged(tags);
            clients.insert(client.id.clone(), Arc::new(client));
        }
        let mut resource_servers = BTreeMap::new();
        for server in rows.resource_servers {
            resource_servers.insert(server.identifier.clone(), ResourceServer::load(server)?);
        }
        let mut providers = BTreeMap::new();
        for provider in rows.providers {
            providers.insert(provider.name.clone(), Provider::load(provider, keyring)?);
        }
        let own = rows.saml_keys.iter().find(|key| key.provider == OWN);
        let domains = rows.domains.into_iter().map(Domain::load);
        let domains = domains.collect::<Result<_, _>>()?;
        Ok(Self {
            schema: Schema::of(&settings),
            sign_in_names: SignInNames::of(&settings),
            case_sensitive: settings
                .username_configuration
                .as_ref()
                .is_none_or(|c| c.case_sensitive),
            password_store: PasswordStore::of(&settings),
            password_policy: PasswordPolicy::of(settings.policies.as_ref()),
            first_factors: FirstFactors::of(&settings),
            passkeys: Arc::new(Passkeys::of(&settings, blocks.mfa.web_authn_configuration.as_ref())),
            verification: Verification::of(&settings),
            recovery: Recovery::of(&settings),
            mfa: MfaSettings::of(&settings, &blocks.mfa),
            levels: LevelNames::of(&settings),
            messages: Messages::of(&settings),
            devices: DeviceTracking::of(&settings),
            sessions: SessionTracking::of(&settings, &blocks.sessions),
            self_registration: SelfRegistration::of(&settings),
            lambdas: Lambdas::of(&settings),
            switches: Switches::of(&settings),
            registration: Registration::of(&settings),
            id: row.pool,
            account: row.account,
            created: row.created,
            modified: row.modified,
            version: row.version,
            settings,
            mfa_blocks: blocks.mfa,
            session_config: blocks.sessions,
            clients,
            resource_servers,
            providers,
            saml_key: own.map(|key| OwnKey::load(key, keyring)).transpose()?,
            domains,
        })
    }

    /// The same where prefix domains are beneath `base`: passkeys are of the custom domain, else of the prefix domain. Reference:
    /// user-pools 7.1.
    pub fn beneath(self, base: &str) -> Self {
        let region = self.id.region();
        let of = |kind| self.domains.iter().find(|domain| domain.kind == kind);
        let domain = of(DomainKind::Custom).or_else(|| of(DomainKind::Prefix));
        let host = domain.map(|domain| domain.host(&region, base));
        Self {
            passkeys: Arc::new(Passkeys::clone(&self.passkeys).with_domain(host)),
            ..self
        }
    }

    /// Errors: ResourceNotFound.
    pub fn client(&self, id: &str) -> Result<&Arc<Client>, ApiError> {
        self.clients.get(id).ok_or_else(|| errors::client_does_not_exist(id))
    }

    /// Errors: ResourceNotFound.
    pub fn provider(&self, name: &str) -> Result<&Provider, ApiError> {
        self.providers
            .get(name)
            .ok_or_else(|| errors::providers::provider_not_found(name))
    }

    /// Where a client hears that a browser's session has ended. None: it hears of none.
    pub fn logout_uri(&self, client: &ClientId) -> Option<&str> {
        let client = self.clients.get(client).filter(|_| self.switches.backchannel_logout);
        client?.logout_uri.as_deref()
    }

    /// Whether there is such a scope now: a standard one, that of registration, or `<identifier>/<name>` of a resource server. What app clients list may
    /// have gone since. Reference: oauth-and-federation 3.3.
    pub fn has_scope(&self, scope: &str) -> bool {
        // An identifier may have slashes, a scope's name not.
        let custom = || {
            let (identifier, name) = scope.rsplit_once('/')?;
            Some(self.resource_servers.get(identifier)?.has_scope(name))
        };
        is_standard_scope(scope) || scope == registration::SCOPE || custom().unwrap_or(false)
    }

    /// Whether there is such an API now.
    pub fn has_resource_server(&self, identifier: &str) -> bool {
        self.resource_servers.contains_key(identifier)
    }

    /// The name of its domain of a kind.
    pub fn domain(&self, kind: DomainKind) -> Option<&str> {
        let domain = self.domains.iter().find(|domain| domain.kind == kind);
        domain.map(|domain| domain.name.as_str())
    }

    /// Whether a code is sent to this address at sign-up and after a change.
    pub fn auto_verifies(&self, address: Address) -> bool {
        self.verification.automatic.contains(&address)
    }

    /// Whether the pool is set up for text messages, or has a function that sends them. Reference: 4.3.
    pub fn sends_texts(&self) -> bool {
        self.messages.sends_texts || self.lambdas.sender(Channel::Sms).is_some()
    }
}

/// Whether a scope is about a user, and every pool's. Reference: oauth-and-federation 3.3.
pub(crate) fn is_standard_scope(scope: &str) -> bool {
    STANDARD_SCOPES.contains(&scope)
}

impl SelfRegistration {
    fn of(settings: &UserPoolType) -> Self {
        let config = settings.admin_create_user_config.as_ref();
        if config.is_some_and(|config| config.allow_admin_create_user_only == Some(true)) {
            Self::Closed
        } else {
            Self::Open
        }
    }
}
