//! What nobody calls goes: a `pub` name that only its definition and tests know is a finding.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{paths, read, tracked};

/// Names that are kept although nothing uses them yet, and for what.
const KEPT: [(&str, &str); 8] = [
    ("simulator_name", "policies are explained: for IAM's simulator"),
    ("matched", "the same"),
    ("from_jwk", "tokens of other providers are verified with it"),
    (
        "presign",
        "tests sign as clients do; stores elsewhere will be asked with it",
    ),
    ("add_spares", "tests know their key pairs"),
    ("of_tenant", "identity providers' addresses come by a call"),
    ("already_processed", "whoever keeps assertions' ids refuses by it"),
    ("sample", "pages are rendered with it by tests"),
];

const ITEMS: [&str; 7] = ["fn", "struct", "enum", "const", "static", "type", "trait"];

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut defined: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    let files = tracked(root)?;
    let is_source = |file: &&String| Path::new(file).extension().is_some_and(|extension| extension == "rs");
    for file in files.iter().filter(is_source) {
        let is_test = file.ends_with("tests.rs")
            || ["/tests/", "/conformance/", "testkit/", "/generated/"]
                .iter()
                .any(|part| file.contains(part));
        let tokens = paths::without_tests(&read(root, file)?);
        if is_test || file.contains("/testing") {
            continue;
        }
        for (at, token) in tokens.iter().enumerate() {
            *said.entry(token.clone()).or_default() += 1;
            if file.starts_with("crates/")
                && token == "pub"
                && let Some(name) = item(tokens.get(at + 1..).unwrap_or(&[]))
            {
                defined.entry(name.clone()).or_default().push(file.clone());
            }
        }
    }
    let kept: BTreeSet<&str> = KEPT.iter().map(|(name, _)| *name).collect();
    let mut findings = Vec::new();
    for (name, files) in &defined {
        if said.get(name).is_some_and(|times| *times <= files.len()) && !kept.contains(name.as_str()) {
            findings.push(format!("{}: `{name}` is used by nobody but tests", files.join(" ")));
        }
    }
    Ok(findings)
}

/// The name of the item that `pub` makes public.
fn item(rest: &[String]) -> Option<&String> {
    let words = rest.iter().take(5).position(|token| ITEMS.contains(&token.as_str()))?;
    let before = rest.get(..words)?;
    let is_qualified = before
        .iter()
        .all(|token| matches!(token.as_str(), "async" | "const" | "unsafe"));
    // `const fn` begins with an item's word too.
    match (is_qualified, rest.get(words + 1)?) {
        (true, next) if next == "fn" => rest.get(words + 2),
        (true, next) if next == "async" => rest.get(words + 3),
        (true, name) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_items_are_named() {
        for (text, expected) in [
            ("pub fn name()", Some("name")),
            ("pub async fn name()", Some("name")),
            ("pub const fn name()", Some("name")),
            ("pub const NAME: u8", Some("NAME")),
            ("pub struct Name", Some("Name")),
            ("pub(crate) fn name()", None),
            ("pub name: Type", None),
            ("pub use a::b;", None),
        ] {
            let tokens = paths::without_tests(text);
            assert_eq!(item(&tokens[1..]).map(String::as_str), expected, "{text}");
        }
    }
}
