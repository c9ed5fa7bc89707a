//! A call of an endpoint of a pool's domain.

use kernel::PoolId;

use crate::Parameters;

/// A call of an endpoint that answers JSON, as it came: posted, a form.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// The domain's.
    pub pool: &'a PoolId,
    /// The header.
    pub authorization: Option<&'a str>,
    /// The header `DPoP` (RFC 9449). Empty: there were several, or it is no text.
    pub proof: Option<&'a str>,
    /// The domain, as whoever calls reaches it, without a slash at its end: `https://auth.example.com`,
    /// `https://id.example.com/_login/app`.
    pub domain: &'a str,
    /// The endpoint's path behind it, as it was called.
    pub path: &'a str,
    pub form: &'a Parameters,
}

impl Call<'_> {
    /// The endpoint, as whoever calls reaches it.
    pub fn address(&self) -> String {
        format!("{}{}", self.domain, self.path)
    }

    /// The token endpoint of the same domain.
    pub(crate) fn token_endpoint(&self) -> String {
        format!("{}/oauth2/token", self.domain)
    }
}
