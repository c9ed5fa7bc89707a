//! SHA-256, HMAC and one-block HKDF over parts, and the framing that keeps parts apart.

use aws_lc_rs::{digest, hmac};
use zeroize::Zeroizing;

/// SHA-256 of the parts' concatenation.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part);
    }
    fixed(context.finish().as_ref())
}

/// HMAC-SHA256 of the parts' concatenation. RFC 2104.
pub(crate) fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    mac(&hmac::Key::new(hmac::HMAC_SHA256, key), parts)
}

/// The same under a key that was prepared before.
pub(crate) fn mac(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    fixed(context.sign().as_ref())
}

/// HKDF-Expand's first block: all that a key of at most 32 bytes takes. RFC 5869 section 2.3.
pub(crate) fn hkdf_expand(prk: &hmac::Key, info: &[u8]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(mac(prk, &[info, &[1]]))
}

/// HKDF-Extract. RFC 5869 section 2.2.
pub(crate) fn hkdf_extract(salt: &[u8], key_material: &[u8]) -> hmac::Key {
    hmac::Key::new(
        hmac::HMAC_SHA256,
        Zeroizing::new(hmac_sha256(salt, &[key_material])).as_ref(),
    )
}

/// The parts one after the other, each behind its length, so that no two lists of parts give the same bytes.
pub(crate) fn framed(parts: &[&str]) -> Vec<u8> {
    let mut out = Vec::with_capacity(parts.iter().map(|part| 8 + part.len()).sum());
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part.as_bytes());
    }
    out
}

/// A digest as an array; both sides are 32 bytes for every caller here.
fn fixed(digest: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_the_published_ones() {
        // FIPS 180-4 example "abc"; RFC 4231 case 2.
        assert_eq!(
            hex::encode(sha256(&[b"a", b"", b"bc"])),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            hex::encode(hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn hkdf_is_rfc_5869_case_1() {
        let prk = hkdf_extract(&hex::decode("000102030405060708090a0b0c").unwrap(), &[0x0b; 22]);
        let key = hkdf_expand(&prk, &hex::decode("f0f1f2f3f4f5f6f7f8f9").unwrap());
        assert_eq!(
            hex::encode(key.as_slice()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        );
    }

    #[test]
    fn framing_keeps_parts_apart() {
        assert_ne!(framed(&["ab", "c"]), framed(&["a", "bc"]));
        assert_ne!(framed(&["a"]), framed(&["a", ""]));
        assert_ne!(framed(&[]), framed(&[""]));
    }
}
