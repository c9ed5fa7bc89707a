//! Texts with placeholders, and what is put in for them. Pure. Reference: user-pools 2.6, 16.3.

use kernel::markup;

pub(crate) const CODE: &str = "{####}";
pub(crate) const USERNAME: &str = "{username}";
/// A link's placeholder names its text: `{##Verify Email##}`.
const LINK_BEGINS: &str = "{##";
const LINK_ENDS: &str = "##}";

/// What is put in.
#[derive(Clone, Copy)]
pub(super) struct Filling<'a> {
    pub username: &'a str,
    /// The code, or a temporary password.
    pub code: &'a str,
    /// Where a link leads, in a text that may hold one.
    pub link: Option<&'a str>,
}

/// As HTML, in which nothing that is put in is markup.
pub(super) fn html(template: &str, filling: Filling<'_>) -> String {
    let (username, code) = (escaped(filling.username), escaped(filling.code));
    let filling = Filling {
        username: &username,
        code: &code,
        link: filling.link,
    };
    fill(template, filling)
}

/// As plain text, which has no links.
pub(super) fn plain(template: &str, filling: Filling<'_>) -> String {
    fill(template, Filling { link: None, ..filling })
}

enum Placeholder<'a> {
    Username,
    Code,
    Link(&'a str),
}

/// What is put in for one placeholder is not searched for others.
fn fill(template: &str, filling: Filling<'_>) -> String {
    let (mut filled, mut rest) = (String::with_capacity(template.len()), template);
    while let Some((before, placeholder, after)) = first(rest) {
        filled.push_str(before);
        match (placeholder, filling.link) {
            (Placeholder::Username, _) => filled.push_str(filling.username),
            (Placeholder::Code, _) => filled.push_str(filling.code),
            (Placeholder::Link(text), Some(address)) => {
                let address = escaped(address);
                filled.extend(["<a href=\"", address.as_str(), "\">", text, "</a>"]);
            }
            (Placeholder::Link(_), None) => {
                filled.push_str(LINK_BEGINS);
                rest = rest.get(before.len() + LINK_BEGINS.len()..).unwrap_or_default();
                continue;
            }
        }
        rest = after;
    }
    filled + rest
}

/// The first placeholder, and what stands before and behind it.
fn first(text: &str) -> Option<(&str, Placeholder<'_>, &str)> {
    text.match_indices('{').find_map(|(at, _)| {
        let (before, rest) = text.split_at(at);
        if let Some(after) = rest.strip_prefix(USERNAME) {
            return Some((before, Placeholder::Username, after));
        }
        if let Some(after) = rest.strip_prefix(CODE) {
            return Some((before, Placeholder::Code, after));
        }
        let (link, after) = rest.strip_prefix(LINK_BEGINS)?.split_once(LINK_ENDS)?;
        Some((before, Placeholder::Link(link), after))
    })
}

/// Whether a text has a place for a link.
pub(crate) fn holds_link(template: &str) -> bool {
    let mut rest = template;
    while let Some((_, placeholder, after)) = first(rest) {
        if matches!(placeholder, Placeholder::Link(_)) {
            return true;
        }
        rest = after;
    }
    false
}

/// Cognito sends every mail as HTML. A template without markup reads the same as plain text, in which a name or password
/// can't be taken for markup.
pub(super) fn is_html(template: &str) -> bool {
    let begins_tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    template.split('<').skip(1).any(begins_tag)
}

/// Text as HTML shows it, in elements and in attributes in quotes of either kind.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match markup::entity(c) {
            Some(entity) => html.push_str(entity),
            None if c == '\'' => html.push_str("&#39;"),
            None => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILLING: Filling<'_> = Filling {
        username: "<ana>",
        code: "p{username}",
        link: Some("https://id.example.com/?a=1&b=2"),
    };

    #[test]
    fn placeholders_are_filled_once() {
        for (template, expected) in [
            ("{username}: {####}{####}", "<ana>: p{username}p{username}"),
            ("none", "none"),
            ("", ""),
            ("{{####}} {username", "{p{username}} {username"),
            ("{##Verify##}", "{##Verify##}"),
            ("{##a{####}##}", "{##ap{username}##}"),
            ("{##", "{##"),
        ] {
            assert_eq!(plain(template, FILLING), expected, "{template}");
        }
    }

    #[test]
    fn a_link_is_an_element() {
        let address = "https://id.example.com/?a=1&amp;b=2";
        for (template, expected) in [
            ("{##Verify Email##}", format!("<a href=\"{address}\">Verify Email</a>")),
            (
                "<p>{username}, {##go##}.",
                format!("<p>&lt;ana&gt;, <a href=\"{address}\">go</a>."),
            ),
            (
                "{##a##}{##b##}",
                format!("<a href=\"{address}\">a</a><a href=\"{address}\">b</a>"),
            ),
            ("{####} {##go##}", format!("p{{username}} <a href=\"{address}\">go</a>")),
            ("{##never ends", "{##never ends".to_owned()),
        ] {
            assert_eq!(html(template, FILLING), expected, "{template}");
        }
        for (template, holds) in [
            ("{##x##}", true),
            ("{####}{##x##}", true),
            ("{####}", false),
            ("{##x", false),
        ] {
            assert_eq!(holds_link(template), holds, "{template}");
        }
    }

    #[test]
    fn html_is_what_has_tags() {
        for html in ["<p>{####}</p>", "a<br>b", "{####}</b>", "<!DOCTYPE html>", "1 < 2 <i>"] {
            assert!(is_html(html), "{html}");
        }
        for plain in ["{####}", "1 < 2", "<3 {####}", "a <", "<{username}>", ""] {
            assert!(!is_html(plain), "{plain}");
        }
    }

    #[test]
    fn nothing_of_a_name_is_markup() {
        assert_eq!(
            escaped("<a href=\"x\" b='&amp;'>é"),
            "&lt;a href=&quot;x&quot; b=&#39;&amp;amp;&#39;&gt;é"
        );
    }
}
