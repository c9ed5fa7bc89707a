//! What holds of whatever is sent to a domain, before anything is known of it: addresses, cookies, languages and forms' steps are read or
//! are none.

use http::{HeaderMap, HeaderValue, Method, header};
use oauth::Parameters;
use pages::hosted::Language;
use proptest::{collection::vec, prelude::*, sample::select};

use super::{
    address::{self, MOUNT},
    cookies::{self, Jar, Kept, Sent},
    route,
    step::{Carried, attributes, step},
    turnstile::Attempt,
};

const NAMES: [&str; 20] = [
    "oauth2",
    "authorize",
    "login",
    "signup",
    "confirm",
    "resendcode",
    "logout",
    "error",
    "token",
    "userInfo",
    "assets",
    "pictures",
    "styles",
    ".well-known",
    "oauth-protected-resource",
    "confirmUser",
    "forgotPassword",
    "..",
    "%2e%2e",
    "",
];

/// A path of the pages', or one like it.
fn path() -> impl Strategy<Value = String> {
    let name = prop_oneof![4 => select(NAMES.to_vec()).prop_map(str::to_owned), 1 => "[0-9a-f]{64}", 1 => ".{0,8}"];
    vec(name, 0..5).prop_map(|names| format!("/{}", names.join("/")))
}

fn form() -> impl Strategy<Value = Parameters> {
    let name = select(vec![
        "step",
        "session",
        "username",
        "password",
        "code",
        "factor",
        "back",
        "resend",
        "answer",
        "attribute.email",
        "x",
    ]);
    let value = prop_oneof![
        select(vec![
            "password",
            "code",
            "totp",
            "set_up",
            "select_mfa",
            "choose",
            "continue",
            "consent",
            "new_password",
            "a~mfa~b",
            ""
        ])
        .prop_map(str::to_owned),
        ".{0,20}",
    ];
    vec((name, value), 0..8).prop_map(|pairs| Parameters::of(pairs.iter().map(|(name, value)| (*name, value.as_str()))))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_path_is_one_pages_or_none(path in path()) {
        if let Some(found) = route::route(&path) {
            // No page leads elsewhere: its address begins with one slash alone.
            prop_assert!(path.starts_with('/') && !path.starts_with("//"), "{path}");
            prop_assert!(!found.takes(&Method::PUT) && !found.takes(&Method::DELETE) && !found.takes(&Method::CONNECT));
            prop_assert!(!(found.is_open() && found.shows_pages()));
            prop_assert!(found.counted() != Some(Attempt::Client) || found.is_open());
        }
    }

    #[test]
    fn a_mount_and_a_path_are_the_address(domain in ".{0,12}", rest in path()) {
        let whole = format!("{MOUNT}{domain}{rest}");
        if let Some(at) = address::by_path(&whole) {
            let key = at.key;
            prop_assert!(!key.is_empty() && !key.contains('/'));
            prop_assert_eq!(at.mount, format!("{MOUNT}{key}"));
            prop_assert!(at.path.starts_with('/'));
            let again = format!("{}{}", at.mount, at.path);
            prop_assert!(whole == again || (whole == at.mount && at.path == "/"), "{again}");
        } else {
            prop_assert!(domain.is_empty() || domain.starts_with('/'), "{whole}");
        }
    }

    #[test]
    fn a_host_is_beneath_its_base(host in "[a-z.:@\\[\\]-]{0,20}(\\.auth\\.[a-z0-9-]{1,9})?(\\.localhost)?(:[0-9]{1,5})?", path in path()) {
        let bases = ["localhost".to_owned()];
        if let Some(at) = address::by_host(&bases, &host, &path) {
            let key = at.key;
            prop_assert_eq!((at.mount, at.path), ("", path.as_str()));
            prop_assert_eq!(key.split('.').count(), 3, "{}", host);
        }
        let custom = address::by_custom_host(&host, &path);
        prop_assert_eq!(custom.path, path.as_str());
    }

    #[test]
    fn a_cookie_is_one_value(lines in vec(vec(any::<u8>(), 0..40), 0..3), value in ".{0,20}") {
        let mut headers = HeaderMap::new();
        for line in &lines {
            if let Ok(line) = HeaderValue::from_bytes(&[&b"cognito="[..], line.as_slice()].concat()) {
                headers.append(header::COOKIE, line);
            }
        }
        for name in ["cognito", "XSRF-TOKEN", "lang", ""] {
            if let Some(found) = cookies::read(&headers, name) {
                prop_assert!(!found.is_empty() && !found.contains(';') && !found.starts_with('"'));
            }
        }
        let jar = Jar { mount: "/_login/app", is_secure: true };
        if let Some(set) = jar.set("lang", &value, Kept::Seconds(9), Sent::Lax) {
            let text = set.to_str().unwrap();
            prop_assert_eq!(text.matches(';').count(), 5, "{}", text);
            headers.insert(header::COOKIE, set);
            prop_assert_eq!(cookies::read(&headers, "lang").unwrap_or_default(), value);
        }
    }

    #[test]
    fn a_language_is_one_of_ours(lang in ".{0,12}", header in "([a-zA-Z*-]{0,8}(;q=[0-9.eEnaif+-]{0,6})?,?){0,40}|.{0,40}") {
        for chosen in [Language::choose(Some(&lang), Some(&lang), Some(&header)), Language::choose(None, None, Some(&header))] {
            prop_assert!(Language::ALL.contains(&chosen));
        }
    }

    #[test]
    fn a_form_says_one_step_or_none(form in form(), session in ".{0,40}") {
        let _ = step(&form);
        for (name, value) in attributes(&form) {
            let member = format!("attribute.{name}");
            prop_assert!(!value.is_empty() && form.iter().any(|(known, _)| known == member), "{member}");
        }
        // What is carried is read as it was written.
        let carried = Carried::read(&session);
        prop_assert_eq!(Carried::read(&carried.written()), carried);
    }
}
