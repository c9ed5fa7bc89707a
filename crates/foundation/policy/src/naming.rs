//! The names in Principal elements as AWS keeps them: an account's number as the ARN of its root, a user or role by its
//! unique id, which reads back as the ARN for as long as somebody has that id. Reference: identity-pools-iam 2.3, 4.2.

use serde_json::Value;
use serde_json::value::RawValue;

use crate::json::{self, Malformed, Object};

/// The document with other names for some of its AWS principals. `rename` is asked for every one of them (`*` and unquoted
/// account numbers too) and gives what takes its place; `None`: it stays. Every other byte stays as it is, and so does a
/// text that is no policy. Errors: `rename`'s.
pub fn rename_principals<E>(
    document: &str,
    mut rename: impl FnMut(&str) -> Result<Option<String>, E>,
) -> Result<String, E> {
    let mut renamed = String::with_capacity(document.len());
    let mut passed = 0;
    for raw in aws_names(document).unwrap_or_default() {
        let Ok(name) = json::scalar(raw) else { continue };
        let Some(new) = rename(&name)? else { continue };
        // `raw` is a slice of the document.
        let at = raw.get().as_ptr().addr().saturating_sub(document.as_ptr().addr());
        renamed.push_str(document.get(passed..at).unwrap_or_default());
        renamed.push_str(&Value::from(new).to_string());
        passed = at + raw.get().len();
    }
    renamed.push_str(document.get(passed..).unwrap_or_default());
    Ok(renamed)
}

/// What is kept in place of an account's number: `arn:aws:iam::<number>:root`. `None` for any other name.
pub fn root_arn(name: &str) -> Option<String> {
    is_account(name).then(|| format!("arn:aws:iam::{name}:root"))
}

/// Twelve digits.
pub(crate) fn is_account(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|b| b.is_ascii_digit())
}

/// `AIDA…` and `AROA…`: what users and roles are known by when their names are forgotten.
pub fn is_unique_id(name: &str) -> bool {
    name.len() >= 16
        && (name.starts_with("AIDA") || name.starts_with("AROA"))
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// In the order of the text.
fn aws_names(document: &str) -> Result<Vec<&RawValue>, Malformed> {
    let mut names = Vec::new();
    let Some(statements) = Object::read(document)?.take("Statement") else {
        return Ok(names);
    };
    for statement in json::members(statements)? {
        for (element, principal) in Object::read(statement.get())?.into_entries() {
            if !matches!(element.as_str(), "Principal" | "NotPrincipal") || json::is_text(principal) {
                continue;
            }
            if let Some(listed) = Object::read(principal.get())?.take("AWS") {
                names.extend(json::members(listed)?);
            }
        }
    }
    Ok(names)
}
