//! CSS cut into tokens: as much of the language as hosted login lets anybody write. Escapes are none of it: they would spell a
//! forbidden word so that nobody recognises it.

/// One token; a comment is a blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, number, dimension or hash, a class with its dot.
    Word(&'a str),
    /// A name with the parenthesis behind it.
    Function(&'a str),
    /// What stands between quotes.
    Text(&'a str),
    /// `@name`.
    At,
    Blank,
    /// Any other character.
    Mark(char),
}

/// None: a string or comment that does not end, an escape, a control character, or `<`, which no stylesheet needs.
pub(super) fn cut(css: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = css;
    while let Some(first) = rest.chars().next() {
        let (token, after) = match first {
            '/' if rest.starts_with("/*") => {
                let (_, after) = rest.get(2..)?.split_once("*/")?;
                (Token::Blank, after)
            }
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => (Token::Blank, rest.trim_start_matches(is_blank)),
            '"' | '\'' => {
                let (text, after) = rest.get(1..)?.split_once(first)?;
                if text.contains(is_forbidden) || text.contains(['\n', '\r', '\u{c}']) {
                    return None;
                }
                (Token::Text(text), after)
            }
            _ if is_forbidden(first) => return None,
            _ if is_of_word(first) => {
                let (word, after) = rest.split_at(rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()));
                match after.strip_prefix('(') {
                    Some(after) => (Token::Function(word), after),
                    None => (Token::Word(word), after),
                }
            }
            '@' => (Token::At, rest.get(1..)?),
            _ => (Token::Mark(first), rest.get(first.len_utf8()..)?),
        };
        tokens.push(token);
        rest = after;
    }
    Some(tokens)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\\' | '<') || (c.is_control() && !is_blank(c))
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#' | '%' | '+') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::{
        Token::{At, Blank, Function, Mark, Text, Word},
        *,
    };

    #[test]
    fn css_is_cut() {
        let cut_up = cut(".a:hover{ /* x */color:#fff;font:\"Open Sans\"}@x rgb(1)").unwrap();
        assert_eq!(
            cut_up,
            [
                Word(".a"),
                Mark(':'),
                Word("hover"),
                Mark('{'),
                Blank,
                Blank,
                Word("color"),
                Mark(':'),
                Word("#fff"),
                Mark(';'),
                Word("font"),
                Mark(':'),
                Text("Open Sans"),
                Mark('}'),
                At,
                Word("x"),
                Blank,
                Function("rgb"),
                Word("1"),
                Mark(')'),
            ]
        );
    }

    #[test]
    fn what_hides_something_is_not_cut() {
        for css in [
            "/* on and on",
            "\"on",
            "'a\nb'",
            "u\\72l(x)",
            "</style>",
            "<!--",
            "\"</style>\"",
            "a\0b",
            "\"\\\"",
        ] {
            assert_eq!(cut(css), None, "{css}");
        }
    }
}
