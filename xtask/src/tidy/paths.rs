//! The paths of its own crate that a source file uses: in `use` items and inline.

/// One name of the crate that a file uses, or re-exports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// From the crate's root.
    pub path: Vec<String>,
    /// As the file calls it.
    pub name: String,
    pub is_public: bool,
}

/// The tokens of a source file up to its tests.
pub fn without_tests(text: &str) -> Vec<String> {
    let mut tokens = tokens(text);
    let tests = (0..tokens.len()).find(|at| tokens.get(*at..).is_some_and(is_test_module));
    tokens.truncate(tests.unwrap_or(tokens.len()));
    tokens
}

/// What a file with this module path uses of its crate, outside its tests.
pub fn of(text: &str, module: &[String]) -> Vec<Use> {
    let tokens = without_tests(text);
    let (mut found, mut begun) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at..).unwrap_or(&[]);
        if token == "use" {
            let is_public = is_public(tokens.get(..at).unwrap_or(&[]));
            let end = rest.iter().position(|token| token == ";").unwrap_or(rest.len());
            let tree = rest.get(1..end).unwrap_or(&[]);
            for (path, name) in leaves(tree) {
                found.extend(rooted(&path, module, Kind::Item).map(|path| Use { path, name, is_public }));
            }
            at += end.max(1);
        } else if matches!(token.as_str(), "crate" | "super") && tokens.get(at + 1).is_some_and(|next| next == "::") {
            let path: Vec<String> = path_at(rest);
            let length = 2 * path.len() - 1;
            let name = path.last().cloned().unwrap_or_default();
            // `pub(crate)` and `pub(in crate::…)` are no paths of items.
            let restricts = at
                .checked_sub(1)
                .and_then(|before| tokens.get(before))
                .is_some_and(|token| token == "in");
            if !restricts {
                found.extend(rooted(&path, module, Kind::Inline).map(|path| Use {
                    path,
                    name,
                    is_public: false,
                }));
            }
            at += length;
        } else if tokens.get(at + 1).is_some_and(|next| next == "::") {
            let path = path_at(rest);
            at += (2 * path.len()).saturating_sub(1).max(1);
            begun.push(path);
        } else {
            at += 1;
        }
    }
    spelled_out(found, &begun)
}

/// What is imported as a module is used by what is named in it: `use crate::pool` and `pool::Pool` use `pool::Pool`.
fn spelled_out(found: Vec<Use>, begun: &[Vec<String>]) -> Vec<Use> {
    let mut all = Vec::new();
    for one in found {
        let inner = begun.iter().filter_map(|path| match path.as_slice() {
            [first, rest @ ..] if *first == one.name && !rest.is_empty() && !one.is_public => Some(rest),
            _ => None,
        });
        let before = all.len();
        all.extend(inner.map(|rest| Use {
            path: [one.path.as_slice(), rest].concat(),
            name: rest.last().cloned().unwrap_or_default(),
            is_public: false,
        }));
        if all.len() == before {
            all.push(one);
        }
    }
    all
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Item,
    Inline,
}

/// `#[cfg(test)]` before a module: what follows is its tests.
fn is_test_module(rest: &[String]) -> bool {
    let head: Vec<&str> = rest.iter().take(9).map(String::as_str).collect();
    matches!(head.as_slice(), ["#", "[", "cfg", "(", "test", ")", "]", "mod", ..])
        && rest.get(9).is_some_and(|token| token == "{")
}

fn is_public(before: &[String]) -> bool {
    let restricted = before.iter().rposition(|token| token == "(");
    match before.last().map(String::as_str) {
        Some("pub") => true,
        Some(")") => restricted.is_some_and(|at| {
            before
                .get(..at)
                .and_then(<[String]>::last)
                .is_some_and(|it| it == "pub")
        }),
        _ => false,
    }
}

/// From the crate's root. None: another crate's.
fn rooted(path: &[String], module: &[String], kind: Kind) -> Option<Vec<String>> {
    let (first, mut rest) = path.split_first()?;
    let mut base = module.to_vec();
    match first.as_str() {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            base.pop();
            while let Some((_, further)) = rest.split_first().filter(|(part, _)| *part == "super") {
                base.pop();
                rest = further;
            }
        }
        // A child module, or another crate: whoever resolves it finds out.
        _ if kind == Kind::Item => rest = path,
        _ => return None,
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The path that begins with these tokens.
fn path_at(tokens: &[String]) -> Vec<String> {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let [name, tail @ ..] = rest {
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            break;
        }
        path.push(name.clone());
        match tail {
            [colons, tail @ ..] if colons == "::" => rest = tail,
            _ => break,
        }
    }
    path
}

/// The paths of a use tree, each with the name that it gets.
fn leaves(tree: &[String]) -> Vec<(Vec<String>, String)> {
    let prefix = path_at(tree);
    let last = || prefix.last().cloned().unwrap_or_default();
    let mut rest = tree.get((2 * prefix.len()).saturating_sub(1)..).unwrap_or(&[]);
    if let [colons, tail @ ..] = rest
        && colons == "::"
    {
        rest = tail;
    }
    match rest {
        [open, inner @ .., _] if open == "{" => {
            let inner = split(inner).into_iter().flat_map(leaves);
            let absolute = |(path, name): (Vec<String>, String)| match path.as_slice() {
                [only] if only == "self" => (prefix.clone(), if name == "self" { last() } else { name }),
                _ => ([prefix.clone(), path].concat(), name),
            };
            inner.map(absolute).collect()
        }
        [word, name, ..] if word == "as" => vec![(prefix, name.clone())],
        _ if prefix.is_empty() => Vec::new(),
        // A glob is a use of the module.
        _ => {
            let name = last();
            vec![(prefix, name)]
        }
    }
}

/// At the commas that are not in braces.
fn split(tokens: &[String]) -> Vec<&[String]> {
    let mut depth = 0;
    tokens
        .split(|token| {
            match token.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            depth == 0 && token == ","
        })
        .collect()
}

/// Words, `::` and single signs, without comments and strings.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            '\'' => {
                // A lifetime, or a character, which may be a quotation mark.
                let mut ahead = chars.clone();
                match (ahead.next(), ahead.next()) {
                    (Some('\\'), _) => while chars.next().is_some_and(|c| c != '\'' || chars.peek() == Some(&'\'')) {},
                    (Some(_), Some('\'')) => drop(chars.nth(1)),
                    _ => {}
                }
            }
            '"' => {
                while let Some(c) = chars.next() {
                    match c {
                        '\\' => drop(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            ':' if chars.peek() == Some(&':') => {
                chars.next();
                tokens.push("::".to_owned());
            }
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = c.to_string();
                while let Some(c) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    word.push(c);
                }
                tokens.push(word);
            }
            c if c.is_whitespace() => {}
            c => tokens.push(c.to_string()),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_read_as_they_are_written() {
        let module = ["pool".to_owned(), "loaded".to_owned()];
        let found = |text: &str| -> Vec<String> {
            let uses = of(text, &module);
            uses.iter()
                .map(|one| {
                    format!(
                        "{}{} {}",
                        if one.is_public { "pub " } else { "" },
                        one.path.join("::"),
                        one.name
                    )
                })
                .collect()
        };
        for (text, expected) in [
            ("use crate::errors;", vec!["errors errors"]),
            (
                "use super::{rules, schema::{self, Schema as S}};",
                vec!["pool::rules rules", "pool::schema schema", "pool::schema::Schema S"],
            ),
            (
                "pub(crate) use inner::Thing;",
                vec!["pub pool::loaded::inner::Thing Thing"],
            ),
            (
                "fn f() -> crate::code::Code { super::tags::check() }",
                vec!["code::Code Code", "pool::tags::check check"],
            ),
            ("// use crate::no;\nlet s = \"use crate::no;\";", vec![]),
            ("pub(in crate::signin) fn f() {}", vec![]),
            (
                "use crate::{code, tags};\nfn f() { code::draw(code::Kind::New) }",
                vec!["code::draw draw", "code::Kind::New New", "tags tags"],
            ),
            (
                "let c = '\"'; let d = '\\''; fn f<'a>(s: &'a str) {} use crate::a;",
                vec!["a a"],
            ),
            ("use crate::a;\n#[cfg(test)]\nmod tests { use crate::b; }", vec!["a a"]),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }
}
