//! Identity providers that a client takes people from, and by which of them somebody is to sign in. Pure. Reference: oauth-and-federation
//! 3.1, 3.2, 4, 9.1, 11.5.

use api::cognito_idp::IdentityProviderTypeType as Kind;

use super::{Browser, Place};
use crate::{client::oauth::COGNITO, provider::Provider};

/// By whom somebody is to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SignInBy {
    /// As they like.
    #[default]
    Any,
    /// The pool itself.
    Pool,
    /// The identity provider of this name.
    Provider(String),
}

/// An identity provider as a page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    pub name: String,
    pub kind: Kind,
    /// Whether addresses of e-mail lead to it.
    pub has_identifiers: bool,
}

impl Place {
    /// Whether people of the pool itself may sign in: the client names no provider, or the pool among others.
    pub fn takes_own_users(&self) -> bool {
        let names = &self.client.oauth.providers;
        names.is_empty() || names.iter().any(|name| name == COGNITO)
    }

    /// In the client's order.
    pub fn offered(&self) -> Vec<Offered> {
        let offered = self.providers().map(|provider| Offered {
            name: provider.name.clone(),
            kind: provider.settings.provider_type.unwrap_or_default(),
            has_identifiers: !provider.identifiers().is_empty(),
        });
        offered.collect()
    }

    /// By whom a request wants somebody to sign in; by the client's one provider, where it has no other. None: by nobody that the client
    /// takes people from.
    pub fn sign_in_by(&self, named: Option<&str>, identifier: Option<&str>) -> Option<SignInBy> {
        match (named, identifier) {
            // Two of whom it could be either.
            (Some(_), Some(_)) => None,
            (Some(COGNITO), None) => self.takes_own_users().then_some(SignInBy::Pool),
            (Some(name), None) => self.provider(name).map(by),
            (None, Some(identifier)) => self.providers().find(|one| has(one, identifier)).map(by),
            (None, None) => {
                let mut providers = self.providers();
                match (self.takes_own_users(), providers.next(), providers.next()) {
                    (true, None, _) => Some(SignInBy::Pool),
                    (false, None, _) => None,
                    (false, Some(only), None) => Some(by(only)),
                    _ => Some(SignInBy::Any),
                }
            }
        }
    }

    /// The identifier that an address of e-mail leads by: its domain, in whatever case.
    pub fn identifier_of(&self, email: &str) -> Option<&str> {
        let (_, domain) = email.trim().rsplit_once('@')?;
        let mut identifiers = self.providers().flat_map(Provider::identifiers);
        let found = identifiers.find(|identifier| identifier.eq_ignore_ascii_case(domain))?;
        Some(found)
    }

    /// Whether a browser's session is of nobody that the client takes people from, or not of whom somebody is to sign in by.
    pub fn is_of_another(&self, browser: &Browser, by: &SignInBy) -> bool {
        let is_taken = match browser.provider() {
            None => self.takes_own_users(),
            Some(name) => self.provider(name).is_some(),
        };
        let is_meant = match by {
            SignInBy::Any => true,
            SignInBy::Pool => browser.provider().is_none(),
            SignInBy::Provider(name) => browser.provider() == Some(name),
        };
        !(is_taken && is_meant)
    }

    /// Whether it is one of SAML.
    pub fn is_by_saml(&self, provider: &str) -> bool {
        self.provider(provider).is_some_and(Provider::is_by_saml)
    }

    /// Of a client that takes people from providers of SAML alone: one that sends them unasked. Reference: oauth-and-federation 11.4.
    pub(super) fn unasked_provider(&self, name: &str) -> Option<&Provider> {
        let is_saml_alone = !self.takes_own_users() && self.providers().all(Provider::is_by_saml);
        let known = self.provider(name).filter(|_| is_saml_alone);
        known.filter(|provider| provider.begins_by_itself())
    }

    /// None: there is no such provider, or the client takes nobody from it.
    pub(super) fn provider(&self, name: &str) -> Option<&Provider> {
        self.providers().find(|provider| provider.name == name)
    }

    /// Those of the client's that there are.
    fn providers(&self) -> impl Iterator<Item = &Provider> {
        let names = self.client.oauth.providers.iter();
        names.filter_map(|name| self.pool.providers.get(name))
    }
}

fn by(provider: &Provider) -> SignInBy {
    SignInBy::Provider(provider.name.clone())
}

fn has(provider: &Provider, identifier: &str) -> bool {
    provider.identifiers().iter().any(|known| known == identifier)
}
