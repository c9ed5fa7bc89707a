//! The cookies of hosted login. They are of one host and of the path that its pages lie under, never of a domain; a host beneath the same
//! name can set some that look the same (docs/security.md). Reference: oauth-and-federation 4.

use http::{HeaderMap, HeaderValue, header};

/// The browser's session.
pub const SESSION: &str = "cognito";
/// What binds a visit to an identity provider to its browser.
pub const VISIT: &str = "csrf-state";
/// What every form repeats.
pub const CSRF: &str = "XSRF-TOKEN";
/// At which browser a device's code was entered.
pub const DEVICE: &str = "device";
/// What a browser is remembered as, before its user's tag.
pub const REMEMBERED: &str = "remembered-";
/// What its user would rather not be asked for a while, before the question's name and the tag.
pub const LATER: &str = "later-";
/// The language that was chosen.
pub const LANGUAGE: &str = "lang";

/// Where cookies are valid.
#[derive(Clone, Copy, Debug)]
pub struct Jar<'a> {
    /// What stands before the pages' paths.
    pub mount: &'a str,
    pub is_secure: bool,
}

/// How long a browser keeps one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    UntilClosed,
    Seconds(u64),
    /// It goes at once.
    No,
}

/// To which requests a cookie is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// From pages elsewhere, to those alone that show a page.
    Lax,
    /// To all, forms posted from elsewhere too. By plain http browsers keep no cookie that says so: there it says nothing, by which it goes
    /// with such forms too, in some for its first two minutes.
    Always,
}

/// The first of this name.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let (_, value) = pairs(headers).find(|(known, _)| *known == name)?;
    Some(value.trim_matches('"')).filter(|value| !value.is_empty())
}

/// Those whose names begin so: at most as many as people share a browser.
pub fn beginning<'a>(headers: &'a HeaderMap, prefix: &str) -> impl Iterator<Item = &'a str> {
    const MOST: usize = 8;
    pairs(headers)
        .filter(move |(name, _)| name.starts_with(prefix))
        .map(|(_, value)| value)
        .take(MOST)
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

impl Jar<'_> {
    /// `value`: letters, digits, `-` and `_`. None: it has others.
    pub fn set(self, name: &str, value: &str, kept: Kept, sent: Sent) -> Option<HeaderValue> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if !value.bytes().all(is_plain) {
            return None;
        }
        let path = if self.mount.is_empty() { "/" } else { self.mount };
        let age = match kept {
            Kept::UntilClosed => String::new(),
            Kept::Seconds(seconds) => format!("; Max-Age={seconds}"),
            Kept::No => "; Max-Age=0; Expires=Thu, 01-Jan-1970 00:00:10 GMT".to_owned(),
        };
        let secure = if self.is_secure { "; Secure" } else { "" };
        let site = match sent {
            Sent::Always if self.is_secure => "; SameSite=None",
            Sent::Always => "",
            Sent::Lax => "; SameSite=Lax",
        };
        HeaderValue::try_from(format!("{name}={value}{age}; Path={path}{secure}; HttpOnly{site}")).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("xcognito=1; cognito=\"two\"; lang="),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("XSRF-TOKEN=3; cognito=4"));
        for (name, value) in [("cognito", Some("two")), ("lang", None), (CSRF, Some("3")), ("x", None)] {
            assert_eq!(read(&headers, name), value, "{name}");
        }
    }

    #[test]
    fn a_cookie_is_of_its_place() {
        let jar = |mount, is_secure| Jar { mount, is_secure };
        let cookie = |jar: Jar<'_>, value, kept, sent| {
            jar.set("n", value, kept, sent)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let set = |jar: Jar<'_>, value, kept| cookie(jar, value, kept, Sent::Lax);
        assert_eq!(
            set(jar("", true), "v", Kept::Seconds(9)).unwrap(),
            "n=v; Max-Age=9; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            set(jar("/_login/app", false), "v", Kept::UntilClosed).unwrap(),
            "n=v; Path=/_login/app; HttpOnly; SameSite=Lax"
        );
        assert!(set(jar("", true), "", Kept::No).unwrap().contains("Max-Age=0"));
        assert_eq!(set(jar("", true), "v;x", Kept::UntilClosed), None);
        for (is_secure, expected) in [
            (true, "n=v; Max-Age=300; Path=/; Secure; HttpOnly; SameSite=None"),
            (false, "n=v; Max-Age=300; Path=/; HttpOnly"),
        ] {
            let found = cookie(jar("", is_secure), "v", Kept::Seconds(300), Sent::Always);
            assert_eq!(found.unwrap(), expected);
        }
    }
}
