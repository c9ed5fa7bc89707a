//! Every statement of the records, as it is run, finds its rows by an index on both engines: DESIGN 3.5. The engine notes
//! what it is given while tests run; the tour runs everything; the source says what everything is.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Mutex,
};

use super::{Bed, migrated, tour};
use crate::{Store, Value};

/// Statements and the arguments that they were last run with.
static SEEN: Mutex<BTreeMap<&'static str, Vec<Value>>> = Mutex::new(BTreeMap::new());

/// Called by the engines.
pub(crate) fn seen(sql: &'static str, values: &[Value]) {
    SEEN.lock().unwrap().insert(sql, values.to_vec());
}

/// The beginnings of statements in the records' source: whole statements, but where a macro puts the columns in.
fn written() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/records");
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let source = fs::read_to_string(path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap();
            found.extend(literals(source).into_iter().filter(|text| is_statement(text)));
        }
    }
    found
}

/// The string literals of a source without escaped quotes.
fn literals(source: &str) -> Vec<String> {
    let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n").split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn is_statement(text: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| text.starts_with(verb))
}

/// Only statements that choose or order rows have something to look up. Dev's reset alone chooses all.
fn looks_up(sql: &str) -> bool {
    sql.contains("WHERE") || sql.contains("ORDER BY") || sql.starts_with("SELECT")
}

/// What a plan may do although it is no look-up by key: a part of the statement, a part of the plan's line, why.
const ALLOWED: &[(&str, &str, &str)] = &[];

/// The lines of a plan that read more than the rows wanted: whole tables or indexes, and sorts.
fn complaints(sql: &str, plan: &[String]) -> Vec<String> {
    let bad = |line: &&String| {
        let line = line.trim_start_matches([' ', '-', '>']);
        line.starts_with("SCAN ")
            || line.starts_with("USE TEMP B-TREE")
            || line.contains("AUTOMATIC")
            || line.contains("Seq Scan")
            || line.starts_with("Sort")
    };
    let allowed = |line: &&String| {
        ALLOWED.iter().any(|(statement, part, _)| sql.contains(statement) && line.contains(part))
    };
    plan.iter().filter(bad).filter(|line| !allowed(line)).cloned().collect()
}

async fn every_statement_uses_an_index(store: &Store) {
    tour(store).await;
    let seen = SEEN.lock().unwrap().clone();
    let (mut faults, mut explained) = (Vec::new(), 0);
    for text in written().iter().filter(|text| looks_up(text)) {
        let run: Vec<_> = seen.iter().filter(|(sql, _)| sql.starts_with(text.as_str())).collect();
        if run.is_empty() {
            faults.push(format!("not run by any case: {text}"));
        }
        for (sql, values) in run {
            let plan = store.explain(sql, values.clone()).await.unwrap();
            explained += 1;
            if std::env::var_os("SHOW").is_some() { eprintln!("{sql}\n    {}\n", plan.join("\n    ")); }
            let bad = complaints(sql, &plan);
            if !bad.is_empty() {
                faults.push(format!("{sql}\n    {}", plan.join("\n    ")));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {explained}:\n{}", faults.len(), faults.join("\n"));
    // 9 exact and 8 prefix searches stand as two texts in the source.
    assert!(explained >= written().iter().filter(|text| looks_up(text)).count() + 15, "{explained}");
}

#[tokio::test]
async fn on_sqlite() {
    let bed = Bed::sqlite();
    every_statement_uses_an_index(&migrated(&bed).await).await;
}

#[tokio::test]
async fn on_postgres() {
    if let Some(bed) = Bed::postgres() {
        every_statement_uses_an_index(&migrated(&bed).await).await;
    }
}
