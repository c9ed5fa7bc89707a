//! What is carried from page to page, and what is typed there, is good where it belongs alone. Reference: oauth-and-federation 17.3.

use serde_json::{Value, json};

use super::{
    Key, PASSWORD, Site,
    browser::{Form, alert},
    parameter,
};

/// A sign-in goes on by the door by which it came.
#[tokio::test]
async fn sessions_stay_at_their_door() {
    let site = Site::new().await;
    let user = json!({"UserPoolId": site.at.pool, "Username": "new", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", user).await;
    let new = "An0ther-pass!";

    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": site.app.id,
        "AuthParameters": {"USERNAME": "new", "PASSWORD": PASSWORD},
    });
    let of_api = site.public("InitiateAuth", input).await.ok().text("/Session");
    let typed = [
        ("username", "new"),
        ("session", of_api.as_str()),
        ("step", "new_password"),
        ("new_password", new),
        ("new_password_again", new),
    ];
    let got = site.by_page("/login", &typed).await;
    assert_eq!((got.status, got.header("location")), (200, ""));

    let page = site
        .by_page(
            "/login",
            &[("username", "new"), ("password", PASSWORD), ("step", "password")],
        )
        .await;
    let form = Form::of(&page.body);
    let carried = form
        .fields
        .iter()
        .find(|(name, _)| name == "session")
        .unwrap_or_else(|| panic!("{}", page.body))
        .1
        .clone();
    let session = carried.split('~').next().unwrap();
    for operation in ["RespondToAuthChallenge", "AdminRespondToAuthChallenge"] {
        let mut input = json!({
            "ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": site.app.id, "Session": session,
            "ChallengeResponses": {"USERNAME": "new", "NEW_PASSWORD": new},
        });
        if operation.starts_with("Admin") {
            input["UserPoolId"] = Value::String(site.at.pool.clone());
        }
        let got = site.idp(&Key::unknown(), operation, input).await;
        got.refused(400, "NotAuthorizedException", "Invalid session for the user.");
    }
    // It is another client's neither, nor another's name.
    let other = site.app_of(&site.at, json!({})).await;
    let mut browser = site.browser();
    browser.get(&format!("/login?{}", other.request(&[]))).await.ok();
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let typed = |name: &str| {
        let pairs = [
            ("_csrf", csrf.as_str()),
            ("username", name),
            ("session", carried.as_str()),
            ("step", "new_password"),
            ("new_password", new),
            ("new_password_again", new),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let got = browser
        .post(&format!("/login?{}", other.request(&[])), &typed("new"))
        .await;
    assert_eq!(got.header("location"), "");
    let got = browser
        .post(&format!("/login?{}", site.app.request(&[])), &typed("ana"))
        .await;
    assert_eq!(got.header("location"), "");
    // By its own door and name it is good.
    let got = browser
        .post(&format!("/login?{}", site.app.request(&[])), &typed("new"))
        .await;
    assert!(parameter(&got, "code").is_some(), "{} {}", got.status, got.body);
}

/// Eve signs up as Ana would, in another's name, and confirms herself with that form's session.
#[tokio::test]
async fn a_sign_ups_session_signs_in_nobody_who_has_not_confirmed() {
    let site = Site::new().await;
    let mut sessions = Vec::new();
    for name in ["victim", "eve"] {
        let mail = format!("{name}@example.com");
        let page = site
            .by_page(
                "/signup",
                &[("username", name), ("password", PASSWORD), ("attribute.email", &mail)],
            )
            .await;
        let form = Form::of(&page.body);
        sessions.push(form.fields.into_iter().find(|(name, _)| name == "session").unwrap().1);
    }
    let mails = site.rig.app.delivery.inbox(Some("eve@example.com")).await.unwrap();
    let code = mails[0].message.code.clone().unwrap();
    let mut browser = site.browser();
    browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let typed = [
        ("_csrf", csrf.as_str()),
        ("username", "eve"),
        ("code", &code),
        ("session", &sessions[0]),
    ];
    let got = browser
        .post(&format!("/confirm?{}", site.app.request(&[])), &typed)
        .await;
    assert_eq!(got.header("location"), "", "{}", got.body);
    assert!(!browser.cookies.contains_key("cognito"));
    let user = site
        .call(
            "AdminGetUser",
            json!({"UserPoolId": site.at.pool, "Username": "victim"}),
        )
        .await;
    assert_eq!(user["UserStatus"], "UNCONFIRMED");
}

/// What the API's door would never let in.
#[tokio::test]
async fn names_and_passwords_that_are_none() {
    let site = Site::new().await;
    let long = "a".repeat(5000);
    for odd in ["\0", "a\0b", "\u{200b}", "\n", &long, " ", "\u{fffe}", "%00", "' --"] {
        for fields in [
            vec![("username", odd), ("password", PASSWORD), ("step", "password")],
            vec![("username", "ana"), ("password", odd), ("step", "password")],
            vec![("username", odd), ("step", "username")],
            vec![("username", odd), ("session", odd), ("step", "code"), ("code", odd)],
            vec![
                ("username", odd),
                ("session", odd),
                ("step", "passkey"),
                ("credential", odd),
            ],
            vec![
                ("username", odd),
                ("session", odd),
                ("step", "set_up_totp"),
                ("code", odd),
                ("device_name", odd),
            ],
        ] {
            let got = site.by_page("/login", &fields).await;
            assert!(
                got.status < 500 && got.header("location").is_empty(),
                "{fields:?}: {}",
                got.status
            );
        }
        for (path, fields) in [
            (
                "/signup",
                vec![("username", odd), ("password", odd), ("attribute.email", odd)],
            ),
            ("/forgotPassword", vec![("username", odd)]),
            ("/confirm", vec![("username", odd), ("code", odd), ("session", odd)]),
            (
                "/confirmforgotPassword",
                vec![
                    ("username", odd),
                    ("code", odd),
                    ("new_password", odd),
                    ("new_password_again", odd),
                ],
            ),
        ] {
            let got = site.by_page(path, &fields).await;
            assert!(got.status < 500, "{path} {odd:?}: {}", got.status);
        }
    }
    site.person(&site.at, "bea").await;
    let got = site
        .by_page(
            "/login",
            &[("username", "bea"), ("password", PASSWORD), ("step", "password")],
        )
        .await;
    assert!(parameter(&got, "code").is_some(), "{}", got.status);
}

/// A new password by the pages is one that the API would take.
#[tokio::test]
async fn a_new_password_is_no_longer_than_the_apis() {
    let site = Site::new().await;
    let user = json!({"UserPoolId": site.at.pool, "Username": "new", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", user).await;
    for (long, status) in [(257, 200), (256, 302)] {
        let page = site
            .by_page(
                "/login",
                &[("username", "new"), ("password", PASSWORD), ("step", "password")],
            )
            .await;
        let session = Form::of(&page.body)
            .fields
            .into_iter()
            .find(|(name, _)| name == "session")
            .unwrap()
            .1;
        let new = format!("Aa1!{}", "x".repeat(long - 4));
        let typed = [
            ("username", "new"),
            ("session", session.as_str()),
            ("step", "new_password"),
            ("new_password", &new),
            ("new_password_again", &new),
        ];
        let got = site.by_page("/login", &typed).await;
        assert_eq!(got.status, status, "{long}: {:?}", alert(&got.body));
    }
}
