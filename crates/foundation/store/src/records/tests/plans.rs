//! Every statement of the records, as it is run, finds its rows by an index on both engines: decision 6. The engines note
//! what they are given while tests run; the tour runs everything; the source says what everything is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Mutex,
};

use super::{Bed, migrated, read, tour};
use crate::{Read, Store, Value};

/// Statements that may read more than the rows of one key: the beginning or a part of each, and why. Each must be needed.
const ALLOWED: &[(&str, &str)] = &[
    ("WHERE pool = $1 LIMIT 100)", "any hundred rows of a pool that ends"),
    (
        "WHERE pool = $1 ORDER BY identity LIMIT 100)",
        "the same, in the order of the key",
    ),
    (
        "DELETE FROM client_owners WHERE client IN (SELECT client FROM clients",
        "all clients of a pool that ends",
    ),
    ("DELETE FROM clients WHERE pool = $1", "the same"),
    ("DELETE FROM client_secrets WHERE pool = $1", "their secrets"),
    (
        "DELETE FROM resource_servers WHERE pool = $1",
        "all its resource servers",
    ),
    ("DELETE FROM identity_providers WHERE pool = $1", "all its providers"),
    ("DELETE FROM provider_identifiers WHERE pool = $1", "their other names"),
    (
        "FROM identity_providers WHERE pool = $1 ORDER BY name",
        "a few hundred at most, cached as one",
    ),
    (
        "FROM saml_keys WHERE pool = $1 ORDER BY provider",
        "the same, and one more",
    ),
    ("FROM provider_documents WHERE pool = $1 ORDER BY provider", "the same"),
    ("DELETE FROM saml_keys WHERE pool = $1", "their keys"),
    ("DELETE FROM provider_documents WHERE pool = $1", "what they publish"),
    (
        "SELECT COUNT(*) FROM identity_providers WHERE pool = $1",
        "the same, counted",
    ),
    (
        "DELETE FROM domain_owners WHERE pool = $1",
        "the keys of its two domains",
    ),
    ("DELETE FROM domains WHERE pool = $1", "its two domains"),
    ("FROM domains WHERE pool = $1 ORDER BY kind", "the same, cached as one"),
    (
        "FROM resource_servers WHERE pool = $1 ORDER BY identifier",
        "a few hundred at most, cached as one",
    ),
    (
        "SELECT COUNT(*) FROM resource_servers WHERE pool = $1",
        "the same, counted",
    ),
    (
        "DELETE FROM key_owners WHERE kid IN (SELECT kid FROM signing_keys",
        "all its key pairs, a few",
    ),
    ("DELETE FROM signing_keys WHERE owner = $1", "the same"),
    ("DELETE FROM user_groups WHERE pool = $1", "all its groups"),
    ("DELETE FROM issuers WHERE pool = $1", "its one issuer"),
    (
        "DELETE FROM upload_parts WHERE upload = $1",
        "all parts of an upload that ends",
    ),
    (
        "WHERE bucket = $1 ORDER BY object_key, id LIMIT $2)",
        "some finished uploads of a bucket that ends, in the order of the key",
    ),
    (
        "FROM users WHERE pool = $1 ORDER BY sub LIMIT $2) AS lowest",
        "counts some thousands at most",
    ),
    (
        "ORDER BY revoked OR expires <= $3, used_at DESC, family LIMIT 1000",
        "sorts one user's sessions, as many as a pool that tracks them leaves",
    ),
    ("SELECT kind, COUNT(*) FROM iam_entities", "the account's summary"),
    (
        "SELECT policy, purpose, COUNT(*) FROM iam_attachments",
        "the counts that ListPolicies shows",
    ),
    (
        "FROM clients WHERE pool = $1 ORDER BY client",
        "all clients of a pool are cached as one",
    ),
    (
        "FROM client_secrets WHERE pool = $1 ORDER BY client, id",
        "with their secrets",
    ),
    (
        "FROM signing_keys WHERE owner = $1 ORDER BY created, kid",
        "a few, sorted; cached",
    ),
    (
        "AND a.owner = m.group_id ORDER BY a.purpose, a.policy",
        "sorts what is attached to ten groups at most; cached",
    ),
    (
        "SELECT object_key FROM objects WHERE bucket = $1 LIMIT 1",
        "any object will do",
    ),
    (
        "SELECT due FROM outbox WHERE lane = $1 ORDER BY due LIMIT 1",
        "the first entry of a lane in an index",
    ),
    (
        "SELECT pool FROM deleted_identity_pools ORDER BY pool LIMIT $1",
        "the first entries of an index",
    ),
    (
        "SELECT pool FROM deleted_pools ORDER BY pool LIMIT $1",
        "the first entries of an index",
    ),
    (
        "SELECT id, message, at FROM inbox ORDER BY id DESC LIMIT $1",
        "the last entries of an index",
    ),
];

/// Statements and the arguments that they were last run with.
static SEEN: Mutex<BTreeMap<&'static str, Vec<Value>>> = Mutex::new(BTreeMap::new());

/// Called by the engines.
pub(crate) fn seen(sql: &'static str, values: &[Value]) {
    SEEN.lock().unwrap().insert(sql, values.to_vec());
}

/// The statements of the records' source that choose or order rows: what follows the columns where a macro puts these in.
fn written() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/records");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let source = fs::read_to_string(path).unwrap();
            found.extend(literals(source.split("#[cfg(test)]").next().unwrap()).filter(|text| looks_up(text)));
        }
    }
    found
}

/// The string literals of a source that has neither escaped quotes nor quotes in comments behind code.
fn literals(source: &str) -> impl Iterator<Item = String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");
    code.split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// Dev's reset alone chooses every row, and inserts choose none.
fn looks_up(text: &str) -> bool {
    let chooses = text.contains("WHERE") || text.contains("ORDER BY");
    let beginnings = ["SELECT ", "UPDATE ", "DELETE ", " FROM ", ", c.bytes FROM "];
    chooses && beginnings.iter().any(|beginning| text.starts_with(beginning))
}

/// Index name to the number of its columns, of SQLite; empty on PostgreSQL.
async fn widths(bed: &Bed, store: &Store) -> BTreeMap<String, i64> {
    if bed.writes_concurrently() {
        return BTreeMap::new();
    }
    let indexes = "SELECT m.name, (SELECT COUNT(*) FROM pragma_index_info(m.name)) FROM sqlite_master m
                   WHERE m.type = $1";
    read(store, move |r| r.rows::<(String, i64)>(indexes, ("index",)))
        .await
        .into_iter()
        .collect()
}

/// A line of a plan that reads more than the rows of one key: a whole table or index, a sort, all of a pool or account.
fn is_wide(line: &str, widths: &BTreeMap<String, i64>) -> bool {
    let line = line.trim_start_matches([' ', '-', '>']);
    let begins = ["SCAN ", "USE TEMP B-TREE", "Seq Scan"]
        .iter()
        .any(|word| line.starts_with(word));
    if begins || line == "Sort" || line.contains("AUTOMATIC") {
        return true;
    }
    // SQLite says the columns that it looks for: `SEARCH t USING INDEX i (pool=? AND sub=?)`.
    let words = line.split_once(" INDEX ").and_then(|(_, rest)| rest.split_once(" ("));
    words.is_some_and(|(index, rest)| {
        let one_equality = rest
            .split_once(')')
            .is_some_and(|(columns, _)| columns.matches('?').eq(["?"]) && columns.ends_with("=?"));
        one_equality && widths.get(index).is_some_and(|columns| *columns > 1)
    })
}

async fn every_lookup_uses_an_index(bed: Bed) {
    let store = migrated(&bed).await;
    tour(&store).await;
    let widths = widths(&bed, &store).await;
    let seen = SEEN.lock().unwrap().clone();
    let mut needed = BTreeSet::new();
    let (mut faults, mut explained) = (Vec::new(), 0);
    let written = written();
    for text in &written {
        let run: Vec<_> = seen.iter().filter(|(sql, _)| sql.contains(text.as_str())).collect();
        if run.is_empty() {
            faults.push(format!("no case runs: {text}"));
        }
        for (sql, values) in run {
            let plan = store.explain(sql, values.clone()).await.unwrap();
            explained += 1;
            if !plan.iter().any(|line| is_wide(line, &widths)) {
                continue;
            }
            match ALLOWED.iter().find(|(part, _)| sql.contains(part)) {
                Some(allowed) => drop(needed.insert(allowed)),
                None => faults.push(format!("{sql}\n    {}", plan.join("\n    "))),
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {explained}:\n{}",
        faults.len(),
        faults.join("\n")
    );
    // ListUsers' nine exact and eight prefix searches are two texts, of which one begins like other statements.
    assert!(
        written.len() > 100 && explained >= written.len() + 15,
        "{explained} of {}",
        written.len()
    );
    if !widths.is_empty() {
        let idle: Vec<_> = ALLOWED.iter().filter(|one| !needed.contains(one)).collect();
        assert!(idle.is_empty(), "allowed without need: {idle:?}");
    }
}

#[tokio::test]
async fn on_sqlite() {
    every_lookup_uses_an_index(Bed::sqlite()).await;
}

#[tokio::test]
async fn on_postgres() {
    if let Some(bed) = Bed::postgres() {
        every_lookup_uses_an_index(bed).await;
    }
}
