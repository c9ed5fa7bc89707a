//! Which client asks, and how it shows that it is this one: by the header (`client_secret_basic`) or in the body
//! (`client_secret_post`). Reference: oauth-and-federation 5.1; RFC 6749 section 2.3.1.

use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::Cx;
use userpool::{UserPools, hosted::Place};

use crate::{Call, OAuthError, Parameters};

/// The client that calls, which has shown that it is this one.
///
/// Errors: `invalid_client`, `invalid_request`.
pub(crate) async fn client(pools: &UserPools, _cx: &Cx, call: &Call<'_>) -> Result<Place, OAuthError> {
    if call.form.has_repeats() {
        return Err(OAuthError::invalid_request("a parameter came twice"));
    }
    let who = Credentials::read(call.authorization, call.form)?;
    let place = pools.place(call.pool, &who.client_id).await;
    let place = place.map_err(|error| OAuthError::of_grant(&error))?;
    let place = place.ok_or_else(OAuthError::unknown_client)?;
    if place.has_secret(who.secret.as_deref()) {
        Ok(place)
    } else {
        Err(OAuthError::wrong_secret())
    }
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
    secret: Option<String>,
}

impl Credentials {
    /// `authorization`: the header.
    ///
    /// Errors: `invalid_client` (the header is garbled, or there is no id), `invalid_request` (two ids, two secrets).
    fn read(authorization: Option<&str>, form: &Parameters) -> Result<Self, OAuthError> {
        let (id, secret) = (form.given("client_id"), form.given("client_secret"));
        let Some(header) = authorization else {
            let client_id = id.ok_or_else(OAuthError::unknown_client)?;
            return Ok(Self {
                client_id: client_id.to_owned(),
                secret: secret.map(str::to_owned),
            });
        };
        let basic = Self::of_header(header).ok_or_else(OAuthError::unknown_client)?;
        if id.is_some_and(|id| id != basic.client_id) {
            return Err(OAuthError::invalid_request("the header and the body name two clients"));
        }
        if secret.is_some() && basic.secret.is_some() {
            return Err(OAuthError::invalid_request("two ways to show who the client is"));
        }
        Ok(Self {
            secret: basic.secret.or_else(|| secret.map(str::to_owned)),
            ..basic
        })
    }

    fn of_header(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (id, secret) = decoded.split_once(':')?;
        Some(Self {
            client_id: unescaped(id)?,
            secret: Some(unescaped(secret)?).filter(|secret| !secret.is_empty()),
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
        read.map(|who| (who.client_id, who.secret)).map_err(|error| error.error)
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
