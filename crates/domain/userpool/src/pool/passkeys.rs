//! What a pool's settings say of passkeys. Reference: user-pools 7.1.

use api::cognito_idp::{
    UserPoolType, UserVerificationType, WebAuthnConfigurationType, WebAuthnFactorConfigurationType,
};
use webauthn::{RelyingParty, UserVerification};

/// Origins beside those of the relying party's domain, separated by blanks: sites that name them in their
/// `/.well-known/webauthn`, and apps.
pub(crate) const ORIGINS_TAG: &str = "poolhouse:webauthn-origins";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PasskeySettings {
    /// None if none is set: a pool's domain will stand in for it.
    pub relying_party: Option<RelyingParty>,
    pub user_verification: UserVerification,
    pub strength: Strength,
}

/// What a passkey is worth whose authenticator verified its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strength {
    OneFactor,
    /// It is a second factor too.
    TwoFactors,
}

impl PasskeySettings {
    /// `configured`: as SetUserPoolMfaConfig keeps it.
    pub fn of(settings: &UserPoolType, configured: Option<&WebAuthnConfigurationType>) -> Self {
        let tags = settings.user_pool_tags.as_ref();
        let related = tags.and_then(|tags| tags.get(ORIGINS_TAG)).map(|text| origins(text));
        let id = configured.and_then(|configured| configured.relying_party_id.clone());
        let user_verification = match configured.and_then(|configured| configured.user_verification) {
            Some(UserVerificationType::Required) => UserVerification::Required,
            None | Some(UserVerificationType::Preferred) => UserVerification::Preferred,
        };
        let strength = match configured.and_then(|configured| configured.factor_configuration) {
            Some(WebAuthnFactorConfigurationType::MultiFactorWithUserVerification) => Strength::TwoFactors,
            None | Some(WebAuthnFactorConfigurationType::SingleFactor) => Strength::OneFactor,
        };
        Self {
            relying_party: id.map(|id| RelyingParty::new(id, related.unwrap_or_default())),
            user_verification,
            strength,
        }
    }
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
            PasskeySettings::of(&settings, configured.as_ref())
        };
        let unset = PasskeySettings {
            relying_party: None,
            user_verification: UserVerification::Preferred,
            strength: Strength::OneFactor,
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
        let expected = PasskeySettings {
            relying_party: Some(RelyingParty::new("example.com", related)),
            user_verification: UserVerification::Required,
            strength: Strength::TwoFactors,
        };
        assert_eq!(of(tags, Some(all)), expected);
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
