//! A browser: it keeps cookies, fills in forms and says which site a form is of. It follows nothing by itself.

use std::collections::BTreeMap;

use oauth::Parameters;

use super::{Draft, Got, Rig, Tenant};
use crate::peer::Peer;

pub(super) struct Browser<'r> {
    rig: &'r Rig,
    host: String,
    mount: String,
    pub cookies: BTreeMap<String, String>,
    pub is_secure: bool,
    /// Sent with every request.
    pub headers: Vec<(&'static str, String)>,
}

/// A form of a page, as it would be sent if nothing were typed.
pub(super) struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

impl<'r> Browser<'r> {
    pub fn new(rig: &'r Rig, at: &Tenant) -> Self {
        Self {
            rig,
            host: at.host.clone(),
            mount: at.mount.clone(),
            cookies: BTreeMap::new(),
            is_secure: false,
            headers: Vec::new(),
        }
    }

    /// `target`: a path of the domain, or of the server as answers have it.
    pub async fn get(&mut self, target: &str) -> Got {
        let draft = Draft::get(&self.target(target));
        self.send(draft).await
    }

    pub async fn post<N: AsRef<str>, V: AsRef<str>>(&mut self, target: &str, fields: &[(N, V)]) -> Got {
        let draft =
            Draft::new("POST", &self.target(target)).header("content-type", "application/x-www-form-urlencoded");
        self.send(draft.with_body(&encoded(fields))).await
    }

    /// The page's first form, with what is typed.
    pub async fn submit(&mut self, page: &Got, typed: &[(&str, &str)]) -> Got {
        let form = Form::of(&page.body);
        let fields = form.with(typed);
        self.post(&form.action, &fields).await
    }

    /// Wherever an answer sends the browser on the same host.
    pub async fn follow(&mut self, answer: &Got) -> Got {
        let location = answer.header("location").to_owned();
        assert!(location.starts_with('/'), "{} {location}", answer.status);
        self.get(&location).await
    }

    pub async fn send(&mut self, draft: Draft) -> Got {
        let mut draft = draft.header("host", &self.host);
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            draft = draft.header("cookie", &pairs.join("; "));
        }
        for (name, value) in &self.headers {
            draft = draft.header(name, value);
        }
        let peer = Peer {
            ip: Some([127, 0, 0, 1].into()),
            secure: self.is_secure,
        };
        let got = self.rig.send_from(peer, draft).await;
        for cookie in got.headers.get_all("set-cookie") {
            self.keep(cookie.to_str().unwrap());
        }
        got
    }

    fn keep(&mut self, cookie: &str) {
        let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    fn target(&self, target: &str) -> String {
        if target.starts_with(&format!("{}/", self.mount)) {
            target.to_owned()
        } else {
            format!("{}{target}", self.mount)
        }
    }
}

impl Form {
    #[track_caller]
    pub fn of(page: &str) -> Self {
        let form = between(page, "<form", "</form>").unwrap_or_else(|| panic!("no form: {page}"));
        let head = form.split('>').next().unwrap();
        let inputs = form.split("<input").skip(1);
        let field = |input: &str| {
            let tag = input.split('>').next()?;
            Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
        };
        Self {
            action: attribute(head, "action").unwrap(),
            fields: inputs.filter_map(field).collect(),
        }
    }

    /// What is typed stands in the place of what was there.
    pub fn with(&self, typed: &[(&str, &str)]) -> Vec<(String, String)> {
        let is_typed = |name: &str| typed.iter().any(|(known, _)| *known == name);
        let kept = self.fields.iter().filter(|(name, _)| !is_typed(name)).cloned();
        let typed = typed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        kept.chain(typed).collect()
    }
}

/// The sentence of an error on a page.
pub(super) fn alert(page: &str) -> Option<&str> {
    between(page, "role=\"alert\">", "</p>").and_then(|alert| between(alert, "<span>", "</span>"))
}

pub(super) fn encoded<N: AsRef<str>, V: AsRef<str>>(pairs: &[(N, V)]) -> String {
    Parameters::of(pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))).encoded()
}

/// A parameter of the address that an answer leads to, in its query or behind its `#`.
pub(super) fn parameter(answer: &Got, name: &str) -> Option<String> {
    let location = answer.header("location");
    let (_, query) = location.split_once(['?', '#'])?;
    Parameters::parse(query).unwrap().get(name).map(str::to_owned)
}

pub(super) fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

pub(super) fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = between(tag, &format!(" {name}=\""), "\"")?;
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    Some(
        named
            .into_iter()
            .fold(value.to_owned(), |text, (entity, letter)| text.replace(entity, letter)),
    )
}
