//! A session as pools that track them show it: its id, from where it was last used. Reference: user-pools 15.2.

use std::net::IpAddr;

use api::cognito_idp::{SessionDescriptionType, SessionTypeType};
use kernel::Cx;
use store::records::{
    sessions::{Seen, Session},
    sso_sessions::Login,
};

/// From where a call comes, or from the address that whoever makes it tells of its user.
pub(crate) fn seen(cx: &Cx, told: Option<IpAddr>) -> Seen {
    Seen {
        ip: told.or(cx.source_ip).map(|ip| ip.to_string()),
        agent: cx.user_agent.as_deref().map(agent),
    }
}

/// The system and the browser or app that a user agent tells, as far as it does. The first that is found: browsers name those they
/// are compatible with behind themselves.
fn agent(header: &str) -> String {
    const SYSTEMS: [(&str, &str); 8] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Mac OS X", "macOS"),
        ("macos", "macOS"),
        ("CrOS", "ChromeOS"),
        ("inux", "Linux"),
    ];
    const APPS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let first = |known: &[(&'static str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| header.contains(mark));
        found.map(|(_, name)| (*name).to_owned())
    };
    let product = || {
        let name = header.split(['/', ' ']).next().unwrap_or_default();
        let named = !name.is_empty() && name != "Mozilla";
        named.then(|| name.chars().take(LONGEST_PRODUCT).collect())
    };
    let app = first(&APPS).or_else(product);
    let parts: Vec<String> = first(&SYSTEMS).into_iter().chain(app).collect();
    if parts.is_empty() {
        UNKNOWN.to_owned()
    } else {
        parts.join(" ")
    }
}

/// What an id of a token session begins with, and what one of a browser's.
const TOKEN: &str = "tkn";
const BROWSER: &str = "sso";

/// What an id stands for, whether there is such a session or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SessionOf {
    /// A family of refresh tokens.
    Token(String),
    /// A browser that signed in by hosted login, by the id that its row has.
    Browser(String),
}

/// 36 to the power of this is more than there are families.
const DIGITS: usize = 25;

/// The agent of a session that told none.
pub(crate) const UNKNOWN: &str = "unknown";

/// Characters of an app's own name.
const LONGEST_PRODUCT: usize = 64;

/// `current` is the `event_id` of the caller's own session.
pub(crate) fn described(session: Session, current: Option<&str>) -> SessionDescriptionType {
    let seen = session.doc.seen.unwrap_or_default();
    SessionDescriptionType {
        origin_session_id: session
            .doc
            .hosted
            .as_ref()
            .and_then(|hosted| id(BROWSER, &hosted.login)),
        session_id: id(TOKEN, &session.family),
        session_type: Some(SessionTypeType::Token),
        client_id: Some(session.client.to_string()),
        create_date: Some(session.created),
        last_active_date: Some(session.used_at),
        device_type: Some(seen.agent.unwrap_or_else(|| UNKNOWN.to_owned())),
        last_ip_address: seen.ip,
        is_current_session: Some(current == Some(session.doc.event_id.as_str())),
        ..SessionDescriptionType::default()
    }
}

/// The browser's session that single sign-on reuses.
pub(crate) fn described_browser(login: Login) -> SessionDescriptionType {
    let seen = login.doc.seen.unwrap_or_default();
    SessionDescriptionType {
        session_id: id(BROWSER, &login.doc.id),
        session_type: Some(SessionTypeType::Sso),
        client_id: login.doc.client.map(|client| client.to_string()),
        create_date: Some(login.created),
        last_active_date: Some(login.created),
        device_type: Some(seen.agent.unwrap_or_else(|| UNKNOWN.to_owned())),
        last_ip_address: seen.ip,
        is_current_session: Some(false),
        ..SessionDescriptionType::default()
    }
}

/// Either has a UUID: its number in lower-case letters and digits, so that nothing more is stored. None: it is none.
fn id(kind: &str, uuid: &str) -> Option<String> {
    let mut number = u128::from_str_radix(&uuid.replace('-', ""), 16).ok()?;
    let mut digits = Vec::with_capacity(DIGITS);
    for _ in 0..DIGITS {
        let digit = u32::try_from(number % 36).ok()?;
        digits.push(char::from_digit(digit, 36)?);
        number /= 36;
    }
    Some(kind.chars().chain(digits.into_iter().rev()).collect())
}

/// None: it is no session's id.
pub(crate) fn session_of(id: &str) -> Option<SessionOf> {
    let token = id.strip_prefix(TOKEN).and_then(uuid).map(SessionOf::Token);
    token.or_else(|| id.strip_prefix(BROWSER).and_then(uuid).map(SessionOf::Browser))
}

fn uuid(digits: &str) -> Option<String> {
    let digits = Some(digits).filter(|digits| digits.len() == DIGITS)?;
    let mut number: u128 = 0;
    for digit in digits.chars() {
        number = number.checked_mul(36)?.checked_add(digit.to_digit(36)?.into())?;
    }
    let hex = format!("{number:032x}");
    let parts = [
        hex.get(..8)?,
        hex.get(8..12)?,
        hex.get(12..16)?,
        hex.get(16..20)?,
        hex.get(20..)?,
    ];
    Some(parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_agent_tells() {
        let browser =
            |system: &str, app: &str| format!("Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) {app}");
        for (header, expected) in [
            (
                browser("Windows NT 10.0; Win64; x64", "Chrome/140.0.0.0 Safari/537.36"),
                "Windows Chrome",
            ),
            (
                browser("Windows NT 10.0", "Chrome/140.0.0.0 Safari/537.36 Edg/140.0"),
                "Windows Edge",
            ),
            (
                browser("Linux; Android 15", "Chrome/140.0.0.0 Mobile Safari/537.36"),
                "Android Chrome",
            ),
            (
                browser(
                    "iPhone; CPU iPhone OS 18_0 like Mac OS X",
                    "Version/18.0 Mobile Safari/604.1",
                ),
                "iOS Safari",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                "Linux Firefox",
            ),
            (
                "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1".to_owned(),
                "Linux Boto3",
            ),
            ("curl/8.9".to_owned(), "curl"),
            ("Mozilla/5.0".to_owned(), "unknown"),
            (String::new(), "unknown"),
        ] {
            assert_eq!(agent(&header), expected, "{header}");
        }
        assert_eq!(agent(&"x".repeat(9000)).len(), LONGEST_PRODUCT);
    }

    #[test]
    fn a_family_is_its_number() {
        for (uuid, expected) in [
            ("00000000-0000-0000-0000-000000000000", "tkn0000000000000000000000000"),
            ("00000000-0000-0000-0000-000000000024", "tkn0000000000000000000000010"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "tknf5lxx1zz5pnorynqglhzmsp33"),
        ] {
            assert_eq!(id(TOKEN, uuid).as_deref(), Some(expected));
            assert_eq!(session_of(expected), Some(SessionOf::Token(uuid.to_owned())));
            let browser = expected.replace(TOKEN, BROWSER);
            assert_eq!(id(BROWSER, uuid), Some(browser.clone()));
            assert_eq!(session_of(&browser), Some(SessionOf::Browser(uuid.to_owned())));
        }
        assert_eq!(id(TOKEN, "no uuid"), None);
        for none in [
            "xyz0000000000000000000000000",
            "sso0",
            "tkn0",
            "tknzzzzzzzzzzzzzzzzzzzzzzzzz",
            "tkn000000000000000000000000é",
        ] {
            assert_eq!(session_of(none), None, "{none}");
        }
    }
}
