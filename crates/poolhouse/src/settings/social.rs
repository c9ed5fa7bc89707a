//! `[social.google]` and its like: where the social identity providers are, as it is written. What it means is `social`'s business.

use confique::Config;

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Social {
    /// Providers of the type Google.
    #[config(nested)]
    pub google: Google,

    /// Providers of the type Facebook.
    #[config(nested)]
    pub facebook: Facebook,

    /// Providers of the type LoginWithAmazon.
    #[config(nested)]
    pub amazon: Amazon,

    /// Providers of the type SignInWithApple.
    #[config(nested)]
    pub apple: Apple,
}

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Google {
    /// Where browsers are sent in the place of Google's own address, for tests: here and below, each may be plain http and of a private
    /// network.
    #[config(env = "POOLHOUSE_SOCIAL_GOOGLE_AUTHORIZE_URL")]
    pub authorize_url: Option<String>,

    /// Where codes are traded in the place of Google's own address.
    #[config(env = "POOLHOUSE_SOCIAL_GOOGLE_TOKEN_URL")]
    pub token_url: Option<String>,

    /// Where the People API is asked of a user, `personFields` added, in the place of Google's own address.
    #[config(env = "POOLHOUSE_SOCIAL_GOOGLE_ATTRIBUTES_URL")]
    pub attributes_url: Option<String>,

    /// Where the keys of ID tokens are, in the place of Google's own address.
    #[config(env = "POOLHOUSE_SOCIAL_GOOGLE_JWKS_URI")]
    pub jwks_uri: Option<String>,

    /// The `iss` of ID tokens in the place of Google's own.
    #[config(env = "POOLHOUSE_SOCIAL_GOOGLE_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,
}

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
#[expect(clippy::struct_field_names, reason = "they are the file's")]
pub struct Facebook {
    /// Where browsers are sent in the place of Facebook's own address, whatever the provider's `api_version`.
    #[config(env = "POOLHOUSE_SOCIAL_FACEBOOK_AUTHORIZE_URL")]
    pub authorize_url: Option<String>,

    /// Where codes are traded, by GET, in the place of Facebook's own address.
    #[config(env = "POOLHOUSE_SOCIAL_FACEBOOK_TOKEN_URL")]
    pub token_url: Option<String>,

    /// Where a user's attributes are asked for, `fields` added, in the place of Facebook's own address.
    #[config(env = "POOLHOUSE_SOCIAL_FACEBOOK_ATTRIBUTES_URL")]
    pub attributes_url: Option<String>,
}

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
#[expect(clippy::struct_field_names, reason = "they are the file's")]
pub struct Amazon {
    /// Where browsers are sent in the place of Amazon's own address.
    #[config(env = "POOLHOUSE_SOCIAL_AMAZON_AUTHORIZE_URL")]
    pub authorize_url: Option<String>,

    /// Where codes are traded in the place of Amazon's own address.
    #[config(env = "POOLHOUSE_SOCIAL_AMAZON_TOKEN_URL")]
    pub token_url: Option<String>,

    /// Where a user's profile is asked for in the place of Amazon's own address.
    #[config(env = "POOLHOUSE_SOCIAL_AMAZON_ATTRIBUTES_URL")]
    pub attributes_url: Option<String>,
}

#[derive(Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Apple {
    /// Where browsers are sent in the place of Apple's own address.
    #[config(env = "POOLHOUSE_SOCIAL_APPLE_AUTHORIZE_URL")]
    pub authorize_url: Option<String>,

    /// Where codes are traded in the place of Apple's own address.
    #[config(env = "POOLHOUSE_SOCIAL_APPLE_TOKEN_URL")]
    pub token_url: Option<String>,

    /// Where the keys of ID tokens are, in the place of Apple's own address.
    #[config(env = "POOLHOUSE_SOCIAL_APPLE_JWKS_URI")]
    pub jwks_uri: Option<String>,

    /// The `iss` of ID tokens, and the `aud` of client secrets, in the place of Apple's own.
    #[config(env = "POOLHOUSE_SOCIAL_APPLE_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,
}
