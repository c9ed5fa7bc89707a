//! People who come from a provider of SAML, and what that is told of a pool. Reference: oauth-and-federation 11.1 to 11.3, 11.5.

use std::{collections::BTreeMap, ops::Deref};

use base64::{Engine as _, prelude::BASE64_STANDARD as B64};
use serde_json::{Value, json};
use testkit::merged;

use super::{
    Browser, Got, Rig, Site, parameter,
    saml_idp::{Asked, SamlIdp},
    told,
};
use crate::tests::hosted::{
    browser::{attribute, between},
    jwt::claims,
};

pub(super) const NAME: &str = "Corporate";

/// A site whose client takes people from a provider of SAML too.
pub(super) struct Corporate {
    site: Site,
    pub idp: SamlIdp,
}

impl Deref for Corporate {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Corporate {
    pub async fn new() -> Self {
        Self::with(json!({})).await
    }

    /// `details`: besides the metadata.
    pub async fn with(details: Value) -> Self {
        let rig = Rig::dev().await;
        let idp = SamlIdp::new(rig.clock.clone());
        let at = rig.tenant("app", json!({})).await;
        let settings = json!({
            "UserPoolId": at.pool, "ProviderName": NAME, "ProviderType": "SAML",
            "ProviderDetails": merged(json!({"MetadataFile": idp.metadata()}), details),
            "AttributeMapping": {"email": "mail"}, "IdpIdentifiers": ["corp.example"],
        });
        rig.call("CreateIdentityProvider", settings).await;
        let providers = json!({"SupportedIdentityProviders": ["COGNITO", NAME]});
        let app = rig.app_of(&at, providers).await;
        let site = Site { rig, at, app };
        Self { site, idp }
    }

    /// A browser is sent to the provider: what that is asked.
    pub async fn leave(&self, browser: &mut Browser<'_>) -> Asked {
        let request = self.app.request(&[("identity_provider", NAME)]);
        let got = browser.get(&format!("/oauth2/authorize?{request}")).await;
        assert_eq!(got.status, 302, "{}", got.body);
        SamlIdp::asked(got.header("location"))
    }

    /// The provider's page posts what it says.
    pub async fn post(&self, browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Got {
        self.post_to(browser, "/saml2/idpresponse", fields).await
    }

    pub async fn post_to(&self, browser: &mut Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Got {
        // Cookies that are Lax do not come with it.
        let is_sent = |name: &String| name == "csrf-state";
        let (sent, kept): (BTreeMap<_, _>, _) = std::mem::take(&mut browser.cookies)
            .into_iter()
            .partition(|(name, _)| is_sent(name));
        browser.cookies = sent;
        browser.headers = vec![("sec-fetch-site", "cross-site".to_owned())];
        let got = browser.post(path, fields).await;
        browser.headers.clear();
        for (name, value) in kept {
            browser.cookies.entry(name).or_insert(value);
        }
        got
    }

    /// Somebody signs in at the provider, and is sent back.
    pub async fn arrive(&self, browser: &mut Browser<'_>, asked: &Asked) -> Got {
        let response = self.idp.response(&self.idp.said(asked));
        let fields = [("SAMLResponse", &*response), ("RelayState", asked.relay_state())];
        self.post(browser, &fields).await
    }
}

#[tokio::test]
async fn an_app_has_tokens_of_who_comes_from_a_provider_of_saml() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    browser.is_secure = true;
    let asked = corporate.leave(browser).await;
    let (pool, host) = (&corporate.at.pool, &corporate.at.host);
    assert_eq!(asked.issuer, format!("urn:amazon:cognito:sp:{pool}"));
    assert_eq!(asked.consumer, format!("https://{host}/saml2/idpresponse"));
    assert_eq!(asked.query.get("SigAlg"), None);
    let got = corporate.arrive(browser, &asked).await;
    let code = parameter(&got, "code").unwrap_or_else(|| panic!("{} {}", got.header("location"), got.body));
    assert_eq!(told(&got), format!("code={code}&state=a-state"));

    let tokens = corporate.trade(&corporate.at, &corporate.app, &code).await.ok().json();
    let id = claims(tokens["id_token"].as_str().unwrap());
    assert_eq!(id["cognito:username"], "Corporate_ana.example");
    assert_eq!(id["email"], "ana@corp.example");
    assert_eq!(id["identities"][0]["providerType"], "SAML");

    // The browser has a session from now on.
    let request = corporate
        .app
        .request(&[("identity_provider", NAME), ("prompt", "none")]);
    let again = browser.get(&format!("/oauth2/authorize?{request}")).await;
    assert!(parameter(&again, "code").is_some(), "{}", again.header("location"));
    // And who comes again is the same user.
    let other = &mut corporate.browser();
    let asked = corporate.leave(other).await;
    let code = parameter(&corporate.arrive(other, &asked).await, "code").unwrap();
    let tokens = corporate.trade(&corporate.at, &corporate.app, &code).await.ok().json();
    assert_eq!(claims(tokens["id_token"].as_str().unwrap())["sub"], id["sub"]);
}

#[tokio::test]
async fn a_page_shows_the_way_and_an_address_leads_there() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let page = browser
        .get(&format!("/login?{}", corporate.app.request(&[])))
        .await
        .ok();
    let link = between(&page.body, "<a class=\"button provider", "</a>").unwrap();
    assert!(link.contains("Corporate"), "{link}");
    let got = browser.get(&attribute(link, "href").unwrap()).await;
    let asked = SamlIdp::asked(got.header("location"));
    assert!(parameter(&corporate.arrive(browser, &asked).await, "code").is_some());

    let by_domain = corporate.app.request(&[("idp_identifier", "corp.example")]);
    let got = corporate.browser().get(&format!("/oauth2/authorize?{by_domain}")).await;
    SamlIdp::asked(got.header("location"));
}

#[tokio::test]
async fn requests_are_signed_where_the_provider_wants_it() {
    let corporate = Corporate::with(json!({"RequestSigningAlgorithm": "rsa-sha256"})).await;
    let asked = corporate.leave(&mut corporate.browser()).await;
    assert_eq!(
        asked.query.get("SigAlg"),
        Some("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256")
    );
    assert_eq!(B64.decode(asked.query.get("Signature").unwrap()).unwrap().len(), 256);
}

#[tokio::test]
async fn a_provider_learns_of_a_pool_by_its_metadata() {
    let corporate = Corporate::with(json!({"EncryptedResponses": "true"})).await;
    let (pool, host) = (&corporate.at.pool, &corporate.at.host);
    let browser = &mut corporate.browser();
    let path = format!("/saml2/metadata/{pool}");
    let got = browser.get(&path).await.ok();
    assert_eq!(got.header("content-type"), "application/samlmetadata+xml");
    let certificate = corporate
        .call("GetSigningCertificate", json!({"UserPoolId": pool}))
        .await;
    let certificate = certificate["Certificate"].as_str().unwrap();
    let head = got.body.split("<md:SPSSODescriptor").next().unwrap();
    assert_eq!(
        attribute(head, "entityID").unwrap(),
        format!("urn:amazon:cognito:sp:{pool}")
    );
    for part in [
        certificate,
        &format!(" Location=\"http://{host}/saml2/idpresponse\" "),
        &format!(" Location=\"http://{host}/saml2/logout\""),
    ] {
        assert!(got.body.contains(part), "{part}: {}", got.body);
    }
    assert!(!got.body.contains("use=\"encryption\""));

    let named = json!({"UserPoolId": pool, "ProviderName": NAME});
    let provider = corporate.call("DescribeIdentityProvider", named).await;
    let details = &provider["IdentityProvider"]["ProviderDetails"];
    let encryption = details["ActiveEncryptionCertificate"].as_str().unwrap();
    let of_provider = browser.get(&format!("{path}?provider={NAME}")).await.ok();
    assert!(of_provider.body.contains("use=\"encryption\"") && of_provider.body.contains(encryption));

    assert_eq!(browser.get(&format!("{path}?provider=Other")).await.status, 404);
    let other = corporate.rig.tenant("other", json!({})).await;
    assert_eq!(
        browser.get(&format!("/saml2/metadata/{}", other.pool)).await.status,
        404
    );
}
