//! What a client's pages have on: its look with the stylesheet that belongs to it, what the pool calls itself, the documents that are
//! agreed to. Made once a version of the pool and kept, a number of them. Reference: oauth-and-federation 9.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use kernel::{ApiError, ClientId, Memo, PoolId};
use pages::hosted::{Language, Link, Look, Skin, Terms, Theme};
use userpool::{
    branding::Appearance,
    hosted::{Place, tags},
};

use super::{ask::Ask, files, frame, route::Route, terms, theme};
use crate::{App, Profile, body::Response};

/// Looks that are kept ready. A style's stylesheet has 5 KB, one of the classic pages at most 128.
const KEPT: usize = 64;

/// Looks that were made ready, each with the settings that it was made of.
pub struct Looks(Memo<Key, (Arc<Appearance>, Arc<Made>)>);

/// The client, which pages, and what stands before their paths.
type Key = (ClientId, bool, String);

/// A look with its stylesheet.
#[derive(Default)]
pub struct Made {
    pub look: Look,
    /// None: nothing is the client's own.
    pub sheet: Option<Sheet>,
}

pub struct Sheet {
    pub css: Bytes,
    pub digest: String,
}

impl Default for Looks {
    fn default() -> Self {
        Self(Memo::of(KEPT))
    }
}

/// What stands around a client's pages.
#[derive(Clone, Default)]
pub struct Dress {
    pub made: Option<Arc<Made>>,
    pub title: String,
    appearance: Option<Arc<Appearance>>,
}

impl Dress {
    /// The links to both documents, in this language if there are such.
    pub fn terms(&self, language: Language) -> Option<Terms> {
        let agreement = self.appearance.as_ref()?.agreement.as_ref()?;
        terms::terms(agreement.links(language.code())?)
    }
}

/// Dresses the pages of a request, where it names a client of the pool. Errors: what is answered in their place.
pub async fn dressed(ask: &Ask<'_>, route: Route<'_>) -> Result<Dress, Box<Response>> {
    if !route.shows_pages() {
        return Ok(Dress::default());
    }
    let client = ask.query.given("client_id").or_else(|| ask.form.given("client_id"));
    let skin = skin(ask);
    let found = of_client(ask.app, ask.pool(), client.unwrap_or_default()).await;
    let found = found.map_err(|error| {
        tracing::error!(?error, "a client's look could not be read");
        Box::new(frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None))
    })?;
    let Some((place, appearance)) = found else {
        return Ok(Dress::default());
    };
    if skin == Skin::Managed && route.belongs_to_client() && !is_available(ask.app.profile, &place, &appearance) {
        let text = pages::hosted::Say::PagesUnavailable;
        return Err(Box::new(frame::refused(ask, StatusCode::FORBIDDEN, Some(text.into()))));
    }
    Ok(dress(ask.app, &place, appearance, (skin, ask.mount)))
}

/// A client's managed login wants a style, on AWS always. Here nobody who develops is stopped by a missing one, and an operator may say
/// that the built-in one will do. docs/hosted-login.md
fn is_available(profile: Profile, place: &Place, appearance: &Appearance) -> bool {
    appearance.style.is_some() || profile == Profile::Dev || place.tag(tags::DEFAULT_STYLE) == Some("true")
}

pub fn skin(ask: &Ask<'_>) -> Skin {
    if ask.domain.is_managed() {
        Skin::Managed
    } else {
        Skin::Classic
    }
}

/// None: the pool has no such client. Errors: internal.
pub async fn of_client(app: &App, pool: &PoolId, client: &str) -> Result<Option<(Place, Arc<Appearance>)>, ApiError> {
    let Some(place) = app.user_pools.place(pool, client).await? else {
        return Ok(None);
    };
    let appearance = app.user_pools.appearance(pool, place.client()).await?;
    Ok(appearance.map(|appearance| (place, appearance)))
}

/// `base`: what stands before the addresses of stylesheet and pictures.
pub fn dress(app: &App, place: &Place, appearance: Arc<Appearance>, (skin, base): (Skin, &str)) -> Dress {
    Dress {
        made: Some(made(app, place.client(), &appearance, (skin, base))),
        title: title(place),
        appearance: (skin == Skin::Managed).then_some(appearance),
    }
}

pub fn title(place: &Place) -> String {
    place.tag(tags::TITLE).unwrap_or_default().trim().to_owned()
}

/// From what is kept, if the settings are the same still.
pub fn made(app: &App, client: &ClientId, appearance: &Arc<Appearance>, (skin, base): (Skin, &str)) -> Arc<Made> {
    let key = (client.clone(), skin == Skin::Managed, base.to_owned());
    if let Some((of, made)) = app.hosted_looks.0.get(&key)
        && Arc::ptr_eq(&of, appearance)
    {
        return made;
    }
    let made = Arc::new(make(client, appearance, (skin, base)));
    let entry = (Arc::clone(appearance), Arc::clone(&made));
    app.hosted_looks.0.remember(key, entry);
    made
}

fn make(client: &ClientId, appearance: &Appearance, (skin, base): (Skin, &str)) -> Made {
    match (skin, &appearance.style, &appearance.classic) {
        (Skin::Managed, Some(style), _) => {
            let theme = theme::theme(style, base);
            with_sheet(theme::managed(style, &theme, base), theme.css(), client, base)
        }
        (Skin::Managed, None, _) => Made {
            look: built_in(base),
            sheet: None,
        },
        (Skin::Classic, _, Some(classic)) if !classic.css.is_empty() => {
            with_sheet(theme::classic(classic, base), classic.css.clone(), client, base)
        }
        (Skin::Classic, _, Some(classic)) => Made {
            look: theme::classic(classic, base),
            sheet: None,
        },
        (Skin::Classic, _, None) => Made::default(),
    }
}

fn with_sheet(look: Look, css: String, client: &ClientId, base: &str) -> Made {
    let digest = vault::sha256(css.as_bytes());
    let digest: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    Made {
        look: Look {
            stylesheet: Link::new(&format!("{base}/styles/{client}/{digest}.css")),
            ..look
        },
        sheet: Some(Sheet {
            css: css.into(),
            digest,
        }),
    }
}

/// Of managed login where a client has no style, or there is no client.
pub fn built_in(mount: &str) -> Look {
    Look {
        stylesheet: Link::new(&format!("{}theme.css", files::base(mount))),
        scheme: Theme::default().scheme().to_owned(),
        ..Look::default()
    }
}
