//! The authority of an address, as `Host` carries it: a host name and maybe a port. RFC 9110 7.2.

/// Without the port, and without the brackets of an IPv6 address.
pub fn host(authority: &str) -> &str {
    let host = match port(authority) {
        Some(_) => authority.rsplit_once(':').map_or(authority, |(host, _)| host),
        None => authority,
    };
    let v6 = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    v6.unwrap_or(host)
}

/// The digits of the port, if one is named.
pub fn port(authority: &str) -> Option<&str> {
    let (_, port) = authority.rsplit_once(':')?;
    // `[::1]` ends in a bracket, so what follows its last colon is no number.
    (!port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_are_taken_apart() {
        for (authority, name, at) in [
            ("[::1]:4566", "::1", Some("4566")),
            ("[::1]", "::1", None),
            ("localhost:4566", "localhost", Some("4566")),
            ("localhost", "localhost", None),
            ("localhost:", "localhost:", None),
            ("localhost:80@x", "localhost:80@x", None),
        ] {
            assert_eq!((host(authority), port(authority)), (name, at), "{authority}");
        }
    }
}
