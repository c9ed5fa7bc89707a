//! What a sharded or portable schema forbids (decision 6): engine-only words, sequences, keys that don't begin with their
//! owner. Directory tables, keyed by the value that arrives alone, are named here.

use std::path::Path;

use super::{read, tracked};

const FORBIDDEN: [&str; 12] = [
    "AUTOINCREMENT",
    "SERIAL",
    "SEQUENCE",
    "TRIGGER",
    "LISTEN",
    "NOTIFY",
    "SKIP LOCKED",
    "JSONB",
    "->>",
    "REFERENCES",
    "ILIKE",
    "NOW()",
];

/// What a key may begin with, beside the names of [`DIRECTORIES`].
const OWNERS: [&str; 6] = ["pool", "account", "owner", "identity_pool", "bucket", "upload"];

/// Tables that are found by a value that arrives without its owner, or that every node keeps for itself.
const DIRECTORIES: [&str; 20] = [
    "acme_accounts",
    "acme_certificates",
    "acme_challenges",
    "facts",
    "jobs",
    "versions",
    "client_owners",
    "domain_owners",
    "key_owners",
    "inbox",
    "buckets",
    "bucket_names",
    "contents",
    "issuers",
    "bucket_owners",
    "access_keys",
    "access_key_owners",
    "identity_owners",
    "identity_pool_owners",
    "identity_pools",
];

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut findings = Vec::new();
    for file in tracked(root)?
        .iter()
        .filter(|file| Path::new(file).extension().is_some_and(|e| e == "sql"))
    {
        let text = read(root, file)?;
        let bare: String = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""))
            .collect::<Vec<_>>()
            .join("\n");
        for word in FORBIDDEN {
            if bare.to_uppercase().contains(word) {
                findings.push(format!("{file}: {word} is not portable"));
            }
        }
        for table in bare.split("CREATE TABLE ").skip(1) {
            let name = table.split([' ', '(']).next().unwrap_or("");
            if !DIRECTORIES.contains(&name) && !OWNERS.contains(&first_key_column(table)) {
                findings.push(format!(
                    "{file}: {name}: its key begins with none of {}",
                    OWNERS.join(", ")
                ));
            }
        }
    }
    Ok(findings)
}

/// Of `PRIMARY KEY (a, b)`, or of the column that says PRIMARY KEY itself.
fn first_key_column(table: &str) -> &str {
    let body = table.split(';').next().unwrap_or("");
    if let Some((_, columns)) = body.split_once("PRIMARY KEY (") {
        return columns.split([',', ')']).next().unwrap_or("").trim();
    }
    let line = body.lines().find(|line| line.contains("PRIMARY KEY")).unwrap_or("");
    line.split_whitespace().next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_key_column_is_found_in_both_spellings() {
        assert_eq!(
            first_key_column("a (\n pool {key} NOT NULL,\n PRIMARY KEY (pool, x)\n);"),
            "pool"
        );
        assert_eq!(
            first_key_column("a (\n    name {key} PRIMARY KEY,\n value TEXT\n);"),
            "name"
        );
    }
}
