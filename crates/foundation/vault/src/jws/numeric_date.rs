//! Times as JWTs carry them.

use serde_json::{Map, Value};

/// Beyond the year 9999 nothing is a time.
const LATEST: i64 = 253_402_300_800;

/// A JWT's NumericDate, which may have a fraction (RFC 7519 section 2). Seconds since the epoch.
pub fn numeric_date(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    let value = claims.get(name)?;
    let whole = value.as_i64().or_else(|| {
        let text = value.as_f64()?.trunc().to_string();
        text.parse().ok()
    });
    whole.filter(|seconds| (0..LATEST).contains(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number() {
        let of = |value: &str| numeric_date(&serde_json::from_str(&format!("{{\"iat\":{value}}}")).unwrap(), "iat");
        for (value, expected) in [
            ("0", Some(0)),
            ("1562262616", Some(1_562_262_616)),
            ("1562262616.9", Some(1_562_262_616)),
            ("1.5e9", Some(1_500_000_000)),
            ("-1", None),
            ("1e300", None),
            ("18446744073709551615", None),
            ("\"1562262616\"", None),
            ("null", None),
            ("[1]", None),
        ] {
            assert_eq!(of(value), expected, "{value}");
        }
    }
}
