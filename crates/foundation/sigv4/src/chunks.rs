//! The signatures inside an aws-chunked body: each chunk is chained to the one before, the first to the request. 10.3.

use crate::{Scope, SigningKey, Stamp, sha256};

/// What is signed for one chunk; the last one is empty.
pub fn chunk_string_to_sign(stamp: Stamp, scope: &Scope, previous: &str, data: &[u8]) -> String {
    let (nothing, hash) = (hex::encode(sha256(b"")), hex::encode(sha256(data)));
    format!("AWS4-HMAC-SHA256-PAYLOAD\n{stamp}\n{scope}\n{previous}\n{nothing}\n{hash}")
}

/// What is signed for the trailer: `lines` is `name:value\n` for each of its headers.
pub fn trailer_string_to_sign(stamp: Stamp, scope: &Scope, previous: &str, lines: &str) -> String {
    let hash = hex::encode(sha256(lines.as_bytes()));
    format!("AWS4-HMAC-SHA256-TRAILER\n{stamp}\n{scope}\n{previous}\n{hash}")
}

/// Walks along a body and gives the signature of each piece.
#[derive(Clone, Debug)]
pub struct ChunkSigner {
    key: SigningKey,
    stamp: Stamp,
    scope: Scope,
    previous: String,
}

impl ChunkSigner {
    /// `seed` is the signature of the request itself.
    pub fn new(key: SigningKey, stamp: Stamp, scope: &Scope, seed: &str) -> Self {
        Self {
            key,
            stamp,
            scope: scope.clone(),
            previous: seed.to_owned(),
        }
    }

    pub fn chunk(&mut self, data: &[u8]) -> &str {
        self.previous = self
            .key
            .sign(&chunk_string_to_sign(self.stamp, &self.scope, &self.previous, data));
        &self.previous
    }

    pub fn trailer(&self, lines: &str) -> String {
        self.key
            .sign(&trailer_string_to_sign(self.stamp, &self.scope, &self.previous, lines))
    }
}
