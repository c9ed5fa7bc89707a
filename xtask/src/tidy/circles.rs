//! No circle of files inside a crate: where a file uses another, that one does not lead back to it. Who reads a file then reads what
//! is beneath it, and never itself again.
//!
//! Declarations (`mod`) are no use, and what a `mod.rs` or `lib.rs` re-exports counts for the file that it comes from. Tests
//! are left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{
    paths::{self, Use},
    read, tracked,
};

/// Module path (`pool::loaded`; empty for the root) to what it uses and re-exports.
type Modules = BTreeMap<String, Module>;

struct Module {
    file: String,
    used: Vec<Use>,
    /// Name to the path behind it, within the crate.
    exported: BTreeMap<String, Vec<String>>,
}

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut crates: BTreeMap<String, Modules> = BTreeMap::new();
    for file in tracked(root)? {
        let Some((house, module)) = place(&file) else { continue };
        let text = read(root, &file)?;
        let used = paths::of(&text, &module);
        let exported = used.iter().filter(|one| one.is_public);
        let exported = exported.map(|one| (one.name.clone(), one.path.clone())).collect();
        let modules = crates.entry(house).or_default();
        modules.insert(module.join("::"), Module { file, used, exported });
    }
    let mut findings = Vec::new();
    for modules in crates.values() {
        for circle in circles(&edges(modules)) {
            findings.push(format!("{}: a circle of files: each leads to each", circle.join(" ")));
        }
    }
    Ok(findings)
}

/// The crate's folder and the module path of a source file; None for tests and what is no source.
fn place(file: &str) -> Option<(String, Vec<String>)> {
    let (house, inner) = file.split_once("/src/")?;
    let inner = inner.strip_suffix(".rs")?;
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module
        .iter()
        .any(|part| part == "tests" || part == "testing" || part == "conformance" || part == "generated")
    {
        return None;
    }
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    Some((house.to_owned(), module))
}

/// File to the files that it uses.
fn edges(modules: &Modules) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for module in modules.values() {
        let from = edges.entry(&module.file).or_default();
        // A re-export is no use.
        for one in module.used.iter().filter(|one| !one.is_public) {
            if let Some(file) = home(modules, &one.path).filter(|file| *file != module.file) {
                from.insert(file);
            }
        }
    }
    edges
}

/// The file that an item of a path is defined in.
fn home<'m>(modules: &'m Modules, path: &[String]) -> Option<&'m str> {
    let mut path = path.to_vec();
    // Re-exports lead on; a circle of them is none that compiles.
    for _ in 0..8 {
        let (module, item) = (0..=path.len()).rev().find_map(|depth| {
            let (module, item) = path.split_at_checked(depth)?;
            Some((modules.get(&module.join("::"))?, item))
        })?;
        match item
            .split_first()
            .and_then(|(name, rest)| Some((module.exported.get(name)?, rest)))
        {
            Some((behind, rest)) => path = [behind.as_slice(), rest].concat(),
            None => return Some(&module.file),
        }
    }
    None
}

/// The sets of files of which each leads to each (Tarjan).
fn circles<'m>(edges: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> Vec<Vec<&'m str>> {
    let mut search = Search::default();
    for file in edges.keys() {
        if !search.index.contains_key(file) {
            search.visit(file, edges);
        }
    }
    search.found
}

#[derive(Default)]
struct Search<'m> {
    /// In the order in which they were come upon.
    index: BTreeMap<&'m str, usize>,
    stack: Vec<&'m str>,
    found: Vec<Vec<&'m str>>,
}

impl<'m> Search<'m> {
    /// The lowest number on the stack that the file leads to.
    fn visit(&mut self, file: &'m str, edges: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> usize {
        let number = self.index.len();
        self.index.insert(file, number);
        self.stack.push(file);
        let mut low = number;
        for next in edges.get(file).into_iter().flatten() {
            match self.index.get(next) {
                None => low = low.min(self.visit(next, edges)),
                Some(at) if self.stack.contains(next) => low = low.min(*at),
                Some(_) => {}
            }
        }
        if low == number {
            let at = self.stack.iter().position(|one| *one == file).unwrap_or(0);
            let mut circle = self.stack.split_off(at);
            if circle.len() > 1 {
                circle.sort_unstable();
                self.found.push(circle);
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_found_and_trees_are_none() {
        let edges: BTreeMap<&str, BTreeSet<&str>> = [
            ("a", vec!["b", "c"]),
            ("b", vec!["c"]),
            ("c", vec!["d"]),
            ("d", vec!["b"]),
            ("e", vec!["a"]),
        ]
        .map(|(from, to)| (from, to.into_iter().collect()))
        .into();
        assert_eq!(circles(&edges), [["b", "c", "d"]]);
    }

    #[test]
    fn what_a_module_re_exports_is_its_files() {
        let module = |file: &str, text: &str, path: &[&str]| {
            let path: Vec<String> = path.iter().map(ToString::to_string).collect();
            let used = paths::of(text, &path);
            let exported = used.iter().filter(|one| one.is_public);
            let exported = exported.map(|one| (one.name.clone(), one.path.clone())).collect();
            (
                path.join("::"),
                Module {
                    file: file.to_owned(),
                    used,
                    exported,
                },
            )
        };
        let modules: Modules = [
            module("lib.rs", "mod pool; mod user; pub use pool::Pool;", &[]),
            module("pool/mod.rs", "mod loaded; pub(crate) use loaded::Pool;", &["pool"]),
            module(
                "pool/loaded.rs",
                "use super::super::user::{self, User as U}; pub struct Pool;",
                &["pool", "loaded"],
            ),
            module("user.rs", "use crate::Pool; fn f() -> crate::pool::Pool {}", &["user"]),
        ]
        .into();
        let edges = edges(&modules);
        assert_eq!(edges["user.rs"], ["pool/loaded.rs"].into());
        assert_eq!(edges["pool/loaded.rs"], ["user.rs"].into());
        assert_eq!(circles(&edges), [["pool/loaded.rs", "user.rs"]]);
    }
}
