//! What ends a browser's session with its user's others, and what ends nothing. Reference: oauth-and-federation 4, 17.3; docs/oauth.md.

use serde_json::json;

use super::{
    PASSWORD, Site, parameter,
    sessions::{required, silent},
    site::{code, sign_in},
};

/// Where the pool says so, whoever is signed out everywhere is signed out of browsers.
#[tokio::test]
async fn what_ends_with_a_global_sign_out() {
    let tags = json!({"UserPoolTags": {"poolhouse:sso-ends-with-sign-out": "true"}});
    for by_user in [false, true] {
        let site = Site::with(tags.clone(), json!({})).await;
        let (mut browser, mut open) = (site.browser(), site.browser());
        let scope = ("scope", "openid aws.cognito.signin.user.admin");
        let code = code(&mut browser, &site.app, &[scope]).await;
        let access = site.trade(&site.at, &site.app, &code).await.ok().text("/access_token");
        sign_in(&mut open, &site.app, &[]).await;
        let page = open.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
        assert!(page.body.contains("value=\"continue\""), "{}", page.body);
        if by_user {
            site.public("GlobalSignOut", json!({"AccessToken": access})).await.ok();
        } else {
            site.on_user(&site.at, "AdminUserGlobalSignOut", "ana").await;
        }
        assert_eq!(silent(&mut browser, &site.app).await, required());
        // The page that was open still goes on as nobody.
        let got = open.submit(&page, &[]).await;
        assert_eq!((got.status, got.header("location")), (200, ""));
        assert!(got.body.contains("name=\"password\""));
        // What is signed in after it stays.
        sign_in(&mut browser, &site.app, &[]).await;
        silent(&mut browser, &site.app).await.unwrap();
    }
}

/// A new version of the keyring signs nobody out: what was sealed by the former opens.
#[tokio::test]
async fn a_new_key_ends_nothing() {
    let site = Site::new().await;
    let user = json!({"UserPoolId": site.at.pool, "Username": "new", "TemporaryPassword": PASSWORD, "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", user).await;
    let mut browser = site.browser();
    let code = code(&mut browser, &site.app, &[]).await;
    let tokens = site.tokens().await;
    let mut halfway = site.browser();
    let page = halfway.get(&format!("/login?{}", site.app.request(&[]))).await.ok();
    let page = halfway
        .submit(&page, &[("username", "new"), ("password", PASSWORD)])
        .await
        .ok();
    let cookies = (browser.cookies, halfway.cookies);

    let Site { rig, at, app } = site;
    let site = Site {
        rig: rig.with_new_key().await,
        at,
        app,
    };
    let (mut browser, mut halfway) = (site.browser(), site.browser());
    (browser.cookies, halfway.cookies) = cookies;
    silent(&mut browser, &site.app).await.unwrap();
    site.trade(&site.at, &site.app, &code).await.ok();
    site.refresh(&site.at, &site.app, tokens["refresh_token"].as_str().unwrap())
        .await
        .ok();
    site.user_info(&site.at, tokens["access_token"].as_str().unwrap())
        .await
        .ok();
    let new = [
        ("new_password", "An0ther-pass!"),
        ("new_password_again", "An0ther-pass!"),
    ];
    assert!(parameter(&halfway.submit(&page, &new).await, "code").is_some());
}
