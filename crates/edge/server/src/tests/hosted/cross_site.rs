//! Forms that no page of ours sent. Reference: 17.3.

use serde_json::json;

use super::{
    Browser, Got, PASSWORD, Site,
    browser::{Form, alert},
};

const NEW: &str = "An0ther-pass!";

/// Every form that changes something, with what makes it work: the page's path, and what is typed.
fn forms(code: &str, reset: &str) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let text = |text: &str| text.to_owned();
    vec![
        (
            "/login",
            vec![
                ("username", text("ana")),
                ("password", text(PASSWORD)),
                ("step", text("password")),
            ],
        ),
        (
            "/signup",
            vec![
                ("username", text("eve")),
                ("password", text(PASSWORD)),
                ("attribute.email", text("eve@example.com")),
            ],
        ),
        ("/confirm", vec![("username", text("bea")), ("code", text(code))]),
        ("/confirm", vec![("username", text("bea")), ("resend", text("1"))]),
        ("/resendcode", vec![("username", text("bea")), ("resend", text("1"))]),
        ("/forgotPassword", vec![("username", text("ana"))]),
        (
            "/confirmforgotPassword",
            vec![
                ("username", text("cara")),
                ("code", text(reset)),
                ("new_password", text(NEW)),
                ("new_password_again", text(NEW)),
            ],
        ),
        (
            "/confirmforgotPassword",
            vec![("username", text("cara")), ("resend", text("1"))],
        ),
    ]
}

struct Stage {
    site: Site,
    code: String,
    reset: String,
}

impl Stage {
    async fn new() -> Self {
        let site = Site::new().await;
        site.person(&site.at, "cara").await;
        let attributes = json!([{"Name": "email", "Value": "bea@example.com"}]);
        let input = json!({
            "ClientId": site.app.id, "Username": "bea", "Password": PASSWORD, "UserAttributes": attributes,
        });
        site.public("SignUp", input).await.ok();
        site.public("ForgotPassword", json!({"ClientId": site.app.id, "Username": "cara"}))
            .await
            .ok();
        let (code, reset) = (newest(&site, "bea").await, newest(&site, "cara").await);
        Self { site, code, reset }
    }

    /// What a form could have changed.
    async fn state(&self) -> (usize, String, u16, u16) {
        let users = self
            .site
            .call("ListUsers", json!({"UserPoolId": self.site.at.pool}))
            .await;
        let users: Vec<(String, String)> = users["Users"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| (user["Username"].to_string(), user["UserStatus"].to_string()))
            .collect();
        let mails = self.site.rig.app.delivery.inbox(None).await.unwrap().len();
        let mut signs = [0, 0];
        for (at, password) in [PASSWORD, NEW].into_iter().enumerate() {
            let input = json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": self.site.app_id(),
                "AuthParameters": {"USERNAME": "cara", "PASSWORD": password},
            });
            signs[at] = self.site.public("InitiateAuth", input).await.status;
        }
        (mails, format!("{users:?}"), signs[0], signs[1])
    }
}

impl Site {
    fn app_id(&self) -> &str {
        &self.app.id
    }
}

async fn newest(site: &Site, name: &str) -> String {
    let kept = site
        .rig
        .app
        .delivery
        .inbox(Some(&format!("{name}@example.com")))
        .await
        .unwrap();
    kept[0].message.code.clone().unwrap()
}

#[track_caller]
fn signed_nobody_in(got: &Got, browser: &Browser<'_>, how: &str) {
    assert!(
        !got.header("location").contains("code="),
        "{how}: {}",
        got.header("location")
    );
    assert!(!browser.cookies.contains_key("cognito"), "{how}");
}

#[tokio::test]
async fn a_form_of_another_page_changes_nothing() {
    let stage = Stage::new().await;
    let site = &stage.site;
    let mut other = site.browser();
    let page = other.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let foreign = Form::of(&page.body)
        .fields
        .into_iter()
        .find(|(name, _)| name == "_csrf")
        .unwrap()
        .1;
    let before = stage.state().await;
    for (path, typed) in forms(&stage.code, &stage.reset) {
        for how in [
            "missing",
            "empty",
            "other's",
            "no cookie",
            "header only",
            "both chosen",
            "cross-site",
            "same-site",
        ] {
            let mut browser = site.browser();
            let target = format!("{path}?{}", site.app.request(&[]));
            browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
            let mut right = browser.cookies["XSRF-TOKEN"].clone();
            let mut fields = typed.clone();
            match how {
                "missing" => {}
                "empty" => {
                    browser.cookies.insert("XSRF-TOKEN".to_owned(), String::new());
                    fields.push(("_csrf", String::new()));
                }
                "other's" => fields.push(("_csrf", foreign.clone())),
                "no cookie" => {
                    browser.cookies.clear();
                    fields.push(("_csrf", right));
                }
                "header only" => browser.headers.push(("x-xsrf-token", std::mem::take(&mut right))),
                "both chosen" => {
                    // Planted by a page of a neighbouring host: browsers say whence the form comes.
                    browser.cookies.insert("XSRF-TOKEN".to_owned(), foreign.clone());
                    browser.headers.push(("sec-fetch-site", "same-site".to_owned()));
                    fields.push(("_csrf", foreign.clone()));
                }
                site => {
                    browser.headers.push(("sec-fetch-site", site.to_owned()));
                    fields.push(("_csrf", right));
                }
            }
            let got = browser.post(&target, &fields).await;
            let how = format!("{path} {how}");
            assert!(got.status < 500, "{how}");
            signed_nobody_in(&got, &browser, &how);
        }
    }
    assert_eq!(stage.state().await, before);
}

/// The same forms work when a page of ours sent them: else the test above would say nothing.
#[tokio::test]
async fn a_form_of_our_own_page_works() {
    let stage = Stage::new().await;
    let site = &stage.site;
    for (path, typed) in forms(&stage.code, &stage.reset) {
        if typed.iter().any(|(name, _)| *name == "resend") {
            continue;
        }
        let mut browser = site.browser();
        browser.headers.push(("sec-fetch-site", "same-origin".to_owned()));
        browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
        let mut fields = typed;
        fields.push(("_csrf", browser.cookies["XSRF-TOKEN"].clone()));
        let got = browser
            .post(&format!("{path}?{}", site.app.request(&[])), &fields)
            .await;
        assert!(
            got.status < 400 && alert(&got.body).is_none(),
            "{path}: {} {:?}",
            got.status,
            alert(&got.body)
        );
    }
    let (_, users, former, new) = stage.state().await;
    assert!(
        users.contains("eve") && !users.contains("bea\\\"\", \"\\\"UNCONFIRMED"),
        "{users}"
    );
    assert_eq!((former, new), (400, 200));
}

#[tokio::test]
async fn going_on_as_somebody_wants_the_form_too() {
    let site = Site::new().await;
    let mut browser = site.browser();
    super::site::sign_in(&mut browser, &site.app, &[]).await;
    let target = format!("/login?{}", site.app.request(&[]));
    for csrf in ["", "00000000-0000-4000-8000-000000000000"] {
        let got = browser.post(&target, &[("step", "continue"), ("_csrf", csrf)]).await;
        assert!(!got.header("location").contains("code="), "{csrf}");
    }
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let got = browser
        .post(&target, &[("step", "continue"), ("_csrf", csrf.as_str())])
        .await;
    assert!(got.header("location").contains("code="), "{}", got.status);
}
