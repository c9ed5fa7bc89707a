//! People whom a provider of SAML sends although nobody sent them to it. Reference: oauth-and-federation 11.4, 17.5.

use std::time::Duration;

use serde_json::json;

use super::{
    App, Got, NAME as PARTNER,
    by_saml::{Corporate, NAME},
    idp::Idp,
    parameter,
    saml_idp::Said,
    saml_refusals::{of_no_visit, refused},
    told,
};

/// A provider that may begin, and a client that takes people from it alone.
pub(super) async fn begun() -> (Corporate, App) {
    let corporate = Corporate::with(json!({"IDPInit": "true"})).await;
    let app = client(&corporate, &[NAME]).await;
    (corporate, app)
}

async fn client(corporate: &Corporate, providers: &[&str]) -> App {
    let settings = json!({"SupportedIdentityProviders": providers});
    corporate.app_of(&corporate.at, settings).await
}

/// The provider begins: what it says may be changed, and what it wants for the app.
pub(super) async fn begin(corporate: &Corporate, relay_state: &str, change: impl FnOnce(&mut Said<'_>)) -> Got {
    let consumer = format!("http://{}/saml2/idpresponse", corporate.at.host);
    let audience = format!("urn:amazon:cognito:sp:{}", corporate.at.pool);
    let mut said = Said {
        name_id: "ana.example",
        email: "ana@corp.example",
        in_response_to: "",
        consumer: &consumer,
        audience: &audience,
        at: kernel::Clock::wall(&*corporate.rig.clock),
        is_signed: true,
    };
    change(&mut said);
    let response = corporate.idp.response(&said);
    let fields = [("SAMLResponse", &*response), ("RelayState", relay_state)];
    corporate.post(&mut corporate.browser(), &fields).await
}

#[tokio::test]
async fn an_app_hears_of_who_was_sent_unasked_once() {
    let (corporate, app) = begun().await;
    for choice in [("identity_provider", NAME), ("idp_identifier", "corp.example")] {
        let got = begin(&corporate, &app.request(&[choice]), |_| ()).await;
        let code = parameter(&got, "code").unwrap_or_else(|| panic!("{} {}", got.header("location"), got.body));
        assert_eq!(told(&got), format!("code={code}&state=a-state"));
        assert_eq!(corporate.trade(&corporate.at, &app, &code).await.status, 200);
        // The same assertion again.
        let again = begin(&corporate, &app.request(&[choice]), |_| ()).await;
        refused(&again, "The response is already processed");
        corporate.rig.advance(Duration::from_secs(3600));
    }
}

#[tokio::test]
async fn nobody_comes_unasked_where_that_is_not_wanted() {
    let (corporate, app) = begun().await;
    let idp = Idp::start(corporate.rig.clock.clone()).await;
    corporate.rig.provider(&corporate.at, PARTNER, &idp, json!({})).await;
    let named = [("identity_provider", NAME)];
    for providers in [&[NAME, "COGNITO"][..], &[NAME, PARTNER]] {
        let app = client(&corporate, providers).await;
        of_no_visit(&begin(&corporate, &app.request(&named), |_| ()).await);
    }
    // It does not say by whom.
    of_no_visit(&begin(&corporate, &app.request(&[]), |_| ()).await);
    let off = Corporate::new().await;
    let app = client(&off, &[NAME]).await;
    of_no_visit(&begin(&off, &app.request(&named), |_| ()).await);
}

#[tokio::test]
async fn what_comes_unasked_is_fresh_and_answers_nothing() {
    let (corporate, app) = begun().await;
    let request = app.request(&[("identity_provider", NAME)]);
    let asked = begin(&corporate, &request, |said| said.in_response_to = "_asked").await;
    refused(&asked, "InResponseTo does not match the request");
    let old = |said: &mut Said<'_>| said.at = said.at.minus(Duration::from_secs(400));
    refused(&begin(&corporate, &request, old).await, "Assertion is not valid");
    let unsigned = begin(&corporate, &request, |said| said.is_signed = false).await;
    refused(&unsigned, "SAML Response signature is invalid");

    let elsewhere = app.request(&[("identity_provider", NAME), ("redirect_uri", "https://evil.example/")]);
    let got = begin(&corporate, &elsewhere, |_| ()).await;
    assert!(
        got.header("location").contains("/error?error=redirect_mismatch"),
        "{}",
        got.header("location")
    );
    // A request that the app's own browser has left with is none of these.
    let visit = &mut corporate.browser();
    let left = corporate.leave(visit).await;
    of_no_visit(&begin(&corporate, left.relay_state(), |_| ()).await);
}
