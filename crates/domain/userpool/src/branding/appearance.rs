//! How hosted login looks for one app client, as its pages need it at each request: read and parsed once, cached until the pool's
//! version moves (decision 11). Pictures' bytes are not among it. Reference: oauth-and-federation 9.

use api::cognito_idp::{AssetCategoryType, ColorSchemeModeType};
use kernel::{ClientId, PoolId};
use serde_json::Value;
use store::{
    Read, Record, StoreError,
    records::{classic_looks, clients, login_styles, pictures, pictures::Part},
};

use super::{assets::Place, css, look::Look, picture::Image};
use crate::terms::agreement::Agreement;

/// ClientId of the look that every client without one of its own has.
pub(crate) const ALL: &str = "ALL";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appearance {
    /// None: nobody has set anything.
    pub classic: Option<ClassicLook>,
    /// None: managed login is unavailable for the client.
    pub style: Option<Style>,
    /// Of managed login. None: not both documents are there.
    pub agreement: Option<Agreement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassicLook {
    /// A stylesheet that can be served as it is.
    pub css: String,
    pub logo: Option<Image>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    pub look: Look,
    images: Vec<(Place, Image)>,
}

impl Style {
    /// The picture of a category for a colour mode: its own, else the one for both. `resource`: the provider of an icon.
    pub fn image(
        &self,
        category: AssetCategoryType,
        mode: ColorSchemeModeType,
        resource: Option<&str>,
    ) -> Option<&Image> {
        let of = |mode| {
            let image = self.images.iter().find(|(place, _)| {
                place.category == category && place.mode == mode && place.resource.as_deref() == resource
            });
            image.map(|(_, image)| image)
        };
        of(mode).or_else(|| of(ColorSchemeModeType::Dynamic))
    }
}

impl Appearance {
    /// None: there is no such client. Errors: corrupt rows.
    pub(crate) fn read(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Option<Self>, StoreError> {
        if clients::by_id(r, pool, client)?.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            classic: classic(r, pool, client)?,
            style: style(r, pool, client)?,
            agreement: Agreement::read(r, pool, client)?,
        }))
    }
}

/// A client's own hides the pool's completely.
fn classic(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Option<ClassicLook>, StoreError> {
    let own = classic_looks::find(r, pool, client.as_str())?;
    let found = match own {
        Some(own) => Some(own),
        None => classic_looks::find(r, pool, ALL)?,
    };
    let Some(row) = found else { return Ok(None) };
    let css = row.css.as_deref().map(css::served).transpose();
    let css = css.map_err(|fault| row.corrupt("css", format_args!("{fault:?}")))?;
    let marks = pictures::marks(r, (pool, &row.client, Part::Classic))?;
    Ok(Some(ClassicLook {
        css: css.unwrap_or_default(),
        logo: marks.first().map(Image::of).transpose()?,
    }))
}

fn style(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Option<Style>, StoreError> {
    let Some(row) = login_styles::of_client(r, pool, client)? else {
        return Ok(None);
    };
    let settings: Option<Value> = row
        .settings
        .as_deref()
        .map(|text| row.document("settings", text))
        .transpose()?;
    let mut images = Vec::new();
    for mark in pictures::marks(r, (pool, client.as_str(), Part::Style))? {
        let place = Place::parse(&mark.place).ok_or_else(|| mark.corrupt("place", "unknown"))?;
        images.push((place, Image::of(&mark)?));
    }
    Ok(Some(Style {
        look: Look::of(&settings.unwrap_or_default()),
        images,
    }))
}
