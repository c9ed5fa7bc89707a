//! What a pool's settings say of passkeys, and what they may not be. Reference: user-pools 6.1, 7.1.

use api::cognito_idp::{
    AuthFactorType, UserPoolMfaType, UserPoolTierType, UserPoolType, UserVerificationType, WebAuthnConfigurationType,
    WebAuthnFactorConfigurationType,
};
use kernel::ApiError;
use serde::{Deserialize, Serialize};
use webauthn::{RelyingParty, UserVerification};

use super::first_factors::FirstFactors;
use crate::errors::settings as errors;

/// Origins beside those of the relying party's domain, separated by blanks: sites that name them in their
/// `/.well-known/webauthn`, and apps.
pub(crate) const ORIGINS_TAG: &str = "poolhouse:webauthn-origins";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passkeys {
    /// The one that is set, else that of the pool's domain. None: there is neither.
    pub relying_party: Option<RelyingParty>,
    pub user_verification: UserVerification,
    pub use_as: Use,
    /// Whether SetUserPoolMfaConfig set the relying party.
    is_set: bool,
    /// What the tag lists.
    related: Vec<String>,
}

/// Where a page of hosted login is.
#[derive(Clone, Debug)]
pub struct Page {
    /// As browsers tell it: `https://id.example.com:8443`.
    pub origin: String,
    /// The server's own host, which all pools' pages by path share. None: it is of a domain.
    pub own_host: Option<String>,
}

/// What a passkey counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Use {
    FirstFactor,
    /// It is a second factor too, since its authenticator verifies who uses it.
    BothFactors,
}

impl Passkeys {
    /// `configured`: as SetUserPoolMfaConfig keeps it.
    pub fn of(settings: &UserPoolType, configured: Option<&WebAuthnConfigurationType>) -> Self {
        let tags = settings.user_pool_tags.as_ref();
        let related = tags.and_then(|tags| tags.get(ORIGINS_TAG));
        let related = related.map(|text| origins(text)).unwrap_or_default();
        let id = configured.and_then(|configured| configured.relying_party_id.clone());
        let use_as = Use::of(configured);
        let user_verification = match configured.and_then(|configured| configured.user_verification) {
            None | Some(UserVerificationType::Preferred) if use_as == Use::FirstFactor => UserVerification::Preferred,
            _ => UserVerification::Required,
        };
        Self {
            is_set: id.is_some(),
            relying_party: id.map(|id| RelyingParty::new(id, related.clone())),
            user_verification,
            use_as,
            related,
        }
    }

    /// With the pool's domain in the place of a relying party that is not set. Reference: 7.1.
    pub fn with_domain(self, host: Option<String>) -> Self {
        let host = host.filter(|host| !self.is_set && webauthn::is_relying_party_id(host));
        match host {
            Some(host) => Self {
                relying_party: Some(RelyingParty::new(host, self.related.clone())),
                ..self
            },
            None => self,
        }
    }

    /// As pages at this place can use them: browsers let none ask for the passkeys of another host. Where none is set, pages by path
    /// ask for those of the host that they are on. What a page asks for is answered there: beneath the same domain may be pages of
    /// anybody's, such as a bucket's.
    pub fn at(&self, page: Option<&Page>) -> Self {
        let here = |party: &RelyingParty| party.on(&page?.origin);
        let of_host = || {
            let host = page?.own_host.as_ref();
            let host = host.filter(|host| !self.is_set && webauthn::is_relying_party_id(host));
            host.map(|host| RelyingParty::new(host.as_str(), self.related.clone()))
        };
        let own = self.relying_party.as_ref().and_then(here);
        Self {
            relying_party: own.or_else(|| here(&of_host()?)),
            ..self.clone()
        }
    }
}

impl Use {
    fn of(configured: Option<&WebAuthnConfigurationType>) -> Self {
        match configured.and_then(|configured| configured.factor_configuration) {
            Some(WebAuthnFactorConfigurationType::MultiFactorWithUserVerification) => Self::BothFactors,
            None | Some(WebAuthnFactorConfigurationType::SingleFactor) => Self::FirstFactor,
        }
    }
}

/// What SetUserPoolMfaConfig sets. `settings` are the pool's after it. Errors: InvalidParameter, FeatureUnavailableInTier.
pub(super) fn check(settings: &UserPoolType, configured: Option<&WebAuthnConfigurationType>) -> Result<(), ApiError> {
    let id = configured.and_then(|configured| configured.relying_party_id.as_deref());
    if let Some(id) = id.filter(|id| !webauthn::is_relying_party_id(id)) {
        return Err(errors::invalid_relying_party(id));
    }
    if needs_higher_plan(settings, configured) {
        return Err(errors::feature_not_available(UserPoolTierType::Lite, PASSKEY_MFA));
    }
    if evades_second_factor(settings, configured) {
        return Err(errors::passkey_as_one_factor());
    }
    Ok(())
}

/// What CreateUserPool and UpdateUserPool leave. Errors: InvalidParameter, FeatureUnavailableInTier.
pub(super) fn check_kept(
    settings: &UserPoolType,
    configured: Option<&WebAuthnConfigurationType>,
) -> Result<(), ApiError> {
    if needs_higher_plan(settings, configured) {
        return Err(errors::feature_to_disable(UserPoolTierType::Lite, PASSKEY_MFA));
    }
    if evades_second_factor(settings, configured) {
        return Err(errors::passkey_not_configured_for_mfa());
    }
    Ok(())
}

/// The name is ours.
const PASSKEY_MFA: &str = "Passkey MFA";

/// A passkey that is both factors is not of the lowest plan. Reference: 7.1.
fn needs_higher_plan(settings: &UserPoolType, configured: Option<&WebAuthnConfigurationType>) -> bool {
    settings.user_pool_tier == Some(UserPoolTierType::Lite) && Use::of(configured) == Use::BothFactors
}

/// Where everybody needs two factors, a passkey must be both.
fn evades_second_factor(settings: &UserPoolType, configured: Option<&WebAuthnConfigurationType>) -> bool {
    settings.mfa_configuration == Some(UserPoolMfaType::On)
        && FirstFactors::of(settings).allows(AuthFactorType::WebAuthn)
        && Use::of(configured) == Use::FirstFactor
}

/// Whether the tag may have this value.
pub(crate) fn are_origins(text: &str) -> bool {
    let listed = origins(text);
    !listed.is_empty() && listed.iter().all(|origin| webauthn::is_origin(origin))
}

fn origins(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use api::Wire;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_is_not_set_is_the_default() {
        let of = |tags: Value, configured: Option<Value>| {
            let settings = UserPoolType::from_json(json!({"UserPoolTags": tags})).unwrap();
            let configured = configured.map(|json| WebAuthnConfigurationType::from_json(json).unwrap());
            Passkeys::of(&settings, configured.as_ref())
        };
        let unset = Passkeys {
            relying_party: None,
            user_verification: UserVerification::Preferred,
            use_as: Use::FirstFactor,
            is_set: false,
            related: Vec::new(),
        };
        assert_eq!(of(json!({}), None), unset);
        assert_eq!(of(json!({}), Some(json!({"UserVerification": "preferred"}))), unset);
        let all = json!({
            "RelyingPartyId": "example.com",
            "UserVerification": "required",
            "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION",
        });
        let tags = json!({"poolhouse:webauthn-origins": " https://example.org  https://example.net"});
        let related = vec!["https://example.org".to_owned(), "https://example.net".to_owned()];
        let expected = Passkeys {
            relying_party: Some(RelyingParty::new("example.com", related.clone())),
            user_verification: UserVerification::Required,
            use_as: Use::BothFactors,
            is_set: true,
            related,
        };
        assert_eq!(of(tags, Some(all)), expected);
    }

    #[test]
    fn a_domain_stands_in_and_pages_use_what_browsers_let_them() {
        let of = |configured: Option<&str>, domain: Option<&str>| {
            let configured = configured.map(|id| WebAuthnConfigurationType {
                relying_party_id: Some(id.to_owned()),
                ..WebAuthnConfigurationType::default()
            });
            Passkeys::of(&UserPoolType::default(), configured.as_ref()).with_domain(domain.map(str::to_owned))
        };
        let id = |passkeys: &Passkeys| passkeys.relying_party.as_ref().map(|party| party.id().to_owned());
        let prefix = "app.auth.eu-west-1.localhost";
        let stood_in = |domain, origin: &str, own_host: &str| {
            let passkeys = of(None, Some(domain));
            let at = Page {
                origin: origin.to_owned(),
                own_host: Some(own_host.to_owned()).filter(|host| !host.is_empty()),
            };
            (id(&passkeys), id(&passkeys.at(Some(&at))))
        };
        let both = |api: &str, page: &str| {
            let some = |id: &str| Some(id.to_owned()).filter(|id| !id.is_empty());
            (some(api), some(page))
        };
        for (origin, own_host, page) in [
            ("http://app.auth.eu-west-1.localhost:4566", "", prefix),
            ("http://localhost:4566", "localhost", "localhost"),
            ("http://127.0.0.1:4566", "127.0.0.1", ""),
            ("http://id.example.com", "id.example.com", ""),
            ("https://id.example.com", "id.example.com", "id.example.com"),
            // By a host that is not ours, nobody's.
            ("https://evil.example", "", ""),
        ] {
            assert_eq!(stood_in(prefix, origin, own_host), both(prefix, page), "{origin}");
        }
        let custom = "auth.example.com";
        assert_eq!(stood_in(custom, "https://auth.example.com", ""), both(custom, custom));
        assert_eq!(stood_in("com", "https://com", ""), both("", ""));

        let at = |origin: &str, own_host: Option<&str>| Page {
            origin: origin.to_owned(),
            own_host: own_host.map(str::to_owned),
        };
        let local = at("http://localhost:4566", Some("localhost"));
        assert_eq!(id(&of(None, None).at(Some(&local))).as_deref(), Some("localhost"));
        let set = of(Some("example.com"), Some(prefix));
        assert_eq!(id(&set).as_deref(), Some("example.com"));
        assert_eq!(
            id(&set.at(Some(&at("https://auth.example.com", None)))).as_deref(),
            Some("example.com")
        );
        assert_eq!(id(&set.at(Some(&local))), None);
    }

    #[test]
    fn the_tag_lists_origins() {
        for (text, are) in [
            ("https://example.org", true),
            ("https://example.org https://example.net:8443", true),
            ("", false),
            (" ", false),
            ("https://example.org,https://example.net", false),
            ("https://example.org http://example.net", false),
        ] {
            assert_eq!(are_origins(text), are, "{text}");
        }
    }
}
