//! The code that a person reads off a device and enters: eight letters without vowels, so that no word comes of them. Pure. Reference: RFC
//! 8628 sections 5.1, 6.1.

use kernel::{PoolId, Rng, Sub};
use vault::{Keyring, codes};

/// 20 to the power of 8: 2.56e10 codes, 34.5 bits.
const LETTERS: [char; 20] = [
    'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Z',
];

const LENGTH: usize = 8;

/// Beneath this a byte stands for each letter as often as for any other.
const EVEN: u8 = 240;

/// Its letters, without what stands between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UserCode(String);

impl UserCode {
    pub fn random(rng: &dyn Rng) -> Self {
        let mut letters = String::with_capacity(LENGTH);
        while letters.len() < LENGTH {
            let mut chance = [0; 1];
            rng.fill(&mut chance);
            let [byte] = chance;
            if byte < EVEN {
                letters.extend(LETTERS.get(usize::from(byte) % LETTERS.len()));
            }
        }
        Self(letters)
    }

    /// As people enter it: in any case, with dashes and blanks wherever they like. None: it is none, which is no guess.
    pub fn read(text: &str) -> Option<Self> {
        let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '_' | '.');
        let letters = text.chars().filter(|c| !is_between(c)).take(LENGTH + 1);
        let letters: String = letters.map(|c| c.to_ascii_uppercase()).collect();
        let is_one = letters.len() == LENGTH && letters.chars().all(|c| LETTERS.contains(&c));
        is_one.then_some(Self(letters))
    }

    /// As devices show it: `WDJB-MJHT`.
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at(self.0.len() / 2);
        format!("{first}-{second}")
    }

    /// As its row keeps it. A plain digest of so few letters would be found by trying all.
    pub fn kept(&self, keyring: &Keyring, pool: &PoolId) -> String {
        let mac = codes::mac(
            keyring,
            codes::Code {
                purpose: "device",
                pool,
                sub: &Sub::new(""),
                text: &self.0,
            },
        );
        hex::encode(mac)
    }
}

#[cfg(test)]
mod tests {
    use kernel::SystemRng;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let read = |text| UserCode::read(text).map(|code| code.shown());
        for text in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht\n", "W-D-J-B–M J H T", "wdjb_mjht"] {
            assert_eq!(read(text).as_deref(), Some("WDJB-MJHT"), "{text}");
        }
        let long = "WDJBMJHT".repeat(4000);
        for text in [
            "",
            "WDJB-MJH",
            "WDJB-MJHTX",
            "WDJB-MJHA",
            "WDJB-MJH1",
            "ẆDJB-MJHT",
            "--------",
            &long,
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn codes_differ_and_use_every_letter() {
        let codes: Vec<String> = (0..200).map(|_| UserCode::random(&SystemRng).shown()).collect();
        let letters: std::collections::BTreeSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
        assert_eq!(letters.len(), LETTERS.len() + 1, "{letters:?}");
        let different: std::collections::BTreeSet<&String> = codes.iter().collect();
        assert_eq!(different.len(), codes.len());
        assert!(codes.iter().all(|code| UserCode::read(code).is_some()));
    }
}
