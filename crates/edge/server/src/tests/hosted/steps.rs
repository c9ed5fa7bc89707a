//! Every page of a sign-in is sent by its own browser's own page, or not at all. Reference: oauth-and-federation 17.3.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vault::totp::Seed;

use super::{
    App, Browser, Got, PASSWORD, Site,
    browser::{Form, alert},
    parameter,
};

const NEW: &str = "An0ther-pass!";

/// How a form comes that is not the browser's own page's.
const FOREIGN: [&str; 8] = [
    "missing",
    "empty",
    "another session's",
    "no cookie",
    "header only",
    "planted",
    "cross-site",
    "same-site",
];

/// Somebody who signs in, and before each form that they send all the foreign ones come.
struct Walk<'s> {
    site: &'s Site,
    app: App,
    browser: Browser<'s>,
    /// The steps that were taken.
    taken: BTreeSet<String>,
}

impl<'s> Walk<'s> {
    fn new(site: &'s Site, app: &App) -> Self {
        Self {
            site,
            app: app.clone(),
            browser: site.browser(),
            taken: BTreeSet::new(),
        }
    }

    /// `typed`: what is done on each page, in their order. The last one's answer.
    async fn go(&mut self, typed: &[&[(&str, &str)]]) -> Got {
        let target = format!("/login?{}", self.app.request(&[]));
        let mut page = self.browser.get(&target).await.ok();
        for typed in typed {
            page = self.send(&page, typed).await;
        }
        page
    }

    async fn send(&mut self, page: &Got, typed: &[(&str, &str)]) -> Got {
        let form = Form::of(&page.body);
        let step = form
            .fields
            .iter()
            .find(|(name, _)| name == "step")
            .map(|(_, step)| step.clone());
        let step = step.unwrap_or_else(|| panic!("{}", page.body));
        for how in FOREIGN {
            self.foreign(&form, typed, how).await;
        }
        self.taken.insert(step);
        self.browser.submit(page, typed).await
    }

    async fn foreign(&self, form: &Form, typed: &[(&str, &str)], how: &str) {
        let mut other = self.site.browser();
        other.get(&format!("/login?{}", self.app.request(&[]))).await.ok();
        let others = other.cookies["XSRF-TOKEN"].clone();
        let mut browser = self.site.browser();
        browser.cookies = self.browser.cookies.clone();
        let mut fields = form.with(typed);
        let right = fields
            .iter()
            .position(|(name, _)| name == "_csrf")
            .map(|at| fields.remove(at).1)
            .unwrap();
        let csrf = match how {
            "missing" => None,
            "empty" => {
                browser.cookies.insert("XSRF-TOKEN".to_owned(), String::new());
                Some(String::new())
            }
            "another session's" => Some(others),
            "no cookie" => {
                browser.cookies.remove("XSRF-TOKEN");
                Some(right)
            }
            "header only" => {
                browser.headers.push(("x-xsrf-token", right));
                None
            }
            "planted" => {
                browser.cookies.insert("XSRF-TOKEN".to_owned(), others.clone());
                browser.headers.push(("sec-fetch-site", "same-site".to_owned()));
                Some(others)
            }
            site => {
                browser.headers.push(("sec-fetch-site", site.to_owned()));
                Some(right)
            }
        };
        fields.extend(csrf.map(|csrf| ("_csrf".to_owned(), csrf)));
        let before = browser.cookies.get("cognito").cloned();
        let got = browser.post(&form.action, &fields).await;
        let said = (got.status, got.header("location"), alert(&got.body));
        assert_eq!(
            said,
            (200, "", Some("This page has expired. Try again.")),
            "{how} {fields:?}"
        );
        assert_eq!(browser.cookies.get("cognito"), before.as_ref(), "{how}");
    }
}

async fn newest(site: &Site, to: &str) -> String {
    let kept = site.rig.app.delivery.inbox(Some(to)).await.unwrap();
    kept[0].message.code.clone().unwrap()
}

#[track_caller]
fn signed_in(got: &Got) {
    assert!(
        parameter(got, "code").is_some(),
        "{} {:?} {}",
        got.status,
        alert(&got.body),
        got.body
    );
}

const NAMED: [(&str, &str); 2] = [("username", "ana"), ("password", PASSWORD)];

#[tokio::test]
async fn a_new_password() {
    let site = Site::new().await;
    let user = json!({"UserPoolId": site.at.pool, "Username": "new", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", user).await;
    let mut walk = Walk::new(&site, &site.app);
    let new = [("new_password", NEW), ("new_password_again", NEW)];
    signed_in(&walk.go(&[&[("username", "new"), ("password", PASSWORD)], &new]).await);
    // And as the one who has signed in.
    signed_in(&walk.go(&[&[]]).await);
    assert_eq!(walk.taken, steps(&["password", "new_password", "continue"]));
}

#[tokio::test]
async fn an_authenticator_app() {
    let site = Site::new().await;
    let mfa = json!({"UserPoolId": site.at.pool, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    site.call("SetUserPoolMfaConfig", mfa).await;
    let mut walk = Walk::new(&site, &site.app);
    let page = walk.go(&[&NAMED, &[("factor", "SOFTWARE_TOKEN_MFA")]]).await.ok();
    let secret = Form::of(&page.body)
        .fields
        .into_iter()
        .find(|(name, _)| name == "secret")
        .unwrap()
        .1;
    let seed = Seed::parse(&secret).unwrap();
    let code = seed.code(site.now());
    signed_in(&walk.send(&page, &[("code", &code)]).await);

    site.advance(std::time::Duration::from_secs(60));
    walk.browser.cookies.clear();
    signed_in(&walk.go(&[&NAMED, &[("code", &seed.code(site.now()))]]).await);
    assert_eq!(walk.taken, steps(&["password", "set_up", "set_up_totp", "totp"]));
}

#[tokio::test]
async fn one_of_two_second_factors() {
    let site = Site::new().await;
    let role = "arn:aws:iam::000000000000:role/texts";
    let mfa = json!({
        "UserPoolId": site.at.pool, "MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true},
        "SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": role, "ExternalId": "x"}},
    });
    site.call("SetUserPoolMfaConfig", mfa).await;
    let phone =
        json!([{"Name": "phone_number", "Value": "+12065550100"}, {"Name": "phone_number_verified", "Value": "true"}]);
    let input = json!({"UserPoolId": site.at.pool, "Username": "ana", "UserAttributes": phone});
    site.call("AdminUpdateUserAttributes", input).await;
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": site.app.id, "AuthParameters": {"USERNAME": "ana", "PASSWORD": PASSWORD},
    });
    let access = site
        .public("InitiateAuth", input)
        .await
        .ok()
        .text("/AuthenticationResult/AccessToken");
    let secret = site
        .public("AssociateSoftwareToken", json!({"AccessToken": access}))
        .await
        .ok()
        .text("/SecretCode");
    let seed = Seed::parse(&secret).unwrap();
    let code = seed.code(site.now());
    site.public("VerifySoftwareToken", json!({"AccessToken": access, "UserCode": code}))
        .await
        .ok();
    let both = json!({
        "AccessToken": access, "SMSMfaSettings": {"Enabled": true}, "SoftwareTokenMfaSettings": {"Enabled": true},
    });
    site.public("SetUserMFAPreference", both).await.ok();

    let mut walk = Walk::new(&site, &site.app);
    let page = walk.go(&[&NAMED, &[("factor", "SMS_MFA")]]).await.ok();
    signed_in(
        &walk
            .send(&page, &[("code", &newest(&site, "+12065550100").await)])
            .await,
    );
    assert_eq!(walk.taken, steps(&["password", "select_mfa", "code"]));
}

#[tokio::test]
async fn a_way_of_ones_choice() {
    let pool = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    let client = json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    let site = Site::with(pool, client).await;
    let mut walk = Walk::new(&site, &site.app);
    let page = walk
        .go(&[&[("username", "ana")], &[("factor", "EMAIL_OTP")]])
        .await
        .ok();
    let mails = site.rig.app.delivery.inbox(None).await.unwrap().len();
    let page = walk.send(&page, &[("resend", "1")]).await.ok();
    // Once by the page itself: those of others sent nothing.
    assert_eq!(site.rig.app.delivery.inbox(None).await.unwrap().len(), mails + 1);
    signed_in(
        &walk
            .send(&page, &[("code", &newest(&site, "ana@example.com").await)])
            .await,
    );

    walk.browser.cookies.clear();
    signed_in(
        &walk
            .go(&[
                &[("username", "ana")],
                &[("factor", "PASSWORD")],
                &[("password", PASSWORD)],
            ])
            .await,
    );
    assert_eq!(walk.taken, steps(&["username", "factor", "code", "password"]));
}

#[tokio::test]
async fn whether_a_client_that_registered_itself_is_answered() {
    let site = Site::with(json!({"DcrConfiguration": {"OpenDcrEnabled": true}}), json!({})).await;
    let metadata: Value =
        json!({"client_name": "Notes", "redirect_uris": [super::CALLBACK], "token_endpoint_auth_method": "none"});
    let draft = super::Draft::new("POST", "/oauth2/register").header("content-type", "application/json");
    let made = site
        .send(draft.header("host", &site.at.host).with_body(&metadata.to_string()))
        .await;
    let app = App {
        id: made.text("/client_id"),
        secret: None,
    };
    let mut walk = Walk::new(&site, &app);
    signed_in(&walk.go(&[&NAMED, &[("answer", "yes")]]).await);
    assert_eq!(walk.taken, steps(&["password", "consent"]));
}

fn steps(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
