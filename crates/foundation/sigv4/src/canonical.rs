//! The canonical request: the one text that client and server must both arrive at. Reference 10.2.

use std::borrow::Cow;

use crate::{
    Authorization, Error, Form, Parts,
    error::Fault,
    hoisted,
    presigned::{SECURITY_TOKEN, SIGNATURE},
    uri::{self, Component},
};

/// Which of the two canonicalisations a service uses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Canon {
    /// Paths are encoded once and never normalised; every `x-amz-*` header must be signed; the body may be left out.
    S3,
    /// All other services: paths are normalised and encoded once more; the body's hash is always signed. Who routes by path
    /// must take the normalised one: `/a/../b` carries the signature of `/b`.
    Standard,
}

/// Clients differ in how they see their own request; each reading is one honest way. All of them decode to the same
/// path, so none lets a signature serve for another resource. Of the query there is one reading, that of whoever acts on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Reading {
    path: PathReading,
    token: TokenReading,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum PathReading {
    AsSent,
    /// Decoded and encoded anew: a proxy or an HTTP library spelled the path otherwise than the signer.
    Respelled,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum TokenReading {
    Signed,
    /// Some clients add the token to a presigned URL after signing. The key id stands for it.
    AddedLater,
}

impl Reading {
    /// What nearly all clients do.
    pub(crate) fn usual(canon: Canon) -> Self {
        let path = match canon {
            Canon::S3 => PathReading::Respelled,
            Canon::Standard => PathReading::AsSent,
        };
        Self {
            path,
            token: TokenReading::Signed,
        }
    }

    /// The other readings that make a difference for this request: three at most, for most requests none.
    pub(crate) fn others(canon: Canon, parts: &Parts<'_>, form: Form) -> Vec<Self> {
        let usual = Self::usual(canon);
        let mut all = vec![usual];
        let mut also = |differs: bool, change: fn(Self) -> Self| {
            if differs {
                let changed: Vec<Self> = all.iter().copied().map(change).collect();
                all.extend(changed);
            }
        };
        also(
            path(canon, PathReading::AsSent, parts.path) != path(canon, PathReading::Respelled, parts.path),
            |r| Self {
                path: if r.path == PathReading::AsSent {
                    PathReading::Respelled
                } else {
                    PathReading::AsSent
                },
                ..r
            },
        );
        let has_token = parts.query_pairs().any(|(name, _)| name == SECURITY_TOKEN);
        also(canon == Canon::Standard && form == Form::Presigned && has_token, |r| {
            Self {
                token: TokenReading::AddedLater,
                ..r
            }
        });
        all.retain(|reading| *reading != usual);
        all
    }
}

fn path(canon: Canon, reading: PathReading, raw: &str) -> Cow<'_, str> {
    match (canon, reading) {
        (_, _) if raw.is_empty() => Cow::Borrowed("/"),
        (Canon::S3, PathReading::AsSent) => Cow::Borrowed(raw),
        (Canon::S3, PathReading::Respelled) => uri::reencode(raw, Component::Path),
        (Canon::Standard, PathReading::AsSent) => match uri::normalise(raw) {
            Cow::Borrowed(normal) => uri::encode(normal, Component::Path),
            Cow::Owned(normal) => Cow::Owned(uri::encode(&normal, Component::Path).into_owned()),
        },
        (Canon::Standard, PathReading::Respelled) => {
            Cow::Owned(uri::encode(&uri::reencode(&uri::normalise(raw), Component::Path), Component::Path).into_owned())
        }
    }
}

/// Errors: Malformed if a signed header's value is not UTF-8.
pub(crate) fn request(
    parts: &Parts<'_>,
    canon: Canon,
    signed: (Form, &str),
    content: &str,
    reading: Reading,
) -> Result<String, Error> {
    let (form, signed_headers) = signed;
    let mut out = String::with_capacity(512 + parts.path.len() + parts.query.len());
    out.push_str(parts.method);
    out.push('\n');
    out.push_str(&path(canon, reading.path, parts.path));
    out.push('\n');
    push_query(&mut out, parts, form, reading);
    out.push('\n');
    for name in signed_headers.split(';') {
        push_header(&mut out, parts, (canon, form), name)?;
    }
    out.push('\n');
    out.push_str(signed_headers);
    out.push('\n');
    out.push_str(content);
    Ok(out)
}

fn push_query(out: &mut String, parts: &Parts<'_>, form: Form, reading: Reading) {
    let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = parts
        .query_pairs()
        .map(|(name, value)| {
            (
                uri::reencode(name, Component::Query),
                uri::reencode(value, Component::Query),
            )
        })
        .filter(|(name, _)| form == Form::Header || name != SIGNATURE)
        .filter(|(name, _)| reading.token == TokenReading::Signed || name != SECURITY_TOKEN)
        .collect();
    pairs.sort_unstable();
    for (nth, (name, value)) in pairs.iter().enumerate() {
        if nth > 0 {
            out.push('&');
        }
        out.push_str(name);
        out.push('=');
        out.push_str(value);
    }
}

/// A header that is signed but absent counts as empty: only a signer who saw it empty too arrives at the same text. S3
/// takes one that is absent from the query of a presigned address.
fn push_header(out: &mut String, parts: &Parts<'_>, how: (Canon, Form), name: &str) -> Result<(), Error> {
    let (canon, form) = how;
    out.push_str(name);
    out.push(':');
    if canon == Canon::S3 && form == Form::Presigned && !parts.headers.contains_key(name) {
        push_words(out, &hoisted::value(parts, name)?.unwrap_or_default());
    }
    for (nth, value) in parts.headers.get_all(name).iter().enumerate() {
        if nth > 0 {
            out.push(',');
        }
        let text = std::str::from_utf8(value.as_bytes()).map_err(|_| Error::Malformed {
            form,
            fault: Fault::NotText(name.to_owned()),
        })?;
        push_words(out, text);
    }
    out.push('\n');
    Ok(())
}

/// Runs of blanks become one. Nearly all values have none, and a session token is long.
fn push_words(out: &mut String, text: &str) {
    if !text.contains([' ', '\t']) {
        out.push_str(text);
        return;
    }
    let words = text.split([' ', '\t']).filter(|word| !word.is_empty());
    for (nth, word) in words.enumerate() {
        if nth > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

impl Authorization {
    pub(crate) fn canonical_request(
        &self,
        parts: &Parts<'_>,
        canon: Canon,
        content: &str,
        reading: Reading,
    ) -> Result<String, Error> {
        request(parts, canon, (self.form(), &self.signed_headers), content, reading)
    }
}
