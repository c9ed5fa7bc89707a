//! Which client asks, and how it shows that it is this one: by a secret in the header (`client_secret_basic`) or in the body
//! (`client_secret_post`), or by what it signs (`private_key_jwt`). Reference: oauth-and-federation 5.1; RFC 6749 section 2.3.1.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Cx;
use userpool::{UserPools, hosted::Place};

use crate::{
    Call, OAuthError, Parameters,
    assertion::{self, JWT_BEARER},
};

/// The client that calls, which has shown that it is this one.
///
/// Errors: `invalid_client`, `invalid_request`.
pub(crate) async fn client(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Place, OAuthError> {
    if call.form.has_repeats() {
        return Err(OAuthError::invalid_request("a parameter came twice"));
    }
    let who = Credentials::read(call.authorization, call.form)?;
    let place = pools.place(call.pool, &who.client_id).await;
    let place = place.map_err(|error| OAuthError::of_grant(&error))?;
    let place = place.ok_or_else(OAuthError::unknown_client)?;
    match &who.shown {
        Shown::Assertion(text) => assertion::check(pools, cx, call, &place, text).await?,
        // Who has keys shows no less, whatever secret there may be.
        Shown::Nothing | Shown::Secret(_) if place.has_keys() => {
            return Err(OAuthError::bad_assertion("there is none"));
        }
        Shown::Nothing if place.has_secret(None) => {}
        Shown::Secret(secret) if place.has_secret(Some(secret)) => {}
        Shown::Nothing | Shown::Secret(_) => return Err(OAuthError::wrong_secret()),
    }
    Ok(place)
}

/// The same of a client that is not public: who shows nothing has shown nothing.
///
/// Errors: `invalid_client`, `invalid_request`.
pub(crate) async fn confidential_client(pools: &UserPools, cx: &Cx, call: &Call<'_>) -> Result<Place, OAuthError> {
    let place = client(pools, cx, call).await?;
    if place.is_confidential() {
        Ok(place)
    } else {
        Err(OAuthError::wrong_secret())
    }
}

/// What a client says of itself. Nothing of it is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Credentials {
    client_id: String,
    shown: Shown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    Secret(String),
    /// A JWT.
    Assertion(String),
}

impl Credentials {
    /// `authorization`: the header.
    ///
    /// Errors: `invalid_client` (the header or the assertion is garbled, or there is no id), `invalid_request` (two ids, two ways to show
    /// it).
    fn read(authorization: Option<&str>, form: &Parameters) -> Result<Self, OAuthError> {
        let (id, secret) = (form.given("client_id"), form.given("client_secret"));
        let basic = match authorization {
            Some(header) => Some(Self::of_header(header).ok_or_else(OAuthError::unknown_client)?),
            None => None,
        };
        let assertion = Self::of_assertion(form)?;
        let ways = [&basic, &assertion].into_iter().flatten();
        let ways = ways.filter(|way| way.shown != Shown::Nothing).count() + usize::from(secret.is_some());
        if ways > 1 {
            return Err(OAuthError::invalid_request("two ways to show who the client is"));
        }
        let named = |way: &Option<Self>| way.as_ref().map(|way| way.client_id.clone());
        let ids = [named(&basic), named(&assertion), id.map(str::to_owned)];
        let mut ids = ids.into_iter().flatten();
        let client_id = ids.next().ok_or_else(OAuthError::unknown_client)?;
        if ids.any(|other| other != client_id) {
            return Err(OAuthError::invalid_request("two clients are named"));
        }
        let shown = [assertion, basic].into_iter().flatten().map(|way| way.shown);
        let mut shown = shown.chain(secret.map(|secret| Shown::Secret(secret.to_owned())));
        Ok(Self {
            client_id,
            shown: shown.find(|shown| *shown != Shown::Nothing).unwrap_or(Shown::Nothing),
        })
    }

    /// What is not known as an assertion of a client is overlooked by none: it was meant to show something.
    fn of_assertion(form: &Parameters) -> Result<Option<Self>, OAuthError> {
        let (text, kind) = (form.given("client_assertion"), form.given("client_assertion_type"));
        match (text, kind) {
            (None, None) => Ok(None),
            (Some(text), Some(JWT_BEARER)) => {
                let client_id = assertion::client_of(text);
                Ok(Some(Self {
                    client_id: client_id.ok_or(OAuthError::bad_assertion("it names no client"))?,
                    shown: Shown::Assertion(text.to_owned()),
                }))
            }
            (Some(_), _) => Err(OAuthError::bad_assertion("it is of another type")),
            (None, Some(_)) => Err(OAuthError::bad_assertion("there is none")),
        }
    }

    fn of_header(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        let secret = unescaped(secret)?;
        Some(Self {
            client_id: unescaped(id)?,
            shown: if secret.is_empty() {
                Shown::Nothing
            } else {
                Shown::Secret(secret)
            },
        })
    }
}

/// Both halves are form-encoded first (RFC 6749); ids and secrets of ours read the same either way.
fn unescaped(half: &str) -> Option<String> {
    let read = Parameters::parse(&format!("half={half}")).ok()?;
    read.get("half").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: Option<&str>, form: &str) -> Result<(String, Option<String>), &'static str> {
        let read = Credentials::read(header, &Parameters::parse(form).unwrap());
        let secret = |shown| match shown {
            Shown::Nothing => None,
            Shown::Secret(text) | Shown::Assertion(text) => Some(text),
        };
        read.map(|who| (who.client_id, secret(who.shown)))
            .map_err(|error| error.error)
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(text))
    }

    #[test]
    fn a_client_says_who_it_is_in_one_way() {
        let who = |id: &str, secret: Option<&str>| Ok((id.to_owned(), secret.map(str::to_owned)));
        for (header, form, expected) in [
            (None, "client_id=a&client_secret=s", who("a", Some("s"))),
            (None, "client_id=a", who("a", None)),
            (None, "client_id=a&client_secret=", who("a", None)),
            (None, "client_id=", Err("invalid_client")),
            (None, "", Err("invalid_client")),
            (Some(basic("a:s")), "", who("a", Some("s"))),
            (
                Some(basic("a:s").replace("Basic", "bASIC")),
                "client_id=a",
                who("a", Some("s")),
            ),
            (Some(basic("a:s:t")), "", who("a", Some("s:t"))),
            (Some(basic("a%3A:s%25")), "", who("a:", Some("s%"))),
            (Some(basic("a:")), "", who("a", None)),
            (Some(basic("a:")), "client_secret=s", who("a", Some("s"))),
            (Some(basic("a:s")), "client_id=b", Err("invalid_request")),
            (Some(basic("a:s")), "client_secret=s", Err("invalid_request")),
            (Some(basic("no colon")), "client_id=a", Err("invalid_client")),
            (Some("Basic !".to_owned()), "client_id=a", Err("invalid_client")),
            (Some("Bearer x".to_owned()), "client_id=a", Err("invalid_client")),
            (Some("Basic".to_owned()), "client_id=a", Err("invalid_client")),
        ] {
            assert_eq!(read(header.as_deref(), form), expected, "{header:?} {form}");
        }
    }
}
