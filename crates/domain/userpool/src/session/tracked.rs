//! A session as pools that track them show it: its id, from where it was last used. Reference: user-pools 15.2.

use api::cognito_idp::{SessionDescriptionType, SessionTypeType};
use store::records::sessions::Session;

/// What an id of a token session begins with.
const TOKEN: &str = "tkn";

/// 36 to the power of this is more than there are families.
const DIGITS: usize = 25;

/// `current` is the family of the caller's own session.
pub(crate) fn described(session: Session, current: Option<&str>) -> SessionDescriptionType {
    let seen = session.doc.seen.unwrap_or_default();
    SessionDescriptionType {
        session_id: id(&session.family),
        session_type: Some(SessionTypeType::Token),
        client_id: Some(session.client.to_string()),
        create_date: Some(session.created),
        last_active_date: Some(session.used_at),
        device_type: Some(seen.agent.unwrap_or_else(|| "unknown".to_owned())),
        last_ip_address: seen.ip,
        is_current_session: Some(current == Some(session.family.as_str())),
        ..SessionDescriptionType::default()
    }
}

/// A family is a UUID: its number in lower-case letters and digits, so that nothing more is stored. None: it is none.
fn id(family: &str) -> Option<String> {
    let mut number = u128::from_str_radix(&family.replace('-', ""), 16).ok()?;
    let mut digits = Vec::with_capacity(DIGITS);
    for _ in 0..DIGITS {
        let digit = u32::try_from(number % 36).ok()?;
        digits.push(char::from_digit(digit, 36)?);
        number /= 36;
    }
    Some(TOKEN.chars().chain(digits.into_iter().rev()).collect())
}

/// The family that an id stands for, whether there is such a one or not. None: of no token session.
pub(crate) fn family(id: &str) -> Option<String> {
    let digits = id.strip_prefix(TOKEN).filter(|digits| digits.len() == DIGITS)?;
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
    fn a_family_is_its_number() {
        for (uuid, expected) in [
            ("00000000-0000-0000-0000-000000000000", "tkn0000000000000000000000000"),
            ("00000000-0000-0000-0000-000000000024", "tkn0000000000000000000000010"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "tknf5lxx1zz5pnorynqglhzmsp33"),
        ] {
            assert_eq!(id(uuid).as_deref(), Some(expected));
            assert_eq!(family(expected).as_deref(), Some(uuid));
        }
        assert_eq!(id("no uuid"), None);
        for none in [
            "sso0000000000000000000000000",
            "tkn0",
            "tknzzzzzzzzzzzzzzzzzzzzzzzzz",
            "tkn000000000000000000000000é",
        ] {
            assert_eq!(family(none), None, "{none}");
        }
    }
}
