//! The Assets of a style: each has a place, by its category, its colour mode and, where it has one, its ResourceId. Reference:
//! user-pools 14.2, oauth-and-federation 9.3.

use std::collections::BTreeSet;

use api::{
    Blob,
    cognito_idp::{AssetCategoryType, AssetExtensionType, AssetType, ColorSchemeModeType},
};
use kernel::ApiError;
use store::{
    Record, StoreError,
    records::pictures::{Mark, Picture},
};

use super::picture::{self, Checked};
use crate::errors::branding as errors;

/// Reference: user-pools 14.2.
const MOST: usize = 40;

/// Where a picture stands in a style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub category: AssetCategoryType,
    pub mode: ColorSchemeModeType,
    pub resource: Option<String>,
}

/// An asset of a request.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub place: String,
    /// None: the one that lies there stays.
    pub picture: Option<Checked>,
}

impl Place {
    /// As rows spell it. A ResourceId has no slash.
    fn spelled(&self) -> String {
        let head = format!("{}/{}", self.category.as_str(), self.mode.as_str());
        match &self.resource {
            Some(resource) => format!("{head}/{resource}"),
            None => head,
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '/');
        Some(Self {
            category: AssetCategoryType::parse(parts.next()?)?,
            mode: ColorSchemeModeType::parse(parts.next()?)?,
            resource: parts.next().map(str::to_owned),
        })
    }
}

/// The assets of a request, each looked at. Errors: InvalidParameter.
pub(crate) fn given(assets: Option<Vec<AssetType>>) -> Result<Vec<Given>, ApiError> {
    let mut places = BTreeSet::new();
    let mut given = Vec::new();
    for asset in assets.unwrap_or_default() {
        let AssetType {
            category,
            color_mode,
            extension,
            bytes,
            resource_id,
        } = asset;
        if !takes(category, extension) {
            return Err(errors::asset_extension(category, extension));
        }
        let place = Place {
            category,
            mode: color_mode,
            resource: resource_id,
        };
        let place = place.spelled();
        if !places.insert(place.clone()) {
            return Err(errors::asset_twice(category));
        }
        let picture = match bytes {
            Some(Blob(bytes)) => {
                let checked = picture::checked(extension, bytes);
                Some(checked.ok_or_else(|| errors::asset_malformed(category, extension))?)
            }
            None => None,
        };
        given.push(Given { place, picture });
    }
    Ok(given)
}

/// Whether what is given can be added to what is there. Errors: InvalidParameter.
pub(crate) fn check(given: &[Given], there: &[Mark]) -> Result<(), ApiError> {
    let mut places: BTreeSet<&str> = there.iter().map(|mark| mark.place.as_str()).collect();
    for one in given {
        if one.picture.is_none() && !places.contains(one.place.as_str()) {
            return Err(errors::asset_without_bytes());
        }
        places.insert(&one.place);
    }
    if places.len() > MOST {
        return Err(errors::too_many_assets());
    }
    Ok(())
}

/// As rows have it. Errors: corrupt.
pub(crate) fn described(row: Picture) -> Result<AssetType, StoreError> {
    let place = Place::parse(&row.place).ok_or_else(|| row.corrupt("place", "unknown"))?;
    let extension = AssetExtensionType::parse(&row.format).ok_or_else(|| row.corrupt("format", "unknown"))?;
    Ok(AssetType {
        category: place.category,
        color_mode: place.mode,
        extension,
        bytes: Some(Blob(row.bytes)),
        resource_id: place.resource,
    })
}

/// Which formats a category has. WEBP beside the others is ours: the model has it and no category names it.
fn takes(category: AssetCategoryType, extension: AssetExtensionType) -> bool {
    use AssetExtensionType::{Ico, Svg};
    match category {
        AssetCategoryType::FaviconIco => extension == Ico,
        AssetCategoryType::FaviconSvg => extension == Svg,
        AssetCategoryType::IdpButtonIcon => matches!(extension, Ico | Svg),
        _ => extension != Ico,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_back() {
        for resource in [None, Some("acme - 1".to_owned())] {
            let place = Place {
                category: AssetCategoryType::FormLogo,
                mode: ColorSchemeModeType::Dark,
                resource,
            };
            assert_eq!(Place::parse(&place.spelled()), Some(place));
        }
        for text in ["", "FORM_LOGO", "FORM_LOGO/PINK", "LOGO/DARK"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
