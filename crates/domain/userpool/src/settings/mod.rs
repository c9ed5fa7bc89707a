//! A pool's settings as sign-in reads them: parsed once, cached until the pool's version moves (DESIGN 3.12).
//!
//! `pool` turns CreateUserPool and UpdateUserPool into settings and prints them, `client` does it for app clients; what
//! they default to and may not be is in `pool_rules`, `message_rules` and `client_rules`. `schema` knows the attributes.

pub(crate) mod client;
mod client_rules;
mod message_rules;
pub(crate) mod pool;
mod pool_rules;
pub(crate) mod schema;
pub(crate) mod schema_input;

use std::{collections::BTreeMap, sync::Arc};

use api::{
    Wire,
    cognito_idp::{
        AliasAttributeType, ExplicitAuthFlowsType, PasswordPolicyType, PreventUserExistenceErrorTypes,
        UserPoolClientType, UserPoolType, UsernameAttributeType, VerifiedAttributeType,
    },
};
use kernel::{AccountId, ApiError, ClientId, PoolId, Timestamp};
use store::{Record, StoreError, records};
use vault::{Keyring, Purpose};

pub(crate) use schema::Schema;

use crate::errors;

/// One user pool with its clients.
pub(crate) struct Pool {
    pub id: PoolId,
    pub account: AccountId,
    pub created: Timestamp,
    pub modified: Timestamp,
    /// The row's version, which an update must name.
    pub version: i64,
    /// As DescribeUserPool prints it, without what is computed at each call (ids, dates, counts).
    pub settings: UserPoolType,
    pub schema: Schema,
    pub sign_in_names: SignInNames,
    pub case_sensitive: bool,
    pub password_store: PasswordStore,
    pub clients: BTreeMap<ClientId, Arc<Client>>,
}

/// What a user may sign in with, beside the username. Reference: user-pools 2.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignInNames {
    Username,
    Aliases {
        email: bool,
        phone_number: bool,
        preferred_username: bool,
    },
    Attributes {
        email: bool,
        phone_number: bool,
    },
}

/// How passwords are kept. The tag `poolhouse:password-store=argon2id` forbids SRP and with it the verifiers it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordStore {
    SrpVerifier,
    Argon2id,
}

pub(crate) const PASSWORD_STORE_TAG: &str = "poolhouse:password-store";

impl Pool {
    /// From the store. Errors: corrupt settings.
    pub fn load(
        row: records::pools::Pool,
        clients: Vec<records::clients::Client>,
        keyring: &Keyring,
    ) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let settings = UserPoolType::from_json(json).map_err(|error| row.corrupt("doc", error))?;
        let mut loaded = BTreeMap::new();
        for client in clients {
            loaded.insert(client.client.clone(), Arc::new(Client::load(client, keyring)?));
        }
        Ok(Self {
            schema: Schema::of(&settings),
            sign_in_names: SignInNames::of(&settings),
            case_sensitive: settings
                .username_configuration
                .as_ref()
                .is_none_or(|c| c.case_sensitive),
            password_store: PasswordStore::of(&settings),
            id: row.pool,
            account: row.account,
            created: row.created,
            modified: row.modified,
            version: row.version,
            settings,
            clients: loaded,
        })
    }

    /// Errors: ResourceNotFound.
    pub fn client(&self, id: &str) -> Result<&Arc<Client>, ApiError> {
        self.clients.get(id).ok_or_else(|| errors::client_does_not_exist(id))
    }

    pub fn password_policy(&self) -> PasswordPolicyType {
        self.settings
            .policies
            .as_ref()
            .and_then(|p| p.password_policy.clone())
            .unwrap_or_default()
    }

    /// Whether a code is sent for this attribute at sign-up and after a change.
    pub fn auto_verifies(&self, attribute: VerifiedAttributeType) -> bool {
        self.settings
            .auto_verified_attributes
            .as_ref()
            .is_some_and(|list| list.contains(&attribute))
    }

    /// Whether the pool is set up for text messages. Reference: 4.3.
    pub fn sends_texts(&self) -> bool {
        self.settings.sms_configuration.is_some()
    }
}

impl SignInNames {
    fn of(settings: &UserPoolType) -> Self {
        if let Some(attributes) = settings.username_attributes.as_ref().filter(|a| !a.is_empty()) {
            return Self::Attributes {
                email: attributes.contains(&UsernameAttributeType::Email),
                phone_number: attributes.contains(&UsernameAttributeType::PhoneNumber),
            };
        }
        match settings.alias_attributes.as_ref().filter(|a| !a.is_empty()) {
            Some(aliases) => Self::Aliases {
                email: aliases.contains(&AliasAttributeType::Email),
                phone_number: aliases.contains(&AliasAttributeType::PhoneNumber),
                preferred_username: aliases.contains(&AliasAttributeType::PreferredUsername),
            },
            None => Self::Username,
        }
    }
}

impl PasswordStore {
    fn of(settings: &UserPoolType) -> Self {
        match settings
            .user_pool_tags
            .as_ref()
            .and_then(|tags| tags.get(PASSWORD_STORE_TAG))
            .map(String::as_str)
        {
            Some("argon2id") => Self::Argon2id,
            _ => Self::SrpVerifier,
        }
    }
}

/// One app client.
pub(crate) struct Client {
    pub id: ClientId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    /// As DescribeUserPoolClient prints it, without ids, dates and the secret.
    pub settings: UserPoolClientType,
    pub secret: Option<String>,
}

impl Client {
    /// From the store. Errors: corrupt settings, a secret that does not open.
    pub fn load(row: records::clients::Client, keyring: &Keyring) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let settings = UserPoolClientType::from_json(json).map_err(|error| row.corrupt("doc", error))?;
        let secret = row.secret.as_ref().map(|sealed| {
            let place = [row.pool.as_str(), row.client.as_str()];
            let opened = keyring
                .open(Purpose::ClientSecret, &place, sealed)
                .map_err(|error| row.corrupt("secret", error))?;
            opened
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| row.corrupt("secret", "no text"))
        });
        let secret = secret.transpose()?;
        Ok(Self {
            id: row.client,
            created: row.created,
            modified: row.modified,
            version: row.version,
            settings,
            secret,
        })
    }

    /// Checks SECRET_HASH over the username as the request gave it. Reference: user-pools 3.2.
    ///
    /// Errors: NotAuthorized (absent, wrong, or sent to a public client).
    pub fn check_secret_hash(&self, username: &str, hash: Option<&str>) -> Result<(), ApiError> {
        match (&self.secret, hash) {
            (None, None) => Ok(()),
            (Some(_), None) => Err(errors::secret_hash_missing(self.id.as_str())),
            (Some(secret), Some(hash))
                if vault::constant_time::eq(
                    vault::secret_hash(secret, username, self.id.as_str()).as_bytes(),
                    hash.as_bytes(),
                ) =>
            {
                Ok(())
            }
            (_, Some(_)) => Err(errors::secret_hash_wrong(self.id.as_str())),
        }
    }

    /// Whether `given` is the client's secret; a public client has none to give. Reference: user-pools 3.2.
    pub fn has_secret(&self, given: Option<&str>) -> bool {
        match (&self.secret, given) {
            (None, None) => true,
            (Some(secret), Some(given)) => vault::constant_time::eq(secret.as_bytes(), given.as_bytes()),
            _ => false,
        }
    }

    /// PreventUserExistenceErrors = ENABLED. Reference: user-pools 17.2.
    pub fn hides_users(&self) -> bool {
        self.settings.prevent_user_existence_errors == Some(PreventUserExistenceErrorTypes::Enabled)
    }

    /// Whether a flow is allowed, the legacy spellings and the default included. Reference: user-pools 3.4.
    pub fn allows(&self, flow: Flow) -> bool {
        use ExplicitAuthFlowsType as E;
        let Some(flows) = self.settings.explicit_auth_flows.as_ref().filter(|f| !f.is_empty()) else {
            return matches!(flow, Flow::Refresh | Flow::Srp | Flow::Custom);
        };
        let has = |wanted: E| flows.contains(&wanted);
        let legacy = has(E::AdminNoSrpAuth) || has(E::UserPasswordAuth) || has(E::CustomAuthFlowOnly);
        match flow {
            Flow::Srp => has(E::AllowUserSrpAuth) || (legacy && !has(E::CustomAuthFlowOnly)),
            Flow::Password => has(E::AllowUserPasswordAuth) || has(E::UserPasswordAuth),
            Flow::AdminPassword => has(E::AllowAdminUserPasswordAuth) || has(E::AdminNoSrpAuth),
            Flow::Custom => has(E::AllowCustomAuth) || legacy,
            Flow::Refresh => has(E::AllowRefreshTokenAuth) || legacy,
            Flow::Choice => has(E::AllowUserAuth),
        }
    }
}

/// An empty list is as good as none, and is not shown.
fn given<T>(list: Option<Vec<T>>) -> Option<Vec<T>> {
    list.filter(|list| !list.is_empty())
}

/// The kinds of sign-in that a client permits or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    Srp,
    Password,
    AdminPassword,
    Custom,
    Refresh,
    /// USER_AUTH.
    Choice,
}
