//! A URL, and who wrote it down.

use std::fmt;

use http::{Uri, uri::Scheme};
use thiserror::Error;

/// Where a request goes. Printing it names the host alone: what follows may be a secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    uri: Uri,
    source: Source,
}

/// Who wrote the address down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// It stands in this server's own configuration.
    Operator,
    /// It came by a call: whoever may change a pool is not to reach our neighbours through us.
    Tenant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AddressError {
    #[error("it is no URL of the form https://host/path")]
    NotAnAddress,
    #[error("it carries a user name or password")]
    Credentials,
}

impl Address {
    /// From this server's configuration: plain http and private addresses are the operator's choice.
    pub fn of_operator(text: &str) -> Result<Self, AddressError> {
        Self::parse(text, Source::Operator)
    }

    /// From a call: https to a public address, unless the operator allows more.
    pub fn of_tenant(text: &str) -> Result<Self, AddressError> {
        Self::parse(text, Source::Tenant)
    }

    fn parse(text: &str, source: Source) -> Result<Self, AddressError> {
        let uri: Uri = text.parse().map_err(|_| AddressError::NotAnAddress)?;
        let is_http = uri.scheme() == Some(&Scheme::HTTPS) || uri.scheme() == Some(&Scheme::HTTP);
        match uri.authority() {
            Some(authority) if is_http && !authority.host().is_empty() => {
                if authority.as_str().contains('@') {
                    return Err(AddressError::Credentials);
                }
                Ok(Self { uri, source })
            }
            _ => Err(AddressError::NotAnAddress),
        }
    }

    /// The same server, another path beneath this address's. `path` begins with a slash and is percent-encoded.
    pub fn beneath(&self, path: &str) -> Result<Self, AddressError> {
        let base = self.uri.path().trim_end_matches('/');
        let scheme = self.uri.scheme_str().unwrap_or("https");
        Self::parse(&format!("{scheme}://{}{base}{path}", self.authority()), self.source)
    }

    /// Where a redirect of this address's server leads. Another server's address was not written by whoever wrote this one.
    pub(crate) fn leading_to(&self, location: &str) -> Result<Self, AddressError> {
        let location = location.split('#').next().unwrap_or_default();
        let scheme = self.uri.scheme_str().unwrap_or("https");
        let here = format!("{scheme}://{}", self.authority());
        let folder = self.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let whole = if location.contains("://") {
            location.to_owned()
        } else if location.starts_with("//") {
            format!("{scheme}:{location}")
        } else if location.starts_with('/') {
            format!("{here}{location}")
        } else if location.starts_with('?') {
            format!("{here}{}{location}", self.path())
        } else {
            format!("{here}{folder}/{location}")
        };
        let to = Self::parse(&whole, Source::Tenant)?;
        let source = if to.is_same_server(self) {
            self.source
        } else {
            Source::Tenant
        };
        Ok(Self { source, ..to })
    }

    pub(crate) fn is_same_server(&self, other: &Self) -> bool {
        self.uri.scheme() == other.uri.scheme() && self.uri.authority() == other.uri.authority()
    }

    pub fn is_https(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    /// Host and port as they are written: the value of the header `Host`.
    pub fn authority(&self) -> &str {
        self.uri.authority().map_or("", http::uri::Authority::as_str)
    }

    pub fn path(&self) -> &str {
        self.uri.path()
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    pub(crate) fn source(&self) -> Source {
        self.source
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({:?} {})", self.source, self.authority())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_url_of_http_without_credentials() {
        for (text, expected) in [
            ("https://a.example/hook?x=1", None),
            ("http://127.0.0.1:9000", None),
            ("http://[::1]:9000/", None),
            ("ftp://a.example/", Some(AddressError::NotAnAddress)),
            ("file:///etc/passwd", Some(AddressError::NotAnAddress)),
            ("a.example", Some(AddressError::NotAnAddress)),
            ("/path", Some(AddressError::NotAnAddress)),
            ("", Some(AddressError::NotAnAddress)),
            ("https://u:p@a.example/", Some(AddressError::Credentials)),
        ] {
            assert_eq!(Address::of_operator(text).err(), expected, "{text}");
            assert_eq!(Address::of_tenant(text).err(), expected, "{text}");
        }
    }

    #[test]
    fn a_path_is_put_beneath_the_base() {
        for (base, whole) in [
            ("http://h:3001", "http://h:3001/2015-03-31/functions"),
            ("http://h:3001/", "http://h:3001/2015-03-31/functions"),
            ("https://h/base/", "https://h/base/2015-03-31/functions"),
        ] {
            let base = Address::of_operator(base).unwrap();
            assert_eq!(base.beneath("/2015-03-31/functions").unwrap().uri(), whole);
        }
    }

    #[test]
    fn a_redirect_leads_from_where_it_was_met() {
        let from = Address::of_operator("http://h:1/a/b?x=1").unwrap();
        for (location, whole, source) in [
            ("/c?y#z", "http://h:1/c?y", Source::Operator),
            ("c", "http://h:1/a/c", Source::Operator),
            ("?y", "http://h:1/a/b?y", Source::Operator),
            ("", "http://h:1/a/", Source::Operator),
            ("http://H:1/", "http://H:1/", Source::Operator),
            ("//i/c", "http://i/c", Source::Tenant),
            ("http://h:2/", "http://h:2/", Source::Tenant),
            ("https://h:1/", "https://h:1/", Source::Tenant),
        ] {
            let to = from.leading_to(location).unwrap();
            assert_eq!(
                (to.uri().to_string(), to.source()),
                (whole.to_owned(), source),
                "{location}"
            );
        }
        for location in [
            "file:///etc/passwd",
            "gopher://h/",
            "http://u:p@h:1/",
            "http://h:1 /",
            "//",
        ] {
            assert!(from.leading_to(location).is_err(), "{location}");
        }
    }

    #[test]
    fn what_is_printed_is_the_host() {
        let address = Address::of_tenant("https://hooks.example/T0/secret?token=1").unwrap();
        assert_eq!(address.to_string(), "hooks.example");
        assert_eq!(format!("{address:?}"), "Address(Tenant hooks.example)");
    }
}
