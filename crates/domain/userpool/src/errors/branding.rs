//! Sentences about how hosted login looks and what it links to. Of our wording but where a mark says otherwise: the reference has what
//! is refused and not how. Reference: user-pools 14.1, 14.2, 14.6, oauth-and-federation 9.

use api::cognito_idp::{AssetCategoryType, AssetExtensionType};
use kernel::ApiError;

use super::invalid_parameter;
use crate::branding::css::Fault;

kernel::sentences! {
    // Classic (14.1).
    domain_missing => InvalidParameter, "There has to be an existing domain associated with this user pool";
    image_not_valid => InvalidParameter, "ImageFile must be a PNG or JPEG image of at most 100 KB.";
    // Managed login (14.2).
    /// AWS's own words.
    values_or_settings => InvalidParameter, "useCognitoProvidedValues or settings should be specified (but not both)";
    settings_not_an_object => InvalidParameter, "Settings must be a JSON object.";
    settings_too_long => InvalidParameter, "The settings of a style cannot be larger than 2 MB.";
    style_exists => ManagedLoginBrandingExists, "The app client already has a managed login branding style.";
    style_not_found => ResourceNotFound, "Managed login branding style not found.";
    too_many_styles => LimitExceeded, "A user pool cannot have more than 20 managed login branding styles.";
    too_many_assets => InvalidParameter, "A managed login branding style cannot have more than 40 assets.";
    asset_without_bytes => InvalidParameter, "An asset needs Bytes, unless the style has it already.";
    // Terms (14.6).
    terms_exist => TermsExists, "The app client already has terms with this name.";
    terms_not_found => ResourceNotFound, "Terms not found.";
    too_many_terms => LimitExceeded, "A user pool cannot have more than 40 terms documents.";
}

#[track_caller]
pub(crate) fn css_not_valid(fault: &Fault) -> ApiError {
    invalid_parameter(match fault {
        Fault::Malformed => "The CSS is not valid: it cannot be read as rules for classes.".to_owned(),
        Fault::AtRule => "The CSS is not valid: rules that begin with @ are not allowed.".to_owned(),
        Fault::Script => "The CSS is not valid: it must not contain script.".to_owned(),
        Fault::Selector(selector) => format!("The CSS is not valid: the selector \"{selector}\" is not allowed."),
    })
}

#[track_caller]
pub(crate) fn asset_extension(category: AssetCategoryType, extension: AssetExtensionType) -> ApiError {
    let (category, extension) = (category.as_str(), extension.as_str());
    invalid_parameter(format!("An asset of the category {category} cannot be {extension}."))
}

#[track_caller]
pub(crate) fn asset_malformed(category: AssetCategoryType, extension: AssetExtensionType) -> ApiError {
    let (category, extension) = (category.as_str(), extension.as_str());
    invalid_parameter(format!(
        "The bytes of the asset {category} are not a valid {extension} image."
    ))
}

#[track_caller]
pub(crate) fn asset_twice(category: AssetCategoryType) -> ApiError {
    let category = category.as_str();
    invalid_parameter(format!("The asset {category} is there twice for the same color mode."))
}

#[track_caller]
pub(crate) fn link_not_valid(url: &str) -> ApiError {
    invalid_parameter(format!("{url} is not an absolute https or http address."))
}
