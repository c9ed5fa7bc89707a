//! Which answers of a provider of SAML are none, and who hears of it. Reference: oauth-and-federation 11.3, 11.6, 17.5.

use std::time::Duration;

use serde_json::json;

use super::{
    Browser, Got, NAME as PARTNER,
    by_saml::{Corporate, NAME},
    idp::Idp,
    saml_idp::{Asked, Said},
    state, told, unheard,
};

/// No app hears of it, and people read Cognito's words.
#[track_caller]
pub(super) fn of_no_visit(answer: &Got) {
    unheard(answer);
    let sentence = "Invalid relayState from identity provider";
    assert!(answer.body.contains(sentence), "{}", answer.body);
}

/// The app hears why.
#[track_caller]
pub(super) fn refused(answer: &Got, reason: &str) {
    let reason = reason.replace(' ', "+");
    let expected =
        format!("error_description=Invalid+SAML+response+received%3A+{reason}&state=a-state&error=invalid_request");
    assert_eq!(told(answer), expected);
}

/// The provider says something else.
async fn says(
    corporate: &Corporate,
    browser: &mut Browser<'_>,
    asked: &Asked,
    change: impl FnOnce(&mut Said<'_>),
) -> Got {
    let mut said = corporate.idp.said(asked);
    change(&mut said);
    let response = corporate.idp.response(&said);
    let fields = [("SAMLResponse", &*response), ("RelayState", asked.relay_state())];
    corporate.post(browser, &fields).await
}

#[tokio::test]
async fn an_answer_is_of_the_browser_that_left_within_five_minutes() {
    let corporate = Corporate::new().await;
    let (browser, other) = (&mut corporate.browser(), &mut corporate.browser());
    let asked = corporate.leave(browser).await;
    corporate.leave(other).await;
    // Another browser, with a cookie of its own and without one.
    of_no_visit(&corporate.arrive(other, &asked).await);
    of_no_visit(&corporate.arrive(&mut corporate.browser(), &asked).await);

    let response = corporate.idp.response(&corporate.idp.said(&asked));
    let sealed = asked.relay_state();
    for relay_state in ["", "x", "https://evil.example/", &sealed[1..], &format!("{sealed}A")] {
        let fields = [("SAMLResponse", &*response), ("RelayState", relay_state)];
        of_no_visit(&corporate.post(browser, &fields).await);
    }
    of_no_visit(&corporate.post(browser, &[("SAMLResponse", &response)]).await);
    let twice = [
        ("SAMLResponse", &*response),
        ("RelayState", sealed),
        ("RelayState", sealed),
    ];
    of_no_visit(&corporate.post(browser, &twice).await);

    corporate.rig.advance(Duration::from_secs(5 * 60));
    of_no_visit(&corporate.arrive(browser, &asked).await);
}

#[tokio::test]
async fn an_answer_is_taken_once() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let (asked, later) = (corporate.leave(browser).await, corporate.leave(browser).await);
    let response = corporate.idp.response(&corporate.idp.said(&asked));
    let fields = [("SAMLResponse", &*response), ("RelayState", asked.relay_state())];
    assert!(told(&corporate.post(browser, &fields).await).starts_with("code="));
    refused(
        &corporate.post(browser, &fields).await,
        "The response is already processed",
    );
    // For another visit of the same browser it answers another request.
    let fields = [("SAMLResponse", &*response), ("RelayState", later.relay_state())];
    refused(
        &corporate.post(browser, &fields).await,
        "InResponseTo does not match the request",
    );
}

#[tokio::test]
async fn an_answer_that_does_not_hold_is_refused_in_awss_words() {
    type Change = fn(&mut Said<'_>);
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let cases: [(Change, &str); 6] = [
        (|said| said.is_signed = false, "SAML Response signature is invalid"),
        (
            |said| said.in_response_to = "_another",
            "InResponseTo does not match the request",
        ),
        (
            |said| said.audience = "urn:amazon:cognito:sp:us-east-1_stranger1",
            "Audience restriction does not name this service provider",
        ),
        (
            |said| said.consumer = "https://elsewhere.example/saml2/idpresponse",
            "Destination is another",
        ),
        (
            |said| said.at = said.at.minus(Duration::from_secs(3600)),
            "Assertion is not valid",
        ),
        (|said| said.name_id = "", "NameID is missing"),
    ];
    for (change, reason) in cases {
        let asked = corporate.leave(browser).await;
        refused(&says(&corporate, browser, &asked, change).await, reason);
        // The visit is spent by it.
        let again = corporate.arrive(browser, &asked).await;
        refused(&again, "The response is already processed");
    }
    let asked = corporate.leave(browser).await;
    let nothing = corporate.post(browser, &[("RelayState", asked.relay_state())]).await;
    refused(&nothing, "SAML message is not readable");
    let users = json!({"UserPoolId": corporate.at.pool});
    assert_eq!(corporate.call("ListUsers", users).await["Users"], json!([]));
}

#[tokio::test]
async fn another_key_than_the_providers_signs_nobody_in() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let asked = corporate.leave(browser).await;
    let stranger = super::saml_idp::SamlIdp::new(corporate.rig.clock.clone());
    let response = stranger.response(&corporate.idp.said(&asked));
    let fields = [("SAMLResponse", &*response), ("RelayState", asked.relay_state())];
    refused(
        &corporate.post(browser, &fields).await,
        "SAML Response signature is invalid",
    );
}

#[tokio::test]
async fn a_provider_of_saml_that_is_gone_sends_nobody() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let asked = corporate.leave(browser).await;
    let named = json!({"UserPoolId": corporate.at.pool, "ProviderName": NAME});
    corporate.call("DeleteIdentityProvider", named).await;
    let gone = corporate.arrive(browser, &asked).await;
    assert_eq!(told(&gone), "error=invalid_request&state=a-state");
}

#[tokio::test]
async fn a_visit_is_of_its_protocol() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let asked = corporate.leave(browser).await;
    let query = super::encoded(&[("code", "c"), ("state", asked.relay_state())]);
    let got = browser.get(&format!("/oauth2/idpresponse?{query}")).await;
    assert_eq!(
        told(&got),
        "error_description=SAML+has+no+such+answers&state=a-state&error=invalid_request"
    );

    let idp = Idp::start(corporate.rig.clock.clone()).await;
    corporate.rig.provider(&corporate.at, PARTNER, &idp, json!({})).await;
    let providers = json!({"SupportedIdentityProviders": [PARTNER, NAME]});
    let app = corporate.app_of(&corporate.at, providers).await;
    let request = app.request(&[("identity_provider", PARTNER)]);
    let got = browser.get(&format!("/oauth2/authorize?{request}")).await;
    let left = idp.asked(got.header("location"));
    let response = corporate.idp.response(&corporate.idp.said(&asked));
    let fields = [("SAMLResponse", &*response), ("RelayState", state(&left))];
    let got = corporate.post(browser, &fields).await;
    assert_eq!(
        told(&got),
        "error_description=OIDC+has+no+such+answers&state=a-state&error=invalid_request"
    );
    assert!(idp.state().trades.is_empty());
}

#[tokio::test]
async fn answers_are_posted_and_of_a_size() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let got = browser.get("/saml2/idpresponse?SAMLResponse=x&RelayState=y").await;
    assert_eq!((got.status, got.header("allow")), (405, "POST"));
    let asked = corporate.leave(browser).await;
    for (size, status) in [(100_000, 302), (170_000, 413)] {
        let long = "A".repeat(size);
        let fields = [("SAMLResponse", &*long), ("RelayState", asked.relay_state())];
        assert_eq!(corporate.post(browser, &fields).await.status, status);
    }
}
