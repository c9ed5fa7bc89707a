//! Passkeys at hosted login: whichever the person picks, and those that are made there. Reference: oauth-and-federation 17.3 (passkeys);
//! user-pools 7.

use std::time::Duration;

use kernel::{ApiError, Code};
use serde_json::{Value, json};
use testkit::{
    authenticator::{Authenticator, Said, USER_PRESENT},
    merged,
};

use super::{oauth, place_of};
use crate::{
    hosted::{Answer, Browser, Page, Place, Reply, Start},
    tests::people::{PASSWORD, People},
};

const ORIGIN: &str = "https://harbour.auth.eu-west-1.id.example.net";
const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-0000-4000-8000-000000000000";

fn passkeys() -> Value {
    json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}})
}

fn choosing() -> Value {
    let flows = [
        "ALLOW_USER_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
    ];
    merged(oauth(), json!({"ExplicitAuthFlows": flows}))
}

/// Ana and Ben in a pool whose domain is `harbour`.
async fn people() -> People {
    let people = People::with(passkeys(), choosing()).await;
    for name in ["ana", "ben"] {
        people.member(name, &[]).await;
    }
    people
        .admin("CreateUserPoolDomain", json!({"Domain": "harbour"}))
        .await
        .ok();
    people
}

async fn page_of(people: &People, pool: &str, client: &str) -> Place {
    let page = Page {
        origin: ORIGIN.to_owned(),
        own_host: None,
    };
    place_of(&people.app.pools, pool, client)
        .await
        .at(Some(&page), Vec::new())
}

async fn page(people: &People) -> Place {
    page_of(people, &people.pool, &people.client).await
}

/// Somebody signs in by password on the page.
async fn browser(people: &People, place: &Place, name: &str) -> Browser {
    let start = Start::Password {
        username: name.to_owned(),
        password: PASSWORD.to_owned(),
        step_up: None,
    };
    let cx = people.app.cx();
    match Box::pin(people.app.pools.begin_at(&cx, place, start)).await {
        Ok(Reply::LoggedIn(signed_in)) => Browser::of(&signed_in),
        other => panic!("{name} is not signed in: {other:?}"),
    }
}

/// A passkey that somebody makes on the page.
async fn made(people: &People, place: &Place, name: &str) -> Authenticator {
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let browser = browser(people, place, name).await;
    let options = pools.passkey_options_at(&cx, place, &browser).await.unwrap();
    let mut device = Authenticator::es256(format!("{name}'s at {}", place.pool()).as_bytes());
    let credential = device
        .create(&serde_json::from_str(&options).unwrap(), ORIGIN)
        .to_string();
    pools.add_passkey_at(&cx, place, &browser, &credential).await.unwrap();
    device
}

struct Opened {
    options: Value,
    session: String,
}

fn opened(people: &People, place: &Place) -> Opened {
    let found = people.app.pools.any_passkey_at(&people.app.cx(), place);
    let (options, session) = found.expect("the page has passkeys");
    Opened {
        options: serde_json::from_str(&options).unwrap(),
        session,
    }
}

async fn answered(people: &People, place: &Place, session: &str, credential: &Value) -> Result<String, ApiError> {
    let answer = Answer::Passkey {
        session: session.to_owned(),
        credential: credential.to_string(),
        step_up: None,
    };
    // Whatever stood in the box for the name.
    let reply = people
        .app
        .pools
        .answer_at(&people.app.cx(), place, "somebody", answer)
        .await?;
    match reply {
        Reply::LoggedIn(signed_in) => Ok(signed_in.user.username.clone()),
        other => panic!("more is asked: {other:?}"),
    }
}

#[tokio::test]
async fn whoever_the_passkey_names_is_signed_in_once() {
    let people = people().await;
    let place = page(&people).await;
    let (mut anas, mut bens) = (made(&people, &place, "ana").await, made(&people, &place, "ben").await);
    let page = opened(&people, &place);
    assert_eq!(page.options["rpId"], "harbour.auth.eu-west-1.id.example.net");
    assert_eq!(page.options["allowCredentials"], json!([]));
    let signed = anas.sign(&page.options, ORIGIN);
    assert_eq!(answered(&people, &place, &page.session, &signed).await.unwrap(), "ana");
    // Once, by whomever.
    for credential in [signed, bens.sign(&page.options, ORIGIN)] {
        let refused = answered(&people, &place, &page.session, &credential).await.unwrap_err();
        assert_eq!(
            refused.message(),
            "Invalid session for the user, session can only be used once."
        );
    }
    let page = opened(&people, &place);
    let signed = bens.sign(&page.options, ORIGIN);
    assert_eq!(answered(&people, &place, &page.session, &signed).await.unwrap(), "ben");
}

/// What an attacker says, and of which answer.
type Bend = (&'static str, fn(&mut Said));

#[tokio::test]
async fn passkeys_under_attack() {
    let people = people().await;
    let set = json!({"WebAuthnConfiguration": {"UserVerification": "required"}});
    people.admin("SetUserPoolMfaConfig", set).await.ok();
    let place = page(&people).await;
    let mut phone = made(&people, &place, "ana").await;
    let ben = people.attribute("ben", "sub").await.unwrap();
    made(&people, &place, "ben").await;
    let bends: [Bend; 7] = [
        ("wrong origin", |said| {
            said.client_data["origin"] = json!("https://evil.example");
        }),
        ("origin of the parent domain", |said| {
            said.client_data["origin"] = json!("https://id.example.net");
        }),
        ("relying party of the parent domain", |said| {
            said.relying_party = "id.example.net".to_owned();
        }),
        ("user not verified", |said| said.flags = USER_PRESENT),
        ("another challenge", |said| {
            said.client_data["challenge"] = json!("AAAAAAAAAAAAAAAAAAAAAA");
        }),
        ("a registration", |said| {
            said.client_data["type"] = json!("webauthn.create");
        }),
        ("nobody", |said| said.user_handle = "AAAA".to_owned()),
    ];
    for (attack, bend) in bends {
        let page = opened(&people, &place);
        let signed = phone.sign_bent(&page.options, ORIGIN, bend);
        let refused = answered(&people, &place, &page.session, &signed).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotAuthorized, "{attack}: {refused:?}");
    }
    // Her passkey, in another's name.
    let page = opened(&people, &place);
    let signed = phone.sign_bent(&page.options, ORIGIN, |said| said.user_handle = base64url(&ben));
    let refused = answered(&people, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Incorrect username or password.");
    // Counting backwards.
    let page = opened(&people, &place);
    let signed = phone.sign(&page.options, ORIGIN);
    answered(&people, &place, &page.session, &signed).await.unwrap();
    let page = opened(&people, &place);
    let signed = phone.sign_bent(&page.options, ORIGIN, |said| said.counter = 1);
    let refused = answered(&people, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Incorrect username or password.");
}

fn base64url(text: &str) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.encode(text)
}

#[tokio::test]
async fn another_pools_passkey_and_page_are_worth_nothing() {
    let people = people().await;
    let place = page(&people).await;
    made(&people, &place, "ana").await;
    let other = people.app.pool(passkeys()).await;
    let client = people.app.client(&other, choosing()).await;
    let set = json!({
        "UserPoolId": other,
        "WebAuthnConfiguration": {"RelyingPartyId": "harbour.auth.eu-west-1.id.example.net"},
    });
    people.app.admin.call("SetUserPoolMfaConfig", set).await.ok();
    let elsewhere = People {
        pool: other.clone(),
        client: client.clone(),
        ..people
    };
    elsewhere.member("mallory", &[]).await;
    let theirs = page_of(&elsewhere, &other, &client).await;
    let mut phone = made(&elsewhere, &theirs, "mallory").await;
    // The same relying party, as pages by path have.
    let page = opened(&elsewhere, &place);
    let signed = phone.sign(&page.options, ORIGIN);
    let refused = answered(&elsewhere, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Incorrect username or password.");
    // A session of the other's page.
    let page = opened(&elsewhere, &theirs);
    let signed = phone.sign(&page.options, ORIGIN);
    let refused = answered(&elsewhere, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Invalid session for the user.");
    assert_eq!(
        answered(&elsewhere, &theirs, &page.session, &signed).await.unwrap(),
        "mallory"
    );
}

#[tokio::test]
async fn users_who_may_not_are_refused_and_time_runs_out() {
    let people = people().await;
    let place = page(&people).await;
    let mut phone = made(&people, &place, "ana").await;
    let page = opened(&people, &place);
    people.app.advance(Duration::from_secs(14 * 60));
    let late = opened(&people, &place);
    people.app.advance(Duration::from_secs(2 * 60));
    let signed = phone.sign(&page.options, ORIGIN);
    let refused = answered(&people, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Invalid session for the user, session is expired.");
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let signed = phone.sign(&late.options, ORIGIN);
    let refused = answered(&people, &place, &late.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "User is disabled.");
    people.admin("AdminDeleteUser", json!({"Username": "ana"})).await.ok();
    let page = opened(&people, &place);
    let signed = phone.sign(&page.options, ORIGIN);
    let refused = answered(&people, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Incorrect username or password.");
}

#[tokio::test]
async fn wrong_passwords_lock_no_passkey_out() {
    let people = people().await;
    let place = page(&people).await;
    let mut phone = made(&people, &place, "ana").await;
    for _ in 0..6 {
        people.sign_in("ana", "Wr0ng-word").await.error();
    }
    let page = opened(&people, &place);
    let signed = phone.sign(&page.options, ORIGIN);
    assert_eq!(answered(&people, &place, &page.session, &signed).await.unwrap(), "ana");
}

#[tokio::test]
async fn a_second_factor_that_is_due_is_a_passkey_that_verifies() {
    let people = people().await;
    let place = page(&people).await;
    let mut phone = made(&people, &place, "ana").await;
    let mfa = |factors: Value| {
        json!({
            "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": sms(),
            "WebAuthnConfiguration": factors,
        })
    };
    people.set("ana", &[("phone_number", "+15550100")]).await.ok();
    people.admin("SetUserPoolMfaConfig", mfa(json!({}))).await.ok();
    let prefer = json!({"Username": "ana", "SMSMfaSettings": {"Enabled": true}});
    people.admin("AdminSetUserMFAPreference", prefer).await.ok();
    // One factor is one too few.
    let place = self::page(&people).await;
    let page = opened(&people, &place);
    let signed = phone.sign(&page.options, ORIGIN);
    let refused = answered(&people, &place, &page.session, &signed).await.unwrap_err();
    assert_eq!(refused.message(), "Incorrect username or password.");

    let both = json!({"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"});
    people.admin("SetUserPoolMfaConfig", mfa(both)).await.ok();
    let place = self::page(&people).await;
    let page = opened(&people, &place);
    assert_eq!(page.options["userVerification"], "required");
    let unverified = phone.sign_bent(&page.options, ORIGIN, |said| said.flags = USER_PRESENT);
    answered(&people, &place, &page.session, &unverified).await.unwrap_err();
    let signed = phone.sign(&page.options, ORIGIN);
    assert_eq!(answered(&people, &place, &page.session, &signed).await.unwrap(), "ana");
}

fn sms() -> Value {
    json!({"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "harbour"}})
}

#[tokio::test]
async fn one_is_made_for_the_domain_twenty_at_most_and_on_its_pages_alone() {
    let people = people().await;
    let place = page(&people).await;
    let (pools, cx) = (&people.app.pools, people.app.cx());
    let ana = browser(&people, &place, "ana").await;
    assert!(pools.lacks_passkey(&place, &ana).await.unwrap());
    let elsewhere = place_of(pools, &people.pool, &people.client).await;
    let evil = Page {
        origin: "https://evil.example".to_owned(),
        own_host: None,
    };
    for place in [
        elsewhere.clone().at(Some(&evil), Vec::new()),
        elsewhere.at(None, Vec::new()),
    ] {
        assert!(pools.any_passkey_at(&cx, &place).is_none());
        assert!(!pools.lacks_passkey(&place, &ana).await.unwrap());
        let refused = pools.passkey_options_at(&cx, &place, &ana).await.unwrap_err();
        assert_eq!(refused.code().0, "WebAuthnConfigurationMissingException");
    }
    for number in 0..20_u8 {
        let options = pools.passkey_options_at(&cx, &place, &ana).await.unwrap();
        let options: Value = serde_json::from_str(&options).unwrap();
        let made = Authenticator::es256(&[number]).create(&options, ORIGIN).to_string();
        pools.add_passkey_at(&cx, &place, &ana, &made).await.unwrap();
        // Its challenge is spent.
        let again = pools.add_passkey_at(&cx, &place, &ana, &made).await.unwrap_err();
        assert_eq!(again.code().0, "WebAuthnChallengeNotFoundException");
    }
    assert!(!pools.lacks_passkey(&place, &ana).await.unwrap());
    let refused = pools.passkey_options_at(&cx, &place, &ana).await.unwrap_err();
    assert_eq!(refused.code(), Code::LimitExceeded);
    // Another's challenge is none of hers.
    let ben = browser(&people, &place, "ben").await;
    let options = pools.passkey_options_at(&cx, &place, &ben).await.unwrap();
    let made = Authenticator::es256(b"ben").create(&serde_json::from_str(&options).unwrap(), ORIGIN);
    let refused = pools
        .add_passkey_at(&cx, &place, &ana, &made.to_string())
        .await
        .unwrap_err();
    assert_eq!(refused.code().0, "WebAuthnChallengeNotFoundException");
}

#[tokio::test]
async fn the_domain_stands_in_for_the_relying_party_as_it_comes_and_goes() {
    let people = People::with(passkeys(), choosing()).await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let id = async || {
        let answer = people.with_token(&token, "StartWebAuthnRegistration", json!({})).await;
        answer.ok()["CredentialCreationOptions"]["rp"]["id"].clone()
    };
    let start = people.with_token(&token, "StartWebAuthnRegistration", json!({})).await;
    assert_eq!(start.code(), "WebAuthnConfigurationMissingException");
    people
        .admin("CreateUserPoolDomain", json!({"Domain": "harbour"}))
        .await
        .ok();
    assert_eq!(id().await, "harbour.auth.eu-west-1.id.example.net");
    let custom = json!({"Domain": "auth.example.com", "CustomDomainConfig": {"CertificateArn": CERTIFICATE}});
    people.admin("CreateUserPoolDomain", custom).await.ok();
    assert_eq!(id().await, "auth.example.com");
    let set = json!({"WebAuthnConfiguration": {"RelyingPartyId": "example.org"}});
    people.admin("SetUserPoolMfaConfig", set).await.ok();
    assert_eq!(id().await, "example.org");
    people
        .admin("SetUserPoolMfaConfig", json!({"WebAuthnConfiguration": {}}))
        .await
        .ok();
    people
        .admin("DeleteUserPoolDomain", json!({"Domain": "auth.example.com"}))
        .await
        .ok();
    assert_eq!(id().await, "harbour.auth.eu-west-1.id.example.net");
    people
        .admin("DeleteUserPoolDomain", json!({"Domain": "harbour"}))
        .await
        .ok();
    let start = people.with_token(&token, "StartWebAuthnRegistration", json!({})).await;
    assert_eq!(start.code(), "WebAuthnConfigurationMissingException");
    // What is printed is what was set.
    let printed = people.admin("GetUserPoolMfaConfig", json!({})).await.ok();
    assert_eq!(printed["WebAuthnConfiguration"]["RelyingPartyId"], Value::Null);
}
