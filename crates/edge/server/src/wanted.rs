//! What does a request want? Its host, its path and two of its headers say whether it is a preflight, one of our own paths or neither; then
//! it is a call to AWS or, where it is no call either, a bucket's. Pure.
//!
//! No two services share a path: what stands first in a path of ours (`_poolhouse`, a pool's id, `.well-known`) can't be a
//! bucket's name, and on a bucket's own host every path is a key.

use std::sync::LazyLock;

use http::{HeaderMap, Method, header};
use matchit::Router;
use tokens::OPENID_OWNER;
use wire::cors;

use crate::{confirm_user, discovery::Document, doors::Door, hosted, hosts::HostKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// A browser asks whether a page may call AWS.
    Preflight,
    Door(Door),
    Document(Document<'a>),
    /// The link of a sign-up mail.
    ConfirmUser,
    /// Hosted login, or an OAuth endpoint, if the host is a domain's.
    Domain,
    /// An AWS service, S3 among them.
    Service,
}

impl Wanted<'_> {
    /// Whether the directory of domains is asked first. At a pool's own domain people take what they see for its pool's, so nothing that a
    /// bucket holds is shown there, whatever the path. No browser sends by itself what makes a call, or signs by a header.
    pub fn may_be_a_domains(self, host: HostKind, headers: &HeaderMap) -> bool {
        match self {
            Self::Domain => true,
            Self::Service | Self::Document(Document::Keys(OPENID_OWNER)) => {
                let is_call = headers.contains_key("x-amz-target") || headers.contains_key(header::AUTHORIZATION);
                host == HostKind::Elsewhere && !is_call
            }
            _ => false,
        }
    }
}

/// What a path leads to under our own names.
#[derive(Clone, Copy)]
enum Path {
    Door(Door),
    /// Identity pools' own issuer has its keys at the root. Reference: identity-pools-iam 1.13.
    OpenIdKeys,
    PoolKeys,
    PoolConfiguration,
    PoolUnknown,
}

/// The paths of our own names; a domain of hosted login will have its own. Whatever stands in none goes to AWS or S3.
static PATHS: LazyLock<Router<Path>> = LazyLock::new(|| {
    router(&[
        ("/_poolhouse/", Path::Door(Door::Root)),
        ("/_poolhouse/health", Path::Door(Door::Health)),
        ("/_poolhouse/inbox", Path::Door(Door::Inbox)),
        ("/_poolhouse/inbox.json", Path::Door(Door::Messages)),
        ("/_poolhouse/inbox/events", Path::Door(Door::Events)),
        ("/_poolhouse/inbox.js", Path::Door(Door::Script)),
        ("/_poolhouse/inbox.css", Path::Door(Door::Style)),
        ("/_poolhouse/triggers", Path::Door(Door::Triggers)),
        ("/_poolhouse/triggers.json", Path::Door(Door::Invocations)),
        ("/_poolhouse/triggers/replay", Path::Door(Door::Replay)),
        ("/_poolhouse/triggers.js", Path::Door(Door::TriggersScript)),
        ("/_poolhouse/pages", Path::Door(Door::Pages)),
        ("/_poolhouse/pages/{*page}", Path::Door(Door::Pages)),
        ("/_poolhouse/clock", Path::Door(Door::Clock)),
        ("/_poolhouse/reset", Path::Door(Door::Reset)),
        ("/_poolhouse/{*unknown}", Path::Door(Door::Unknown)),
        ("/.well-known/jwks_uri", Path::OpenIdKeys),
        ("/.well-known/jwks.json", Path::OpenIdKeys),
        ("/{pool}/.well-known/jwks_uri", Path::PoolKeys),
        ("/{pool}/.well-known/jwks.json", Path::PoolKeys),
        ("/{pool}/.well-known/openid-configuration", Path::PoolConfiguration),
        (
            "/{pool}/.well-known/oauth-authorization-server",
            Path::PoolConfiguration,
        ),
        // RFC 8414 section 3.1 has the issuer's path behind.
        (
            "/.well-known/oauth-authorization-server/{pool}",
            Path::PoolConfiguration,
        ),
        ("/.well-known/openid-configuration/{pool}", Path::PoolConfiguration),
        ("/{pool}/.well-known/", Path::PoolUnknown),
        ("/{pool}/.well-known/{*unknown}", Path::PoolUnknown),
        // What discovery names where a pool has no domain (oauth-and-federation 1.1).
        ("/{pool}/authorize", Path::PoolUnknown),
        ("/{pool}/token", Path::PoolUnknown),
        ("/{pool}/userInfo", Path::PoolUnknown),
        ("/{pool}/revoke", Path::PoolUnknown),
        ("/{pool}/logout", Path::PoolUnknown),
    ])
});

/// A path that contradicts another is left out, which the tests would see.
fn router(paths: &[(&str, Path)]) -> Router<Path> {
    let mut router = Router::new();
    for (path, leads_to) in paths {
        let _ = router.insert(*path, *leads_to);
    }
    router
}

/// `host`: what the request's host is to us. `query`: of the address.
pub fn wanted<'a>(
    host: HostKind,
    method: &Method,
    (path, query): (&'a str, Option<&str>),
    headers: &HeaderMap,
) -> Wanted<'a> {
    if host == HostKind::Domain {
        return Wanted::Domain;
    }
    // A target header makes a call of any path, as behind proxies that add a prefix.
    if host.is_bucket() || host == HostKind::Storage || headers.contains_key("x-amz-target") {
        return Wanted::Service;
    }
    if cors::is_preflight(method, path, headers) {
        return Wanted::Preflight;
    }
    if path.starts_with(hosted::MOUNT) {
        return Wanted::Domain;
    }
    // Whoever's host it is: a domain has the same page.
    if confirm_user::is_meant(path, query) {
        return Wanted::ConfirmUser;
    }
    if host == HostKind::Elsewhere && hosted::is_page(path) {
        return Wanted::Domain;
    }
    let Ok(found) = PATHS.at(path) else {
        return Wanted::Service;
    };
    let pool = || found.params.get("pool").filter(|pool| is_pool_id(pool));
    let document = match found.value {
        Path::Door(_) if host == HostKind::Api => None,
        Path::Door(door) => return Wanted::Door(*door),
        Path::OpenIdKeys => Some(Document::Keys(OPENID_OWNER)),
        Path::PoolKeys => pool().map(Document::Keys),
        Path::PoolConfiguration => pool().map(Document::Configuration),
        Path::PoolUnknown => pool().map(|_| Document::Unknown),
    };
    document.map_or(Wanted::Service, Wanted::Document)
}

/// `eu-west-1_AbCdEfGhI`: a bucket's name has no underscore, so that its keys may be called as they like.
fn is_pool_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(region, rest)| {
        let is_region = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        !region.is_empty()
            && region.bytes().all(is_region)
            && !rest.is_empty()
            && rest.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn no_service_takes_anothers_path() {
        let pool = "eu-west-1_AbCdEfGhI";
        let door = |door| Wanted::Door(door);
        let document = |document| Wanted::Document(document);
        let of_pool = |rest: &str| format!("/{pool}/.well-known/{rest}");
        let (keys, same, configuration) = (
            of_pool("jwks.json"),
            of_pool("jwks_uri"),
            of_pool("openid-configuration"),
        );
        let (other, deeper, nothing) = (of_pool("other"), of_pool("jwks.json/x"), of_pool(""));
        let authorize = format!("/{pool}/authorize");
        let key = format!("/photos{keys}");
        for (path, here) in [
            ("/", Wanted::Service),
            ("", Wanted::Service),
            ("*", Wanted::Service),
            ("/_poolhouse/", door(Door::Root)),
            ("/_poolhouse/health", door(Door::Health)),
            ("/_poolhouse/inbox", door(Door::Inbox)),
            ("/_poolhouse/inbox.json", door(Door::Messages)),
            ("/_poolhouse/inbox/events", door(Door::Events)),
            ("/_poolhouse/inbox.js", door(Door::Script)),
            ("/_poolhouse/inbox.css", door(Door::Style)),
            ("/_poolhouse/pages", door(Door::Pages)),
            ("/_poolhouse/pages/managed/de/dark/sign_in", door(Door::Pages)),
            ("/_poolhouse/clock", door(Door::Clock)),
            ("/_poolhouse/reset", door(Door::Reset)),
            ("/_poolhouse/other", door(Door::Unknown)),
            ("/_poolhouse/inbox/", door(Door::Unknown)),
            ("/_poolhouse//", door(Door::Unknown)),
            ("/_poolhouse/.well-known/jwks.json", door(Door::Unknown)),
            ("/_poolhouse", Wanted::Service),
            ("/photos/_poolhouse/health", Wanted::Service),
            ("/_website/photos/", Wanted::Service),
            ("/.well-known/jwks_uri", document(Document::Keys(OPENID_OWNER))),
            ("/.well-known/jwks.json", document(Document::Keys(OPENID_OWNER))),
            ("/.well-known/openid-configuration", Wanted::Service),
            (&keys, document(Document::Keys(pool))),
            (&same, document(Document::Keys(pool))),
            (&configuration, document(Document::Configuration(pool))),
            (&other, document(Document::Unknown)),
            (&deeper, document(Document::Unknown)),
            (&nothing, document(Document::Unknown)),
            (&authorize, document(Document::Unknown)),
            ("/photos/authorize", Wanted::Service),
            (&key, Wanted::Service),
            ("/photos/.well-known/jwks.json", Wanted::Service),
            ("/photos/.well-known/jwks_uri", Wanted::Service),
            ("/photos/.well-known/openid-configuration", Wanted::Service),
            ("/photos/.well-known/", Wanted::Service),
            ("/my.photos-1/.well-known/openid-configuration", Wanted::Service),
            ("/p/jwks.json", Wanted::Service),
            ("/a/b/.well-known/jwks.json", Wanted::Service),
            ("/_p/.well-known/jwks.json", Wanted::Service),
            ("/eu-west-1_/.well-known/jwks.json", Wanted::Service),
            ("/eu-west-1_a.b/.well-known/jwks.json", Wanted::Service),
        ] {
            is_wanted_by_whatever_method(path, &here);
        }
    }

    /// `here`: what it is at our own hosts, unless it is a call by its header; a bucket's host is its own.
    fn is_wanted_by_whatever_method(path: &str, here: &Wanted<'_>) {
        let none = HeaderMap::new();
        let mut call = HeaderMap::new();
        call.insert("x-amz-target", HeaderValue::from_static("any"));
        for method in [Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE] {
            let of = |host, headers| wanted(host, &method, (path, None), headers);
            for host in [
                HostKind::Localhost,
                HostKind::Configured,
                HostKind::Loopback,
                HostKind::Elsewhere,
            ] {
                assert_eq!(&of(host, &none), here, "{method} {path}");
                assert_eq!(of(host, &call), Wanted::Service, "{method} {path}");
            }
            for host in [HostKind::Bucket, HostKind::PublicBucket] {
                assert_eq!(of(host, &none), Wanted::Service, "{method} {path}");
            }
        }
    }

    #[test]
    fn hosts_of_aws_have_no_doors() {
        let keys = "/eu-west-1_AbCdEfGhI/.well-known/jwks.json";
        let none = HeaderMap::new();
        let of = |host, path| wanted(host, &Method::GET, (path, None), &none);
        for path in ["/_poolhouse/inbox", "/_poolhouse/reset", "/_poolhouse/health", "/"] {
            assert_eq!(of(HostKind::Api, path), Wanted::Service, "{path}");
            assert_eq!(of(HostKind::Storage, path), Wanted::Service, "{path}");
        }
        assert_eq!(
            of(HostKind::Api, keys),
            Wanted::Document(Document::Keys("eu-west-1_AbCdEfGhI"))
        );
        assert_eq!(of(HostKind::Storage, keys), Wanted::Service);
        assert_eq!(of(HostKind::Api, "/login"), Wanted::Service);
    }

    #[test]
    fn a_sign_ups_link_is_no_buckets() {
        let link = Some("client_id=a&user_name=b&confirmation_code=1");
        let none = HeaderMap::new();
        for (host, path, query, here) in [
            (HostKind::Elsewhere, "/confirmUser", link, Wanted::ConfirmUser),
            (HostKind::Own, "/confirmUser", link, Wanted::ConfirmUser),
            (HostKind::Localhost, "/ConfirmUser/", None, Wanted::ConfirmUser),
            (HostKind::Localhost, "/confirmuser", link, Wanted::ConfirmUser),
            (HostKind::Localhost, "/confirmuser", None, Wanted::Service),
            (HostKind::Bucket, "/confirmUser", link, Wanted::Service),
        ] {
            assert_eq!(wanted(host, &Method::GET, (path, query), &none), here, "{path}");
        }
    }

    #[test]
    fn a_preflight_of_a_call_comes_before_paths() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "access-control-request-headers",
            HeaderValue::from_static("x-amz-target"),
        );
        let of = |host, path| wanted(host, &Method::OPTIONS, (path, None), &headers);
        assert_eq!(of(HostKind::Elsewhere, "/"), Wanted::Preflight);
        assert_eq!(of(HostKind::Localhost, "/_poolhouse/health"), Wanted::Preflight);
        assert_eq!(of(HostKind::Bucket, "/"), Wanted::Service);
    }
}
