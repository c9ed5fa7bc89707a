//! What a confidential client proves itself by: one secret, or two while its servers change from one to the other. Reference:
//! user-pools 3.2, 3.3.

use kernel::{ApiError, ClientId, PoolId, Rng, Timestamp};
use store::{Record, StoreError, records::client_secrets::ClientSecret};
use vault::{Keyring, Purpose};

/// How many a client may have.
const MOST: usize = 2;

/// Characters of a generated one.
const CHARS: usize = 52;

/// How much of a client's id stands in its secrets' ids, which the API takes up to 128 characters of.
const LONGEST_PREFIX: usize = 112;

/// One secret. It has no Debug, for it is in clear.
#[derive(Clone)]
pub(crate) struct Secret {
    pub id: String,
    pub created: Timestamp,
    pub value: String,
}

/// Those of a client, the oldest first. None: the client is public.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<Secret>);

/// Whose secrets they are: what they are sealed for.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub pool: &'a PoolId,
    pub client: &'a ClientId,
}

impl Secret {
    /// A new one, which is stored as `row` seals it.
    pub fn generated(rng: &dyn Rng) -> String {
        kernel::base36(rng, CHARS)
    }

    /// Errors: a secret that does not open.
    fn load(owner: Owner<'_>, row: ClientSecret, keyring: &Keyring) -> Result<Self, StoreError> {
        let opened = keyring.open(Purpose::ClientSecret, &owner.place(), &row.secret);
        let opened = opened.map_err(|error| row.corrupt("secret", error))?;
        let value = opened.as_str().map(str::to_owned);
        Ok(Self {
            value: value.ok_or_else(|| row.corrupt("secret", "no text"))?,
            id: row.id,
            created: row.created,
        })
    }
}

impl Secrets {
    /// From the store. Errors: a secret that does not open.
    pub fn load(owner: Owner<'_>, rows: Vec<ClientSecret>, keyring: &Keyring) -> Result<Self, StoreError> {
        let secrets = rows.into_iter().map(|row| Secret::load(owner, row, keyring));
        let mut secrets = secrets.collect::<Result<Vec<_>, _>>()?;
        secrets.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
        Ok(Self(secrets))
    }

    /// The one that came first and is still there.
    pub fn oldest(&self) -> Option<&Secret> {
        self.0.first()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }

    pub fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    pub fn are_as_many_as_may_be(&self) -> bool {
        self.0.len() >= MOST
    }

    pub fn are_one(&self) -> bool {
        self.0.len() == 1
    }

    /// Whether `given` is what `of` makes of a secret. All are tried, so that the time does not tell which it was.
    pub fn match_any(&self, given: &str, of: impl Fn(&str) -> String) -> bool {
        let is = |secret: &Secret| vault::constant_time::eq(of(&secret.value).as_bytes(), given.as_bytes());
        self.0.iter().fold(false, |found, secret| is(secret) | found)
    }
}

impl<'a> Owner<'a> {
    fn place(self) -> [&'a str; 2] {
        [self.pool.as_str(), self.client.as_str()]
    }

    /// A secret of now, sealed. Its id begins with the client's and tells the millisecond; `taken` has ids that it can't have.
    ///
    /// Errors: internal.
    pub fn sealed(
        self,
        keyring: &Keyring,
        (value, at): (&str, Timestamp),
        taken: &Secrets,
        rng: &dyn Rng,
    ) -> Result<ClientSecret, ApiError> {
        let client = self.client.as_str();
        let prefix = client.get(..LONGEST_PREFIX).unwrap_or(client);
        let mut millis = at.millis();
        let id_of = |millis: i64| format!("{prefix}--{millis}");
        while taken.iter().any(|secret| secret.id == id_of(millis)) {
            millis += 1;
        }
        let secret = keyring.seal(Purpose::ClientSecret, &self.place(), value.as_bytes(), rng);
        Ok(ClientSecret {
            client: self.client.clone(),
            id: id_of(millis),
            created: at,
            secret: secret.map_err(ApiError::internal)?,
        })
    }
}
