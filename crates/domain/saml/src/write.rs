//! Pieces of documents that we write.

use kernel::markup::entity;

/// Text among markup.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match entity(character) {
            Some(name) => out.push_str(name),
            None => out.push(character),
        }
    }
    out
}

/// ` name="value"`, or nothing.
pub(crate) fn attribute(name: &str, value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!(r#" {name}="{}""#, escaped(value)))
}
