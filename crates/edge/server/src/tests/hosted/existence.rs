//! Who exists is nobody's business, where the client says so (PreventUserExistenceErrors). Reference: user-pools 17.2;
//! oauth-and-federation 17.3.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Got, PASSWORD, Site, browser::alert};

/// Ana as she is, and others: `bea` has not confirmed, `cara` is disabled, `dora` has to change her password, `emma` has no address
/// that a code could go to. `nobody` is none.
const NAMES: [&str; 6] = ["ana", "bea", "cara", "dora", "emma", "nobody"];

async fn site() -> Site {
    let site = Site::new().await;
    for name in ["cara", "dora"] {
        site.person(&site.at, name).await;
    }
    site.on_user(&site.at, "AdminDisableUser", "cara").await;
    let attributes = json!([{"Name": "email", "Value": "bea@example.com"}]);
    let input = json!({"ClientId": site.app.id, "Username": "bea", "Password": PASSWORD, "UserAttributes": attributes});
    site.public("SignUp", input).await.ok();
    site.on_user(&site.at, "AdminResetUserPassword", "dora").await;
    let emma = json!({"UserPoolId": site.at.pool, "Username": "emma", "MessageAction": "SUPPRESS"});
    site.call("AdminCreateUser", emma).await;
    let password = json!({"UserPoolId": site.at.pool, "Username": "emma", "Password": PASSWORD, "Permanent": true});
    site.call("AdminSetUserPassword", password).await;
    site
}

/// What a stranger sees of it, the name and what is new each time left out.
fn seen(got: &Got, name: &str) -> (u16, String, Vec<String>, String) {
    let names: Vec<String> = got.headers.keys().map(|name| name.as_str().to_owned()).collect();
    let csrf = super::browser::between(&got.body, "name=\"_csrf\" value=\"", "\"").unwrap_or_default();
    let body = got
        .body
        .replace(csrf, "")
        .replace(&format!("\"{name}\""), "\"NAME\"")
        .replace(&format!(">{name}<"), ">NAME<");
    (got.status, got.header("location").to_owned(), names, body)
}

async fn typed(site: &Site, path: &str, name: &str, fields: &[(&str, &str)]) -> Got {
    let mut all = vec![("username", name)];
    all.extend(fields);
    site.by_page(path, &all).await
}

#[tokio::test]
async fn a_wrong_password_tells_nothing() {
    let site = site().await;
    let wrong = [("password", "Wrong-passw0rd!"), ("step", "password")];
    let of_nobody = seen(&typed(&site, "/login", "nobody", &wrong).await, "nobody");
    assert_eq!(alert(&of_nobody.3), Some("Incorrect username or password."));
    for name in NAMES {
        let got = typed(&site, "/login", name, &wrong).await;
        assert_eq!(seen(&got, name), of_nobody, "{name}");
    }
}

/// Where the code went is made up of nobody's name: the rest is the same.
#[tokio::test]
async fn forgetting_tells_nothing() {
    let site = site().await;
    let shape = |got: &Got, name: &str| {
        let (status, location, headers, body) = seen(got, name);
        let part = |begin: &str, end: &str| {
            let found = super::browser::between(&body, begin, end);
            found.unwrap_or_default().to_owned()
        };
        let lead = part("class=\"lead", "</p>");
        let destination = part("name=\"destination\" value=\"", "\"");
        let rest = body.replace(&lead, "").replace(&destination, "");
        (
            status,
            location,
            headers,
            rest,
            lead.is_empty() || destination.is_empty(),
        )
    };
    let of_nobody = shape(&typed(&site, "/forgotPassword", "nobody", &[]).await, "nobody");
    for name in NAMES {
        let got = typed(&site, "/forgotPassword", name, &[]).await;
        assert_eq!(shape(&got, name), of_nobody, "{name}");
        assert!(alert(&got.body).is_none(), "{name}: {:?}", alert(&got.body));
    }
}

#[tokio::test]
async fn a_wrong_code_tells_nothing() {
    let site = site().await;
    for name in NAMES {
        typed(&site, "/forgotPassword", name, &[]).await;
    }
    let reset = [
        ("code", "000000"),
        ("new_password", "An0ther-pass!"),
        ("new_password_again", "An0ther-pass!"),
    ];
    let of_nobody = seen(
        &typed(&site, "/confirmforgotPassword", "nobody", &reset).await,
        "nobody",
    );
    for name in ["ana", "cara"] {
        let got = typed(&site, "/confirmforgotPassword", name, &reset).await;
        assert_eq!(seen(&got, name), of_nobody, "{name}");
    }
}

/// Who has confirmed already, and who is not there, look alike.
#[tokio::test]
async fn confirming_tells_nothing() {
    let site = site().await;
    for fields in [
        &[("code", "000000")][..],
        &[("resend", "1")],
        &[("code", "")],
        &[("code", "x")],
    ] {
        let of_nobody = seen(&typed(&site, "/confirm", "nobody", fields).await, "nobody");
        for name in ["ana", "cara", "dora", "emma"] {
            let got = typed(&site, "/confirm", name, fields).await;
            assert_eq!(seen(&got, name), of_nobody, "{name} {fields:?}");
        }
    }
}

/// Roughly: what makes it long is the same for all.
#[tokio::test]
async fn a_wrong_password_takes_as_long_of_nobody() {
    let site = site().await;
    let wrong = [("password", "Wrong-passw0rd!"), ("step", "password")];
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..3 {
        for (at, name) in ["ana", "nobody"].into_iter().enumerate() {
            let began = Instant::now();
            typed(&site, "/login", name, &wrong).await;
            shortest[at] = shortest[at].min(began.elapsed());
        }
    }
    let [ana, nobody] = shortest;
    assert!(nobody * 4 > ana && ana * 4 > nobody, "{ana:?} {nobody:?}");
}

/// What is counted is counted of nobody, too: the same try is one too many.
#[tokio::test]
async fn trying_for_long_tells_nothing() {
    let site = site().await;
    let reset = [
        ("code", "000000"),
        ("new_password", "An0ther-pass!"),
        ("new_password_again", "An0ther-pass!"),
    ];
    let wrong = [("password", "Wrong-passw0rd!"), ("step", "password")];
    for (path, fields) in [
        ("/login", &wrong[..]),
        ("/forgotPassword", &[]),
        ("/confirmforgotPassword", &reset),
        ("/confirm", &[("code", "000000")]),
    ] {
        let mut told = Vec::new();
        for name in ["ana", "nobody"] {
            let mut sentences = Vec::new();
            for _ in 0..25 {
                let got = typed(&site, path, name, fields).await;
                sentences.push((got.status, alert(&got.body).map(str::to_owned)));
            }
            told.push(sentences);
        }
        assert_eq!(told[0], told[1], "{path}");
    }
}

/// Where people choose how to sign in, a name alone is asked for first.
#[tokio::test]
async fn a_name_alone_tells_nothing() {
    let choice = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}});
    let flows = json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]});
    let site = Site::with(choice, flows).await;
    for name in ["bea", "cara"] {
        site.person(&site.at, name).await;
    }
    site.on_user(&site.at, "AdminDisableUser", "cara").await;
    let mut told = Vec::new();
    for name in ["ana", "bea", "cara", "nobody"] {
        let page = typed(&site, "/login", name, &[("step", "username")]).await;
        let session = super::browser::between(&page.body, "name=\"session\" value=\"", "\"")
            .unwrap_or_default()
            .to_owned();
        let (status, _, _, body) = seen(&page, name);
        let body = body.replace(&session, "SESSION");
        let password = [
            ("step", "password"),
            ("password", "Wrong-passw0rd!"),
            ("session", session.as_str()),
        ];
        let wrong = typed(&site, "/login", name, &password).await;
        let by_mail = typed(
            &site,
            "/login",
            name,
            &[
                ("step", "factor"),
                ("factor", "EMAIL_OTP"),
                ("session", session.as_str()),
            ],
        )
        .await;
        let carried = super::browser::between(&by_mail.body, "name=\"session\" value=\"", "\"")
            .unwrap_or_default()
            .to_owned();
        let guess = typed(
            &site,
            "/login",
            name,
            &[("step", "code"), ("code", "000000"), ("session", carried.as_str())],
        )
        .await;
        let said = |got: &Got| {
            (
                got.status,
                alert(&got.body).map(str::to_owned),
                got.body.contains("name=\"code\""),
            )
        };
        told.push((status, body, said(&wrong), said(&by_mail), said(&guess)));
    }
    for at in 0..told.len() {
        assert_eq!(told[at], told[3], "{at}");
    }
}
