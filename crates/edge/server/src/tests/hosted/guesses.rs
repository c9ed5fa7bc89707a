//! Guesses are counted once, by whichever door they come. Reference: user-pools 5.3; oauth-and-federation 17.3.

use serde_json::json;

use super::{Got, PASSWORD, Site, browser::alert};

async fn by_api(site: &Site, password: &str) -> Got {
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": site.app.id,
        "AuthParameters": {"USERNAME": "ana", "PASSWORD": password},
    });
    site.public("InitiateAuth", input).await
}

async fn password_by_page(site: &Site, password: &str) -> Got {
    site.by_page(
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
            site.by_page(
                "/login",
                &[("username", name), ("password", "wrong"), ("step", "password")],
            )
            .await;
        }
        let page = site
            .by_page(
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
    site.by_page("/forgotPassword", &[("username", "ana")]).await;
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
        site.by_page("/confirmforgotPassword", &typed).await;
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
    let page = site.by_page("/confirmforgotPassword", &typed).await;
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
    site.by_page("/signup", &typed).await.ok();
    let mails = site.rig.app.delivery.inbox(Some("eve@example.com")).await.unwrap();
    let code = mails[0].message.code.clone().unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let mut stopped = false;
    for _ in 0..40 {
        site.by_page("/confirm", &[("username", "eve"), ("code", wrong)]).await;
        let input = json!({"ClientId": site.app.id, "Username": "eve", "ConfirmationCode": wrong});
        stopped |= site.public("ConfirmSignUp", input).await.text("/__type") != "CodeMismatchException";
    }
    assert!(stopped);
    let page = site.by_page("/confirm", &[("username", "eve"), ("code", &code)]).await;
    assert!(alert(&page.body).is_some(), "{}", page.body);
}
