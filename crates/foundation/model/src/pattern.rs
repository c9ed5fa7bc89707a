//! AWS's patterns are Java's, matched against the whole value: `\w \s \d` are ASCII and `.` stops at any line end.

use std::{fmt::Write as _, sync::OnceLock};

use regex::{Regex, RegexBuilder};

/// Look-around, which our regular expressions don't have: bucket names that don't end in a dot.
const BUCKET_NAME: &str = r"^[0-9A-Za-z\.\-_]*(?<!\.)$";
/// And account aliases without two hyphens in a row.
const ACCOUNT_ALIAS: &str = r"^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$";

/// The lazy automaton's cache. Our patterns are short, and there are sixty of them on each worker thread.
const CACHE_BYTES: usize = 256 * 1024;

/// Compiled when it is first needed and then kept.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub const fn new(text: &'static str) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// As the model spells it and as messages repeat it.
    pub const fn as_str(&self) -> &'static str {
        self.text
    }

    /// Whether the whole value matches. A pattern that doesn't compile matches nothing; a test compiles all of them.
    pub fn matches(&self, value: &str) -> bool {
        match self.text {
            BUCKET_NAME => is_bucket_name(value),
            ACCOUNT_ALIAS => is_account_alias(value),
            text => self
                .compiled
                .get_or_init(|| compile(text))
                .as_ref()
                .is_some_and(|regex| regex.is_match(value)),
        }
    }

    #[cfg(test)]
    pub(crate) fn is_understood(&self) -> bool {
        matches!(self.text, BUCKET_NAME | ACCOUNT_ALIAS) || compile(self.text).is_some()
    }
}

fn compile(java: &str) -> Option<Regex> {
    RegexBuilder::new(&format!(r"\A(?:{})\z", translate(java)))
        .dfa_size_limit(CACHE_BYTES)
        .build()
        .ok()
}

/// Java's syntax is ours but for the meaning of four escapes, of the dot, and of `\S` inside brackets.
fn translate(java: &str) -> String {
    let mut out = String::with_capacity(java.len() * 2);
    let mut chars = java.chars();
    let mut in_class = false;
    let dot_matches_all = java.starts_with("(?s)");
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('w') => out.push_str(if in_class { "0-9A-Za-z_" } else { "[0-9A-Za-z_]" }),
                Some('d') => out.push_str(if in_class { "0-9" } else { "[0-9]" }),
                Some('s') => out.push_str(if in_class {
                    r"\t\n\x0B\x0C\r "
                } else {
                    r"[\t\n\x0B\x0C\r ]"
                }),
                Some('S') => out.push_str(r"[^\t\n\x0B\x0C\r ]"),
                Some(other) => {
                    let _ = write!(out, "\\{other}");
                }
                None => out.push('\\'),
            },
            '[' => {
                in_class = true;
                out.push('[');
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '.' if !in_class && !dot_matches_all => out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]"),
            _ => out.push(c),
        }
    }
    out
}

fn is_bucket_name(value: &str) -> bool {
    value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        && !value.ends_with('.')
}

fn is_account_alias(value: &str) -> bool {
    (3..=63).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !value.starts_with('-')
        && !value.ends_with('-')
        && !value.contains("--")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_javas_do() {
        let cases: &[(&'static str, &[&str], &[&str])] = &[
            (
                r"[\w-]+_[0-9a-zA-Z]+",
                &["us-east-1_Ab3"],
                &["us-east-1", "us-east-1_Ab3\n", "ü_a", ""],
            ),
            (r"[\S]+", &["a", "ü", "\u{a0}"], &["a b", "\t", ""]),
            (r"^[\S]+.*[\S]+$", &["ab", "a b"], &["a", " ab", "ab ", "a\nb"]),
            (".*x", &["ax", "x"], &["a\nx", "a\rx", "a\u{85}x", "a\u{2028}x"]),
            (r"(?s).*", &["", "a\nb"], &[]),
            (r".*\{####\}.*", &["code {####}"], &["code ####", "{####}\n"]),
            (
                r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
                &["ana@example.com", "漢字"],
                &["a b", ""],
            ),
            (r"[\d]+", &["123456"], &["١٢٣", ""]),
            (r"\d{12}", &["123456789012"], &["12345678901"]),
            (r"[\w\s+=,.@-]+", &["my pool"], &["a/b"]),
            (
                r"(un)?authenticated",
                &["authenticated", "unauthenticated"],
                &["xauthenticated"],
            ),
            (BUCKET_NAME, &["my.bucket", ""], &["bucket.", "a/b"]),
            (ACCOUNT_ALIAS, &["a-b", "abc"], &["ab", "a--b", "-ab", "ab-", "A-b"]),
        ];
        for (text, good, bad) in cases {
            let pattern = Pattern::new(text);
            assert!(pattern.is_understood(), "{text}");
            for value in *good {
                assert!(pattern.matches(value), "{text} should match {value:?}");
            }
            for value in *bad {
                assert!(!pattern.matches(value), "{text} should not match {value:?}");
            }
        }
    }

    #[test]
    fn every_pattern_of_the_models_compiles() {
        let mut seen = 0;
        for shape in crate::validate::tests::all_shapes() {
            if let Some(pattern) = shape.pattern {
                assert!(pattern.is_understood(), "{}: {}", shape.name, pattern.as_str());
                seen += 1;
            }
        }
        assert!(seen > 100, "{seen} patterns");
    }
}
