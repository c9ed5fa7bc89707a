//! An app client as sign-in and everything else beneath the operations sees it: parsed once, cached with its pool.

use api::cognito_idp::{
    ClientTypeType, GetUserPoolClientSessionConfigurationResponse, PreventUserExistenceErrorTypes, UserPoolClientType,
};
use kernel::{ApiError, ClientId, Timestamp};
use store::{Record, StoreError, records};
use vault::{Keyring, Purpose};

use super::{
    oauth::OAuth,
    settings::{Attributes, Flow, Lifetimes, is_kept_from_clients},
};
use crate::{
    errors,
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
    pub secret: Option<String>,
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

/// A client's secret is fixed at its creation: which rules hold depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confidentiality {
    Public,
    /// It has a secret.
    Confidential,
}

/// What a client is beside its settings.
struct Head {
    id: ClientId,
    created: Timestamp,
    modified: Timestamp,
    version: i64,
    sso_session: GetUserPoolClientSessionConfigurationResponse,
    secret: Option<String>,
}

impl Client {
    /// From the store. Errors: corrupt settings, a secret that does not open.
    pub fn load(row: records::clients::Client, keyring: &Keyring) -> Result<Self, StoreError> {
        let json = row.document("doc", &row.doc)?;
        let (settings, sso_session) = stored::read_client(json).map_err(|error| row.corrupt("doc", error))?;
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
        let head = Head {
            id: row.client,
            created: row.created,
            modified: row.modified,
            version: row.version,
            sso_session,
            secret,
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
            secret: self.secret.clone(),
        };
        Self::new(head, settings)
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
            secret: head.secret,
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
        if self.secret.is_some() {
            Confidentiality::Confidential
        } else {
            Confidentiality::Public
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

    /// Whether tokens can be revoked one by one. Reference: user-pools 3.7.
    pub fn revokes_tokens(&self) -> bool {
        self.revocation == Revocation::Enabled
    }

    /// Whether refresh tokens are rotated: then REFRESH_TOKEN_AUTH is closed. Reference: 3.7.
    pub fn rotates(&self) -> bool {
        self.lifetimes.rotation_grace.is_some()
    }

    /// What a client may read: everything, unless its ReadAttributes say otherwise; developer-only attributes are readable,
    /// and `sub` always is: it is what the tokens are about. Reference: user-pools 3.6.
    pub fn may_read(&self, name: &str) -> bool {
        name == "sub" || self.reads.contain(name)
    }

    /// What WriteAttributes name, by default all; never what is kept from every client. Reference: user-pools 2.4, 3.6.
    pub fn may_write(&self, schema: &Schema, name: &str) -> bool {
        !is_kept_from_clients(schema, name) && self.writes.contain(name)
    }
}
