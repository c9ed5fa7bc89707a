//! What the kinds of providers differ in. Reference: oauth-and-federation 10.2, 10.5.

use std::collections::BTreeMap;

use api::cognito_idp::IdentityProviderTypeType as Kind;

/// Facebook's, where the provider names none.
const GRAPH_VERSION: &str = "v17.0";

/// The attribute of the mapping that stands for the user's name here.
pub(crate) const USERNAME: &str = "username";

/// Details of SAML.
pub(crate) const METADATA_URL: &str = "MetadataURL";
pub(crate) const METADATA_FILE: &str = "MetadataFile";
pub(super) const ENCRYPTED_RESPONSES: &str = "EncryptedResponses";
pub(super) const IDP_SIGN_OUT: &str = "IDPSignout";
pub(super) const IDP_INIT: &str = "IDPInit";
pub(super) const SIGNING_ALGORITHM: &str = "RequestSigningAlgorithm";

/// Those that nobody gives.
pub(super) const CERTIFICATE: &str = "ActiveEncryptionCertificate";
pub(super) const SIGN_IN: &str = "SSORedirectBindingURI";
pub(super) const SIGN_OUT: &str = "SLORedirectBindingURI";

/// Whether there is one such provider in the world, which has its own name.
pub(super) fn is_social(kind: Kind) -> bool {
    !matches!(kind, Kind::Saml | Kind::Oidc)
}

/// What the provider calls its user by. None: by no claim (SAML's NameID).
pub(super) fn subject(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Oidc | Kind::Google | Kind::SignInWithApple => Some("sub"),
        Kind::Facebook => Some("id"),
        Kind::LoginWithAmazon => Some("user_id"),
        Kind::Saml => None,
    }
}

/// The details that nobody gives, as they are shown.
pub(super) fn read_only(kind: Kind, given: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let details = |pairs: &[(&str, &str)]| {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        owned.collect::<BTreeMap<_, _>>()
    };
    match kind {
        Kind::Facebook => {
            let version = given.get("api_version").filter(|version| !version.is_empty());
            let version = version.map_or(GRAPH_VERSION, String::as_str);
            details(&[
                (
                    "attributes_url",
                    &format!("https://graph.facebook.com/{version}/me?fields="),
                ),
                ("attributes_url_add_attributes", "true"),
                (
                    "authorize_url",
                    &format!("https://www.facebook.com/{version}/dialog/oauth"),
                ),
                ("token_request_method", "GET"),
                (
                    "token_url",
                    &format!("https://graph.facebook.com/{version}/oauth/access_token"),
                ),
            ])
        }
        Kind::Google => details(&[
            (
                "attributes_url",
                "https://people.googleapis.com/v1/people/me?personFields=",
            ),
            ("attributes_url_add_attributes", "true"),
            ("authorize_url", "https://accounts.google.com/o/oauth2/v2/auth"),
            ("oidc_issuer", "https://accounts.google.com"),
            ("token_request_method", "POST"),
            ("token_url", "https://www.googleapis.com/oauth2/v4/token"),
        ]),
        Kind::LoginWithAmazon => details(&[
            ("attributes_url", "https://api.amazon.com/user/profile"),
            ("attributes_url_add_attributes", "false"),
            ("authorize_url", "https://www.amazon.com/ap/oa"),
            ("token_request_method", "POST"),
            ("token_url", "https://api.amazon.com/auth/o2/token"),
        ]),
        Kind::SignInWithApple => details(&[
            ("attributes_url_add_attributes", "false"),
            ("authorize_url", "https://appleid.apple.com/auth/authorize"),
            ("oidc_issuer", "https://appleid.apple.com"),
            ("token_request_method", "POST"),
            ("token_url", "https://appleid.apple.com/auth/token"),
        ]),
        Kind::Oidc => details(&[("attributes_url_add_attributes", "false")]),
        Kind::Saml => BTreeMap::new(),
    }
}
