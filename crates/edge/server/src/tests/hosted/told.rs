//! What people are told when they can't go on, and what of their typing stays. Reference: oauth-and-federation 3.6, 9.1.

use serde_json::json;

use super::{PASSWORD, Site, browser::Form};

#[tokio::test]
async fn an_error_is_told_in_the_language_of_the_page() {
    let site = Site::new().await;
    for (language, heading) in [
        ("en", "An error was encountered with the requested page."),
        ("de", "Auf der angeforderten Seite ist ein Fehler aufgetreten."),
    ] {
        let address = format!("/error?error=redirect_mismatch&lang={language}");
        let page = site.browser().get(&address).await;
        assert!(page.body.contains(&format!("<h1>{heading}</h1>")), "{}", page.body);
        assert!(page.body.contains("redirect_mismatch"), "{}", page.body);
    }
}

#[tokio::test]
async fn whoever_repeats_a_password_wrongly_keeps_the_code() {
    let site = Site::new().await;
    for (code, again, stays) in [
        ("123456", "Other-Passw0rd!", true),
        ("000000", "Better-Passw0rd!", false),
    ] {
        let typed = [
            ("username", "ana"),
            ("code", code),
            ("new_password", "Better-Passw0rd!"),
            ("new_password_again", again),
        ];
        let page = site.by_page("/confirmforgotPassword", &typed).await.ok();
        let fields = Form::of(&page.body).fields;
        let kept = fields.iter().any(|(name, value)| name == "code" && value == code);
        assert_eq!(kept, stays, "{}", page.body);
    }
}

#[tokio::test]
async fn whoever_has_no_number_for_the_required_code_is_told_so() {
    let sms = json!({"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "x"});
    let site = Site::with(json!({"SmsConfiguration": sms}), json!({})).await;
    let required = json!({
        "UserPoolId": site.at.pool, "MfaConfiguration": "ON", "SmsMfaConfiguration": {"SmsConfiguration": sms},
    });
    site.call("SetUserPoolMfaConfig", required).await;
    let page = site
        .by_page("/login", &[("username", "ana"), ("password", PASSWORD)])
        .await
        .ok();
    assert!(page.body.contains("your account has no phone number"), "{}", page.body);
    assert!(!page.body.contains("name=\"factor\""), "{}", page.body);
    assert!(page.body.contains("name=\"back\""), "{}", page.body);
}
