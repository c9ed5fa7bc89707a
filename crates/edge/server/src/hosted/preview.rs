//! `/_poolhouse/pages` of dev: every page of hosted login as it may well be, in every language, light, dark or as the browser is set, with
//! `?pool=…&client=…` in that client's look, and with `?said=…` when something went wrong or well. Nothing on it does anything.

use std::sync::Arc;

use http::StatusCode;
use kernel::{ApiError, PoolId};
use oauth::Parameters;
use pages::{
    Preview, Previews,
    hosted::{Frame, Language, Languages, Link, Look, Say, Scheme, Skin, Theme, sample_names},
};
use userpool::{branding::Appearance, hosted::Place};

use super::{
    dress, files, looks,
    route::{self, Route},
    terms, theme,
};
use crate::{
    App,
    answer::{self, plain},
    arrival::Arrival,
    body::Response,
    page,
};

const ROOT: &str = "/_poolhouse/pages";

const SCHEMES: [(&str, Scheme); 3] = [
    ("light", Scheme::Light),
    ("dark", Scheme::Dark),
    ("dynamic", Scheme::Dynamic),
];
const SKINS: [(&str, Skin); 2] = [("managed", Skin::Managed), ("classic", Skin::Classic)];

/// What pages say above their form.
const SAID: [(&str, Option<Say>); 4] = [
    ("nothing", None),
    ("error", Some(Say::WrongUsernameOrPassword)),
    ("expired", Some(Say::SessionExpired)),
    ("news", Some(Say::CodeSentAgain)),
];

/// Which pages are looked at, and whose.
struct View<'a> {
    query: &'a Parameters,
    found: Option<(Place, Arc<Appearance>)>,
    skin: Skin,
    scheme: Scheme,
    language: Language,
    said: Option<Say>,
}

pub async fn preview(app: &App, arrival: &Arrival) -> Response {
    let query = Parameters::parse(arrival.head.uri.query().unwrap_or_default()).unwrap_or_default();
    let own = arrival.path().strip_prefix(ROOT).unwrap_or_default();
    match answered(app, own, &query).await {
        Ok(Some(response)) => response,
        Ok(None) => plain(StatusCode::NOT_FOUND, "There is no such page."),
        Err(error) => {
            tracing::error!(?error, "a page could not be previewed");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.")
        }
    }
}

async fn answered(app: &App, own: &str, query: &Parameters) -> Result<Option<Response>, ApiError> {
    if let Some(Route::File(name)) = route::route(own) {
        return Ok(files::answer(name));
    }
    let parts: Vec<&str> = own.split('/').skip(1).collect();
    if let [pool, "pictures", digest] = parts.as_slice() {
        let Some(pool) = PoolId::parse(pool) else {
            return Ok(None);
        };
        return files::picture(app, &pool, digest).await;
    }
    let (skin, language, scheme) = match parts.as_slice() {
        [] => (
            query.given("skin").unwrap_or("managed"),
            query.given("lang").unwrap_or("en"),
            "dynamic",
        ),
        [skin, scheme, "look.css"] => (*skin, "en", *scheme),
        [skin, language, scheme, _] => (*skin, *language, *scheme),
        _ => return Ok(None),
    };
    let (Some(skin), Some(scheme), Some(language)) =
        (of(&SKINS, skin), of(&SCHEMES, scheme), Language::of_tag(language))
    else {
        return Ok(None);
    };
    let found = match (query.given("pool").and_then(PoolId::parse), query.given("client")) {
        (Some(pool), Some(client)) => dress::of_client(app, &pool, client).await?,
        _ => None,
    };
    let view = View {
        query,
        found,
        skin,
        scheme,
        language,
        said: of(&SAID, query.given("said").unwrap_or_default()).flatten(),
    };
    Ok(match parts.as_slice() {
        [] => Some(view.list()),
        [_, _, "look.css"] => {
            let (_, css) = view.look();
            let sheet = answer::text(StatusCode::OK, "text/css; charset=utf-8", css);
            Some(answer::unkept(sheet))
        }
        [_, _, _, name] => view.page(app, name),
        _ => None,
    })
}

fn of<T: Copy>(known: &[(&str, T)], name: &str) -> Option<T> {
    known.iter().find(|(word, _)| *word == name).map(|(_, value)| *value)
}

fn word<T: Copy + PartialEq>(known: &[(&'static str, T)], value: T) -> &'static str {
    let found = known.iter().find(|(_, other)| *other == value);
    found.map_or("", |(word, _)| word)
}

impl View<'_> {
    fn list(&self) -> Response {
        let chosen = |skin, language| format!("{ROOT}?{}", self.query_with(skin, language, self.said));
        let skin = |(name, skin): (&str, Skin)| Preview {
            name: name.to_owned(),
            href: chosen(skin, self.language),
            is_current: skin == self.skin,
        };
        let language = |language: Language| Preview {
            name: language.name().to_owned(),
            href: chosen(self.skin, language),
            is_current: language == self.language,
        };
        let said = |(name, said): (&str, Option<Say>)| Preview {
            name: name.to_owned(),
            href: format!("{ROOT}?{}", self.query_with(self.skin, self.language, said)),
            is_current: said == self.said,
        };
        let row = |name: String| {
            let link = |(scheme, _): (&str, Scheme)| Preview {
                name: scheme.to_owned(),
                href: self.address(self.language, scheme, &name),
                is_current: false,
            };
            let links = SCHEMES.map(link).to_vec();
            (name, links)
        };
        let given = |name| self.query.given(name).unwrap_or_default().to_owned();
        let previews = Previews {
            is_unknown: self.found.is_none() && self.query.given("client").is_some(),
            pool: given("pool"),
            client: given("client"),
            skins: SKINS.map(skin).to_vec(),
            languages: Language::ALL.map(language).to_vec(),
            said: SAID.map(said).to_vec(),
            pages: sample_names().map(row).collect(),
        };
        page::shown(StatusCode::OK, previews.html())
    }

    fn page(&self, app: &App, name: &str) -> Option<Response> {
        let html = app.hosted_pages.sample(&self.frame(), name)?;
        Some(page::shown(StatusCode::OK, html))
    }

    fn frame(&self) -> Frame {
        let (look, _) = self.look();
        let mut frame = Frame::sample(self.language, self.skin, look);
        frame.assets = looks::base(ROOT);
        frame.action = String::new();
        match self.said {
            Some(Say::CodeSentAgain) => frame.notice = Some(Say::CodeSentAgain.into()),
            said => frame.error = said.map(Into::into),
        }
        frame.languages = match self.skin {
            Skin::Managed => Some(self.around_language(word(&SCHEMES, self.scheme), "sign_in")),
            Skin::Classic => None,
        };
        if let Some((place, appearance)) = &self.found {
            let agreement = appearance.agreement.as_ref();
            frame.title = dress::title(place);
            frame.terms = agreement.and_then(|agreement| terms::terms(agreement.links(self.language.code())?));
        }
        if self.skin == Skin::Classic {
            frame.terms = None;
        }
        frame
    }

    /// The client's, but in the scheme that is looked at; and its stylesheet.
    fn look(&self) -> (Look, String) {
        let pool = self.found.as_ref().map_or("", |(place, _)| place.pool().as_str());
        let base = format!("{ROOT}/{pool}");
        let style = self
            .found
            .as_ref()
            .and_then(|(_, appearance)| appearance.style.as_ref());
        let classic = self
            .found
            .as_ref()
            .and_then(|(_, appearance)| appearance.classic.as_ref());
        let (look, css) = match (self.skin, style, classic) {
            (Skin::Managed, style, _) => {
                let theme = Theme {
                    scheme: self.scheme,
                    ..style.map(|style| theme::theme(style, &base)).unwrap_or_default()
                };
                let look = style
                    .map(|style| theme::managed(style, &theme, &base))
                    .unwrap_or_default();
                let scheme = theme.scheme().to_owned();
                (Look { scheme, ..look }, theme.css())
            }
            (Skin::Classic, _, Some(classic)) => (theme::classic(classic, &base), classic.css.clone()),
            (Skin::Classic, _, None) => (Look::default(), String::new()),
        };
        let (skin, scheme) = (word(&SKINS, self.skin), word(&SCHEMES, self.scheme));
        let address = format!("{ROOT}/{skin}/{scheme}/look.css?{}", self.query(&[]));
        let stylesheet = Link::new(&address);
        (Look { stylesheet, ..look }, css)
    }

    fn address(&self, language: Language, scheme: &str, name: &str) -> String {
        let Languages { before, after } = self.around_language(scheme, name);
        format!("{before}{}{after}", language.code())
    }

    fn around_language(&self, scheme: &str, name: &str) -> Languages {
        let said = [("said", word(&SAID, self.said))];
        Languages {
            before: format!("{ROOT}/{}/", word(&SKINS, self.skin)),
            after: format!("/{scheme}/{name}?{}", self.query(&said)),
        }
    }

    fn query_with(&self, skin: Skin, language: Language, said: Option<Say>) -> String {
        self.query(&[
            ("skin", word(&SKINS, skin)),
            ("lang", language.code()),
            ("said", word(&SAID, said)),
        ])
    }

    /// With the client, if one was named.
    fn query(&self, more: &[(&str, &str)]) -> String {
        let client = ["pool", "client"].map(|name| self.query.given(name).map(|value| (name, value)));
        Parameters::of(client.into_iter().flatten().chain(more.iter().copied())).encoded()
    }
}
