//! What a client signs to show who it is: `private_key_jwt`. Reference: RFC 7521, RFC 7523; OIDC Core 9.

use std::time::Duration;

use kernel::Cx;
use serde_json::{Map, Value};
use userpool::{
    UserPools,
    hosted::{Once, Place},
};
use vault::jws::{Signed, numeric_date};

use crate::{Call, OAuthError};

/// `client_assertion_type`.
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far a client's clock may be from ours, in seconds.
const SKEW: i64 = 60;

/// How far ahead an assertion may end, in seconds.
const FURTHEST: i64 = 10 * 60;

/// Characters of an assertion, and of its `jti`.
const LONGEST: usize = 8 * 1024;
const LONGEST_JTI: usize = 512;

/// Whom it speaks of, unproved: to find out whose key to ask for.
pub(crate) fn client_of(text: &str) -> Option<String> {
    let signed = parsed(text)?;
    let claims = signed.unverified_claims().ok()?;
    claims.get("sub").and_then(Value::as_str).map(str::to_owned)
}

/// Whether the client of the place signed it, for this endpoint, for now, and shows it for the first time.
///
/// Errors: `invalid_client`.
pub(crate) async fn check(
    pools: &UserPools,
    cx: &Cx,
    call: &Call<'_>,
    place: &Place,
    text: &str,
) -> Result<(), OAuthError> {
    if !place.switches().private_key_jwt {
        return Err(OAuthError::bad_assertion("the pool takes none"));
    }
    let signed = parsed(text).ok_or(OAuthError::bad_assertion("it is no JWT of an algorithm that is taken"))?;
    let is_kind = |typ: &str| ["jwt", "client-authentication+jwt"].contains(&typ.to_ascii_lowercase().as_str());
    if !signed.typ().is_none_or(is_kind) {
        return Err(OAuthError::bad_assertion("it is a JWT for something else"));
    }
    if !pools.is_signed_by_client(cx, place, &signed).await {
        return Err(OAuthError::bad_assertion("none of the client's keys signed it"));
    }
    let claims = signed.unverified_claims();
    let claims = claims.map_err(|_| OAuthError::bad_assertion("its claims are no object"))?;
    let issuer = pools.issuer_at(cx, place).await;
    let issuer = issuer
        .map_err(|error| OAuthError::of_grant(&error))?
        .unwrap_or_default();
    let audiences = [issuer, call.token_endpoint(), call.address()];
    let client = place.client().as_str();
    let once = judged(&claims, client, &audiences, cx.wall().secs()).map_err(OAuthError::bad_assertion)?;
    let first = pools.show_once(cx, call.pool, &once).await;
    if first.map_err(|error| OAuthError::of_grant(&error))? {
        Ok(())
    } else {
        Err(OAuthError::bad_assertion("it was shown before"))
    }
}

fn parsed(text: &str) -> Option<Signed<'_>> {
    (text.len() <= LONGEST).then(|| Signed::parse(text).ok()).flatten()
}

/// `now`: true time, in seconds since the epoch. Errors: why not.
fn judged(claims: &Map<String, Value>, client: &str, audiences: &[String], now: i64) -> Result<Once, &'static str> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("iss") != Some(client) || text("sub") != Some(client) {
        return Err("iss or sub is another");
    }
    let is_us = |aud: &Value| {
        aud.as_str()
            .is_some_and(|aud| audiences.iter().any(|own| !own.is_empty() && own == aud))
    };
    let is_for_us = match claims.get("aud") {
        Some(Value::Array(list)) => list.iter().any(is_us),
        Some(aud) => is_us(aud),
        None => false,
    };
    if !is_for_us {
        return Err("aud is another");
    }
    let expires = numeric_date(claims, "exp").ok_or("exp is no time")?;
    if expires <= now {
        return Err("it has expired");
    }
    if expires > now + FURTHEST + SKEW {
        return Err("exp is too far ahead");
    }
    for name in ["nbf", "iat"] {
        if claims.contains_key(name) && numeric_date(claims, name).is_none_or(|from| from > now + SKEW) {
            return Err("nbf or iat is no time, or ahead");
        }
    }
    let jti = text("jti").filter(|jti| !jti.is_empty() && jti.len() <= LONGEST_JTI);
    let jti = jti.ok_or("there is no jti, or too long a one")?;
    let left = Duration::from_secs(u64::try_from(expires - now).unwrap_or_default());
    Ok(Once::new(["assertion", client], jti, left))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    #[test]
    fn an_assertion_says_who_for_whom_and_for_how_long() {
        let good = json!({"iss": "c", "sub": "c", "aud": "https://id.example/pool", "exp": NOW + 60, "jti": "1"});
        let audiences = [
            "https://id.example/pool".to_owned(),
            "https://id.example/oauth2/token".to_owned(),
        ];
        let judge = |name: &str, value: Value| {
            let mut claims = good.as_object().unwrap().clone();
            match value {
                Value::Null => claims.remove(name),
                value => claims.insert(name.to_owned(), value),
            };
            judged(&claims, "c", &audiences, NOW).is_ok()
        };
        for (name, value, expected) in [
            ("x", json!(1), true),
            ("iss", json!("d"), false),
            ("iss", Value::Null, false),
            ("sub", json!("d"), false),
            ("sub", json!(["c"]), false),
            ("sub", Value::Null, false),
            ("aud", json!("https://id.example/oauth2/token"), true),
            ("aud", json!(["https://other.example", "https://id.example/pool"]), true),
            ("aud", json!("https://id.example/pool/"), false),
            ("aud", json!("https://id.example/other"), false),
            ("aud", json!([]), false),
            ("aud", json!(""), false),
            ("aud", json!({"https://id.example/pool": 1}), false),
            ("aud", Value::Null, false),
            ("exp", json!(NOW), false),
            ("exp", json!(NOW + 1), true),
            ("exp", json!(NOW + 660), true),
            ("exp", json!(NOW + 661), false),
            ("exp", json!(1e300), false),
            ("exp", json!("9999999999"), false),
            ("exp", Value::Null, false),
            ("nbf", json!(NOW + 60), true),
            ("nbf", json!(NOW + 61), false),
            ("nbf", json!("x"), false),
            ("iat", json!(NOW + 60), true),
            ("iat", json!(NOW + 61), false),
            ("jti", json!(""), false),
            ("jti", json!(1), false),
            ("jti", json!("j".repeat(513)), false),
            ("jti", Value::Null, false),
        ] {
            assert_eq!(judge(name, value.clone()), expected, "{name} {value}");
        }
        assert!(judged(good.as_object().unwrap(), "d", &audiences, NOW).is_err());
        let nobody = [String::new()];
        assert!(
            judged(
                &json!({"iss": "c", "sub": "c", "aud": "", "exp": NOW + 60, "jti": "1"})
                    .as_object()
                    .unwrap()
                    .clone(),
                "c",
                &nobody,
                NOW
            )
            .is_err()
        );
    }
}
