//! What the pages of one client have on: its look, what the pool calls itself, the documents that are agreed to.

use std::sync::Arc;

use kernel::{ApiError, PoolId};
use pages::hosted::{Language, Skin, Terms};
use userpool::{branding::Appearance, hosted::Place};

use super::{looks::Made, terms};
use crate::App;

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
        made: Some(app.hosted_looks.made(place.client(), &appearance, (skin, base))),
        title: title(place),
        appearance: (skin == Skin::Managed).then_some(appearance),
    }
}

pub fn title(place: &Place) -> String {
    place.title().unwrap_or_default().trim().to_owned()
}
