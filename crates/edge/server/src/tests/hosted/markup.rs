//! Whatever is shown is text. Reference: oauth-and-federation 17.3.

use serde_json::json;

use super::{Draft, Got, Site, encoded, site::sign_in};

const SCRIPTS: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)",
    "{{7*7}}{% raw %}",
];

/// The mark is looked for as it would work: with its brackets, or outside its attribute.
#[track_caller]
fn is_text(got: &Got, of: &str) {
    for part in [
        "<script>alert",
        "<img src=x",
        "\" autofocus onfocus=\"alert",
        "' onmouseover='alert",
        ">49",
        "\"49",
        "href=\"javascript:",
        "<svg",
    ] {
        // Icons are ours.
        let body = got.body.replace("<svg class=\"icon", "").replace("<svg aria", "");
        if part == "<svg" && !of.contains("<svg") {
            continue;
        }
        assert!(!body.contains(part), "{of}: {part}: {}", got.body);
    }
    for (name, value) in &got.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        assert!(
            !value.contains("<script>") && !value.contains("<img"),
            "{of}: {name}: {value}"
        );
    }
}

#[tokio::test]
async fn of_the_address() {
    let site = Site::new().await;
    for script in SCRIPTS {
        for name in [
            "login_hint",
            "lang",
            "ui_locales",
            "state",
            "client_id",
            "nonce",
            "scope",
            "error",
            "error_description",
            "username",
            "redirect_uri",
            "prompt",
            "identity_provider",
            "response_type",
            "acr_values",
            "unheard-of",
        ] {
            let query = site.app.request(&[(name, script)]);
            // As lenient clients send it, too.
            let bare = query.replace("%27", "'").replace("%7B", "{").replace("%7D", "}");
            for query in [query, bare] {
                for path in [
                    "/oauth2/authorize",
                    "/login",
                    "/signup",
                    "/forgotPassword",
                    "/error",
                    "/logout",
                    "/confirmUser",
                    "/nothing",
                ] {
                    let target = format!("{path}?{query}");
                    is_text(&site.browser().get(&target).await, &target);
                }
            }
        }
        let query = encoded(&[(script, script)]);
        for path in ["/login", "/error", "/nothing"] {
            is_text(
                &site
                    .browser()
                    .get(&format!("{path}?{query}&{}", site.app.request(&[])))
                    .await,
                path,
            );
        }
        // The path, and headers that pages could read.
        let path = encoded(&[("", script)]);
        is_text(&site.browser().get(&format!("/{path}")).await, &path);
        let draft = Draft::get(&format!("/login?{}", site.app.request(&[]))).header("host", &site.at.host);
        let draft = draft
            .header("accept-language", script)
            .header("referer", script)
            .header("user-agent", script);
        is_text(
            &site
                .send(draft.header("cookie", &format!("lang={script}; XSRF-TOKEN={script}")))
                .await,
            script,
        );
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "each page that shows what was typed")]
async fn of_forms_and_of_what_is_stored() {
    let attributes = json!([{"Name": "name", "AttributeDataType": "String", "Required": true, "Mutable": true}]);
    let site = Site::with(json!({"Schema": attributes}), json!({})).await;
    for script in SCRIPTS {
        for (path, fields) in [
            (
                "/login",
                vec![("username", script), ("password", "wrong"), ("step", "password")],
            ),
            (
                "/login",
                vec![("username", script), ("step", "username"), ("session", script)],
            ),
            (
                "/login",
                vec![
                    ("username", script),
                    ("step", "code"),
                    ("session", script),
                    ("code", script),
                ],
            ),
            ("/login", vec![("username", script), ("step", script)]),
            (
                "/login",
                vec![
                    ("username", "ana"),
                    ("step", "set_up_totp"),
                    ("session", script),
                    ("code", "1"),
                    ("device_name", script),
                ],
            ),
            (
                "/login",
                vec![
                    ("username", script),
                    ("step", "new_password"),
                    ("session", script),
                    ("new_password", "1"),
                    ("attribute.name", script),
                ],
            ),
            (
                "/signup",
                vec![
                    ("username", script),
                    ("password", script),
                    ("attribute.name", script),
                    ("attribute.email", script),
                ],
            ),
            (
                "/signup",
                vec![
                    ("username", "zoe"),
                    ("password", "weak"),
                    ("attribute.name", script),
                    (script, script),
                ],
            ),
            ("/forgotPassword", vec![("username", script)]),
            (
                "/confirm",
                vec![("username", script), ("code", script), ("session", script)],
            ),
            (
                "/confirmforgotPassword",
                vec![
                    ("username", script),
                    ("code", script),
                    ("new_password", script),
                    ("new_password_again", script),
                ],
            ),
        ] {
            let mut browser = site.browser();
            browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
            let mut fields = fields;
            let csrf = browser.cookies["XSRF-TOKEN"].clone();
            fields.push(("_csrf", &csrf));
            let got = browser
                .post(&format!("{path}?{}", site.app.request(&[])), &fields)
                .await;
            assert!(got.status < 500, "{path} {fields:?}");
            is_text(&got, &format!("{path} {fields:?}"));
        }
    }
}

/// The page that knows somebody says their name.
#[tokio::test]
async fn of_a_user_who_is_called_so() {
    for (at, script) in SCRIPTS.into_iter().enumerate() {
        let site = Site::new().await;
        let mail = format!("\"{}\"@example.com", script.replace(['"', ' '], ""));
        let attributes = json!([{"Name": "name", "Value": script}, {"Name": "phone_number", "Value": "+1555"}]);
        let user = json!({"UserPoolId": site.at.pool, "Username": "ana", "UserAttributes": attributes});
        site.call("AdminUpdateUserAttributes", user).await;
        let named = json!([{"Name": "email", "Value": mail}]);
        let user = json!({"UserPoolId": site.at.pool, "Username": "ana", "UserAttributes": named});
        site.idp(&super::Key::unknown(), "AdminUpdateUserAttributes", user)
            .await;
        let mut browser = site.browser();
        sign_in(&mut browser, &site.app, &[]).await;
        let page = browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
        is_text(&page, &format!("{at}"));
        assert!(page.body.contains("continue"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_state_comes_back_as_it_was() {
    let site = Site::new().await;
    for state in [
        "<script>",
        "a b+c%20d",
        "\"'&=#?/",
        "\u{fc}\u{1f600}",
        "{\"a\":[1]}",
        "\r\nset-cookie: a=b",
        "%0d%0a",
    ] {
        let got = sign_in(&mut site.browser(), &site.app, &[("state", state)]).await;
        assert_eq!(super::parameter(&got, "state").as_deref(), Some(state));
        assert!(
            got.headers
                .get_all("set-cookie")
                .iter()
                .all(|cookie| !cookie.as_bytes().starts_with(b"a="))
        );
    }
}
