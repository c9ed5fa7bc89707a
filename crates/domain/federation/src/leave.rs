//! The address that a browser is sent to. Reference: oauth-and-federation 10.3; OIDC Core 3.1.2.1.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::{Kind, Leaving, Provider, Url, Visit};

pub(crate) fn address(authorize: &Url, provider: &Provider, visit: &Visit, leaving: &Leaving<'_>) -> String {
    let kind = provider.kind();
    let scopes = scopes(provider);
    let challenge = visit.verifier.as_deref().map(challenge);
    let levels = leaving.levels.join(" ");
    let is_open_id = |_: &&str| kind == Kind::OpenId;
    let pairs = [
        ("client_id", Some(provider.client_id.as_str())),
        ("redirect_uri", Some(&visit.redirect_uri)),
        ("response_type", Some("code")),
        ("response_mode", form_post(kind, &scopes)),
        ("scope", Some(scopes.as_str())),
        ("state", Some(leaving.state)),
        ("nonce", visit.nonce.as_deref()),
        ("code_challenge", challenge.as_deref()),
        ("code_challenge_method", challenge.as_deref().map(|_| "S256")),
        ("prompt", leaving.prompt.filter(|prompt| takes_prompt(kind, prompt))),
        (
            "login_hint",
            leaving
                .login_hint
                .filter(|_| matches!(kind, Kind::OpenId | Kind::Google)),
        ),
        ("ui_locales", leaving.locales.filter(is_open_id)),
        ("acr_values", Some(levels.as_str()).filter(is_open_id)),
    ];
    let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    authorize.with(given.filter(|(_, value)| !value.is_empty())).into_text()
}

/// In the form that the provider has for them.
fn scopes(provider: &Provider) -> String {
    let scopes = provider.scopes.split([' ', ',']).filter(|scope| !scope.is_empty());
    let mut scopes = scopes.collect::<Vec<_>>();
    // Nothing but an ID token says who came, and only this scope is sure to bring one.
    if provider.kind() == Kind::Google && !scopes.contains(&"openid") {
        scopes.push("openid");
    }
    match provider.kind() {
        Kind::Facebook => scopes.join(","),
        Kind::OpenId => provider.scopes.clone(),
        _ => scopes.join(" "),
    }
}

/// Apple wants a form wherever there is more to tell than who it is.
fn form_post(kind: Kind, scopes: &str) -> Option<&'static str> {
    let tells_more = scopes.split(' ').any(|scope| matches!(scope, "name" | "email"));
    (kind == Kind::Apple && tells_more).then_some("form_post")
}

/// Google refuses words that it does not know.
fn takes_prompt(kind: Kind, prompt: &str) -> bool {
    let is_known = |word| matches!(word, "none" | "consent" | "select_account");
    match kind {
        Kind::OpenId => true,
        Kind::Google => prompt.split(' ').all(is_known),
        Kind::Facebook | Kind::Amazon | Kind::Apple | Kind::Saml => false,
    }
}

/// RFC 7636 section 4.2.
fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(vault::sha256(verifier.as_bytes()))
}
