//! Where browsers are sent.

use serde_json::json;
use upstream::{Reach, Upstream};

use super::{HERE, NOW, Op, Zeros, map};
use crate::{Federation, Kind, Leaving, Places, Provider, Url};

fn leaving(levels: &[String]) -> Leaving<'_> {
    Leaving {
        state: "s/1",
        login_hint: Some("ana@example.com"),
        prompt: Some("login"),
        locales: Some("de fr"),
        levels,
    }
}

async fn address(federation: &Federation, provider: &Provider, leaving: &Leaving<'_>) -> String {
    let visit = federation.set_out(provider, HERE, &Zeros, NOW).await.unwrap();
    federation.address(provider, &visit, leaving, NOW).await.unwrap()
}

#[tokio::test]
async fn an_openid_provider_is_told_all_that_there_is() {
    let op = Op::new().await;
    op.discovers(&json!({"authorization_endpoint": op.site.url("/authorize?tenant=1#x"), "code_challenge_methods_supported": ["S256"]}));
    let levels = ["gold".to_owned(), "silver".to_owned()];
    // RFC 7636's transformation of 64 times `A`, by Python's hashlib.
    let expected = format!(
        "{}?tenant=1&client_id=us&redirect_uri=https%3A%2F%2Fauth.example.com%2Foauth2%2Fidpresponse&response_type=code\
         &scope=openid+email&state=s%2F1&nonce={}&code_challenge=1T7aemN8mcx_tWbZbp-hCb8VxHhBCj9etNTE4mzQgfY&code_challenge_method=S256\
         &prompt=login&login_hint=ana%40example.com&ui_locales=de+fr&acr_values=gold+silver",
        op.site.url("/authorize"),
        "A".repeat(32),
    );
    assert_eq!(
        address(&op.federation, &op.provider(), &leaving(&levels)).await,
        expected
    );

    op.discovers(&json!({}));
    let bare = Leaving {
        state: "s",
        ..Leaving::default()
    };
    let text = address(&super::federation(), &op.provider(), &bare).await;
    assert!(
        text.ends_with(&format!("&scope=openid+email&state=s&nonce={}", "A".repeat(32))),
        "{text}"
    );
}

#[tokio::test]
async fn the_others_are_told_what_they_know() {
    let pem = super::social::private_key();
    let mut all = map(&[
        ("client_id", "us"),
        ("client_secret", "s"),
        ("team_id", "T"),
        ("key_id", "K"),
    ]);
    all.insert("private_key".to_owned(), pem);
    let redirect = "redirect_uri=https%3A%2F%2Fauth.example.com%2Foauth2%2Fidpresponse&response_type=code";
    let nonce = format!("&state=s%2F1&nonce={}", "A".repeat(32));
    for (kind, scopes, start, end) in [
        (
            Kind::Google,
            "profile",
            "https://accounts.google.com/o/oauth2/v2/auth?",
            format!(
                "&scope=profile+openid{nonce}&code_challenge=1T7aemN8mcx_tWbZbp-hCb8VxHhBCj9etNTE4mzQgfY&code_challenge_method=S256&login_hint=ana%40example.com"
            ),
        ),
        (
            Kind::Facebook,
            "public_profile, email",
            "https://www.facebook.com/v17.0/dialog/oauth?",
            "&scope=public_profile%2Cemail&state=s%2F1".to_owned(),
        ),
        (
            Kind::Amazon,
            "profile postal_code",
            "https://www.amazon.com/ap/oa?",
            "&scope=profile+postal_code&state=s%2F1".to_owned(),
        ),
        (
            Kind::Apple,
            "email name",
            "https://appleid.apple.com/auth/authorize?",
            format!("&response_mode=form_post&scope=email+name{nonce}"),
        ),
        (
            Kind::Apple,
            "",
            "https://appleid.apple.com/auth/authorize?",
            nonce.clone(),
        ),
    ] {
        let mut details = all.clone();
        details.insert("authorize_scopes".to_owned(), scopes.to_owned());
        let provider = Provider::read(kind.as_str(), kind, &details, &map(&[])).unwrap();
        let expected = format!("{start}client_id=us&{redirect}{end}");
        assert_eq!(address(&super::federation(), &provider, &leaving(&[])).await, expected);
    }
    let provider = Provider::read("Google", Kind::Google, &all, &map(&[])).unwrap();
    let chosen = Leaving {
        prompt: Some("select_account"),
        ..leaving(&[])
    };
    let text = address(&super::federation(), &provider, &chosen).await;
    assert!(text.contains("&prompt=select_account&"), "{text}");
}

#[tokio::test]
async fn browsers_are_sent_to_https_alone_unless_the_operator_says_otherwise() {
    let details = map(&[
        ("client_id", "us"),
        ("client_secret", "s"),
        ("oidc_issuer", "https://op.example"),
        ("authorize_url", "http://op.example/authorize"),
        ("token_url", "https://op.example/token"),
        ("attributes_url", "https://op.example/user"),
        ("jwks_uri", "https://op.example/keys"),
    ]);
    let open_id = Provider::read("Corp", Kind::OpenId, &details, &map(&[])).unwrap();
    let google = Provider::read("Google", Kind::Google, &details, &map(&[])).unwrap();
    let mut places = Places::default();
    places.google.authorize_url = Some(Url::of_operator("http://127.0.0.1:9/authorize").unwrap());
    for (provider, reach, expected) in [
        (&open_id, Reach::Public, None),
        (&open_id, Reach::Anywhere, Some("http://op.example/authorize?")),
        (&google, Reach::Public, Some("http://127.0.0.1:9/authorize?")),
    ] {
        let federation = Federation::new(Upstream::new(reach).unwrap(), places.clone());
        let visit = federation.set_out(provider, HERE, &Zeros, NOW).await.unwrap();
        let address = federation.address(provider, &visit, &Leaving::default(), NOW).await;
        match (address, expected) {
            (Ok(address), Some(start)) => assert!(address.starts_with(start), "{address}"),
            (Err(refusal), None) => assert_eq!(refusal.description, "Unable to contact well-known endpoint"),
            (address, _) => panic!("{address:?}"),
        }
    }
}

#[tokio::test]
async fn saml_is_not_spoken_here() {
    let provider = Provider::read(
        "Corp",
        Kind::Saml,
        &map(&[("MetadataURL", "https://a.example")]),
        &map(&[]),
    )
    .unwrap();
    let refusal = super::federation()
        .set_out(&provider, HERE, &Zeros, NOW)
        .await
        .err()
        .unwrap();
    assert_eq!(refusal.because, "SAML is not spoken here");
}
