//! Every setting as its sources name it, for flags and for the commented file.

use confique::{
    Config,
    meta::{Expr, Field, FieldKind, LeafKind, Meta},
};

use super::Settings;

/// Settings that have no flag.
const SECRET: &[&str] = &[
    "smtp.password",
    "sms.token",
    "sms.secret",
    "acme.binding_key",
    "test_numbers",
    "lambda_secret_access_key",
];

/// One setting as its sources name it.
pub struct Setting {
    /// As in the file: `smtp.host`.
    pub path: String,
    /// Empty for what only the file can hold.
    pub env: &'static str,
    pub doc: String,
    pub is_switch: bool,
    pub default: Option<String>,
}

impl Setting {
    /// The flag without its dashes; none for secrets and for what only the file can hold.
    pub fn flag(&self) -> Option<String> {
        let fits = !self.env.is_empty() && !SECRET.contains(&self.path.as_str());
        fits.then(|| self.path.replace(['.', '_'], "-"))
    }
}

/// All settings, in the order of the template.
pub fn all() -> Vec<Setting> {
    let mut found = Vec::new();
    collect(&Settings::META, "", &mut found);
    found
}

fn collect(meta: &Meta, prefix: &str, found: &mut Vec<Setting>) {
    for field in meta.fields {
        let path = format!("{prefix}{}", field.name);
        match field.kind {
            FieldKind::Nested { meta } => collect(meta, &format!("{path}."), found),
            FieldKind::Leaf { env, kind } => found.push(setting(path, field, env.unwrap_or_default(), kind)),
        }
    }
}

fn setting(path: String, field: &Field, env: &'static str, kind: LeafKind) -> Setting {
    let default = match kind {
        LeafKind::Required { default } => default,
        LeafKind::Optional => None,
    };
    Setting {
        path,
        env,
        doc: field.doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" "),
        is_switch: matches!(default, Some(Expr::Bool(_))),
        default: match default {
            Some(Expr::Str(text)) => Some(text.to_owned()),
            Some(Expr::Integer(number)) => Some(number.to_string()),
            _ => None,
        },
    }
}

/// The commented file of every setting.
pub fn template() -> String {
    confique::toml::template::<Settings>(confique::toml::FormatOptions::default())
}
