//! Which domain a request goes to: by its host name, or by the path `/_login/<domain>/…`. Pure. Reference: oauth-and-federation 1.1.

use kernel::authority;

/// The place of a domain's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<'a> {
    /// Of the directory of domains, in whatever case: named in a path, `<prefix>.auth.<region>` of a host name, or a host name that may
    /// be a custom domain.
    pub key: &'a str,
    /// What stands before the pages' own paths: empty on a host of their own.
    pub mount: &'a str,
    /// The page's own path, with its slash.
    pub path: &'a str,
}

pub const MOUNT: &str = "/_login/";

/// By the path, on whatever host.
pub fn by_path(path: &str) -> Option<At<'_>> {
    let rest = path.strip_prefix(MOUNT)?;
    let end = rest.find('/').unwrap_or(rest.len());
    let (key, own) = rest.split_at_checked(end)?;
    let (mount, _) = path.split_at_checked(MOUNT.len() + end)?;
    (!key.is_empty()).then_some(At {
        key,
        mount,
        path: if own.is_empty() { "/" } else { own },
    })
}

/// By a host name beneath one of `bases`: `<prefix>.auth.<region>.<base>`. There every path is the domain's.
pub fn by_host<'a>(bases: &[String], authority: &'a str, path: &'a str) -> Option<At<'a>> {
    let host = authority::host(authority);
    let key = bases.iter().find_map(|base| {
        let at = host.len().checked_sub(base.len() + 1)?;
        let (key, end) = host.split_at_checked(at)?;
        let is_beneath = end.strip_prefix('.').is_some_and(|end| end.eq_ignore_ascii_case(base));
        (is_beneath && is_prefix_key(key)).then_some(key)
    })?;
    Some(At { key, mount: "", path })
}

/// Whether a host is some pool's, whether there is such a one or not.
pub fn is_domain(bases: &[String], authority: &str) -> bool {
    by_host(bases, authority, "/").is_some()
}

/// By any other host name, if the path is one of the pages'.
pub fn by_custom_host<'a>(authority: &'a str, path: &'a str) -> At<'a> {
    At {
        key: authority::host(authority),
        mount: "",
        path,
    }
}

/// `<prefix>.auth.<region>`.
fn is_prefix_key(key: &str) -> bool {
    let mut labels = key.split('.');
    let prefix = labels.next().is_some_and(|prefix| !prefix.is_empty());
    let auth = labels.next().is_some_and(|label| label.eq_ignore_ascii_case("auth"));
    let region = labels.next().is_some_and(|region| !region.is_empty());
    prefix && auth && region && labels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_domain() {
        for (path, expected) in [
            (
                "/_login/app/oauth2/token",
                Some(("app", "/_login/app", "/oauth2/token")),
            ),
            ("/_login/app", Some(("app", "/_login/app", "/"))),
            ("/_login/app/", Some(("app", "/_login/app", "/"))),
            (
                "/_login/app.auth.eu-west-1/login",
                Some(("app.auth.eu-west-1", "/_login/app.auth.eu-west-1", "/login")),
            ),
            ("/_login//login", None),
            ("/_login/", None),
            ("/_login", None),
            ("/x/_login/app/login", None),
        ] {
            let found = by_path(path).map(|at| (at.key, at.mount, at.path));
            assert_eq!(found, expected, "{path}");
        }
    }

    #[test]
    fn a_host_name_names_a_domain() {
        let bases = ["localhost".to_owned(), "id.example.com".to_owned()];
        for (host, expected) in [
            ("app.auth.eu-west-1.localhost:4566", Some("app.auth.eu-west-1")),
            ("App.Auth.eu-west-1.LOCALHOST", Some("App.Auth.eu-west-1")),
            ("app.auth.eu-west-1.id.example.com", Some("app.auth.eu-west-1")),
            ("auth.eu-west-1.localhost", None),
            ("x.app.auth.eu-west-1.localhost", None),
            ("app.s3.eu-west-1.localhost", None),
            ("app.auth.eu-west-1.example.com", None),
            ("app.auth.eu-west-1.xlocalhost", None),
            ("localhost", None),
            ("", None),
            ("ü.auth.x.localhost", Some("ü.auth.x")),
        ] {
            let found = by_host(&bases, host, "/login").map(|at| at.key);
            assert_eq!(found, expected, "{host}");
        }
    }
}
