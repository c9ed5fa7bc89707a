//! How the columns of searchable attributes hold a value: without case, and cut. Reference: user-pools 4.10.

/// Longer values are cut in the columns: engines limit what an index holds, and a filter is at most 256 characters, so
/// a cut value can still not be mistaken for a shorter one.
const INDEXED_CHARS: usize = 256;

/// An attribute's value as its column holds it: without case, and cut.
///
/// Character by character, one for one: so a prefix of a text folds to a prefix of the folded text, and nothing grows past
/// what a column holds. The engines' own functions fold differently from each other. What it gives is stored: a change of it
/// needs a migration that folds the columns anew.
pub fn folded(value: &str) -> String {
    value.chars().take(INDEXED_CHARS).map(fold).collect()
}

/// By way of upper case, where letters meet that have several lower-case forms (sigma).
fn fold(c: char) -> char {
    let upper = alone(c.to_uppercase()).unwrap_or(c);
    alone(upper.to_lowercase()).unwrap_or(upper)
}

fn alone(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_knows_no_case_and_keeps_prefixes() {
        for (one, other) in [
            ("Ann@Example.com", "aNN@eXAMPLE.COM"),
            ("ZOË", "zoë"),
            ("ΣΑΣ", "σας"),
            ("ΣΑΣ", "ςας"),
            ("ЖАННА", "жанна"),
            ("\u{10400}", "\u{10428}"),
            ("STRAẞE", "straße"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
        assert_ne!(folded("zoë"), folded("zoe"));
        for text in ["ΣΑΣΑ", "İstanbul", "Straße", "ŉA\u{fb01}", "ǅ"] {
            assert_eq!(folded(&folded(text)), folded(text), "{text}");
            for (end, _) in text.char_indices() {
                assert!(folded(text).starts_with(&folded(&text[..end])), "{text} {end}");
            }
        }
        assert_eq!(folded(&"Ü".repeat(300)), "ü".repeat(256));
    }
}
