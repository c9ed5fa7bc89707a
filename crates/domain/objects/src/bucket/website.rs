//! What a website endpoint answers to a path. Decisions only; the server reads the objects. Reference: identity-pools-iam 11.5.
//!
//! path ──redirect all / rule without error code──▶ redirect
//!   │ else: the key, with the index document's name after a slash or nothing
//!   ▼
//! object there ──▶ 200 (or its own redirect metadata)
//!   │ no                `dir` asked, `dir/index` there ──▶ 302 to `dir/`
//!   ▼
//! rule with this error code ──▶ redirect;  else error document with the error's status, else a plain page

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Website {
    /// Everything goes to this host; nothing else is set then.
    pub redirect_all: Option<RedirectAll>,
    /// Without a slash.
    pub index_suffix: Option<String>,
    pub error_key: Option<String>,
    pub rules: Vec<RoutingRule>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectAll {
    pub host: String,
    pub protocol: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoutingRule {
    pub condition: Condition,
    pub redirect: Redirect,
}

/// Both must hold where both are set; neither: always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Condition {
    pub key_prefix: Option<String>,
    pub error_code: Option<u16>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Redirect {
    pub protocol: Option<String>,
    pub host: Option<String>,
    pub replace_prefix: Option<String>,
    pub replace_key: Option<String>,
    /// 301 unless set.
    pub status: Option<u16>,
}

/// Where a redirect leads; what is absent stays as in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub status: u16,
    pub protocol: Option<String>,
    pub host: Option<String>,
    pub key: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Serve { key: String },
    Redirect(Target),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorAnswer {
    Redirect(Target),
    /// Serve this object with the error's status.
    Document {
        key: String,
    },
    Plain,
}

impl Website {
    /// `key`: the decoded path without its leading slash.
    pub fn answer(&self, key: &str) -> Answer {
        if let Some(all) = &self.redirect_all {
            return Answer::Redirect(Target {
                status: 301,
                protocol: all.protocol.clone(),
                host: Some(all.host.clone()),
                key: key.to_owned(),
            });
        }
        if let Some(rule) = self
            .rules
            .iter()
            .find(|r| r.condition.error_code.is_none() && r.prefix_matches(key))
        {
            return Answer::Redirect(rule.target(key));
        }
        Answer::Serve {
            key: self.index_of(key).unwrap_or_else(|| key.to_owned()),
        }
    }

    /// The index document of a folder; none if `key` names an object.
    fn index_of(&self, key: &str) -> Option<String> {
        let index = self.index_suffix.as_deref()?;
        (key.is_empty() || key.ends_with('/')).then(|| format!("{key}{index}"))
    }

    /// The object whose presence makes `/dir` a folder that `/dir/` shows.
    pub fn folder_index(&self, key: &str) -> Option<String> {
        if key.is_empty() || key.ends_with('/') {
            return None;
        }
        self.index_of(&format!("{key}/"))
    }

    pub fn on_error(&self, key: &str, status: u16) -> ErrorAnswer {
        let rule = self
            .rules
            .iter()
            .find(|r| r.condition.error_code == Some(status) && r.prefix_matches(key));
        match (rule, &self.error_key) {
            (Some(rule), _) => ErrorAnswer::Redirect(rule.target(key)),
            (None, Some(error_key)) if (400..500).contains(&status) => ErrorAnswer::Document { key: error_key.clone() },
            _ => ErrorAnswer::Plain,
        }
    }
}

impl RoutingRule {
    fn prefix_matches(&self, key: &str) -> bool {
        self.condition
            .key_prefix
            .as_deref()
            .is_none_or(|prefix| key.starts_with(prefix))
    }

    fn target(&self, key: &str) -> Target {
        let to = &self.redirect;
        let new_key = match (&to.replace_key, &to.replace_prefix) {
            (Some(whole), _) => whole.clone(),
            (None, Some(prefix)) => {
                let rest = key
                    .strip_prefix(self.condition.key_prefix.as_deref().unwrap_or(""))
                    .unwrap_or(key);
                format!("{prefix}{rest}")
            }
            (None, None) => key.to_owned(),
        };
        Target {
            status: to.status.unwrap_or(301),
            protocol: to.protocol.clone(),
            host: to.host.clone(),
            key: new_key,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(status: u16, host: Option<&str>, key: &str) -> Target {
        Target {
            status,
            protocol: None,
            host: host.map(str::to_owned),
            key: key.to_owned(),
        }
    }

    fn serve(key: &str) -> Answer {
        Answer::Serve { key: key.to_owned() }
    }

    fn site() -> Website {
        Website {
            index_suffix: Some("index.html".to_owned()),
            error_key: Some("error.html".to_owned()),
            rules: vec![
                RoutingRule {
                    condition: Condition {
                        key_prefix: Some("docs/".to_owned()),
                        error_code: None,
                    },
                    redirect: Redirect {
                        replace_prefix: Some("documents/".to_owned()),
                        ..Redirect::default()
                    },
                },
                RoutingRule {
                    condition: Condition {
                        key_prefix: Some("img/".to_owned()),
                        error_code: Some(404),
                    },
                    redirect: Redirect {
                        host: Some("cdn.example.com".to_owned()),
                        replace_key: Some("missing.png".to_owned()),
                        status: Some(302),
                        ..Redirect::default()
                    },
                },
            ],
            ..Website::default()
        }
    }

    #[test]
    fn folders_show_their_index_and_rules_redirect() {
        let site = site();
        for (key, expected) in [
            ("", serve("index.html")),
            ("a/", serve("a/index.html")),
            ("a/b.css", serve("a/b.css")),
            ("docs/x/y", Answer::Redirect(target(301, None, "documents/x/y"))),
            ("img/a.png", serve("img/a.png")),
        ] {
            assert_eq!(site.answer(key), expected, "{key}");
        }
        assert_eq!(site.folder_index("a/b").as_deref(), Some("a/b/index.html"));
        assert_eq!(site.folder_index("a/"), None);
        assert_eq!(site.folder_index(""), None);
    }

    #[test]
    fn errors_go_to_rules_then_to_the_document() {
        let site = site();
        let document = ErrorAnswer::Document {
            key: "error.html".to_owned(),
        };
        for (key, status, expected) in [
            (
                "img/a.png",
                404,
                ErrorAnswer::Redirect(target(302, Some("cdn.example.com"), "missing.png")),
            ),
            ("img/a.png", 403, document.clone()),
            ("x", 404, document),
            ("x", 500, ErrorAnswer::Plain),
        ] {
            assert_eq!(site.on_error(key, status), expected, "{key} {status}");
        }
        assert_eq!(Website::default().on_error("x", 404), ErrorAnswer::Plain);
    }

    #[test]
    fn redirect_all_wins() {
        let all = RedirectAll {
            host: "example.com".to_owned(),
            protocol: Some("https".to_owned()),
        };
        let site = Website {
            redirect_all: Some(all),
            ..site()
        };
        let expected = Target {
            protocol: Some("https".to_owned()),
            ..target(301, Some("example.com"), "docs/x")
        };
        assert_eq!(site.answer("docs/x"), Answer::Redirect(expected));
    }
}
