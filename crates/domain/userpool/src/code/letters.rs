//! Codes of letters that people type: without vowels, so that no word comes of them, and without digits, which look like letters. Each
//! letter is worth 4.32 bits. Pure.

use kernel::Rng;

const LETTERS: [char; 20] = [
    'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Z',
];

/// Beneath this a byte stands for each letter as often as for any other.
const EVEN: u8 = 240;

/// So many stand together where a code is shown.
const TOGETHER: usize = 4;

/// So many letters, without what stands between them.
pub(crate) fn random(rng: &dyn Rng, length: usize) -> String {
    let mut letters = String::with_capacity(length);
    while letters.len() < length {
        let mut chance = [0; 1];
        rng.fill(&mut chance);
        let [byte] = chance;
        if byte < EVEN {
            letters.extend(LETTERS.get(usize::from(byte) % LETTERS.len()));
        }
    }
    letters
}

/// As people enter it: in any case, with dashes and blanks wherever they like. None: it is none, which is no guess.
pub(crate) fn read(text: &str, length: usize) -> Option<String> {
    let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '_' | '.');
    let letters = text.chars().filter(|c| !is_between(c)).take(length + 1);
    let letters: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    let is_one = letters.len() == length && letters.chars().all(|c| LETTERS.contains(&c));
    is_one.then_some(letters)
}

/// As it is shown: `WDJB-MJHT`.
pub(crate) fn shown(letters: &str) -> String {
    let mut shown = String::with_capacity(letters.len() + letters.len() / TOGETHER);
    for (n, letter) in letters.chars().enumerate() {
        if n > 0 && n % TOGETHER == 0 {
            shown.push('-');
        }
        shown.push(letter);
    }
    shown
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use kernel::SystemRng;

    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let read = |text| read(text, 8).map(|letters| shown(&letters));
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
        assert_eq!(shown("WDJBMJHTBCDF"), "WDJB-MJHT-BCDF");
        assert_eq!(super::read("wdjb-mjht-bcdf", 12).as_deref(), Some("WDJBMJHTBCDF"));
    }

    #[test]
    fn codes_differ_and_use_every_letter() {
        let codes: Vec<String> = (0..200).map(|_| random(&SystemRng, 8)).collect();
        let letters: BTreeSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
        assert_eq!(letters, LETTERS.into_iter().collect());
        let different: BTreeSet<&String> = codes.iter().collect();
        assert_eq!(different.len(), codes.len());
        assert!(codes.iter().all(|code| read(code, 8).as_ref() == Some(code)));
    }
}
