//! People who come to hosted login from an identity provider, and who only says so. Reference: oauth-and-federation 3.6, 10.3, 17.3, 17.4.

mod account;
mod answers;
mod arrivals;
mod away;
mod by_saml;
mod idp;
mod pages;
mod saml_idp;
mod saml_logout;
mod saml_overload;
mod saml_refusals;
mod saml_unasked;

use std::ops::Deref;

use serde_json::{Value, json};
use testkit::merged;

use self::idp::Idp;
use super::{App, Browser, Got, Rig, Site, Tenant, encoded, parameter};

/// What the provider is called here.
const NAME: &str = "Partner";

/// A site whose client takes people from a provider too.
struct Abroad {
    site: Site,
    idp: Idp,
}

impl Deref for Abroad {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl Abroad {
    async fn new() -> Self {
        Self::with(json!({}), &["COGNITO", NAME]).await
    }

    /// `providers`: what the client lists.
    async fn with(pool: Value, providers: &[&str]) -> Self {
        let rig = Rig::dev().await;
        let idp = Idp::start(rig.clock.clone()).await;
        let at = rig.tenant("app", pool).await;
        rig.provider(&at, NAME, &idp, json!({})).await;
        let app = rig.app_of(&at, json!({"SupportedIdentityProviders": providers})).await;
        rig.person(&at, "ana").await;
        let site = Site { rig, at, app };
        Self { site, idp }
    }

    /// A browser is sent to the provider: what that is asked.
    async fn leave(&self, browser: &mut Browser<'_>, more: &[(&str, &str)]) -> oauth::Parameters {
        let more: Vec<_> = [("identity_provider", NAME)]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let got = browser
            .get(&format!("/oauth2/authorize?{}", self.app.request(&more)))
            .await;
        assert_eq!(got.status, 302, "{}", got.body);
        self.idp.asked(got.header("location"))
    }

    /// The provider answers by the browser.
    async fn back(&self, browser: &mut Browser<'_>, answer: &[(&str, &str)]) -> Got {
        browser.get(&format!("/oauth2/idpresponse?{}", encoded(answer))).await
    }

    /// Somebody signs in at the provider, and is sent back.
    async fn arrive(&self, browser: &mut Browser<'_>, asked: &oauth::Parameters) -> Got {
        let code = self.idp.code(asked);
        self.back(browser, &[("code", &code), ("state", state(asked))]).await
    }
}

impl Rig {
    /// Makes a provider known to a pool.
    async fn provider(&self, at: &Tenant, name: &str, idp: &Idp, more: Value) {
        let settings = json!({
            "UserPoolId": at.pool, "ProviderName": name, "ProviderType": "OIDC", "ProviderDetails": idp.details(),
            "AttributeMapping": {"email": "email"},
        });
        self.call("CreateIdentityProvider", merged(settings, more)).await;
    }
}

fn state(asked: &oauth::Parameters) -> &str {
    asked.get("state").unwrap()
}

/// What an app is told, in the order in which it is told.
#[track_caller]
fn told(answer: &Got) -> &str {
    assert_eq!(answer.status, 302, "{}", answer.body);
    let location = answer.header("location");
    let told = location.strip_prefix("https://app.example.com/cb?");
    told.unwrap_or_else(|| panic!("to somewhere else: {location}"))
}

/// No app hears of it.
#[track_caller]
fn unheard(answer: &Got) {
    assert_eq!((answer.status, answer.header("location")), (400, ""), "{}", answer.body);
}
