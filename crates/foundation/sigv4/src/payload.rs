//! The payload's place in a signature: its hash, or one of S3's markers. Reference 10.3.

use aws_lc_rs::digest;

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()) {
        *to = *from;
    }
    out
}

/// What the caller of `verify` knows of the body.
#[derive(Clone, Copy, Debug)]
pub enum Payload<'a> {
    /// The whole body.
    Bytes(&'a [u8]),
    /// Its hash, made while it came in.
    Sha256([u8; 32]),
    /// Not read yet: the hash that the request declares is believed, and [`BodyCheck`] says what is left to do.
    Unread,
}

impl Payload<'_> {
    pub(crate) fn hash(self) -> Option<[u8; 32]> {
        match self {
            Self::Bytes(bytes) => Some(sha256(bytes)),
            Self::Sha256(hash) => Some(hash),
            Self::Unread => None,
        }
    }
}

/// What the signature does not prove yet about the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyCheck {
    /// The body is the one that was signed.
    Done,
    /// Its SHA-256 must turn out to be this.
    Sha256([u8; 32]),
    /// The signer left the body out.
    Unsigned,
    /// aws-chunked, each chunk signed, and the trailer too if it is told to have one.
    SignedChunks { trailer: bool },
    /// aws-chunked without signatures, with a trailer.
    UnsignedChunks,
}

/// What `x-amz-content-sha256` declares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ContentHash {
    Sha256([u8; 32]),
    Unsigned,
    SignedChunks,
    SignedChunksAndTrailer,
    UnsignedChunks,
    /// Chunks signed by SigV4A: recognised, not supported.
    EcdsaChunks,
}

impl ContentHash {
    /// Of a body that is at hand.
    pub fn of(body: &[u8]) -> Self {
        Self::Sha256(sha256(body))
    }

    /// `None` for anything but 64 hexadecimal digits or a known marker.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "UNSIGNED-PAYLOAD" => Self::Unsigned,
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => Self::SignedChunks,
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => Self::SignedChunksAndTrailer,
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => Self::UnsignedChunks,
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD" | "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER" => {
                Self::EcdsaChunks
            }
            _ => {
                let mut hash = [0; 32];
                hex::decode_to_slice(text, &mut hash).ok()?;
                Self::Sha256(hash)
            }
        })
    }

    /// The last line of the canonical request.
    pub fn text(&self) -> String {
        match self {
            Self::Sha256(hash) => hex::encode(hash),
            Self::Unsigned => "UNSIGNED-PAYLOAD".to_owned(),
            Self::SignedChunks => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD".to_owned(),
            Self::SignedChunksAndTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER".to_owned(),
            Self::UnsignedChunks => "STREAMING-UNSIGNED-PAYLOAD-TRAILER".to_owned(),
            Self::EcdsaChunks => "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_marker_reads_and_prints_the_same() {
        for text in [
            "UNSIGNED-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ] {
            assert_eq!(ContentHash::parse(text).unwrap().text(), text);
        }
        assert_eq!(
            ContentHash::of(b"").text(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for text in ["", "unsigned-payload", "e3b0", "STREAMING-AWS4-HMAC-SHA256-EVENTS"] {
            assert_eq!(ContentHash::parse(text), None, "{text}");
        }
    }
}
