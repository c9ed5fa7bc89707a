//! One text of a policy as it is matched: wildcards and variables, compiled when the policy is parsed.
//! Reference: identity-pools-iam 4.4.

use std::borrow::Cow;

use crate::context::{Context, Values, fold};
use crate::glob::{self, Token};

/// What a pattern may contain besides literal text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) wildcards: bool,
    pub(crate) variables: bool,
}

/// Whether something in a policy fits something in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hit {
    Yes,
    No,
    /// A variable had no value, or the value is of the wrong type: neither the test nor its negation holds.
    Unknown,
}

impl Hit {
    /// One of several alternatives: a sure match wins, then doubt.
    pub(crate) fn any(hits: impl Iterator<Item = Self>) -> Self {
        let mut result = Self::No;
        for hit in hits {
            match hit {
                Self::Yes => return Self::Yes,
                Self::Unknown => result = Self::Unknown,
                Self::No => {}
            }
        }
        result
    }

    pub(crate) fn of(fits: bool) -> Self {
        if fits { Self::Yes } else { Self::No }
    }
}

/// A context key as written and as looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) written: Box<str>,
    pub(crate) folded: Box<str>,
}

impl Key {
    pub(crate) fn new(written: &str) -> Self {
        Self {
            written: written.into(),
            folded: fold(Cow::Borrowed(written)).into(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Variable {
    pub(crate) key: Key,
    default: Option<Box<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Piece {
    Token(Token<Box<str>>),
    Variable(Variable),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    Any,
    Exact(Box<str>),
    Prefix(Box<str>),
    Glob(Box<[Token<Box<str>>]>),
    Template(Box<[Piece]>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Pattern(Form);

impl Pattern {
    pub(crate) fn new(text: &str, rules: Rules) -> Self {
        let pieces = pieces(text, rules);
        if pieces.iter().any(|piece| matches!(piece, Piece::Variable(_))) {
            return Self(Form::Template(pieces.into()));
        }
        let tokens: Vec<_> = pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Token(token) => Some(token),
                Piece::Variable(_) => None,
            })
            .collect();
        Self(match tokens.as_slice() {
            [] => Form::Exact("".into()),
            [Token::Run] => Form::Any,
            [Token::Text(text)] => Form::Exact(text.clone()),
            [Token::Text(text), Token::Run] => Form::Prefix(text.clone()),
            _ => Form::Glob(tokens.into()),
        })
    }

    pub(crate) fn exact(text: &str) -> Self {
        Self(Form::Exact(text.into()))
    }

    pub(crate) fn any() -> Self {
        Self(Form::Any)
    }

    /// Neither wildcards nor variables.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.0, Form::Exact(_))
    }

    pub(crate) fn matches(&self, text: &str, context: &Context<'_>) -> Hit {
        match &self.0 {
            Form::Any => Hit::Yes,
            Form::Exact(wanted) => Hit::of(**wanted == *text),
            Form::Prefix(prefix) => Hit::of(text.starts_with(&**prefix)),
            Form::Glob(tokens) => Hit::of(glob::matches(tokens, text)),
            Form::Template(pieces) => match resolve(pieces, context) {
                Some(tokens) => Hit::of(glob::matches(&tokens, text)),
                None => Hit::Unknown,
            },
        }
    }

    /// For patterns without wildcards.
    pub(crate) fn equals_ignoring_case(&self, text: &str, context: &Context<'_>) -> Hit {
        match &self.0 {
            Form::Exact(wanted) => Hit::of(same_ignoring_case(wanted, text)),
            Form::Template(pieces) => match resolve(pieces, context).as_deref() {
                Some([]) => Hit::of(text.is_empty()),
                Some([Token::Text(wanted)]) => Hit::of(same_ignoring_case(wanted, text)),
                Some(_) => Hit::No,
                None => Hit::Unknown,
            },
            Form::Any | Form::Prefix(_) | Form::Glob(_) => Hit::No,
        }
    }

    pub(crate) fn is_resolved(&self, context: &Context<'_>) -> bool {
        self.variables().all(|variable| variable.value(context).is_some())
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        let pieces: &[Piece] = if let Form::Template(pieces) = &self.0 {
            pieces
        } else {
            &[]
        };
        pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            Piece::Token(_) => None,
        })
    }
}

impl Variable {
    /// The default stands in for an absent key only: a key with several values has no text, default or not.
    fn value<'c>(&'c self, context: &'c Context<'_>) -> Option<Cow<'c, str>> {
        match context.get(&self.key.folded) {
            Some(Values::One(value)) => Some(value.as_text()),
            Some(Values::Many(_)) => None,
            None => self.default.as_deref().map(Cow::Borrowed),
        }
    }
}

/// Values go in as literal text: a `*` in a tag is a star, never a wildcard.
fn resolve<'c>(pieces: &'c [Piece], context: &'c Context<'_>) -> Option<Vec<Token<Cow<'c, str>>>> {
    let mut tokens: Vec<Token<Cow<'c, str>>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let text = match piece {
            Piece::Token(Token::One) => {
                tokens.push(Token::One);
                continue;
            }
            Piece::Token(Token::Run) => {
                tokens.push(Token::Run);
                continue;
            }
            Piece::Token(Token::Text(text)) => Cow::Borrowed(&**text),
            Piece::Variable(variable) => variable.value(context)?,
        };
        if let Some(Token::Text(before)) = tokens.last_mut() {
            before.to_mut().push_str(&text);
        } else {
            tokens.push(Token::Text(text));
        }
    }
    Some(tokens)
}

fn pieces(text: &str, rules: Rules) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        if rules.variables
            && let Some(inside) = rest.strip_prefix("${")
            && let Some((expression, after)) = expression(inside)
        {
            match expression {
                Expression::Escape(character) => literal.push(character),
                Expression::Variable(variable) => {
                    flush(&mut literal, &mut pieces);
                    pieces.push(Piece::Variable(variable));
                }
            }
            rest = after;
            continue;
        }
        let mut chars = rest.chars();
        match chars.next() {
            Some('*') if rules.wildcards => {
                flush(&mut literal, &mut pieces);
                if !matches!(pieces.last(), Some(Piece::Token(Token::Run))) {
                    pieces.push(Piece::Token(Token::Run));
                }
            }
            Some('?') if rules.wildcards => {
                flush(&mut literal, &mut pieces);
                pieces.push(Piece::Token(Token::One));
            }
            Some(other) => literal.push(other),
            None => {}
        }
        rest = chars.as_str();
    }
    flush(&mut literal, &mut pieces);
    pieces
}

fn flush(literal: &mut String, pieces: &mut Vec<Piece>) {
    if !literal.is_empty() {
        pieces.push(Piece::Token(Token::Text(std::mem::take(literal).into())));
    }
}

enum Expression {
    Escape(char),
    Variable(Variable),
}

/// What stands after `${`, and the text after its `}`. `None`: it is never closed, so it is no expression.
fn expression(inside: &str) -> Option<(Expression, &str)> {
    for escaped in ['*', '?', '$'] {
        if let Some(after) = inside.strip_prefix(escaped).and_then(|rest| rest.strip_prefix('}')) {
            return Some((Expression::Escape(escaped), after));
        }
    }
    if let Some((variable, after)) = with_default(inside) {
        return Some((Expression::Variable(variable), after));
    }
    let (key, after) = inside.split_once('}')?;
    Some((
        Expression::Variable(Variable {
            key: Key::new(key.trim()),
            default: None,
        }),
        after,
    ))
}

/// `key, 'text'}`.
fn with_default(inside: &str) -> Option<(Variable, &str)> {
    let (key, rest) = inside.split_once(',')?;
    if key.contains('}') {
        return None;
    }
    let (default, rest) = rest.trim_start().strip_prefix('\'')?.split_once('\'')?;
    let after = rest.trim_start().strip_prefix('}')?;
    Some((
        Variable {
            key: Key::new(key.trim()),
            default: Some(default.into()),
        },
        after,
    ))
}

fn same_ignoring_case(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    a.chars()
        .flat_map(char::to_lowercase)
        .eq(b.chars().flat_map(char::to_lowercase))
}
