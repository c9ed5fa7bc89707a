//! What a request's address says: bucket and key (path style, virtual-hosted style, or a website's address), and its query.
//! Reference: identity-pools-iam 11.1 and 11.5.

use std::borrow::Cow;

use kernel::{Result, authority};
use percent_encoding::percent_decode_str;

use crate::errors;

/// The path under which every bucket's website can be reached without a resolver: `/_website/<bucket>/<path>`.
pub const WEBSITE_PATH: &str = "/_website/";

/// The host names that mean S3.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    /// Domains with `s3.<domain>`, `s3.<region>.<domain>` and `s3-website…<domain>` beneath them, such as `localhost`.
    pub domains: Vec<String>,
    /// Hosts that are S3 endpoints themselves; `<bucket>.<host>` is a bucket.
    pub endpoints: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// No bucket: ListBuckets.
    Service,
    Bucket(String),
    Object {
        bucket: String,
        key: String,
    },
    Website {
        bucket: String,
        /// Decoded, without the leading slash.
        key: String,
        /// What stands before the key in the page's own address: empty, or `/_website/<bucket>`.
        mount: String,
    },
}

/// What a host name says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum HostName {
    Endpoint,
    Bucket(String),
    Website(String),
}

impl Hosts {
    /// Whether a host name is a bucket's or a website's.
    pub fn names_bucket(&self, host: &str) -> bool {
        matches!(self.read(host), Some(HostName::Bucket(_) | HostName::Website(_)))
    }

    /// Whether a host name is S3's at all: an endpoint, a bucket, a website.
    pub fn names_s3(&self, host: &str) -> bool {
        self.read(host).is_some()
    }

    fn read(&self, host: &str) -> Option<HostName> {
        let host = authority::host(host).to_ascii_lowercase();
        // What a domain says is more exact than an endpoint that the domain itself may be.
        let beneath = self.domains.iter().find_map(|domain| {
            let rest = host.strip_suffix(domain.as_str())?.strip_suffix('.')?;
            beneath_domain(rest)
        });
        beneath.or_else(|| self.endpoints.iter().find_map(|endpoint| at_endpoint(&host, endpoint)))
    }

    /// The address, and the path with the bucket in front, whichever way it was named: what Signature Version 2 signs.
    /// `path`: as received, percent-encoded. Errors: InvalidURI if it is not UTF-8.
    pub(crate) fn address<'p>(&self, host: &str, path: &'p str) -> Result<(Address, Cow<'p, str>)> {
        let name = self.read(host);
        let resource = match &name {
            Some(HostName::Bucket(bucket)) => Cow::Owned(format!("/{bucket}{path}")),
            _ => Cow::Borrowed(path),
        };
        Ok((Self::named(name, &decode(path)?), resource))
    }

    fn named(name: Option<HostName>, decoded: &str) -> Address {
        let key = decoded.strip_prefix('/').unwrap_or(decoded);
        match name {
            Some(HostName::Website(bucket)) => Address::Website {
                bucket,
                key: key.to_owned(),
                mount: String::new(),
            },
            Some(HostName::Bucket(bucket)) if key.is_empty() => Address::Bucket(bucket),
            Some(HostName::Bucket(bucket)) => Address::Object {
                bucket,
                key: key.to_owned(),
            },
            Some(HostName::Endpoint) | None => path_style(decoded),
        }
    }
}

fn path_style(decoded: &str) -> Address {
    if let Some(site) = decoded.strip_prefix(WEBSITE_PATH) {
        let (bucket, key) = site.split_once('/').unwrap_or((site, ""));
        return Address::Website {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            mount: format!("{WEBSITE_PATH}{bucket}"),
        };
    }
    let path = decoded.strip_prefix('/').unwrap_or(decoded);
    match path.split_once('/') {
        None if path.is_empty() => Address::Service,
        None => Address::Bucket(path.to_owned()),
        Some((bucket, "")) => Address::Bucket(bucket.to_owned()),
        Some((bucket, key)) => Address::Object {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        },
    }
}

/// `b.s3`, `b.s3.eu-west-1`, `b.s3-website-eu-west-1`, `b.s3-website.eu-west-1`, and the same without a bucket. Buckets
/// may have dots.
fn at_endpoint(host: &str, endpoint: &str) -> Option<HostName> {
    let rest = host.strip_suffix(endpoint)?;
    if rest.is_empty() {
        return Some(HostName::Endpoint);
    }
    rest.strip_suffix('.').map(|bucket| HostName::Bucket(bucket.to_owned()))
}

fn beneath_domain(rest: &str) -> Option<HostName> {
    let bucket_before = |service: &str| {
        if rest == service {
            Some("")
        } else {
            rest.strip_suffix(service)?.strip_suffix('.')
        }
    };
    let last = rest.rsplit('.').next()?;
    let with_region = |service: &str| format!("{service}.{last}");
    if last == "s3-website" || last.starts_with("s3-website-") {
        return bucket_before(last)
            .filter(|b| !b.is_empty())
            .map(|b| HostName::Website(b.to_owned()));
    }
    if let Some(bucket) = bucket_before(&with_region("s3-website")) {
        return (!bucket.is_empty()).then(|| HostName::Website(bucket.to_owned()));
    }
    let bucket = bucket_before("s3").or_else(|| bucket_before(&with_region("s3")))?;
    Some(if bucket.is_empty() {
        HostName::Endpoint
    } else {
        HostName::Bucket(bucket.to_owned())
    })
}

/// Errors: InvalidURI; for NUL too, which neither XML nor PostgreSQL's text can carry.
pub(crate) fn decode(text: &str) -> Result<String> {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) if !decoded.contains('\0') => Ok(decoded.into_owned()),
        _ => Err(errors::invalid_uri(text)),
    }
}

/// The decoded parameters of a query, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Errors: InvalidURI.
    pub(crate) fn parse(raw: &str) -> Result<Self> {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
        });
        pairs.collect::<Result<_>>().map(Self)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// `?name` or `?name=`: how sub-resources are asked for.
    pub(crate) fn is_bare(&self, name: &str) -> bool {
        self.get(name) == Some("")
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        Hosts {
            domains: vec!["localhost".to_owned(), "amazonaws.com".to_owned()],
            endpoints: vec!["objects.example.com".to_owned()],
        }
    }

    fn object(bucket: &str, key: &str) -> Address {
        Address::Object {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        }
    }

    fn website(bucket: &str, key: &str, mount: &str) -> Address {
        Address::Website {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            mount: mount.to_owned(),
        }
    }

    #[test]
    fn hosts_and_paths() {
        let bucket = |b: &str| Address::Bucket(b.to_owned());
        for (host, path, expected) in [
            ("localhost:4566", "/", Address::Service),
            ("localhost:4566", "/b", bucket("b")),
            ("127.0.0.1:4566", "/b/", bucket("b")),
            ("127.0.0.1", "/b/a%2Fb/%C3%A9+c", object("b", "a/b/é+c")),
            ("localhost", "/b//x", object("b", "/x")),
            ("localhost", "/b/../x", object("b", "../x")),
            ("s3.localhost", "/b/k", object("b", "k")),
            ("s3.eu-west-1.localhost", "/b/k", object("b", "k")),
            ("b.s3.localhost:4566", "/k", object("b", "k")),
            ("my.dotted.b.s3.eu-west-1.localhost", "/k", object("my.dotted.b", "k")),
            ("B.s3.us-east-1.amazonaws.com", "/", bucket("b")),
            ("objects.example.com", "/b/k", object("b", "k")),
            ("b.objects.example.com:8443", "/k", object("b", "k")),
            ("b.s3-website.localhost", "/a/", website("b", "a/", "")),
            ("b.s3-website-eu-west-1.localhost", "/", website("b", "", "")),
            ("b.s3-website.eu-west-1.amazonaws.com", "/x", website("b", "x", "")),
            ("localhost", "/_website/b/a.html", website("b", "a.html", "/_website/b")),
            ("localhost", "/_website/b", website("b", "", "/_website/b")),
            ("elsewhere.test", "/b/k", object("b", "k")),
        ] {
            assert_eq!(hosts().address(host, path).unwrap().0, expected, "{host}{path}");
        }
        for path in ["/b/%FF", "/b/a%00b", "/b%00"] {
            assert_eq!(
                hosts().address("localhost", path).unwrap_err().code().0,
                "InvalidURI",
                "{path}"
            );
        }
        assert!(
            hosts().names_bucket("b.s3.localhost")
                && !hosts().names_bucket("localhost")
                && !hosts().names_bucket("evils3.localhost")
        );
    }

    #[test]
    fn queries() {
        let query = Query::parse("delete=&prefix=a%2Bb+c&list-type=2&uploads").unwrap();
        assert_eq!(query.get("prefix"), Some("a+b c"));
        assert!(query.has("delete") && query.has("uploads") && !query.has("versions"));
    }
}
