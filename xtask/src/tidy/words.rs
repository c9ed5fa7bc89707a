//! Words that don't belong into the product: unfinished business, and names that say nothing.

use std::path::Path;

use super::{read, tracked};

/// Told apart from the text of this file by being put together.
const UNFINISHED: [(&str, &str); 4] = [("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK")];

/// Module names that gather what has no home. Houses have rooms.
const EMPTY_NAMES: [&str; 6] = ["utils", "util", "helpers", "helper", "common", "misc"];

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut findings = Vec::new();
    for file in tracked(root)? {
        let path = Path::new(&file);
        let named = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
        let is_code = path
            .extension()
            .is_some_and(|e| ["rs", "py", "mjs", "js", "sql", "sh"].iter().any(|x| e == *x));
        if !is_code || file.contains("/dist/") {
            continue;
        }
        if EMPTY_NAMES.contains(&named) {
            findings.push(format!("{file}: a name that says nothing"));
        }
        for (number, line) in read(root, &file)?.lines().enumerate() {
            let mut words = line.split(|c: char| !c.is_ascii_alphanumeric());
            if words.any(|word| UNFINISHED.iter().any(|(a, b)| word == format!("{a}{b}"))) {
                findings.push(format!(
                    "{file}:{}: unfinished business: finish it or say it in the docs",
                    number + 1
                ));
            }
        }
    }
    Ok(findings)
}
