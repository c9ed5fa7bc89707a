//! A domain as everything beneath the operations sees it: parsed once, cached with its pool.

use api::{
    Wire,
    cognito_idp::{CustomDomainConfigType, DomainDescriptionType},
};
use kernel::{PoolId, Region};
use store::{Record, StoreError, records};

use super::DomainKind;

#[derive(Clone)]
pub(crate) struct Domain {
    pub name: String,
    pub kind: DomainKind,
    pub managed_login_version: ManagedLogin,
    /// Of a custom domain alone.
    pub custom: Option<CustomDomainConfigType>,
    /// What AWS has before the pages: for clients that print it.
    pub distribution: String,
    /// Which build of the pages AWS shows: the same.
    pub assets: String,
    /// Whether the prefix alone leads here too; else it leads to a namesake of another Region, or nowhere.
    pub bare: bool,
    /// The row's version, which an update must name.
    pub version: i64,
}

/// Which pages a domain has. Reference: oauth-and-federation 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ManagedLogin {
    /// The hosted UI.
    Classic,
    Managed,
}

impl Domain {
    /// From the store. Errors: corrupt settings.
    pub fn load(row: records::domains::Domain) -> Result<Self, StoreError> {
        let kind = DomainKind::parse(&row.kind).ok_or_else(|| row.corrupt("kind", "unknown"))?;
        let json = row.document("doc", &row.doc)?;
        let doc = DomainDescriptionType::from_json(json).map_err(|error| row.corrupt("doc", error))?;
        let version = ManagedLogin::of(doc.managed_login_version.unwrap_or(1));
        let managed_login_version = version.ok_or_else(|| row.corrupt("doc", "no such managed login"))?;
        Ok(Self {
            name: row.domain,
            kind,
            managed_login_version,
            custom: doc.custom_domain_config,
            distribution: doc.cloud_front_distribution.unwrap_or_default(),
            assets: doc.version.unwrap_or_default(),
            bare: row.bare,
            version: row.version,
        })
    }

    /// As a row of a pool: what [`Domain::load`] reads.
    pub fn row(&self, pool: &PoolId) -> records::domains::Domain {
        let doc = DomainDescriptionType {
            managed_login_version: Some(self.managed_login_version.number()),
            custom_domain_config: self.custom.clone(),
            cloud_front_distribution: Some(self.distribution.clone()),
            version: Some(self.assets.clone()),
            ..DomainDescriptionType::default()
        };
        records::domains::Domain {
            pool: pool.clone(),
            kind: self.kind.as_str().to_owned(),
            domain: self.name.clone(),
            bare: self.bare,
            version: self.version,
            doc: doc.to_json().to_string(),
        }
    }

    /// The host name of its pages, where prefix domains are beneath `base`.
    pub fn host(&self, region: &Region, base: &str) -> String {
        match self.kind {
            DomainKind::Custom => self.name.clone(),
            DomainKind::Prefix => format!("{}.{base}", self.kind.key(&self.name, region)),
        }
    }

    /// Whether a key of the directory is this domain's, in the Region of its pool.
    pub fn answers_to(&self, key: &str, region: &Region) -> bool {
        self.kind.has_key(&self.name, region, key) || (self.bare && key == self.name)
    }
}

impl ManagedLogin {
    /// As the API numbers them.
    pub fn of(version: i32) -> Option<Self> {
        match version {
            1 => Some(Self::Classic),
            2 => Some(Self::Managed),
            _ => None,
        }
    }

    pub fn number(self) -> i32 {
        match self {
            Self::Classic => 1,
            Self::Managed => 2,
        }
    }
}
