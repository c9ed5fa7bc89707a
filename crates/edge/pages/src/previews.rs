//! The list of hosted login's pages in dev, each with links to see it.

use askama::Template;

/// A link to what it names.
#[derive(Clone, Debug)]
pub struct Preview {
    pub name: String,
    pub href: String,
    pub is_current: bool,
}

#[derive(Template)]
#[template(path = "previews.html")]
pub struct Previews {
    /// Whose look it is; empty: the built-in one.
    pub pool: String,
    pub client: String,
    /// A client was named that there is not.
    pub is_unknown: bool,
    pub skins: Vec<Preview>,
    pub languages: Vec<Preview>,
    /// What they say of an error, or of a success.
    pub said: Vec<Preview>,
    /// Each page with its colour schemes.
    pub pages: Vec<(String, Vec<Preview>)>,
}

impl Previews {
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_escaped() {
        let preview = |name: &str, is_current| Preview {
            name: name.to_owned(),
            href: "/_poolhouse/pages?a=1&b=2".to_owned(),
            is_current,
        };
        let previews = Previews {
            pool: "\"><b>".to_owned(),
            client: "1abc".to_owned(),
            is_unknown: true,
            skins: vec![preview("managed", true), preview("classic", false)],
            languages: vec![preview("Deutsch", false)],
            said: vec![preview("error", false)],
            pages: vec![("sign_in".to_owned(), vec![preview("dark", false)])],
        };
        let html = previews.html().unwrap();
        assert!(!html.contains("<b>") && html.contains("a=1&#38;b=2") && html.contains("no such client"));
        assert_eq!(html.matches("aria-current").count(), 1);
    }
}
