//! `cargo xtask coverage begin | [--write]`: three checked-in lists that may only shrink. What the models have and no table
//! does; what no real client was answered; what no test saw refused. They come of the record that a whole run of `./test`
//! leaves (testkit/src/record.rs, e2e/python/poolhouse.py), not of reading sources.
//!
//! `begin` empties the record and notes what the sources are; `./test` writes [`WHOLE`] when everything has run. A record of a
//! part of the suite, or of other sources, proves nothing and is refused.

mod record;

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use self::record::Record;
use crate::Outcome;

const SERVICES: [&str; 4] = ["cognito-idp", "cognito-identity", "iam", "sts"];
const LISTS: &str = "docs/coverage";

pub fn run(root: &Path, arguments: &[&str]) -> Outcome {
    let write = match arguments {
        ["begin"] => return record::begin(root),
        [] => false,
        ["--write"] => true,
        _ => return Err("usage: cargo xtask coverage begin | [--write]".to_owned()),
    };
    let record = record::of_a_whole_run(root)?;
    let mut modelled = Vec::new();
    for service in SERVICES {
        modelled.extend(operations(root, service)?);
    }
    let mut differences = Vec::new();
    for (name, found) in lists(&modelled, &record) {
        differences.extend(compare(&root.join(LISTS).join(format!("{name}.txt")), &found, write)?);
    }
    if differences.is_empty() {
        Ok("the coverage lists are true".to_owned())
    } else {
        Err(differences.join("\n"))
    }
}

/// Each list by its name; a line is a service and an operation.
fn lists(modelled: &[String], record: &Record) -> [(&'static str, Vec<String>); 3] {
    let without = |proved: &BTreeSet<String>, among: &[String]| -> Vec<String> {
        among.iter().filter(|line| !proved.contains(*line)).cloned().collect()
    };
    let implemented: Vec<String> = modelled
        .iter()
        .filter(|line| record.implemented.contains(*line))
        .cloned()
        .collect();
    [
        ("unimplemented", without(&record.implemented, modelled)),
        ("no-sdk-test", without(&record.answered_to_clients, &implemented)),
        ("no-refusal-test", without(&record.refused, &implemented)),
    ]
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

/// `cognito-idp AdminGetUser` and so on, in the model's order.
fn operations(root: &Path, service: &str) -> Result<Vec<String>, String> {
    let file = root.join("models").join(format!("{service}.json"));
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let model: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let operations = model
        .get("operations")
        .and_then(Value::as_object)
        .ok_or("a model without operations")?;
    let names: BTreeSet<&String> = operations.keys().collect();
    Ok(names.into_iter().map(|name| format!("{service} {name}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_what_the_record_does_not_prove() {
        let modelled = ["iam A", "iam B", "iam C"].map(str::to_owned);
        let mut record = Record::default();
        record.read(
            "rust.1",
            "iam A implemented\niam B implemented\niam A ok\niam A refused NoSuchEntity\n",
        );
        record.read("rust.2", "iam B ok\niam B at-the-door AccessDenied\n");
        record.read("clients.3", "iam B ok\n");
        let found = lists(&modelled, &record).map(|(_, lines)| lines);
        assert_eq!(found, [vec!["iam C"], vec!["iam A"], vec!["iam B"]]);
    }
}
