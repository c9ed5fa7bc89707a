use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// Everything that S3's documentation says about a listing, the slow way: (entries in order, truncated).
fn model(keys: &BTreeSet<String>, request: &ListRequest) -> (Vec<String>, bool) {
    let mut entries: Vec<String> = Vec::new();
    for key in keys.iter().filter(|k| k.starts_with(&request.prefix)) {
        let rest = &key[request.prefix.len()..];
        let entry = match rest.find(&request.delimiter) {
            Some(at) if !request.delimiter.is_empty() => {
                format!("{}{}", request.prefix, &rest[..at + request.delimiter.len()])
            }
            _ => key.clone(),
        };
        let is_prefix = entry != *key || (!request.delimiter.is_empty() && rest.contains(&request.delimiter));
        let passed = request
            .after
            .as_ref()
            .is_some_and(|after| key <= after || (is_prefix && entry == *after));
        if !passed && entries.last() != Some(&entry) {
            entries.push(entry);
        }
    }
    let truncated = request.max > 0 && entries.len() > request.max;
    entries.truncate(request.max);
    (entries, truncated)
}

fn run(keys: &BTreeSet<String>, request: &ListRequest, fetches: &mut usize) -> Page<String> {
    page(
        request,
        |key: &String| key.as_str(),
        |from, limit| {
            *fetches += 1;
            Ok(keys.range(from.to_owned()..).take(limit).cloned().collect())
        },
    )
    .unwrap()
}

fn entries(page: &Page<String>) -> Vec<String> {
    let mut all: Vec<String> = page.items.iter().chain(&page.prefixes).cloned().collect();
    all.sort();
    all
}

fn request(prefix: &str, delimiter: &str, after: Option<&str>, max: usize) -> ListRequest {
    ListRequest {
        prefix: prefix.to_owned(),
        delimiter: delimiter.to_owned(),
        after: after.map(str::to_owned),
        max,
    }
}

#[test]
fn prefix_and_delimiter() {
    let keys: BTreeSet<String> = ["a", "a/", "a/1", "a/b/2", "a/b/3", "b/1", "b//2", "c", "é/ü"]
        .map(str::to_owned)
        .into();
    let table: &[(ListRequest, &[&str], bool)] = &[
        (
            request("", "", None, 1000),
            &["a", "a/", "a/1", "a/b/2", "a/b/3", "b//2", "b/1", "c", "é/ü"],
            false,
        ),
        (request("", "/", None, 1000), &["a", "a/", "b/", "c", "é/"], false),
        (request("a/", "/", None, 1000), &["a/", "a/1", "a/b/"], false),
        (request("a", "/", None, 1000), &["a", "a/"], false),
        (request("", "/", None, 2), &["a", "a/"], true),
        (request("", "/", Some("a/"), 2), &["b/", "c"], true),
        (request("", "/", Some("c"), 2), &["é/"], false),
        (request("", "/", Some("a/1"), 1), &["a/"], true),
        (request("b/", "/", None, 1), &["b//"], true),
        (request("x", "/", None, 10), &[], false),
        (request("", "", None, 0), &[], false),
        (
            request("", "b/", None, 10),
            &["a", "a/", "a/1", "a/b/", "b/", "c", "é/ü"],
            false,
        ),
    ];
    for (request, expected, truncated) in table {
        let page = run(&keys, request, &mut 0);
        assert_eq!(
            (entries(&page), page.truncated),
            (expected.iter().map(|&s| s.to_owned()).collect(), *truncated),
            "{request:?}"
        );
    }
}

#[test]
fn a_prefix_with_many_keys_is_not_scanned() {
    let mut keys: BTreeSet<String> = (0..50_000).map(|n| format!("big/{n:06}")).collect();
    keys.insert("z".to_owned());
    let mut fetches = 0;
    let page = run(&keys, &request("", "/", None, 1000), &mut fetches);
    assert_eq!(entries(&page), ["big/", "z"]);
    assert_eq!(fetches, 2);
}

#[test]
fn what_comes_after_a_prefix() {
    for (prefix, after) in [
        ("a/", Some("a0")),
        ("a\u{10FFFF}", Some("b")),
        ("\u{10FFFF}", None),
        ("", None),
        ("\u{D7FF}", Some("\u{E000}")),
    ] {
        assert_eq!(after_prefix(prefix).as_deref(), after);
    }
}

proptest! {
    #[test]
    fn every_page_is_the_models(
        keys in prop::collection::btree_set("[ab/é\u{10FFFF}]{1,6}", 0..60),
        prefix in "[ab/]{0,2}",
        delimiter in "(/|a/|)",
        after in prop::option::of("[ab/é]{0,4}"),
        max in 0_usize..8,
    ) {
        let request = ListRequest { prefix, delimiter, after, max };
        let page = run(&keys, &request, &mut 0);
        prop_assert_eq!((entries(&page), page.truncated), model(&keys, &request));
    }

    #[test]
    fn pages_together_are_the_whole(
        keys in prop::collection::btree_set("[ab/\u{10FFFF}]{1,6}", 0..80),
        prefix in "[ab/]{0,2}",
        delimiter in "(/|)",
        max in 1_usize..5,
    ) {
        let whole = model(&keys, &ListRequest { prefix: prefix.clone(), delimiter: delimiter.clone(), after: None, max: 10_000 }).0;
        let mut joined = Vec::new();
        let mut after = None;
        loop {
            let request = ListRequest { prefix: prefix.clone(), delimiter: delimiter.clone(), after, max };
            let page = run(&keys, &request, &mut 0);
            joined.extend(entries(&page));
            if !page.truncated {
                break;
            }
            after = page.last;
            prop_assert!(after.is_some());
        }
        prop_assert_eq!(joined, whole);
    }
}
