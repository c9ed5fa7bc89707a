//! A URL as somebody wrote it down, which a query may be added to.

use std::fmt;

use upstream::{Address, AddressError, Reach};

use crate::form;

/// Printing it names the host alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    text: String,
    by: By,
}

/// Who wrote it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Operator,
    Tenant,
}

impl Url {
    /// From this server's configuration.
    pub fn of_operator(text: &str) -> Result<Self, AddressError> {
        Self::of(text, By::Operator)
    }

    pub(crate) fn of_tenant(text: &str) -> Result<Self, AddressError> {
        Self::of(text, By::Tenant)
    }

    fn of(text: &str, by: By) -> Result<Self, AddressError> {
        let url = Self {
            text: text.split('#').next().unwrap_or_default().to_owned(),
            by,
        };
        url.address().map(|_| url)
    }

    /// The same with these at the end of its query.
    pub(crate) fn with<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let joint = if self.text.contains('?') { '&' } else { '?' };
        Self {
            text: format!("{}{joint}{}", self.text, form::encoded(pairs)),
            by: self.by,
        }
    }

    /// Where a request goes.
    pub(crate) fn address(&self) -> Result<Address, AddressError> {
        match self.by {
            By::Operator => Address::of_operator(&self.text),
            By::Tenant => Address::of_tenant(&self.text),
        }
    }

    /// Whether a browser may be sent there.
    pub(crate) fn may_be_visited(&self, tenants_reach: Reach) -> bool {
        let is_https = self.address().is_ok_and(|address| address.is_https());
        is_https || self.by == By::Operator || tenants_reach == Reach::Anywhere
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Url({:?})", self.address())
    }
}
