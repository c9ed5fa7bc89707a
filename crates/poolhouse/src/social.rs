//! Where Google, Facebook, Amazon and Apple are, as the settings have it.

use federation::{Place, Places, Url};

use crate::{
    failure::{Failure, Result},
    settings::Social,
};

/// Errors: an address that is none.
pub fn places(settings: &Social) -> Result<Places> {
    let Social {
        google,
        facebook,
        amazon,
        apple,
    } = settings;
    Ok(Places {
        google: Place {
            authorize_url: url("google.authorize_url", google.authorize_url.as_deref())?,
            token_url: url("google.token_url", google.token_url.as_deref())?,
            attributes_url: url("google.attributes_url", google.attributes_url.as_deref())?,
            jwks_uri: url("google.jwks_uri", google.jwks_uri.as_deref())?,
            oidc_issuer: google.oidc_issuer.clone(),
        },
        facebook: Place {
            authorize_url: url("facebook.authorize_url", facebook.authorize_url.as_deref())?,
            token_url: url("facebook.token_url", facebook.token_url.as_deref())?,
            attributes_url: url("facebook.attributes_url", facebook.attributes_url.as_deref())?,
            ..Place::default()
        },
        amazon: Place {
            authorize_url: url("amazon.authorize_url", amazon.authorize_url.as_deref())?,
            token_url: url("amazon.token_url", amazon.token_url.as_deref())?,
            attributes_url: url("amazon.attributes_url", amazon.attributes_url.as_deref())?,
            ..Place::default()
        },
        apple: Place {
            authorize_url: url("apple.authorize_url", apple.authorize_url.as_deref())?,
            token_url: url("apple.token_url", apple.token_url.as_deref())?,
            jwks_uri: url("apple.jwks_uri", apple.jwks_uri.as_deref())?,
            oidc_issuer: apple.oidc_issuer.clone(),
            ..Place::default()
        },
    })
}

/// None: the provider's own.
fn url(setting: &str, text: Option<&str>) -> Result<Option<Url>> {
    let wrong = |text: &str, error| Failure::new(format!("social.{setting} `{text}`: {error}."));
    let url = text.map(|text| Url::of_operator(text).map_err(|error| wrong(text, error)));
    url.transpose()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::settings::Sources;

    fn told(file: &str) -> Result<Places> {
        let sources = Sources {
            file: Some((Path::new("p.toml"), file)),
            ..Sources::default()
        };
        places(&sources.settings()?.social)
    }

    #[test]
    fn addresses_of_tests_stand_in_for_the_real_ones() {
        let places = told(
            "[social.google]\ntoken_url = \"http://127.0.0.1:9/token\"\noidc_issuer = \"http://127.0.0.1:9\"\n\
             [social.apple]\njwks_uri = \"https://apple.test/keys\"\n",
        )
        .ok()
        .unwrap();
        let url = |text| Some(Url::of_operator(text).unwrap());
        assert_eq!(places.google.token_url, url("http://127.0.0.1:9/token"));
        assert_eq!(places.google.oidc_issuer.as_deref(), Some("http://127.0.0.1:9"));
        assert_eq!(places.apple.jwks_uri, url("https://apple.test/keys"));
        assert!(places.google.authorize_url.is_none() && places.facebook.token_url.is_none());
    }

    #[test]
    fn what_is_no_address_is_named() {
        let failure = told("[social.amazon]\nattributes_url = \"127.0.0.1:9\"\n")
            .err()
            .unwrap()
            .to_string();
        assert_eq!(
            failure,
            "social.amazon.attributes_url `127.0.0.1:9`: it is no URL of the form https://host/path."
        );
        assert!(told("[social.facebook]\njwks_uri = \"https://a.example\"\n").is_err());
    }
}
