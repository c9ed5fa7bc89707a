//! What all pages share.

use serde::Serialize;

use super::{Language, Line, Link};

/// What stands around and before every page's own. Empty strings are not there.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    pub language: Language,
    pub skin: Skin,
    pub look: Look,
    /// What one signs in to, for example the client's name: the page's title names it, and it stands where no logo does.
    pub title: String,
    /// What `ASSETS` names stand behind, for example `/assets/1a2b/`.
    pub assets: String,
    /// Where every form goes.
    pub action: String,
    /// The value of `_csrf`.
    pub csrf: String,
    /// The state of this sign-in, sealed: carried by every form.
    pub session: String,
    /// Who is signing in: carried by the forms that do not ask for it.
    pub username: String,
    /// Why the page is shown again.
    pub error: Option<Line>,
    /// Good news: a new code was sent.
    pub notice: Option<Line>,
    /// The same page in other languages: None where its address doesn't bring it back.
    pub languages: Option<Languages>,
    pub terms: Option<Terms>,
}

/// Which of the two kinds of pages a domain has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Skin {
    /// `ManagedLoginVersion` 1, the hosted UI.
    Classic,
    /// `ManagedLoginVersion` 2.
    Managed,
}

/// What of a branding stands in the page itself; colours are in its stylesheet.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Look {
    /// Managed login: where `Theme::css()` is served, always there. Classic: the customised CSS, when there is one.
    pub stylesheet: Option<Link>,
    /// Value of `<meta name="color-scheme">`; empty: the light one.
    pub scheme: String,
    pub logo: Option<Picture>,
    /// The logo stands over or under the form instead of in it.
    pub logo_outside: bool,
    /// The logo comes after the form's content.
    pub logo_below: bool,
    /// Pages have no pictures of what they are about.
    pub without_graphics: bool,
    pub graphics: Graphics,
    /// In place of the built-in one.
    pub favicon: Option<Link>,
    pub header: Option<Bar>,
    pub footer: Option<Bar>,
}

/// The operator's own pictures of what a page is about, by the name of the built-in drawing that each stands for.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Graphics {
    pub email: Option<Picture>,
    pub sms: Option<Picture>,
    pub app: Option<Picture>,
    pub password: Option<Picture>,
    pub passkey: Option<Picture>,
}

/// A picture, with its twin for dark pages.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    pub light: Link,
    pub dark: Option<Link>,
}

/// The page's header or footer.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub logo: Option<Picture>,
}

/// A page's address in every language: a code (`Language::code`) stands between these two.
#[derive(Clone, Debug, Serialize)]
pub struct Languages {
    pub before: String,
    pub after: String,
}

/// The documents of `CreateTerms`.
#[derive(Clone, Debug, Serialize)]
pub struct Terms {
    pub terms_of_use: Link,
    pub privacy_policy: Link,
}

impl Frame {
    /// Every part at once.
    pub fn sample(language: Language, skin: Skin, look: Look) -> Self {
        Self {
            language,
            skin,
            look,
            title: "Example Corp".to_owned(),
            assets: "/assets/".to_owned(),
            action: "/login?client_id=1example23456789&response_type=code".to_owned(),
            csrf: "7b0e0d3c-6b1f-4c55-9c5b-2f5a3a1d9b10".to_owned(),
            session: "AYABeC1-sample".to_owned(),
            username: "ana@example.com".to_owned(),
            error: None,
            notice: None,
            languages: Some(Languages {
                before: "/login?client_id=1example23456789&lang=".to_owned(),
                after: String::new(),
            }),
            terms: Link::new("https://example.com/terms")
                .zip(Link::new("https://example.com/privacy"))
                .map(|(terms_of_use, privacy_policy)| Terms {
                    terms_of_use,
                    privacy_policy,
                }),
        }
    }
}
