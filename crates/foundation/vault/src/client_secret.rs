//! The hash by which an app client with a secret shows that it knows it. Reference: user-pools 3.2.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::hash;

/// Standard base64, padded, of HMAC-SHA256(client secret, username then client id). Compare with [`crate::constant_time::eq`].
pub fn secret_hash(client_secret: &str, username: &str, client_id: &str) -> String {
    BASE64_STANDARD.encode(hash::hmac_sha256(
        client_secret.as_bytes(),
        &[username.as_bytes(), client_id.as_bytes()],
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_a_client_computes() {
        // printf ana@example.com1example23456789abcdefghijk | openssl dgst -sha256 -hmac secret -binary | base64
        assert_eq!(
            secret_hash("secret", "ana@example.com", "1example23456789abcdefghijk"),
            "V/XxYdCwi5yjM25ASblgNKEpZS51wMgUv1Q3NmAUSPw="
        );
    }
}
