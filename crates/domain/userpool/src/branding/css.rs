//! Stylesheets of the classic pages: rules for known classes, of which the page serves what can neither reach outside nor lie over what
//! the page says. Reference: oauth-and-federation 9.2.
//!
//! Refused is what AWS refuses (other selectors, rules that begin with `@`, script) and what nobody can read; what is merely not
//! for these pages (other properties, `url()`, `expression()`, `position`, lengths without measure) stays in the text that
//! is read back and is left out of what is served.

use std::fmt::Write as _;

use super::css_tokens::{Token, cut};

/// Reference: oauth-and-federation 9.2.
const SELECTORS: [&str; 18] = [
    ".background-customizable",
    ".banner-customizable",
    ".errorMessage-customizable",
    ".idpButton-customizable",
    ".idpButton-customizable:hover",
    ".idpDescription-customizable",
    ".inputField-customizable",
    ".inputField-customizable:focus",
    ".label-customizable",
    ".legalText-customizable",
    ".logo-customizable",
    ".passwordCheck-notValid-customizable",
    ".passwordCheck-valid-customizable",
    ".redirect-customizable",
    ".socialButton-customizable",
    ".submitButton-customizable",
    ".submitButton-customizable:hover",
    ".textDescription-customizable",
];

/// Families of properties, each with the longest length of its values in pixels. A name of a family begins like it, and goes on with `-`
/// if it goes on.
const PROPERTIES: [(&str, f64); 20] = [
    ("background", 0.0),
    ("border", 500.0),
    ("color", 0.0),
    ("cursor", 0.0),
    ("display", 0.0),
    ("font", 100.0),
    ("height", 2000.0),
    ("letter-spacing", 10.0),
    ("line-height", 200.0),
    ("margin", 500.0),
    ("max-height", 2000.0),
    ("max-width", 2000.0),
    ("min-height", 2000.0),
    ("min-width", 2000.0),
    ("outline", 10.0),
    ("padding", 500.0),
    ("text-align", 0.0),
    ("text-decoration", 10.0),
    ("text-transform", 0.0),
    ("width", 2000.0),
];

/// Functions that do nothing but name a colour.
const FUNCTIONS: [&str; 4] = ["hsl", "hsla", "rgb", "rgba"];

/// Why a stylesheet is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It can't be read as rules.
    Malformed,
    AtRule,
    Script,
    Selector(String),
}

/// What the page serves of a stylesheet. Errors: why it is refused.
pub(crate) fn served(css: &str) -> Result<String, Fault> {
    if css.contains("</") || css.to_ascii_lowercase().contains("javascript") {
        return Err(Fault::Script);
    }
    let tokens = cut(css).ok_or(Fault::Malformed)?;
    if tokens.contains(&Token::At) {
        return Err(Fault::AtRule);
    }
    let mut out = String::new();
    let mut rest = tokens.as_slice();
    loop {
        let blanks = rest.iter().take_while(|token| **token == Token::Blank).count();
        rest = rest.get(blanks..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(out);
        }
        let (head, after) = until(rest, '{').ok_or(Fault::Malformed)?;
        let (body, after) = until(after, '}').ok_or(Fault::Malformed)?;
        let selectors = selectors(head)?;
        let kept = declarations(body)?;
        if !kept.is_empty() {
            let _ = writeln!(out, "{}{{{}}}", selectors.join(","), kept.join(";"));
        }
        rest = after;
    }
}

/// What stands before a mark, and after it.
fn until<'t, 'a>(tokens: &'t [Token<'a>], mark: char) -> Option<(&'t [Token<'a>], &'t [Token<'a>])> {
    let at = tokens.iter().position(|token| *token == Token::Mark(mark))?;
    Some((tokens.get(..at)?, tokens.get(at + 1..)?))
}

fn selectors(head: &[Token<'_>]) -> Result<Vec<&'static str>, Fault> {
    let known = |group: &[Token<'_>]| {
        let text: String = group.iter().map(spelled).collect();
        let known = SELECTORS.iter().find(|selector| **selector == text.trim());
        known.copied().ok_or_else(|| Fault::Selector(text.trim().to_owned()))
    };
    head.split(|token| *token == Token::Mark(',')).map(known).collect()
}

/// Those of a rule's declarations that are served.
fn declarations(body: &[Token<'_>]) -> Result<Vec<String>, Fault> {
    let mut kept = Vec::new();
    for declaration in body.split(|token| *token == Token::Mark(';')) {
        let bare: Vec<_> = declaration.iter().filter(|token| **token != Token::Blank).collect();
        match bare.as_slice() {
            [] => {}
            [Token::Word(name), Token::Mark(':'), _, ..] if !declaration.contains(&Token::Mark('{')) => {
                let (_, value) = until(declaration, ':').ok_or(Fault::Malformed)?;
                let name = name.to_ascii_lowercase();
                kept.extend(is_served(&name, value).then(|| format!("{name}:{}", text(value))));
            }
            _ => return Err(Fault::Malformed),
        }
    }
    Ok(kept)
}

fn is_served(name: &str, value: &[Token<'_>]) -> bool {
    let family = PROPERTIES.iter().find(|(family, _)| {
        let rest = name.strip_prefix(family);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    let Some((family, longest)) = family else {
        return false;
    };
    let mut depth = 0_usize;
    for token in value {
        let fits = match token {
            Token::Blank | Token::Mark(',' | '/' | '!') => true,
            Token::Function(name) => {
                depth += 1;
                FUNCTIONS.iter().any(|known| name.eq_ignore_ascii_case(known))
            }
            Token::Mark(')') => {
                let opened = depth > 0;
                depth = depth.saturating_sub(1);
                opened
            }
            Token::Text(text) => text
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_')),
            Token::Word(word) => is_measured(family, *longest, word, depth),
            Token::At | Token::Mark(_) => false,
        };
        if !fits {
            return false;
        }
    }
    depth == 0
}

/// A name, a colour, or a number that stays within `longest`.
fn is_measured(family: &str, longest: f64, word: &str, depth: usize) -> bool {
    if let Some(digits) = word.strip_prefix('#') {
        return matches!(digits.len(), 3 | 4 | 6 | 8) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    }
    let begins_as_number = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+'))
        || (word.starts_with('-')
            && word
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.')));
    if !begins_as_number {
        return word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    }
    let end = word.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-')));
    let (number, unit) = word.split_at(end.unwrap_or(word.len()));
    let Ok(number) = number.parse::<f64>() else {
        return false;
    };
    // A colour's numbers are no lengths.
    if depth > 0 {
        return matches!(unit, "" | "%" | "deg");
    }
    let most = match unit.to_ascii_lowercase().as_str() {
        // A weight or a factor, where it is no length.
        "" if matches!(family, "font" | "line-height") => 1000.0,
        "" | "px" => longest,
        "pt" => longest / 1.5,
        "em" | "rem" => longest / 16.0,
        "%" if family == "font" => 500.0,
        "%" | "vh" | "vw" if longest >= 500.0 => 100.0,
        "%" if family == "background" => 100.0,
        _ => return false,
    };
    let least = if family == "letter-spacing" { -2.0 } else { 0.0 };
    (least..=most).contains(&number)
}

fn spelled(token: &Token<'_>) -> String {
    match token {
        Token::Word(word) => (*word).to_owned(),
        Token::Function(name) => format!("{name}("),
        Token::Text(text) => format!("\"{text}\""),
        Token::At => "@".to_owned(),
        Token::Blank => " ".to_owned(),
        Token::Mark(mark) => mark.to_string(),
    }
}

fn text(value: &[Token<'_>]) -> String {
    value.iter().map(spelled).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_and_harmless_is_served() {
        let css = "/* ours */
            .logo-customizable { max-width: 60%; max-height: 30%; }
            .banner-customizable, .background-customizable { padding: 25px 0px; BACKGROUND-color: rgba(10, 20, 30, .5) }
            .submitButton-customizable:hover { color: #FFF; font-family: 'Open Sans', Arial; font: 400 1.2em/1.5 Arial; }
            .inputField-customizable:focus { border: 1px solid #66afe9 !important; outline: 0; }
            .label-customizable {}";
        assert_eq!(
            served(css).unwrap(),
            ".logo-customizable{max-width:60%;max-height:30%}\n\
             .banner-customizable,.background-customizable{padding:25px 0px;background-color:rgba(10, 20, 30, .5)}\n\
             .submitButton-customizable:hover{color:#FFF;font-family:\"Open Sans\", Arial;font:400 1.2em/1.5 Arial}\n\
             .inputField-customizable:focus{border:1px solid #66afe9 !important;outline:0}\n"
        );
    }

    #[test]
    fn hostile_stylesheets_are_refused() {
        for (css, fault) in [
            ("@import 'https://evil.example/x.css';", Fault::AtRule),
            ("@media print { .logo-customizable { color: red } }", Fault::AtRule),
            ("@supports (color: red) {}", Fault::AtRule),
            ("@page { margin: 0 }", Fault::AtRule),
            (".label-customizable { color: red @import }", Fault::AtRule),
            (
                ".label-customizable { color: red }</style><script>alert(1)</script>",
                Fault::Script,
            ),
            (
                ".label-customizable { background: url(JavaScript:alert(1)) }",
                Fault::Script,
            ),
            (".label-customizable { font-family: 'javascript:x' }", Fault::Script),
            (".label-customizable { background: u\\72l(x) }", Fault::Malformed),
            ("\\.label-customizable { color: red }", Fault::Malformed),
            (".label-customizable { color: red", Fault::Malformed),
            (".label-customizable color: red }", Fault::Malformed),
            (".label-customizable { color red }", Fault::Malformed),
            (".label-customizable { color: }", Fault::Malformed),
            (".label-customizable { color: red; a { color: red } }", Fault::Malformed),
            (".label-customizable { color: red } /* on and on", Fault::Malformed),
            (".label-customizable { font-family: 'x }", Fault::Malformed),
            (
                "} .label-customizable { color: red }",
                Fault::Selector("} .label-customizable".to_owned()),
            ),
            ("body { display: none }", Fault::Selector("body".to_owned())),
            ("* { color: red }", Fault::Selector("*".to_owned())),
            (
                ".Label-customizable { color: red }",
                Fault::Selector(".Label-customizable".to_owned()),
            ),
            (
                ".label-customizable:hover { color: red }",
                Fault::Selector(".label-customizable:hover".to_owned()),
            ),
            (
                ".label-customizable::before { color: red }",
                Fault::Selector(".label-customizable::before".to_owned()),
            ),
            (
                ".label-customizable input { color: red }",
                Fault::Selector(".label-customizable input".to_owned()),
            ),
            (".label-customizable, { color: red }", Fault::Selector(String::new())),
            (":root { color: red }", Fault::Selector(":root".to_owned())),
            (
                "input[value^=a] { color: red }",
                Fault::Selector("input[value^=a]".to_owned()),
            ),
        ] {
            assert_eq!(served(css), Err(fault), "{css}");
        }
    }

    #[test]
    fn what_reaches_outside_or_over_the_page_is_left_out() {
        for declaration in [
            "background: url(https://evil.example/x.png)",
            "background-image: URL('//evil.example')",
            "background: image-set('a' 1x)",
            "background-image: image(red)",
            "background: url/**/(x)",
            "width: expression(alert(1))",
            "width: calc(1px * 9999)",
            "position: fixed",
            "z-index: 9999",
            "top: 0",
            "transform: scale(99)",
            "content: 'Pay here'",
            "behavior: x",
            "-moz-binding: x",
            "--x: red",
            "color: var(--x)",
            "color: attr(value)",
            "box-shadow: 0 0 0 9999px red",
            "margin-top: -500px",
            "margin: -1e3px",
            "outline: 5000px solid red",
            "border: 99999px solid red",
            "padding: 9999em",
            "font-size: 9999px",
            "width: 500vw",
            "letter-spacing: -900px",
            "font-family: 'a(b)'",
            "color: rgb(1, 2",
            "color: red)",
            "animation: x 1s",
            "opacity: 0",
            "filter: blur(9px)",
            "list-style: x",
            "color: #12",
            "colour: red",
            "widthy: 3px",
        ] {
            let css = format!(".label-customizable {{ {declaration}; color: blue }}");
            assert_eq!(
                served(&css).unwrap(),
                ".label-customizable{color:blue}\n",
                "{declaration}"
            );
        }
    }
}
