//! `application/x-www-form-urlencoded`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What it leaves as it is.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');

/// Pairs, in this order.
pub(crate) fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub(crate) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, FORM).to_string().replace("%20", "+")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_forms_is_escaped() {
        let pairs = [("scope", "openid a+b"), ("x", "é&=%*-._~")];
        assert_eq!(encoded(pairs), "scope=openid+a%2Bb&x=%C3%A9%26%3D%25*-._%7E");
        assert_eq!(encoded([]), "");
    }
}
