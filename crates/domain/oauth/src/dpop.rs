//! Proofs of possession: what a client signs at each call with the key that its tokens are bound to. Reference: RFC 9449.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{Cx, PoolId};
use serde_json::Value;
use userpool::{
    UserPools,
    hosted::{Once, Place, Proof, Proofs},
};
use vault::jws::{PublicKey, Signed, numeric_date};

use crate::{Call, OAuthError, uri};

/// How far a proof's `iat` may lie from our clock, to either side.
const WINDOW: i64 = 60;

/// Of a proof that is right in all else.
pub(crate) const SHOWN_BEFORE: &str = "The proof was shown before.";

/// Characters of a proof, and of its `jti`.
const LONGEST: usize = 8 * 1024;
const LONGEST_JTI: usize = 512;

/// What a proof is held to.
#[derive(Clone, Copy)]
pub(crate) struct Bounds<'a> {
    pub method: &'a str,
    /// The endpoint as whoever calls reaches it.
    pub address: &'a str,
    /// The access token that it goes with, at an API.
    pub token: Option<&'a str>,
    /// True time, in seconds since the epoch.
    pub now: i64,
}

/// What a proof that holds says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    pub proof: Proof,
    pub nonce: Option<String>,
}

/// Why a proof is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadProof {
    /// For what its maker may want to know.
    Wrong(&'static str),
    /// It has to repeat what it was given.
    Nonce,
}

/// The proof of a call by this client, if there is one: its key, and what is to be spent when the call turns out well.
///
/// Errors: `invalid_dpop_proof`, `use_dpop_nonce`.
pub(crate) fn proof(pools: &UserPools, cx: &Cx, call: &Call<'_>, place: &Place) -> Result<Option<Proof>, OAuthError> {
    let text = match (place.proofs(), call.proof) {
        (Proofs::Off, _) | (Proofs::On, None) => return Ok(None),
        (Proofs::Required, None) => return Err(OAuthError::bad_proof("There is no proof.")),
        (Proofs::On | Proofs::Required, Some(text)) => text,
    };
    let bounds = Bounds {
        method: "POST",
        address: &call.address(),
        token: None,
        now: cx.wall().secs(),
    };
    let checked = current(pools, cx, (call.pool, place.switches().proof_nonces), (text, bounds));
    checked.map(Some).map_err(|bad| match bad {
        BadProof::Wrong(why) => OAuthError::bad_proof(why),
        BadProof::Nonce => OAuthError::use_nonce(),
    })
}

/// A proof that holds and, where the pool gives nonces, repeats one.
pub(crate) fn current(
    pools: &UserPools,
    cx: &Cx,
    (pool, has_nonces): (&PoolId, bool),
    (text, bounds): (&str, Bounds<'_>),
) -> Result<Proof, BadProof> {
    let checked = check(text, bounds)?;
    let repeats = || {
        checked
            .nonce
            .as_deref()
            .is_some_and(|nonce| pools.is_proof_nonce(cx.now(), pool, nonce))
    };
    if has_nonces && !repeats() {
        return Err(BadProof::Nonce);
    }
    Ok(checked.proof)
}

/// RFC 9449 section 4.3, but for what takes a look elsewhere: whether it was shown before, and its nonce.
pub(crate) fn check(text: &str, bounds: Bounds<'_>) -> Result<Checked, BadProof> {
    let wrong = BadProof::Wrong;
    if text.len() > LONGEST {
        return Err(wrong("The proof is too long."));
    }
    let signed = Signed::parse(text).map_err(|_| wrong("The proof is no JWT of an algorithm that is taken."))?;
    if signed.typ() != Some("dpop+jwt") {
        return Err(wrong("The proof's typ is not dpop+jwt."));
    }
    let key = signed.jwk().map(PublicKey::read);
    let key = key
        .and_then(Result::ok)
        .ok_or(wrong("The proof's jwk is no public key that is taken."))?;
    let claims = signed.verify(&key);
    let claims = claims.map_err(|_| wrong("The proof is not signed with its jwk."))?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("htm") != Some(bounds.method) {
        return Err(wrong("The proof's htm is another method."));
    }
    let is_here =
        uri::normal(text("htu").unwrap_or_default()).is_some_and(|uri| Some(uri) == uri::normal(bounds.address));
    if !is_here {
        return Err(wrong("The proof's htu is another address."));
    }
    let issued = numeric_date(&claims, "iat").ok_or(wrong("The proof's iat is no time."))?;
    if (issued - bounds.now).abs() > WINDOW {
        return Err(wrong("The proof's iat is too far from now."));
    }
    if let Some(token) = bounds.token {
        let hash = BASE64_URL_SAFE_NO_PAD.encode(vault::sha256(token.as_bytes()));
        if text("ath") != Some(hash.as_str()) {
            return Err(wrong("The proof's ath is another token's."));
        }
    }
    let jti = text("jti").filter(|jti| !jti.is_empty() && jti.len() <= LONGEST_JTI);
    let jti = jti.ok_or(wrong("The proof has no jti, or too long a one."))?;
    let key = key.thumbprint();
    let left = u64::try_from(issued + WINDOW - bounds.now + 1).unwrap_or_default();
    Ok(Checked {
        proof: Proof {
            once: Once::new(["dpop", &key], jti, Duration::from_secs(left)),
            key,
        },
        nonce: text("nonce").map(str::to_owned),
    })
}

/// Whether a text could be the thumbprint of a key: a SHA-256 in base64url without padding.
pub(crate) fn is_thumbprint(text: &str) -> bool {
    let is_letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    text.len() == 43 && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9449 section 4.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    const THERE: Bounds<'static> = Bounds {
        method: "POST",
        address: "https://server.example.com/token",
        token: None,
        now: 1_562_262_616,
    };

    #[test]
    fn the_example_holds_where_and_when_it_was_made() {
        let checked = check(EXAMPLE, THERE).unwrap();
        // RFC 9449 section 6.1.
        assert_eq!(checked.proof.key, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
        assert_eq!(checked.nonce, None);
        let at = |address| check(EXAMPLE, Bounds { address, ..THERE }).is_ok();
        assert!(at("https://SERVER.example.com:443/token?x=1#y"));
        for address in [
            "http://server.example.com/token",
            "https://server.example.com/token/",
            "https://server.example.com/Token",
            "https://server.example.com:8443/token",
            "https://server.example.com.evil.example/token",
            "https://server.example.com/",
        ] {
            assert!(!at(address), "{address}");
        }
        for (seconds, expected) in [(-61, false), (-60, true), (60, true), (61, false)] {
            let bounds = Bounds {
                now: THERE.now + seconds,
                ..THERE
            };
            assert_eq!(check(EXAMPLE, bounds).is_ok(), expected, "{seconds}");
        }
        for bounds in [
            Bounds { method: "GET", ..THERE },
            Bounds {
                token: Some("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
                ..THERE
            },
        ] {
            assert!(check(EXAMPLE, bounds).is_err());
        }
    }

    #[test]
    fn whatever_is_changed_in_it_is_refused() {
        let step = 7;
        for at in (0..EXAMPLE.len()).step_by(step) {
            let (before, rest) = EXAMPLE.split_at(at);
            let changed = if rest.starts_with('A') { 'B' } else { 'A' };
            let other = format!("{before}{changed}{}", &rest[1..]);
            assert!(check(&other, THERE).is_err(), "{at}");
            assert!(check(before, THERE).is_err(), "{at}");
        }
    }
}
