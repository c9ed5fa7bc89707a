//! Looks are printed as the operations print them. Reference: user-pools 14.1, 14.2.

use api::cognito_idp::{AssetType, ManagedLoginBrandingType, UICustomizationType};
use kernel::PoolId;
use serde_json::Value;
use store::{
    Record, StoreError,
    records::{
        classic_looks,
        login_styles::LoginStyle,
        pictures::{Mark, Picture},
    },
};

use super::{assets, picture::Image, style};

/// Of the classes that stylesheets may name. Everybody's is the same, and AWS's last is this (unconfirmed).
const CSS_VERSION: &str = "20190128172214";

/// What Describe is to show of Settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    AsGiven,
    /// ReturnMergedResources: with ours where the style says nothing.
    Merged,
}

impl Shown {
    pub fn of(merged: Option<bool>) -> Self {
        if merged == Some(true) {
            Self::Merged
        } else {
            Self::AsGiven
        }
    }
}

/// `base`: the address of the pool's domain, if it has one still. Errors: corrupt rows.
pub(crate) fn classic(
    pool: &PoolId,
    look: classic_looks::ClassicLook,
    logo: Option<&Mark>,
    base: Option<&str>,
) -> Result<UICustomizationType, StoreError> {
    let logo = logo.map(Image::of).transpose()?;
    Ok(UICustomizationType {
        user_pool_id: Some(pool.to_string()),
        client_id: Some(look.client),
        image_url: logo.zip(base).map(|(logo, base)| logo.address(base)),
        css: look.css,
        css_version: Some(CSS_VERSION.to_owned()),
        last_modified_date: Some(look.modified),
        creation_date: Some(look.created),
    })
}

/// Errors: corrupt rows.
pub(crate) fn style(
    pool: &PoolId,
    row: LoginStyle,
    pictures: Vec<Picture>,
    shown: Shown,
) -> Result<ManagedLoginBrandingType, StoreError> {
    let own: Option<Value> = row
        .settings
        .as_deref()
        .map(|text| row.document("settings", text))
        .transpose()?;
    let provided = own.is_none();
    let assets = pictures
        .into_iter()
        .map(assets::described)
        .collect::<Result<Vec<AssetType>, _>>()?;
    Ok(ManagedLoginBrandingType {
        managed_login_branding_id: Some(row.id),
        user_pool_id: Some(pool.to_string()),
        use_cognito_provided_values: Some(provided),
        settings: match shown {
            Shown::AsGiven => own,
            Shown::Merged => Some(style::merged(own)),
        },
        assets: Some(assets),
        creation_date: Some(row.created),
        last_modified_date: Some(row.modified),
    })
}
