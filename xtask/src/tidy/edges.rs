//! Imports point downward only: which crate may use which of ours. ARCHITECTURE.md says why.

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

const FOUNDATION: [&str; 9] = [
    "kernel", "model", "api", "wire", "sigv4", "policy", "vault", "webauthn", "store",
];

/// Ours beside the foundation that a crate may use. Foundation crates name all they may use.
const ALLOWED: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("model", &["kernel"]),
    ("api", &["kernel"]),
    ("wire", &["kernel", "model"]),
    ("sigv4", &["kernel"]),
    ("policy", &["kernel"]),
    ("vault", &["kernel"]),
    ("webauthn", &[]),
    ("store", &["kernel"]),
    ("tokens", &[]),
    ("upstream", &[]),
    ("acme", &["upstream"]),
    ("triggers", &["upstream"]),
    ("delivery", &["triggers", "upstream"]),
    ("iam", &["tokens"]),
    ("saml", &[]),
    ("federation", &["saml", "upstream"]),
    (
        "userpool",
        &["federation", "saml", "tokens", "triggers", "delivery", "upstream"],
    ),
    ("oauth", &["tokens", "userpool"]),
    ("identitypool", &["tokens", "iam"]),
    ("objects", &["iam"]),
    ("pages", &[]),
    ("s3", &["iam", "objects"]),
    (
        "server",
        &[
            "acme",
            "tokens",
            "triggers",
            "delivery",
            "iam",
            "userpool",
            "oauth",
            "identitypool",
            "pages",
            "s3",
        ],
    ),
    (
        "poolhouse",
        &[
            "acme",
            "federation",
            "tokens",
            "delivery",
            "upstream",
            "triggers",
            "iam",
            "userpool",
            "identitypool",
            "objects",
            "pages",
            "s3",
            "server",
        ],
    ),
    ("testkit", &[]),
    (
        "bench",
        &[
            "tokens",
            "delivery",
            "iam",
            "userpool",
            "identitypool",
            "objects",
            "server",
            "testkit",
        ],
    ),
    ("xtask", &[]),
];

/// Crates that may use none of the foundation but what they name.
const STRICT: [&str; 11] = [
    "kernel", "model", "api", "wire", "sigv4", "policy", "vault", "webauthn", "store", "xtask", "pages",
];

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let output = std::process::Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let packages = metadata
        .get("packages")
        .and_then(Value::as_array)
        .ok_or("cargo metadata has no packages")?;
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    let mut findings = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let Some(allowed) = allowed.get(name) else {
            findings.push(format!("{name}: a crate that xtask/src/tidy/edges.rs does not know"));
            continue;
        };
        for dependency in package
            .get("dependencies")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            // What tests use is the tests' business.
            let is_ours = ALLOWED.iter().any(|(ours, _)| *ours == text(dependency, "name"));
            if !is_ours || dependency.get("kind").is_some_and(|kind| kind == "dev") {
                continue;
            }
            let other = text(dependency, "name");
            let foundation = FOUNDATION.contains(&other) && !STRICT.contains(&name);
            if !foundation && !allowed.contains(&other) {
                findings.push(format!("{name} -> {other}: this edge points the wrong way"));
            }
        }
    }
    Ok(findings)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}
