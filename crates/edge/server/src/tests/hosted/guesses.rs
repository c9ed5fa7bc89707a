//! Guesses are counted once, by whichever door they come. Reference: user-pools 5.3; 17.3.

use serde_json::{Value, json};

use super::{
    Got, PASSWORD, Site,
    browser::{Form, alert},
    parameter,
};

async fn by_page(site: &Site, path: &str, fields: &[(&str, &str)]) -> Got {
    let mut browser = site.browser();
    browser.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let mut all = vec![("_csrf", csrf.as_str())];
    all.extend(fields);
    browser.post(&format!("{path}?{}", site.app.request(&[])), &all).await
}

async fn by_api(site: &Site, password: &str) -> Got {
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": site.app.id,
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": password},
    });
    site.public("InitiateAuth", input).await
}

async fn password_by_page(site: &Site, password: &str) -> Got {
    by_page(
        site,
        "/login",
        &[("username", "ana"), ("password", password), ("step", "password")],
    )
    .await
}

#[tokio::test]
async fn wrong_passwords_by_pages_lock_the_api() {
    let site = Site::new().await;
    for _ in 0..5 {
        password_by_page(&site, "wrong").await;
    }
    let got = by_api(&site, PASSWORD).await;
    got.refused(400, "NotAuthorizedException", "Password attempts exceeded");
    let page = password_by_page(&site, PASSWORD).await;
    assert_eq!(page.status, 200);
    assert!(alert(&page.body).is_some());
}

#[tokio::test]
async fn wrong_passwords_by_the_api_lock_the_pages() {
    let site = Site::new().await;
    for _ in 0..5 {
        by_api(&site, "wrong").await;
    }
    let page = password_by_page(&site, PASSWORD).await;
    assert_eq!(page.header("location"), "");
    assert!(
        alert(&page.body).unwrap().to_lowercase().contains("too many"),
        "{:?}",
        alert(&page.body)
    );
}

/// By turns, and of a name that is nobody's too.
#[tokio::test]
async fn nobody_is_locked_out_as_somebody_is() {
    let site = Site::new().await;
    let mut sentences = Vec::new();
    for name in ["ana", "nobody"] {
        for _ in 0..5 {
            by_page(
                &site,
                "/login",
                &[("username", name), ("password", "wrong"), ("step", "password")],
            )
            .await;
        }
        let page = by_page(
            &site,
            "/login",
            &[("username", name), ("password", "wrong"), ("step", "password")],
        )
        .await;
        sentences.push((page.status, alert(&page.body).map(str::to_owned)));
    }
    assert_eq!(sentences[0], sentences[1]);
}

#[tokio::test]
async fn a_resets_guesses_are_counted_together() {
    let site = Site::new().await;
    let mut limited = None;
    by_page(&site, "/forgotPassword", &[("username", "ana")]).await;
    let mails = site.rig.app.delivery.inbox(Some("ana@example.com")).await.unwrap();
    let code = mails[0].message.code.clone().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let new = "An0ther-pass!";
    for guess in 0..40 {
        let typed = [
            ("username", "ana"),
            ("code", wrong),
            ("new_password", new),
            ("new_password_again", new),
        ];
        by_page(&site, "/confirmforgotPassword", &typed).await;
        let input = json!({"ClientId": site.app.id, "Username": "ana", "ConfirmationCode": wrong, "Password": new});
        let got = site.public("ConfirmForgotPassword", input).await;
        if got.text("/__type") != "CodeMismatchException" {
            limited = Some(guess);
            break;
        }
    }
    assert!(limited.is_some(), "by the API nobody is stopped");
    // The right one is too late, by either door.
    let typed = [
        ("username", "ana"),
        ("code", code.as_str()),
        ("new_password", new),
        ("new_password_again", new),
    ];
    let page = by_page(&site, "/confirmforgotPassword", &typed).await;
    assert!(alert(&page.body).is_some(), "{}", page.body);
    assert_eq!(by_api(&site, new).await.status, 400);
}

#[tokio::test]
async fn a_sign_ups_guesses_are_counted_together() {
    let site = Site::new().await;
    let typed = [
        ("username", "eve"),
        ("password", PASSWORD),
        ("attribute.email", "eve@example.com"),
    ];
    by_page(&site, "/signup", &typed).await.ok();
    let mails = site.rig.app.delivery.inbox(Some("eve@example.com")).await.unwrap();
    let code = mails[0].message.code.clone().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let mut stopped = false;
    for _ in 0..40 {
        by_page(&site, "/confirm", &[("username", "eve"), ("code", wrong)]).await;
        let input = json!({"ClientId": site.app.id, "Username": "eve", "ConfirmationCode": wrong});
        stopped |= site.public("ConfirmSignUp", input).await.text("/__type") != "CodeMismatchException";
    }
    assert!(stopped);
    let page = by_page(&site, "/confirm", &[("username", "eve"), ("code", &code)]).await;
    assert!(alert(&page.body).is_some(), "{}", page.body);
}

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
    let got = by_page(&site, "/login", &typed).await;
    assert_eq!((got.status, got.header("location")), (200, ""));

    let page = by_page(
        &site,
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
        let got = site.idp(&super::Key::unknown(), operation, input).await;
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
        let page = by_page(
            &site,
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
            let got = by_page(&site, "/login", &fields).await;
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
            let got = by_page(&site, path, &fields).await;
            assert!(got.status < 500, "{path} {odd:?}: {}", got.status);
        }
    }
    site.person(&site.at, "bea").await;
    let got = by_page(
        &site,
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
        let page = by_page(
            &site,
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
        let got = by_page(&site, "/login", &typed).await;
        assert_eq!(got.status, status, "{long}: {:?}", alert(&got.body));
    }
}

/// A form asks for what the pool requires: nobody gives themselves more.
#[tokio::test]
async fn nobody_signs_up_with_more_than_is_asked_for() {
    let schema = json!([{"Name": "role", "AttributeDataType": "String", "Mutable": true}]);
    let site = Site::with(json!({"Schema": schema}), json!({"GenerateSecret": true})).await;
    let more = [
        ("attribute.custom:role", "admin"),
        ("attribute.email_verified", "true"),
        ("attribute.sub", "x"),
        ("attribute.identities", "[]"),
        ("attribute.nickname", "boss"),
        ("attribute.cognito:user_status", "CONFIRMED"),
    ];
    let mut typed = vec![
        ("username", "eve"),
        ("password", PASSWORD),
        ("attribute.email", "eve@example.com"),
    ];
    typed.extend(more);
    by_page(&site, "/signup", &typed).await.ok();
    let user = site
        .call("AdminGetUser", json!({"UserPoolId": site.at.pool, "Username": "eve"}))
        .await;
    let names: Vec<&str> = user["UserAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["Name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["email", "sub"], "{user}");
    assert_eq!(user["UserStatus"], "UNCONFIRMED");

    // Nor when they are to change their password.
    let user = json!({"UserPoolId": site.at.pool, "Username": "new", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", user).await;
    let page = by_page(
        &site,
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
    let new = "An0ther-pass!";
    let mut typed = vec![
        ("username", "new"),
        ("session", &session),
        ("step", "new_password"),
        ("new_password", new),
        ("new_password_again", new),
    ];
    typed.extend(more);
    let got = by_page(&site, "/login", &typed).await;
    assert!(
        parameter(&got, "code").is_some(),
        "{} {:?}",
        got.status,
        alert(&got.body)
    );
    let user = site
        .call("AdminGetUser", json!({"UserPoolId": site.at.pool, "Username": "new"}))
        .await;
    assert!(
        !user.to_string().contains("admin") && !user.to_string().contains("boss"),
        "{user}"
    );
    // What was answered is answered.
    let again = by_page(&site, "/login", &typed).await;
    assert_eq!(again.header("location"), "");
}

#[tokio::test]
async fn nobody_signs_up_where_an_administrator_does_it() {
    let site = Site::with(
        json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}}),
        json!({}),
    )
    .await;
    let typed = [
        ("username", "eve"),
        ("password", PASSWORD),
        ("attribute.email", "eve@example.com"),
    ];
    assert_eq!(by_page(&site, "/signup", &typed).await.status, 403);
    let got = site
        .idp(
            &super::Key::unknown(),
            "AdminGetUser",
            json!({"UserPoolId": site.at.pool, "Username": "eve"}),
        )
        .await;
    assert_eq!(got.status, 400);
}

/// Addresses are kept in histories and logs: nobody signs in by one.
#[tokio::test]
async fn what_an_address_says_signs_nobody_in() {
    let site = Site::new().await;
    let query = site
        .app
        .request(&[("username", "ana"), ("password", PASSWORD), ("step", "password")]);
    let mut browser = site.browser();
    let page = browser.get(&format!("/login?{query}")).await.ok();
    assert!(!browser.cookies.contains_key("cognito"));
    assert!(Form::of(&page.body).fields.iter().all(|(_, value)| value != PASSWORD));
    let csrf = browser.cookies["XSRF-TOKEN"].clone();
    let got = browser
        .post(&format!("/login?{query}"), &[("_csrf", csrf.as_str())])
        .await;
    assert!(got.header("location").is_empty() && !browser.cookies.contains_key("cognito"));
}
