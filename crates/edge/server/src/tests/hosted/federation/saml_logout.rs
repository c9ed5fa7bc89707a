//! Who is signed out is signed out by their provider of SAML too. Reference: oauth-and-federation 11.7, 17.5.

use std::time::Duration;

use serde_json::json;

use super::{
    Browser, Got,
    by_saml::{Corporate, NAME},
    parameter,
    saml_idp::SamlIdp,
    saml_refusals::of_no_visit,
};
use crate::tests::hosted::{
    browser::{attribute, between},
    site::LOGOUT,
};

/// A browser at which Ana has signed in by the provider.
async fn signed_in(corporate: &Corporate) -> Browser<'_> {
    let mut browser = corporate.browser();
    let asked = corporate.leave(&mut browser).await;
    let got = corporate.arrive(&mut browser, &asked).await;
    assert!(parameter(&got, "code").is_some(), "{}", got.body);
    browser
}

/// What `/logout` answers.
async fn sign_out(corporate: &Corporate, browser: &mut Browser<'_>) -> Got {
    let query = super::encoded(&[("client_id", corporate.app.id.as_str()), ("logout_uri", LOGOUT)]);
    browser.get(&format!("/logout?{query}")).await
}

async fn is_signed_in(corporate: &Corporate, browser: &mut Browser<'_>) -> bool {
    let request = corporate.app.request(&[("prompt", "none")]);
    let got = browser.get(&format!("/oauth2/authorize?{request}")).await;
    parameter(&got, "code").is_some()
}

#[tokio::test]
async fn a_sign_out_goes_by_the_provider() {
    let corporate = Corporate::with(json!({"IDPSignout": "true"})).await;
    let browser = &mut signed_in(&corporate).await;
    assert!(is_signed_in(&corporate, browser).await);
    let got = sign_out(&corporate, browser).await;
    let (query, request) = SamlIdp::asked_to_end(got.header("location"));
    assert_eq!(
        between(&request, "<saml:NameID>", "</saml:NameID>"),
        Some("ana.example")
    );
    assert!(between(&request, "<samlp:SessionIndex>_s", "</samlp:SessionIndex>").is_some());
    // Whatever becomes of it.
    assert!(!is_signed_in(&corporate, browser).await);

    let id = attribute(request.split('>').next().unwrap(), "ID").unwrap();
    let slo = format!("http://{}/saml2/logout", corporate.at.host);
    let relay_state = query.get("RelayState").unwrap();
    let path = "/saml2/logout";
    for (response, reason) in [
        (
            corporate.idp.ended(&id, &slo, false),
            "SAML Response signature is invalid",
        ),
        (
            corporate.idp.ended("_other", &slo, true),
            "InResponseTo does not match the request",
        ),
        (
            corporate.idp.ended(&id, "https://elsewhere.example/", true),
            "Destination is another",
        ),
    ] {
        let fields = [("SAMLResponse", &*response), ("RelayState", relay_state)];
        let got = corporate.post_to(browser, path, &fields).await;
        assert_eq!((got.status, got.header("location")), (400, ""));
        assert!(got.body.contains(reason), "{reason}: {}", got.body);
    }
    let response = corporate.idp.ended(&id, &slo, true);
    let fields = [("SAMLResponse", &*response), ("RelayState", relay_state)];
    let got = corporate.post_to(browser, path, &fields).await;
    assert_eq!((got.status, got.header("location")), (302, LOGOUT));
    assert_eq!(browser.get(&format!("{path}?SAMLResponse=x")).await.status, 405);

    // The state of a visit is none of a logout, and the reverse.
    let visit = corporate.leave(browser).await;
    let fields = [("SAMLResponse", &*response), ("RelayState", visit.relay_state())];
    of_no_visit(&corporate.post_to(browser, path, &fields).await);
    let fields = [("SAMLResponse", &*response), ("RelayState", relay_state)];
    of_no_visit(&corporate.post(browser, &fields).await);
    corporate.rig.advance(Duration::from_secs(5 * 60));
    of_no_visit(&corporate.post_to(browser, path, &fields).await);
}

#[tokio::test]
async fn a_sign_out_goes_straight_on_where_no_provider_hears_of_it() {
    let corporate = Corporate::new().await;
    let browser = &mut signed_in(&corporate).await;
    let got = sign_out(&corporate, browser).await;
    assert_eq!((got.status, got.header("location")), (302, LOGOUT));
    // Nobody is signed in.
    let wants = Corporate::with(json!({"IDPSignout": "true"})).await;
    let got = sign_out(&wants, &mut wants.browser()).await;
    assert_eq!(got.header("location"), LOGOUT);
    // The provider is gone.
    let browser = &mut signed_in(&wants).await;
    let named = json!({"UserPoolId": wants.at.pool, "ProviderName": NAME});
    wants.call("DeleteIdentityProvider", named).await;
    assert_eq!(sign_out(&wants, browser).await.header("location"), LOGOUT);
}
