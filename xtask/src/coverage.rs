//! `cargo xtask coverage [--write]`: three checked-in lists that may only shrink. What the models have and no table does; what
//! no real client's test calls; what no test sees refused. They are read off the sources, so nobody keeps them by hand.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::Outcome;

/// A service: its model, and the file that holds its table.
const SERVICES: [(&str, &str); 4] = [
    ("cognito-idp", "crates/domain/userpool/src/ops.rs"),
    ("cognito-identity", "crates/domain/identitypool/src/ops.rs"),
    ("iam", "crates/domain/iam/src/ops"),
    ("sts", "crates/domain/iam/src/sts"),
];

const LISTS: &str = "docs/coverage";

pub fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let write = match arguments {
        [] => false,
        ["--write"] => true,
        _ => return Err("usage: cargo xtask coverage [--write]".to_owned()),
    };
    let clients = texts(root, "e2e", &["py", "mjs", "tf", "sh", "html"])?;
    let domain = texts(root, "crates", &["rs"])?;
    let (mut unimplemented, mut no_sdk_test, mut no_refusal_test) = (Vec::new(), Vec::new(), Vec::new());
    for (service, table) in SERVICES {
        let modelled = modelled(root, service)?;
        let implemented = implemented(root, table, &modelled)?;
        let line = |operation: &String| format!("{service} {operation}");
        unimplemented.extend(
            modelled
                .iter()
                .filter(|operation| !implemented.contains(*operation))
                .map(line),
        );
        no_sdk_test.extend(
            implemented
                .iter()
                .filter(|operation| !is_called(&clients, operation))
                .map(line),
        );
        no_refusal_test.extend(
            implemented
                .iter()
                .filter(|operation| !is_refused(&domain, operation))
                .map(line),
        );
    }
    let mut differences = Vec::new();
    for (name, found) in [
        ("unimplemented", unimplemented),
        ("no-sdk-test", no_sdk_test),
        ("no-refusal-test", no_refusal_test),
    ] {
        differences.extend(compare(&root.join(LISTS).join(format!("{name}.txt")), &found, write)?);
    }
    if differences.is_empty() {
        Ok("the coverage lists are true".to_owned())
    } else {
        Err(differences.join("\n"))
    }
}

fn compare(file: &Path, found: &[String], write: bool) -> Result<Vec<String>, String> {
    if write {
        let end = if found.is_empty() { "" } else { "\n" };
        fs::write(file, found.join("\n") + end).map_err(|error| format!("{}: {error}", file.display()))?;
        return Ok(Vec::new());
    }
    let kept = fs::read_to_string(file).unwrap_or_default();
    let kept: BTreeSet<&str> = kept.lines().collect();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    let grown = found
        .difference(&kept)
        .map(|line| format!("{name} may only shrink, and gained: {line}"));
    let shrunk = kept
        .difference(&found)
        .map(|line| format!("{name} has a line too many, take it out: {line}"));
    Ok(grown.chain(shrunk).collect())
}

fn modelled(root: &Path, service: &str) -> Result<BTreeSet<String>, String> {
    let file = root.join("models").join(format!("{service}.json"));
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let model: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let operations = model
        .get("operations")
        .and_then(Value::as_object)
        .ok_or("a model without operations")?;
    Ok(operations.keys().cloned().collect())
}

/// The names left of `=>` in the service's table.
fn implemented(root: &Path, table: &str, modelled: &BTreeSet<String>) -> Result<BTreeSet<String>, String> {
    let mut text = String::new();
    for file in rust_files(&root.join(table)) {
        text.push_str(&fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?);
    }
    let names = text
        .lines()
        .filter_map(|line| line.split_once("=>"))
        .map(|(name, _)| name.trim().to_owned());
    Ok(names.filter(|name| modelled.contains(name)).collect())
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    ["mod.rs", "table.rs"]
        .iter()
        .map(|name| path.join(name))
        .filter(|file| file.is_file())
        .collect()
}

/// Contents of the files below a folder that git knows or would take, with the given extensions.
fn texts(root: &Path, folder: &str, extensions: &[&str]) -> Result<Vec<(String, String)>, String> {
    let listed = std::process::Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", folder])
        .current_dir(root)
        .output()
        .map_err(|error| format!("git ls-files: {error}"))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    let wanted = |file: &&str| {
        Path::new(file)
            .extension()
            .is_some_and(|e| extensions.iter().any(|x| e == *x))
            && root.join(file).is_file()
    };
    listed
        .lines()
        .filter(wanted)
        .map(|file| {
            let text = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
            Ok((file.to_owned(), text))
        })
        .collect()
}

/// As boto3 (`sign_up(`), the JavaScript SDK (`SignUpCommand`), the CLI (`sign-up`) or a paginator spell it.
fn is_called(clients: &[(String, String)], operation: &str) -> bool {
    let (snake, kebab) = (separated(operation, '_'), separated(operation, '-'));
    let spellings = [
        format!(".{snake}("),
        format!("{operation}Command"),
        format!("\"{kebab}\""),
        format!(" {kebab} "),
        format!("\"{snake}\""),
    ];
    clients
        .iter()
        .any(|(_, text)| spellings.iter().any(|spelling| text.contains(spelling)))
}

/// A test file in which the operation and a refusal stand within a few lines of each other.
fn is_refused(domain: &[(String, String)], operation: &str) -> bool {
    const NEAR: usize = 12;
    let names = [format!("\"{operation}\""), format!(".{}(", separated(operation, '_'))];
    let signs = [
        "refused(",
        "unwrap_err()",
        "refuses(",
        "Exception\"",
        "is_refused",
        "refusals",
        "NoSuchEntity",
    ];
    domain
        .iter()
        .filter(|(file, _)| file.contains("tests"))
        .any(|(_, text)| {
            let lines: Vec<&str> = text.lines().collect();
            let called = lines
                .iter()
                .enumerate()
                .filter(|(_, line)| names.iter().any(|name| line.contains(name.as_str())));
            called.into_iter().any(|(at, _)| {
                let near = lines.iter().skip(at.saturating_sub(NEAR)).take(2 * NEAR);
                near.into_iter()
                    .any(|line| signs.iter().any(|sign| line.contains(sign)))
            })
        })
}

/// `AdminGetUser` as `admin_get_user`; a run of capitals is one word (`GetCSVHeader`: `get_csv_header`).
fn separated(name: &str, separator: char) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|b| b.is_lowercase() || b.is_numeric() || after.is_some_and(|a| a.is_lowercase()));
        if begins {
            out.push(separator);
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_separated_as_the_clients_do() {
        assert_eq!(separated("AdminGetUser", '_'), "admin_get_user");
        assert_eq!(separated("GetCSVHeader", '-'), "get-csv-header");
        assert_eq!(separated("AssumeRoleWithSAML", '_'), "assume_role_with_saml");
    }

    #[test]
    fn a_refusal_must_stand_near_the_call() {
        let far = format!("call(\"SignUp\")\n{}x.refused(", "\n".repeat(40));
        let near = "call(\"SignUp\")\n    .refused(\"X\")".to_owned();
        let test = |text: String| vec![("crates/a/src/tests/x.rs".to_owned(), text)];
        assert!(is_refused(&test(near), "SignUp"));
        assert!(!is_refused(&test(far), "SignUp"));
    }
}
