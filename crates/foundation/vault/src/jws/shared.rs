//! Compact JWS by a secret that both sides know: HS256, HS384, HS512 (RFC 7518 section 3.2).

use aws_lc_rs::hmac;
use serde_json::{Map, Value};

use super::{
    JwsError,
    compact::{Parts, json},
};

/// The claims, if whoever has the secret made it. No public key may come in here: everybody has that.
///
/// Errors: `UnknownKey` if it is by an algorithm of another kind, or the secret is shorter than what the algorithm puts out.
pub fn verify_shared(text: &str, secret: &[u8]) -> Result<Map<String, Value>, JwsError> {
    let parts = Parts::of(text)?;
    let (algorithm, octets) = match parts.header.alg.as_str() {
        "HS256" => (hmac::HMAC_SHA256, 32),
        "HS384" => (hmac::HMAC_SHA384, 48),
        "HS512" => (hmac::HMAC_SHA512, 64),
        _ => return Err(JwsError::UnknownKey),
    };
    if secret.len() < octets {
        return Err(JwsError::UnknownKey);
    }
    let key = hmac::Key::new(algorithm, secret);
    hmac::verify(&key, parts.signed.as_bytes(), &parts.signature).map_err(|_| JwsError::BadSignature)?;
    json(parts.payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515 appendix A.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const KEY: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";

    #[test]
    fn the_secret_and_every_character_count() {
        let secret = super::super::compact::decode(KEY).unwrap();
        assert_eq!(verify_shared(EXAMPLE, &secret).unwrap()["iss"], "joe");
        let changed = EXAMPLE.replace("eyJpc3Mi", "eyJpc3Nj");
        let none = EXAMPLE.replace("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJub25lIn0");
        for (text, secret, expected) in [
            (EXAMPLE, &secret[1..], JwsError::BadSignature),
            (EXAMPLE, &secret[..31], JwsError::UnknownKey),
            (EXAMPLE, &[][..], JwsError::UnknownKey),
            (&changed, &secret, JwsError::BadSignature),
            (&none, &secret, JwsError::UnknownKey),
            (&EXAMPLE[..EXAMPLE.len() - 1], &secret, JwsError::Malformed),
            ("", &secret, JwsError::Malformed),
        ] {
            assert_eq!(verify_shared(text, secret), Err(expected), "{text}");
        }
    }
}
