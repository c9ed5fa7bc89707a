//! Time-based one-time passwords of authenticator apps: RFC 6238 with HMAC-SHA1, six digits, steps of 30 seconds: what every
//! app assumes of a secret that comes without parameters. Reference: user-pools 6.2.

use std::fmt;

use aws_lc_rs::hmac;
use kernel::{Rng, Timestamp};

use crate::{Keyring, OpenError, Purpose, SealError, Secret, SecretText, constant_time};

/// Bytes of a secret: as long as the hash, as RFC 4226 asks. In base32 that is 32 characters; Cognito's are said to have 52
/// (256 bits, unconfirmed), and every app takes both.
const LENGTH: usize = 20;
/// Seconds.
const STEP: i64 = 30;
/// How many steps the clocks may be apart, either way. How many Cognito lets pass is unconfirmed.
const DRIFT: i64 = 1;
const DIGITS: usize = 6;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The secret that an authenticator app and we share.
#[derive(Clone)]
pub struct Seed(Secret);

impl Seed {
    pub fn random(rng: &dyn Rng) -> Self {
        let mut bytes = vec![0; LENGTH];
        rng.fill(&mut bytes);
        Self(Secret::new(bytes))
    }

    /// For storage. `place` says whose it is, as for [`Keyring::seal`].
    pub fn seal(&self, keyring: &Keyring, place: &[&str], rng: &dyn Rng) -> Result<Vec<u8>, SealError> {
        keyring.seal(Purpose::TotpSeed, place, self.0.as_bytes(), rng)
    }

    /// What [`Seed::seal`] made for the same place.
    pub fn open(keyring: &Keyring, place: &[&str], sealed: &[u8]) -> Result<Self, OpenError> {
        keyring.open(Purpose::TotpSeed, place, sealed).map(Self)
    }

    /// As a person types it into an app: base32 without padding. RFC 4648.
    pub fn base32(&self) -> SecretText {
        let bytes = self.0.as_bytes();
        let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
        for chunk in bytes.chunks(5) {
            let mut group = [0; 8];
            group.iter_mut().skip(3).zip(chunk).for_each(|(to, from)| *to = *from);
            let bits = u64::from_be_bytes(group);
            for n in 0..(chunk.len() * 8).div_ceil(5) {
                text.push(letter(bits >> (35 - 5 * n)));
            }
        }
        SecretText::new(text)
    }

    /// The step (Unix time / 30) that `code` is right for: the present one or one next to it. None: for none of them.
    pub fn step_of(&self, code: &str, at: Timestamp) -> Option<i64> {
        let now = at.secs().div_euclid(STEP);
        // All of them are compared, so that the time it takes does not tell which one it was.
        (now - DRIFT..=now + DRIFT).fold(None, |found, step| {
            let right = constant_time::eq(self.code_of(step).as_bytes(), code.as_bytes());
            if right { Some(step) } else { found }
        })
    }

    fn code_of(&self, step: i64) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, self.0.as_bytes());
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        // RFC 4226 section 5.3: the last four bits say where the number begins.
        let offset = usize::from(mac.last().copied().unwrap_or_default() & 15);
        let number = mac
            .get(offset..)
            .and_then(<[u8]>::first_chunk)
            .map_or(0, |bytes| u32::from_be_bytes(*bytes) & 0x7fff_ffff);
        format!("{:0DIGITS$}", number % 10_u32.pow(6))
    }
}

#[cfg(any(test, feature = "client"))]
impl Seed {
    /// What [`Seed::base32`] printed, as an app reads it: whatever the case and the blanks. None: it is not base32.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
        for letter in text.bytes().filter(|byte| *byte != b' ' && *byte != b'=') {
            let letter = letter.to_ascii_uppercase();
            let value = ALPHABET.iter().zip(0_u32..).find(|(known, _)| **known == letter)?.1;
            bits = bits << 5 | value;
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes.extend((bits >> held).to_be_bytes().last());
            }
        }
        Some(Self(Secret::new(bytes)))
    }

    /// The code that an app shows at a time.
    pub fn code(&self, at: Timestamp) -> String {
        self.code_of(at.secs().div_euclid(STEP))
    }
}

fn letter(bits: u64) -> char {
    let at = usize::try_from(bits & 31).unwrap_or_default();
    ALPHABET.get(at).copied().map_or('A', char::from)
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;

    use super::*;
    use crate::testing::keyring;

    fn rfc() -> Seed {
        Seed(Secret::new(b"12345678901234567890".to_vec()))
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of its eight digits.
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(rfc().code(Timestamp::from_secs(at)), code);
            assert_eq!(rfc().step_of(code, Timestamp::from_secs(at)), Some(at / 30));
        }
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489",
        ];
        for (step, code) in (0..).zip(codes) {
            assert_eq!(rfc().code_of(step), code);
        }
    }

    #[test]
    fn a_code_is_right_for_its_step_and_the_ones_beside_it() {
        let (seed, step) = (rfc(), 5);
        let code = seed.code_of(step);
        for (at, right) in [
            (119, false),
            (120, true),
            (150, true),
            (179, true),
            (209, true),
            (210, false),
        ] {
            let expected = right.then_some(step);
            assert_eq!(seed.step_of(&code, Timestamp::from_secs(at)), expected, "{at}");
        }
        for bad in ["", "28708", "2870822", "28708a", "000000", "٢٨٧٠٨٢"] {
            assert_eq!(seed.step_of(bad, Timestamp::from_secs(59)), None, "{bad}");
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            let seed = Seed(Secret::new(bytes.as_bytes().to_vec()));
            assert_eq!(seed.base32().as_str(), text);
            let read = Seed::parse(&text.to_lowercase()).unwrap();
            assert_eq!(read.0.as_bytes(), bytes.as_bytes());
        }
        assert_eq!(Seed::parse("MZXW 6YTB OI==").unwrap().0.as_bytes(), b"foobar");
        assert!(Seed::parse("MZXW1").is_none());
    }

    #[test]
    fn a_secret_is_random_opens_in_its_place_and_is_not_printed() {
        let keyring = keyring();
        let seed = Seed::random(&SystemRng);
        assert_eq!(seed.base32().as_str().len(), 32);
        assert_ne!(seed.base32().as_str(), Seed::random(&SystemRng).base32().as_str());
        assert_eq!(format!("{seed:?}"), "Seed(..)");

        let sealed = seed.seal(&keyring, &["pool", "ana"], &SystemRng).unwrap();
        let opened = Seed::open(&keyring, &["pool", "ana"], &sealed).unwrap();
        assert_eq!(opened.base32().as_str(), seed.base32().as_str());
        assert!(Seed::open(&keyring, &["pool", "ben"], &sealed).is_err());
    }
}
