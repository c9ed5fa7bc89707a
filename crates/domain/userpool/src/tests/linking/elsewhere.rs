//! What users who sign in at a provider may not do here. Reference: oauth-and-federation 10.4.

use serde_json::{Value, json};
use testkit::{Answer, authenticator::Authenticator, text};

use super::{SIGNS_IN_ELSEWHERE, arrived, disable, own, people_of};
use crate::tests::{
    entry::WRONG,
    functions::FUNCTION,
    passkeys::holder::{self, ORIGIN},
    people::{PASSWORD, People, hours},
};

const NOT_AUTHORIZED: &str = "NotAuthorizedException";
const IN_THIS_STATE: (&str, &str) = (NOT_AUTHORIZED, "User password cannot be reset in the current state.");
const ADDRESS: &[(&str, &str)] = &[("email", "gus@example.com"), ("email_verified", "true")];

fn every_factor() -> Value {
    let factors = json!(["PASSWORD", "WEB_AUTHN", "EMAIL_OTP"]);
    json!({
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}, "AutoVerifiedAttributes": ["email"],
        "LambdaConfig": {
            "DefineAuthChallenge": FUNCTION, "CreateAuthChallenge": FUNCTION, "VerifyAuthChallengeResponse": FUNCTION,
        },
    })
}

async fn people(client: Value) -> (People, String) {
    let people = people_of(every_factor(), client).await;
    let settings = json!({
        "WebAuthnConfiguration": {"RelyingPartyId": "example.com"}, "SoftwareTokenMfaConfiguration": {"Enabled": true},
        "MfaConfiguration": "OPTIONAL",
    });
    people.admin("SetUserPoolMfaConfig", settings).await.ok();
    let name = arrived(&people, "Google", "G1", ADDRESS).await;
    (people, name)
}

/// A token of Ana, who has no password any more.
async fn closed(people: &People) -> String {
    let token = people.token("ana").await;
    disable(people, own("ana")).await.ok();
    token
}

#[tokio::test]
async fn no_flow_leads_in() {
    for existence in ["LEGACY", "ENABLED"] {
        let (people, name) = people(json!({"PreventUserExistenceErrors": existence})).await;
        let define = "DefineAuthChallenge_Authentication";
        people.app.functions.respond(define, json!({"issueTokens": true}));
        let password = json!({"USERNAME": name, "PASSWORD": PASSWORD});
        people
            .initiate("USER_PASSWORD_AUTH", password.clone())
            .await
            .refused_as(WRONG);
        people
            .admin_initiate("ADMIN_USER_PASSWORD_AUTH", password)
            .await
            .refused_as(WRONG);
        people.sign_in_by_srp(&name, PASSWORD).await.refused_as(WRONG);
        let custom = people.initiate("CUSTOM_AUTH", json!({"USERNAME": name})).await;
        custom.refused_as(WRONG);
    }
}

#[tokio::test]
async fn what_may_be_chosen_is_nothing_or_what_strangers_are_offered() {
    let (people, name) = people(json!({})).await;
    let choose = |preferred: &str| {
        let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": preferred});
        people.initiate("USER_AUTH", parameters)
    };
    for preferred in ["EMAIL_OTP", "PASSWORD", "WEB_AUTHN"] {
        let offered = choose(preferred).await.ok();
        assert_eq!(offered["ChallengeName"], "SELECT_CHALLENGE", "{preferred}");
        assert_eq!(offered.get("AvailableChallenges"), None);
    }
    let factors = people
        .admin("AdminGetUserAuthFactors", json!({"Username": name}))
        .await
        .ok();
    assert_eq!(factors["ConfiguredUserAuthFactors"], json!([]));
    assert_eq!(people.app.inbox("gus@example.com").await.len(), 0);

    let hidden = people.app.client(
        &people.pool,
        json!({"PreventUserExistenceErrors": "ENABLED", "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}),
    );
    let people = People {
        client: hidden.await,
        ..people
    };
    let begin = |name: &'static str, preferred: &'static str| {
        let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": preferred});
        people.initiate("USER_AUTH", parameters)
    };
    for name in ["Google_G1", "nobody"] {
        let offered = begin(name, "EMAIL_OTP").await.ok();
        assert_eq!(offered["ChallengeName"], "EMAIL_OTP", "{name}");
        let responses = json!({"USERNAME": name, "EMAIL_OTP_CODE": "12345678"});
        let answered = people
            .respond("EMAIL_OTP", offered["Session"].as_str(), responses)
            .await;
        answered.refused("CodeMismatchException", "Invalid code or auth state for the user.");
        let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD});
        people.initiate("USER_AUTH", parameters).await.refused_as(WRONG);
    }
    assert_eq!(people.app.inbox("gus@example.com").await.len(), 0);
}

#[tokio::test]
async fn a_passkey_from_before_leads_in_no_more() {
    let (people, _) = people(json!({})).await;
    let token = people.token("ana").await;
    let mut device = holder::registered(&people, &token, "one").await;
    let begin = || {
        people.initiate(
            "USER_AUTH",
            json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "WEB_AUTHN"}),
        )
    };
    let asked = begin().await.ok();
    let options = text(&asked, "/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS");
    let said = device.sign(&serde_json::from_str(&options).unwrap(), ORIGIN);
    disable(&people, own("ana")).await.ok();
    let responses = json!({"USERNAME": "ana", "CREDENTIAL": said.to_string()});
    let answered = people.respond("WEB_AUTHN", asked["Session"].as_str(), responses).await;
    assert_eq!(answered.error().code().0, NOT_AUTHORIZED);
    assert_eq!(begin().await.ok()["ChallengeName"], "SELECT_CHALLENGE");
}

#[tokio::test]
async fn a_password_is_neither_recovered_nor_changed() {
    let (people, name) = people(json!({})).await;
    people
        .public("ForgotPassword", json!({"Username": name}))
        .await
        .refused_as(IN_THIS_STATE);
    let reset = people.admin("AdminResetUserPassword", json!({"Username": name})).await;
    reset.refused_as(IN_THIS_STATE);
    let input = json!({"Username": name, "ConfirmationCode": "123456", "Password": PASSWORD});
    let confirmed = people.public("ConfirmForgotPassword", input).await;
    confirmed.refused_as(IN_THIS_STATE);
    let confirmed = people.confirm(&name, "123456").await;
    let sentence = "User cannot be confirmed. Current status is EXTERNAL_PROVIDER";
    confirmed.refused(NOT_AUTHORIZED, sentence);
    let again = people.public("ResendConfirmationCode", json!({"Username": name})).await;
    again.refused("InvalidParameterException", "User is already confirmed.");

    let token = closed(&people).await;
    for input in [
        json!({"ProposedPassword": "An0ther-word"}),
        json!({"ProposedPassword": "An0ther-word", "PreviousPassword": PASSWORD}),
    ] {
        let changed = people.with_token(&token, "ChangePassword", input).await;
        changed.refused(NOT_AUTHORIZED, "User is not authorized to change password.");
    }
    assert_eq!(people.app.inbox("gus@example.com").await.len(), 0);
}

#[tokio::test]
async fn recovery_tells_a_hiding_client_nothing() {
    let (people, _) = people(json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    for name in ["Google_G1", "nobody"] {
        let sent = people.public("ForgotPassword", json!({"Username": name})).await.ok();
        assert_eq!(sent["CodeDeliveryDetails"]["DeliveryMedium"], "EMAIL", "{name}");
        let input = json!({"Username": name, "ConfirmationCode": "123456", "Password": PASSWORD});
        let confirmed = people.public("ConfirmForgotPassword", input).await;
        confirmed.refused(
            "CodeMismatchException",
            "Invalid verification code provided, please try again.",
        );
        people.app.advance(hours(2));
    }
    assert_eq!(people.app.inbox("gus@example.com").await.len(), 0);
}

#[tokio::test]
async fn no_factor_is_registered() {
    let (people, _) = people(json!({})).await;
    let token = people.token("ana").await;
    let options = holder::start(&people, &token).await;
    let made = Authenticator::es256(b"one").create(&options, ORIGIN);
    let secret = people
        .with_token(&token, "AssociateSoftwareToken", json!({}))
        .await
        .ok();
    assert_ne!(secret["SecretCode"], json!(""));
    disable(&people, own("ana")).await.ok();
    let call = |operation: &'static str, input: Value| people.with_token(&token, operation, input);
    let answers: Vec<Answer> = vec![
        call("AssociateSoftwareToken", json!({})).await,
        call("VerifySoftwareToken", json!({"UserCode": "123456"})).await,
        call(
            "SetUserMFAPreference",
            json!({"SoftwareTokenMfaSettings": {"Enabled": true}}),
        )
        .await,
        call("SetUserSettings", json!({"MFAOptions": []})).await,
        call("StartWebAuthnRegistration", json!({})).await,
        holder::complete(&people, &token, &made).await,
    ];
    for answer in answers {
        answer.refused_as(SIGNS_IN_ELSEWHERE);
    }
    // What they are and what they have is theirs to see and to change.
    call("GetUser", json!({})).await.ok();
    call("ListWebAuthnCredentials", json!({})).await.ok();
    let input = json!({"UserAttributes": [{"Name": "nickname", "Value": "An"}]});
    call("UpdateUserAttributes", input).await.ok();
    call("GlobalSignOut", json!({})).await.ok();
}
