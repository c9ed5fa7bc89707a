//! Chance as an argument, and the alphabets in which AWS spells random identifiers.

use crate::Timestamp;

/// A source of random bytes fit for secrets.
pub trait Rng: Send + Sync + 'static {
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemRng;

impl Rng for SystemRng {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the system's randomness"
    )]
    #[expect(
        clippy::expect_used,
        reason = "without randomness no secret may be made; the process must not go on"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Draws `len` characters of `alphabet` (at most 256 long) without bias: bytes beyond the last whole multiple are drawn anew.
fn draw(rng: &dyn Rng, alphabet: &[u8], len: usize) -> String {
    let limit = 256 - 256 % alphabet.len();
    let mut out = String::with_capacity(len);
    let mut bytes = [0u8; 64];
    while out.len() < len {
        rng.fill(&mut bytes);
        let chosen = bytes.iter().map(|b| usize::from(*b)).filter(|b| *b < limit);
        let letters = chosen.filter_map(|b| alphabet.get(b % alphabet.len()).copied().map(char::from));
        let missing = len - out.len();
        out.extend(letters.take(missing));
    }
    out
}

/// Letters of both cases and digits: the tail of a user pool id.
pub fn base62(rng: &dyn Rng, len: usize) -> String {
    draw(
        rng,
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        len,
    )
}

/// Lower-case letters and digits: app client ids and secrets.
pub fn base36(rng: &dyn Rng, len: usize) -> String {
    draw(rng, b"abcdefghijklmnopqrstuvwxyz0123456789", len)
}

/// `A-Z2-7`: the tail of access key ids and unique IAM ids.
pub fn base32_upper(rng: &dyn Rng, len: usize) -> String {
    draw(rng, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", len)
}

/// Decimal digits: confirmation codes.
pub fn decimal(rng: &dyn Rng, len: usize) -> String {
    draw(rng, b"0123456789", len)
}

/// Lower-case hexadecimal digits.
pub fn hex(rng: &dyn Rng, len: usize) -> String {
    draw(rng, b"0123456789abcdef", len)
}

/// A random (version 4) UUID in lower case.
pub fn uuid(rng: &dyn Rng) -> String {
    let mut bytes = [0u8; 16];
    rng.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// A UUID (version 7) that begins with the milliseconds of `at`. As keys of rows those of one time lie beside each other, so that new
/// rows go to a few pages, however many there are.
pub fn uuid_in_order(at: Timestamp, rng: &dyn Rng) -> String {
    let mut random = [0; 10];
    rng.fill(&mut random);
    let millis = u64::try_from(at.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random)
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_alphabets_hold() {
        let rng = SystemRng;
        assert!(
            base32_upper(&rng, 500)
                .bytes()
                .all(|b| b.is_ascii_uppercase() || (b'2'..=b'7').contains(&b))
        );
        assert_eq!(decimal(&rng, 6).len(), 6);
        assert_eq!(base62(&rng, 0), "");
        assert_eq!(uuid(&rng).len(), 36);
        let seen: std::collections::BTreeSet<char> = base36(&rng, 4000).chars().collect();
        assert_eq!(seen.len(), 36);
    }
}
