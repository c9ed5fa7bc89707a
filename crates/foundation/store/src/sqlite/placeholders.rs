//! `$n` becomes `?n`. SQLite takes `$1` for a name and numbers names as they first appear: without this, arguments would
//! be bound to the wrong places, silently.

use std::fmt::Write as _;

/// Leaves quoted text, quoted names and comments alone.
pub(super) fn number(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '\'' | '"' => quoted(rest, first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '$' => 1 + digits(rest.get(1..).unwrap_or("")),
            other => other.len_utf8(),
        };
        let (piece, next) = rest.split_at(len);
        match piece.strip_prefix('$') {
            Some(n) if !n.is_empty() => {
                // Writing to a String can't fail.
                let _ = write!(out, "?{n}");
            }
            _ => out.push_str(piece),
        }
        rest = next;
    }
    out
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of the quoted piece at the start, quotes included. A doubled quote ends one piece and begins the next.
fn quoted(text: &str, quote: char) -> usize {
    text.char_indices()
        .skip(1)
        .find(|(_, c)| *c == quote)
        .map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_are_numbered_and_text_is_left_alone() {
        for (sql, expected) in [
            ("SELECT 1", "SELECT 1"),
            (
                "UPDATE t SET d=$4 WHERE a = $1 AND b=$12",
                "UPDATE t SET d=?4 WHERE a = ?1 AND b=?12",
            ),
            ("SELECT $2, $1, $2", "SELECT ?2, ?1, ?2"),
            (
                "SELECT '$1', $1, 'it''s $2', \"$3\"",
                "SELECT '$1', ?1, 'it''s $2', \"$3\"",
            ),
            ("SELECT $1 -- not $2\n, $2", "SELECT ?1 -- not $2\n, ?2"),
            ("SELECT /* $9 - ' */ $1 - $2 / $3", "SELECT /* $9 - ' */ ?1 - ?2 / ?3"),
            ("SELECT 'ä$1', $1 -- ende", "SELECT 'ä$1', ?1 -- ende"),
            ("SELECT 'open $1", "SELECT 'open $1"),
            ("$", "$"),
            ("", ""),
        ] {
            assert_eq!(number(sql), expected);
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_sign_changes(sql in "[$'\"?/*\\-\\n a-c0-9é]{0,60}") {
            let numbered = number(&sql);
            prop_assert_eq!(numbered.replace('?', "$"), sql.replace('?', "$"));
        }
    }
}
