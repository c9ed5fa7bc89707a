//! `host:port`, as it stands in addresses and `Host` headers.

/// The host alone, an IPv6 address without its brackets.
pub fn without_port(authority: &str) -> &str {
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
        for (authority, host, at) in [
            ("[::1]:4566", "::1", Some("4566")),
            ("[::1]", "::1", None),
            ("localhost:4566", "localhost", Some("4566")),
            ("localhost", "localhost", None),
            ("localhost:", "localhost:", None),
            ("localhost:80@x", "localhost:80@x", None),
        ] {
            assert_eq!((without_port(authority), port(authority)), (host, at), "{authority}");
        }
    }
}
