//! What a pool does beyond Cognito, each turned on by a tag of its own (docs/oauth.md): parsed once where a pool is loaded.

use std::ops::RangeInclusive;

use api::cognito_idp::UserPoolType;

use crate::client::logout_uri;

/// Everything is off where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Switches {
    /// Whether OpenID Connect counts more than Cognito's dialect where they contradict each other.
    pub openid: bool,
    /// Whether apps are told whose answer they hear (RFC 9207).
    pub iss: bool,
    /// Whether apps may have their answer posted (`response_mode`).
    pub form_post: bool,
    /// Whether an app of this machine may listen at any port (RFC 8252 section 7.3).
    pub loopback_ports: bool,
    /// Whether scopes that the client does not have are overlooked, as RFC 6749 section 3.3 would have it.
    pub overlooks_scopes: bool,
    /// Whether browsers' sessions end with their users' others: by global sign-out.
    pub sso_ends_with_sign_out: bool,
    /// Whether APIs may ask what a token is worth (RFC 7662).
    pub introspection: bool,
    /// Whether userInfo says who its authorization server is (RFC 9728).
    pub resource_metadata: bool,
    /// Whether clients without a style have the built-in one. docs/hosted-login.md
    pub default_style: bool,
    pub pushed: Pushed,
    /// Whether devices that can't show pages may be allowed at others (RFC 8628).
    pub device_grant: bool,
    /// Whether clients may hear that a browser's session has ended (OpenID Connect Back-Channel Logout 1.0).
    pub backchannel_logout: bool,
    /// Whether clients may show who they are by what they sign (`private_key_jwt`).
    pub private_key_jwt: bool,
    pub proofs: Proofs,
    /// Whether proofs of possession repeat what they were given to (RFC 9449 section 8).
    pub proof_nonces: bool,
    pub account_page: AccountPage,
    /// How many clients may register themselves in an hour, where registration is open. None: as many as by default.
    pub registrations: Option<u32>,
}

/// Pushed authorization requests (RFC 9126).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Pushed {
    #[default]
    Off,
    On,
    /// No request comes by the browser alone.
    Required,
}

/// Tokens that are bound to a key by proofs of its possession (RFC 9449), of the OAuth endpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Proofs {
    #[default]
    Off,
    /// Whoever shows a proof gets such tokens.
    On,
    /// Nobody gets others.
    Required,
}

/// Whether people manage their account by pages (docs/account-page.md).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AccountPage {
    /// Where their client may have the scope that lets them do so by the API.
    #[default]
    Scoped,
    On,
    Off,
}

/// What a tag may say.
enum Values {
    Words(&'static [&'static str]),
    Number(RangeInclusive<u32>),
}

const OPENID: &str = "poolhouse:openid";
const ISS: &str = "poolhouse:iss";
const FORM_POST: &str = "poolhouse:form-post";
const LOOPBACK_PORTS: &str = "poolhouse:loopback-ports";
const UNKNOWN_SCOPES: &str = "poolhouse:unknown-scopes";
const SSO: &str = "poolhouse:sso-ends-with-sign-out";
const INTROSPECTION: &str = "poolhouse:introspection";
const RESOURCE_METADATA: &str = "poolhouse:resource-metadata";
const DEFAULT_STYLE: &str = "poolhouse:default-style";
const PUSHED: &str = "poolhouse:par";
const DEVICE_GRANT: &str = "poolhouse:device-grant";
const BACKCHANNEL_LOGOUT: &str = "poolhouse:backchannel-logout";
const PRIVATE_KEY_JWT: &str = "poolhouse:private-key-jwt";
const PROOFS: &str = "poolhouse:dpop";
const PROOF_NONCES: &str = "poolhouse:dpop-nonce";
const ACCOUNT_PAGE: &str = "poolhouse:account-page";
const REGISTRATIONS: &str = "poolhouse:registrations-an-hour";

const TAGS: [(&str, Values); 17] = [
    (OPENID, Values::Words(&["strict"])),
    (ISS, Values::Words(&["on"])),
    (FORM_POST, Values::Words(&["on"])),
    (LOOPBACK_PORTS, Values::Words(&["on"])),
    (UNKNOWN_SCOPES, Values::Words(&["ignore"])),
    (SSO, Values::Words(&["true"])),
    (INTROSPECTION, Values::Words(&["on"])),
    (RESOURCE_METADATA, Values::Words(&["on"])),
    (DEFAULT_STYLE, Values::Words(&["true"])),
    (PUSHED, Values::Words(&["on", "required"])),
    (DEVICE_GRANT, Values::Words(&["on"])),
    (BACKCHANNEL_LOGOUT, Values::Words(&["on"])),
    (PRIVATE_KEY_JWT, Values::Words(&["on"])),
    (PROOFS, Values::Words(&["on", "required"])),
    (PROOF_NONCES, Values::Words(&["required"])),
    (ACCOUNT_PAGE, Values::Words(&["on", "off"])),
    (REGISTRATIONS, Values::Number(1..=1000)),
];

impl Switches {
    pub(crate) fn of(settings: &UserPoolType) -> Self {
        let tag = |name: &str| settings.user_pool_tags.as_ref()?.get(name).map(String::as_str);
        let is = |name: &str, value: &str| tag(name) == Some(value);
        Self {
            openid: is(OPENID, "strict"),
            iss: is(ISS, "on"),
            form_post: is(FORM_POST, "on"),
            loopback_ports: is(LOOPBACK_PORTS, "on"),
            overlooks_scopes: is(UNKNOWN_SCOPES, "ignore"),
            sso_ends_with_sign_out: is(SSO, "true"),
            introspection: is(INTROSPECTION, "on"),
            resource_metadata: is(RESOURCE_METADATA, "on"),
            default_style: is(DEFAULT_STYLE, "true"),
            pushed: match tag(PUSHED) {
                Some("on") => Pushed::On,
                Some("required") => Pushed::Required,
                _ => Pushed::Off,
            },
            device_grant: is(DEVICE_GRANT, "on"),
            backchannel_logout: is(BACKCHANNEL_LOGOUT, "on") || names_hearers(settings),
            private_key_jwt: is(PRIVATE_KEY_JWT, "on"),
            proofs: match tag(PROOFS) {
                Some("on") => Proofs::On,
                Some("required") => Proofs::Required,
                _ => Proofs::Off,
            },
            proof_nonces: is(PROOF_NONCES, "required"),
            account_page: match tag(ACCOUNT_PAGE) {
                Some("on") => AccountPage::On,
                Some("off") => AccountPage::Off,
                _ => AccountPage::Scoped,
            },
            registrations: tag(REGISTRATIONS).and_then(|text| text.parse().ok()),
        }
    }
}

/// Whether a client has a tag that says where it wants to hear.
fn names_hearers(settings: &UserPoolType) -> bool {
    let mut tags = settings.user_pool_tags.iter().flatten();
    tags.any(|(key, _)| logout_uri::TAG.client_of(key).is_some())
}

/// Whether a tag is one of these.
pub(super) fn is_switch(key: &str) -> bool {
    TAGS.iter().any(|(name, _)| *name == key)
}

/// Errors: what the tag may be.
pub(super) fn check(key: &str, value: &str) -> Result<(), String> {
    let Some((_, values)) = TAGS.iter().find(|(name, _)| *name == key) else {
        return Ok(());
    };
    match values {
        Values::Words(words) if words.contains(&value) => Ok(()),
        Values::Words(words) => Err(words.join(" or ")),
        Values::Number(range) => match value.parse::<u32>() {
            Ok(number) if range.contains(&number) => Ok(()),
            _ => Err(format!("a number from {} to {}", range.start(), range.end())),
        },
    }
}

#[cfg(test)]
mod tests {
    use api::Wire;
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_is_on_that_no_tag_turns_on() {
        let of = |tags| Switches::of(&UserPoolType::from_json(json!({"UserPoolTags": tags})).unwrap());
        assert_eq!(of(json!({})), Switches::default());
        assert_eq!(
            of(json!({"poolhouse:iss": "off", "poolhouse:par": "maybe"})),
            Switches::default()
        );
        let all = of(json!({
            "poolhouse:iss": "on", "poolhouse:form-post": "on", "poolhouse:loopback-ports": "on",
            "poolhouse:unknown-scopes": "ignore", "poolhouse:sso-ends-with-sign-out": "true", "poolhouse:introspection": "on",
            "poolhouse:resource-metadata": "on", "poolhouse:par": "required", "poolhouse:registrations-an-hour": "7",
            "poolhouse:default-style": "true", "poolhouse:device-grant": "on",
            "poolhouse:openid": "strict", "poolhouse:private-key-jwt": "on", "poolhouse:dpop": "required",
            "poolhouse:dpop-nonce": "required", "poolhouse:account-page": "off",
        }));
        let expected = Switches {
            openid: true,
            iss: true,
            form_post: true,
            loopback_ports: true,
            overlooks_scopes: true,
            sso_ends_with_sign_out: true,
            introspection: true,
            resource_metadata: true,
            default_style: true,
            pushed: Pushed::Required,
            device_grant: true,
            backchannel_logout: false,
            private_key_jwt: true,
            proofs: Proofs::Required,
            proof_nonces: true,
            account_page: AccountPage::Off,
            registrations: Some(7),
        };
        assert_eq!(all, expected);
        let told = of(json!({"poolhouse:backchannel-logout:1example23456789": "https://app.example.com/out"}));
        assert!(told.backchannel_logout);
        assert!(of(json!({"poolhouse:backchannel-logout": "on"})).backchannel_logout);
        assert!(!of(json!({"poolhouse:backchannel-logout:": "https://app.example.com/out"})).backchannel_logout);
    }

    #[test]
    fn a_tag_says_what_it_may() {
        for (key, value, may_be) in [
            ("poolhouse:iss", "on", None),
            ("poolhouse:iss", "true", Some("on")),
            ("poolhouse:unknown-scopes", "ignore", None),
            ("poolhouse:sso-ends-with-sign-out", "true", None),
            ("poolhouse:par", "required", None),
            ("poolhouse:par", "", Some("on or required")),
            ("poolhouse:account-page", "off", None),
            ("poolhouse:account-page", "yes", Some("on or off")),
            ("poolhouse:registrations-an-hour", "1000", None),
            ("poolhouse:registrations-an-hour", "0", Some("a number from 1 to 1000")),
            ("poolhouse:registrations-an-hour", "-1", Some("a number from 1 to 1000")),
        ] {
            assert!(is_switch(key));
            assert_eq!(check(key, value).err().as_deref(), may_be, "{key}={value}");
        }
        assert!(!is_switch("poolhouse:issuer"));
    }
}
