//! An app client as sign-in and everything else beneath the operations sees it: parsed once, cached with its pool.

use std::{collections::BTreeMap, sync::Arc};

use api::cognito_idp::{
    ClientTypeType, GetUserPoolClientSessionConfigurationResponse, PreventUserExistenceErrorTypes, UserPoolClientType,
};
use kernel::{ApiError, ClientId, Timestamp};
use store::{Record, StoreError, records};
use vault::Keyring;

use super::{
    keys::ClientKeys,
    logout_uri,
    oauth::OAuth,
    registered::Registered,
    secret::{Owner, Secrets},
    settings::{Attributes, Flow, Lifetimes, is_kept_from_clients},
};
use crate::{
    errors,
    external::shown::IDENTITIES,
    pool::{schema::Schema, stored},
};

/// One app client.
pub(crate) struct Client {
    pub id: ClientId,
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: i64,
    /// As DescribeUserPoolClient prints it, without ids, dates and the secret: for operations on clients.
    pub settings: UserPoolClientType,
    /// As GetUserPoolClientSessionConfiguration prints it, without ids. Default: it was never set.
    pub sso_session: GetUserPoolClientSessionConfigurationResponse,
    pub secrets: Secrets,
    /// What it shows instead of a secret. None: it has none.
    pub keys: Option<ClientKeys>,
    /// Where it wants to hear that a browser's session has ended, if its pool has that on.
    pub logout_uri: Option<Arc<str>>,
    pub registered: Registered,
    pub lifetimes: Lifetimes,
    pub oauth: OAuth,
    flows: Vec<Flow>,
    reads: Attributes,
    writes: Attributes,
    existence: Existence,
    revocation: Revocation,
}

/// PreventUserExistenceErrors. Reference: user-pools 17.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Existence {
    Told,
    Hidden,
}

/// EnableTokenRevocation. Reference: user-pools 3.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Revocation {
    Enabled,
    Disabled,
}

/// Whether a client shows who it is: by a secret, which is fixed at its creation, or by keys. Which rules hold depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confidentiality {
    Public,
    Confidential,
}

/// What a client is beside its settings.
struct Head {
    id: ClientId,
    created: Timestamp,
    modified: Timestamp,
    version: i64,
    sso_session: GetUserPoolClientSessionConfigurationResponse,
    secrets: Secrets,
    keys: Option<ClientKeys>,
    logout_uri: Option<Arc<str>>,
    registered: Registered,
}

impl Client {
    /// From the store. Errors: corrupt settings, a secret that does not open.
    pub fn load(
        row: records::clients::Client,
        secrets: Vec<records::client_secrets::ClientSecret>,
        keyring: &Keyring,
    ) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let (settings, sso_session, registered) =
            stored::read_client(json).map_err(|error| row.corrupt("doc", error))?;
        let owner = Owner {
            pool: &row.pool,
            client: &row.client,
        };
        let secrets = Secrets::load(owner, secrets, keyring)?;
        let head = Head {
            id: row.client,
            created: row.created,
            modified: row.modified,
            version: row.version,
            sso_session,
            secrets,
            keys: registered.keys(),
            logout_uri: registered.logout.as_ref().map(|logout| Arc::from(logout.uri.as_str())),
            registered,
        };
        Ok(Self::new(head, settings))
    }

    /// The client with other settings, as the row that was just written has them.
    pub fn updated(&self, settings: UserPoolClientType, modified: Timestamp) -> Self {
        let head = Head {
            id: self.id.clone(),
            created: self.created,
            modified,
            version: self.version + 1,
            sso_session: self.sso_session.clone(),
            secrets: self.secrets.clone(),
            keys: self.keys.clone(),
            logout_uri: self.logout_uri.clone(),
            registered: self.registered.clone(),
        };
        Self::new(head, settings)
    }

    /// With what its pool's tags have for it, which goes before its own word.
    pub fn tagged(self, tags: &BTreeMap<String, String>) -> Self {
        let logout_uri = logout_uri::TAG.of(tags, &self.id).map(Arc::from);
        Self {
            keys: ClientKeys::of_tags(tags, &self.id).or(self.keys),
            logout_uri: logout_uri.or(self.logout_uri),
            ..self
        }
    }

    fn new(head: Head, settings: UserPoolClientType) -> Self {
        let hides = settings.prevent_user_existence_errors == Some(PreventUserExistenceErrorTypes::Enabled);
        let irrevocable = settings.enable_token_revocation == Some(false);
        Self {
            id: head.id,
            created: head.created,
            modified: head.modified,
            version: head.version,
            sso_session: head.sso_session,
            secrets: head.secrets,
            keys: head.keys,
            logout_uri: head.logout_uri,
            registered: head.registered,
            lifetimes: Lifetimes::of(&settings),
            oauth: OAuth::of(&settings),
            flows: Flow::permitted(&settings),
            reads: Attributes::of(settings.read_attributes.as_deref()),
            writes: Attributes::of(settings.write_attributes.as_deref()),
            existence: if hides { Existence::Hidden } else { Existence::Told },
            revocation: if irrevocable {
                Revocation::Disabled
            } else {
                Revocation::Enabled
            },
            settings,
        }
    }

    pub fn confidentiality(&self) -> Confidentiality {
        if self.secrets.are_none() && self.keys.is_none() {
            Confidentiality::Public
        } else {
            Confidentiality::Confidential
        }
    }

    /// Whether it registered itself. Reference: user-pools 3.1, 15.4.
    pub fn kind(&self) -> ClientTypeType {
        self.settings.client_type.unwrap_or(ClientTypeType::Regular)
    }

    /// Checks SECRET_HASH over the username as the request gave it. Reference: user-pools 3.2.
    ///
    /// Errors: NotAuthorized (absent, wrong, or sent to a public client).
    pub fn check_secret_hash(&self, username: &str, hash: Option<&str>) -> Result<(), ApiError> {
        let client = self.id.as_str();
        let of = |secret: &str| vault::secret_hash(secret, username, client);
        match (self.confidentiality(), hash) {
            (Confidentiality::Public, None) => Ok(()),
            (Confidentiality::Confidential, None) => Err(errors::secret_hash_missing(client)),
            // A public client has none that would match.
            (_, Some(hash)) if self.secrets.match_any(hash, of) => Ok(()),
            (_, Some(_)) => Err(errors::secret_hash_wrong(client)),
        }
    }

    /// Whether `given` is a secret of the client; a public client has none to give, and one with keys shows more than nothing. Reference: user-pools 3.2.
    pub fn has_secret(&self, given: Option<&str>) -> bool {
        match given {
            None => self.confidentiality() == Confidentiality::Public,
            Some(given) => self.secrets.match_any(given, str::to_owned),
        }
    }

    /// PreventUserExistenceErrors = ENABLED. Reference: user-pools 17.2.
    pub fn hides_users(&self) -> bool {
        self.existence == Existence::Hidden
    }

    /// EnablePropagateAdditionalUserContextData: its server says where users are. Reference: user-pools 3.7.
    pub fn is_believed_of_users(&self) -> bool {
        self.settings.enable_propagate_additional_user_context_data == Some(true)
    }

    /// Reference: user-pools 3.4.
    pub fn allows(&self, flow: Flow) -> bool {
        self.flows.contains(&flow)
    }

    /// Those of its OAuth settings, where these are in force. Some may have gone from their resource servers since.
    pub fn scopes(&self) -> &[String] {
        if self.oauth.enabled { &self.oauth.scopes } else { &[] }
    }

    /// Whether tokens can be revoked one by one. Reference: user-pools 3.7.
    pub fn revokes_tokens(&self) -> bool {
        self.revocation == Revocation::Enabled
    }

    /// Whether refresh tokens are rotated: then REFRESH_TOKEN_AUTH is closed. Reference: 3.7.
    pub fn rotates(&self) -> bool {
        self.lifetimes.rotation_grace.is_some()
    }

    /// What a client may read: everything, unless its ReadAttributes say otherwise; developer-only attributes are readable,
    /// and `sub` and `identities` always are: they are what the tokens are about. Reference: user-pools 3.6.
    pub fn may_read(&self, name: &str) -> bool {
        name == "sub" || name == IDENTITIES || self.reads.contain(name)
    }

    /// What WriteAttributes name, by default all; never what is kept from every client. Reference: user-pools 2.4, 3.6.
    pub fn may_write(&self, schema: &Schema, name: &str) -> bool {
        !is_kept_from_clients(schema, name) && self.writes.contain(name)
    }
}
