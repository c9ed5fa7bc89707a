//! A comment that cites a rule cites a page of this repository: `Reference: user-pools 4.8, 5.2` is docs/behaviour/user-pools.md,
//! `decision 8` is docs/decisions/0008-….md. Both must exist.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::{read, tracked};

/// Sections by page.
type Pages = BTreeMap<String, BTreeSet<String>>;

/// The page that a citation means which names none, by where it stands.
const USUAL: [(&str, &str); 8] = [
    ("crates/domain/userpool/", "user-pools"),
    ("crates/domain/tokens/", "user-pools"),
    ("crates/domain/iam/", "identity-pools-iam"),
    ("crates/domain/identitypool/", "identity-pools-iam"),
    ("crates/domain/objects/", "identity-pools-iam"),
    ("crates/edge/s3/", "identity-pools-iam"),
    ("crates/foundation/sigv4/", "identity-pools-iam"),
    ("crates/foundation/policy/", "identity-pools-iam"),
];

pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let files = tracked(root)?;
    let pages = pages(root, &files)?;
    let decisions = decisions(&files);
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| cites(file)) {
        let text = read(root, file)?;
        let usual = USUAL
            .iter()
            .find(|(folder, _)| file.starts_with(folder))
            .map(|(_, page)| *page);
        for (line, at) in joined(&text) {
            let mut told = |what: String| findings.push(format!("{file}:{at}: {what}"));
            for (page, section) in cited(&line, usual) {
                match page {
                    None => told(format!("cites section {section} of no page")),
                    Some(page) if !pages.get(page).is_some_and(|sections| sections.contains(&section)) => {
                        told(format!("docs/behaviour/{page}.md has no section {section}"));
                    }
                    Some(_) => {}
                }
            }
            for number in decided(&line).into_iter().filter(|number| !decisions.contains(number)) {
                told(format!("there is no decision {number}"));
            }
        }
    }
    Ok(findings)
}

fn cites(file: &str) -> bool {
    let code = [".rs", ".sql", ".py", ".mjs", ".sh"]
        .iter()
        .any(|end| file.ends_with(end));
    code && !file.contains("/generated/") && file != "xtask/src/tidy/citations.rs"
}

fn pages(root: &Path, files: &[String]) -> Result<Pages, String> {
    let mut pages = Pages::new();
    for file in files {
        let Some(page) = file
            .strip_prefix("docs/behaviour/")
            .and_then(|name| name.strip_suffix(".md"))
        else {
            continue;
        };
        let text = read(root, file)?;
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let numbers = headings.filter_map(|line| line.trim_start_matches('#').split_whitespace().next());
        pages.insert(
            page.to_owned(),
            numbers.map(|number| number.trim_end_matches('.').to_owned()).collect(),
        );
    }
    Ok(pages)
}

fn decisions(files: &[String]) -> BTreeSet<u32> {
    let names = files.iter().filter_map(|file| file.strip_prefix("docs/decisions/"));
    names.filter_map(|name| name.get(..4)?.parse().ok()).collect()
}

/// Comments run over several lines: each line with what follows it in the same comment, and its number.
fn joined(text: &str) -> Vec<(String, usize)> {
    let marks = ["//!", "///", "//", "#", "--"];
    let comment = |line: &str| {
        let line = line.trim_start();
        marks
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .map(|rest| rest.trim().to_owned())
    };
    let lines: Vec<&str> = text.lines().collect();
    let numbered = lines.iter().enumerate();
    numbered
        .map(
            |(at, line)| match (comment(line), lines.get(at + 1).and_then(|next| comment(next))) {
                (Some(own), Some(next)) => (format!("{own} \n{next}"), at + 1),
                (Some(own), None) => (own, at + 1),
                (None, _) => ((*line).to_owned(), at + 1),
            },
        )
        .collect()
}

/// The sections that a line cites, each with its page. What begins in the next line is that line's.
fn cited<'t>(line: &'t str, usual: Option<&'t str>) -> Vec<(Option<&'t str>, String)> {
    let mut found = Vec::new();
    let own = line.find('\n').unwrap_or(line.len());
    for (at, word) in line.match_indices("eference") {
        let before = line.get(..at).unwrap_or("");
        let begins =
            before.ends_with(['R', 'r']) && !before.trim_end_matches(['R', 'r']).ends_with(char::is_alphanumeric);
        if at >= own || !begins {
            continue;
        }
        let rest = line.get(at + word.len()..).unwrap_or("");
        let mut page = usual;
        for token in rest.trim_start_matches(':').split_whitespace() {
            let bare = token.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            if PAGES.contains(&bare) {
                page = Some(bare);
            } else if is_section(bare) {
                found.push((page, bare.to_owned()));
            } else if !(bare == "to" || bare == "and" || bare == "section" || bare == "sections") {
                break;
            }
            let more = token.ends_with([',', ';'])
                || PAGES.contains(&bare)
                || matches!(bare, "to" | "and" | "section" | "sections");
            if !more && !rest_goes_on(rest, token) {
                break;
            }
        }
    }
    found
}

const PAGES: [&str; 4] = ["user-pools", "oauth-and-federation", "identity-pools-iam", "clients"];

/// Whether `to` or `and` follows.
fn rest_goes_on(rest: &str, token: &str) -> bool {
    let behind = rest.split_once(token).map_or("", |(_, behind)| behind);
    matches!(behind.split_whitespace().next(), Some("to" | "and"))
}

/// `4`, `4.8`; not `2023` or a word.
fn is_section(text: &str) -> bool {
    let mut parts = text.split('.');
    let number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    parts.by_ref().take(2).all(number) && parts.next().is_none() && !text.is_empty()
}

/// The decisions that a line cites: `decision 8`, `decisions 8, 9`.
fn decided(line: &str) -> Vec<u32> {
    let own = line.split('\n').next().unwrap_or(line);
    let mut found = Vec::new();
    for word in ["decision ", "decisions "] {
        for (at, _) in own.match_indices(word) {
            let rest = own.get(at + word.len()..).unwrap_or("");
            for token in rest.split_whitespace() {
                let Ok(number) = token.trim_matches(|c: char| !c.is_ascii_digit()).parse() else {
                    break;
                };
                found.push(number);
                if !token.ends_with(',') {
                    break;
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_read_as_they_are_written() {
        for (line, expected) in [
            ("Reference: user-pools 4.8.", "user-pools 4.8"),
            ("(reference 5.6), and", "usual 5.6"),
            (
                "Reference: user-pools 5.4, 8, identity-pools-iam 1.3; more 9",
                "user-pools 5.4 user-pools 8 identity-pools-iam 1.3",
            ),
            (
                "Reference: user-pools 2.1 to 2.4. The tag 7",
                "user-pools 2.1 user-pools 2.4",
            ),
            ("Reference:\nidentity-pools-iam 1.13.", "identity-pools-iam 1.13"),
            ("nothing\nReference: user-pools 1.1", ""),
            ("Reference: the S3 user guide, chapter 4", ""),
            ("a preference 4", ""),
            ("Reference: RFC 9110 7.2", ""),
        ] {
            let found = cited(line, Some("usual"));
            let found: Vec<_> = found
                .iter()
                .map(|(page, section)| format!("{} {section}", page.unwrap()))
                .collect();
            assert_eq!(found.join(" "), expected, "{line}");
        }
        assert_eq!(decided("as decisions 8, 9 say, and decision 12."), [12, 8, 9]);
    }
}
