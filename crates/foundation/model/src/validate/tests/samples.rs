//! Values that a shape allows, for tests that break one thing at a time.

use serde_json::{Map, Value, json};

use crate::{Kind, Shape};

/// One of these, repeated or filled up to the least length, fits each pattern of the models.
const SEEDS: &[&str] = &[
    "aaaaaa",
    "0",
    "000000",
    "aA0",
    "us-east-1_abc",
    "us-east-1:0f",
    "a@b",
    "{####}",
    "{##a##}",
    "arn:aws:iam::123456789012:role/abc",
    "arn:aws:ses:us-east-1:123456789012:identity/a",
    "arn:aws:s3:::bucket",
    "Level1",
    "cognito:default",
    "tknabcdefghijklmnopqrstuvwxy",
    "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
    "terms-of-use",
    "import-a",
    "authenticated",
    "/",
    "/aaa/",
    "v1",
    "o-aaaaaaaaaa",
    "o-aaaaaaaaaa/r-aaaa",
    "p-aaaaaaaa",
    "https://a",
    "123456789012",
];

/// The smallest value without a violation: required members, least sizes.
pub(super) fn valid(shape: &'static Shape) -> Value {
    let least = usize::try_from(shape.min.unwrap_or(0)).unwrap_or(0);
    match &shape.kind {
        Kind::Structure(members) => {
            let required = members.iter().filter(|member| member.required);
            required
                .map(|member| (member.name.to_owned(), valid(member.shape)))
                .collect::<Map<_, _>>()
                .into()
        }
        Kind::List(element) => (0..least).map(|_| valid(element)).collect(),
        Kind::Map { key, value } => {
            assert!(least <= 1, "{}: more than one key", shape.name);
            (0..least)
                .map(|_| (text(key), valid(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        Kind::String { .. } => text(shape).into(),
        Kind::Integer | Kind::Long | Kind::Timestamp => shape.min.unwrap_or(1).into(),
        Kind::Float | Kind::Double => json!(1.5),
        Kind::Boolean => true.into(),
        Kind::Blob => "AAAA".into(),
        Kind::Document => json!({}),
    }
}

pub(super) fn text(shape: &'static Shape) -> String {
    if let Kind::String { values: [first, ..] } = shape.kind {
        return (*first).to_owned();
    }
    let least = usize::try_from(shape.min.unwrap_or(0)).unwrap_or(0);
    let fits = |text: &String| {
        let units = i64::try_from(text.encode_utf16().count()).unwrap();
        shape.min.is_none_or(|min| units >= min)
            && shape.max.is_none_or(|max| units <= max)
            && shape.pattern.is_none_or(|pattern| pattern.matches(text))
    };
    let found = SEEDS
        .iter()
        .flat_map(|seed| [(*seed).to_owned(), filled(seed, least)])
        .find(fits);
    found.unwrap_or_else(|| panic!("no sample fits {}", shape.name))
}

/// `seed` and as many `a` or `0` as it takes to be `length` long.
pub(super) fn filled(seed: &str, length: usize) -> String {
    let filler = if seed.bytes().all(|b| b.is_ascii_digit()) {
        "0"
    } else {
        "a"
    };
    let mut text = seed.get(..length).unwrap_or(seed).to_owned();
    text.push_str(&filler.repeat(length.saturating_sub(text.len())));
    text
}
