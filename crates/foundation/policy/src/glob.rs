//! `*` and `?` over one text. Leftmost-first is enough for globs, so nothing is ever tried again: the work is linear in
//! the text for patterns without `?`, and at most text times pattern with it.

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Token<S> {
    Text(S),
    /// `?`: one character.
    One,
    /// `*`: any run, also an empty one.
    Run,
}

pub(crate) fn matches<S: AsRef<str>>(tokens: &[Token<S>], text: &str) -> bool {
    let mut parts = tokens.split(|token| matches!(token, Token::Run));
    let Some(first) = parts.next() else {
        return text.is_empty();
    };
    let Some(rest) = strip_front(first, text) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    // The end is taken before the middle is searched, so that the two cannot claim the same characters.
    let Some(mut rest) = strip_back(last, rest) else {
        return false;
    };
    for part in parts {
        let Some(after) = find(part, rest) else { return false };
        rest = after;
    }
    true
}

fn strip_front<'t, S: AsRef<str>>(part: &[Token<S>], text: &'t str) -> Option<&'t str> {
    part.iter().try_fold(text, |rest, token| match token {
        Token::Text(literal) => rest.strip_prefix(literal.as_ref()),
        Token::One | Token::Run => {
            let mut chars = rest.chars();
            chars.next().map(|_| chars.as_str())
        }
    })
}

fn strip_back<'t, S: AsRef<str>>(part: &[Token<S>], text: &'t str) -> Option<&'t str> {
    part.iter().rev().try_fold(text, |rest, token| match token {
        Token::Text(literal) => rest.strip_suffix(literal.as_ref()),
        Token::One | Token::Run => {
            let mut chars = rest.chars();
            chars.next_back().map(|_| chars.as_str())
        }
    })
}

/// What follows the leftmost place where `part` fits.
fn find<'t, S: AsRef<str>>(part: &[Token<S>], text: &'t str) -> Option<&'t str> {
    let mut rest = text;
    loop {
        if let Some(Token::Text(literal)) = part.first() {
            rest = rest.get(rest.find(literal.as_ref())?..)?;
        }
        if let Some(after) = strip_front(part, rest) {
            return Some(after);
        }
        let mut chars = rest.chars();
        chars.next()?;
        rest = chars.as_str();
    }
}
