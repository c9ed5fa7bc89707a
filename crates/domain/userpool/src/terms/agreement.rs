//! What whoever signs up agrees to. Reference: oauth-and-federation 9.1.

use kernel::{ClientId, PoolId};
use store::{
    Read, StoreError,
    records::terms::{self, Links},
};

use super::links::language;

pub(crate) const TERMS_OF_USE: &str = "terms-of-use";
pub(crate) const PRIVACY_POLICY: &str = "privacy-policy";

/// Both documents of a client: one alone is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    terms_of_use: Links,
    privacy_policy: Links,
}

impl Agreement {
    pub(crate) fn read(r: &mut impl Read, pool: &PoolId, client: &ClientId) -> Result<Option<Self>, StoreError> {
        let Some(terms_of_use) = terms::of_client(r, pool, client, TERMS_OF_USE)? else {
            return Ok(None);
        };
        let privacy_policy = terms::of_client(r, pool, client, PRIVACY_POLICY)?;
        Ok(privacy_policy.map(|privacy_policy| Self {
            terms_of_use: terms_of_use.links,
            privacy_policy: privacy_policy.links,
        }))
    }

    /// The addresses of terms of use and privacy policy for a page of this language (`pt-BR`), else by default. None: one of
    /// them has neither.
    pub fn links(&self, page: &str) -> Option<(&str, &str)> {
        Some((find(&self.terms_of_use, page)?, find(&self.privacy_policy, page)?))
    }
}

fn find<'l>(links: &'l Links, page: &str) -> Option<&'l str> {
    let own = language(page).and_then(|language| links.0.get(language));
    own.or_else(|| links.0.get("cognito:default")).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(pairs: &[(&str, &str)]) -> Links {
        Links(
            pairs
                .iter()
                .map(|(language, url)| ((*language).to_owned(), (*url).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn a_language_falls_back_to_the_default() {
        let agreement = Agreement {
            terms_of_use: links(&[("cognito:default", "https://a/"), ("cognito:german", "https://a/de")]),
            privacy_policy: links(&[
                ("cognito:default", "https://b/"),
                ("cognito:portuguese-brazil", "https://b/pt"),
            ]),
        };
        for (page, expected) in [
            ("de", ("https://a/de", "https://b/")),
            ("pt-BR", ("https://a/", "https://b/pt")),
            ("en", ("https://a/", "https://b/")),
            ("xx", ("https://a/", "https://b/")),
        ] {
            assert_eq!(agreement.links(page), Some(expected), "{page}");
        }
        let partly = Agreement {
            privacy_policy: links(&[("cognito:german", "https://b/de")]),
            ..agreement
        };
        assert_eq!(partly.links("de"), Some(("https://a/de", "https://b/de")));
        assert_eq!(partly.links("fr"), None);
    }
}
