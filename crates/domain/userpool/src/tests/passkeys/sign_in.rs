//! Signing in by passkey. Reference: user-pools 5.8, 7.5, 15.1.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{PoolId, Sub};
use serde_json::{Value, json};
use store::records::passkeys::{self, Passkey};
use testkit::{
    Answer,
    authenticator::{Authenticator, Said, USER_PRESENT},
    merged, text,
};

use super::holder::{ORIGIN, complete, configure, people, people_of, registered, start};
use crate::tests::{
    entry::{EXCEEDED, INVALID_SESSION, USED_SESSION, WRONG},
    people::{PASSWORD, People},
};

/// A pool with ana, who has a passkey on her phone.
async fn ana() -> (People, Authenticator) {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let phone = registered(&people, &token, "phone").await;
    (people, phone)
}

/// The challenge of a sign-in that wishes for a passkey.
async fn asked(people: &People, name: &str) -> Value {
    let parameters = json!({"USERNAME": name, "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    let answer = people.initiate("USER_AUTH", parameters).await.ok();
    assert_eq!(answer["ChallengeName"], "WEB_AUTHN", "{answer}");
    answer
}

fn options(challenge: &Value) -> Value {
    serde_json::from_str(&text(challenge, "/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS")).unwrap()
}

async fn answered(people: &People, name: &str, challenge: &Value, credential: &Value) -> Answer {
    let session = text(challenge, "/Session");
    let responses = json!({"USERNAME": name, "CREDENTIAL": credential.to_string()});
    people.respond("WEB_AUTHN", Some(&session), responses).await
}

async fn sign_in(people: &People, device: &mut Authenticator) -> Answer {
    let challenge = asked(people, "ana").await;
    let signed = device.sign(&options(&challenge), ORIGIN);
    answered(people, "ana", &challenge, &signed).await
}

/// What is stored of ana's one passkey.
async fn stored(people: &People) -> Passkey {
    let pool = PoolId::new(people.pool.as_str());
    let sub = Sub::new(people.attribute("ana", "sub").await.unwrap());
    let held = people.app.store.read(move |r| passkeys::of_user(r, &pool, &sub));
    held.await.unwrap().into_iter().next().unwrap()
}

/// The methods that a token names. It is of level three.
async fn amr(people: &People, answer: &Value) -> Value {
    let claims = people.claims(&text(answer, "/AuthenticationResult/AccessToken")).await;
    assert_eq!(claims["acr"], "urn:cognito:loa:3");
    claims["amr"].clone()
}

#[tokio::test]
async fn a_passkey_signs_in() {
    let (people, mut phone) = ana().await;
    let challenge = asked(&people, "ana").await;
    assert_eq!(
        challenge["AvailableChallenges"],
        json!(["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"])
    );
    let options = options(&challenge);
    assert_eq!(
        BASE64_URL_SAFE_NO_PAD
            .decode(text(&options, "/challenge"))
            .unwrap()
            .len(),
        16
    );
    let expected = json!({
        "challenge": options["challenge"],
        "timeout": 180_000,
        "rpId": "example.com",
        "allowCredentials": [
            {"type": "public-key", "id": BASE64_URL_SAFE_NO_PAD.encode("phone"), "transports": ["internal"]},
        ],
        "userVerification": "preferred",
    });
    assert_eq!(options, expected);

    let signed = phone.sign(&options, ORIGIN);
    let answer = answered(&people, "ana", &challenge, &signed).await.ok();
    assert_eq!(answer["ChallengeParameters"], json!({}));
    assert_eq!(amr(&people, &answer).await, json!(["swk"]));
    people
        .get_user(&text(&answer, "/AuthenticationResult/AccessToken"))
        .await
        .ok();
    let kept = stored(&people).await;
    assert_eq!((kept.counter, kept.stepped_back), (2, None));
    assert!(kept.used_at.is_some());
    // The same answer once more, and another to the same challenge.
    let again = phone.sign(&options, ORIGIN);
    for credential in [&signed, &again] {
        answered(&people, "ana", &challenge, credential)
            .await
            .refused_as(USED_SESSION);
    }
    assert_eq!(stored(&people).await, kept);
}

#[tokio::test]
async fn a_passkey_is_chosen() {
    let (people, mut phone) = ana().await;
    let offered = people.initiate("USER_AUTH", json!({"USERNAME": "ana"})).await.ok();
    assert_eq!(
        offered["AvailableChallenges"],
        json!(["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"])
    );
    let choose = async |session: &Value, more: Value| {
        let responses = merged(json!({"USERNAME": "ana", "ANSWER": "WEB_AUTHN"}), more);
        people.respond("SELECT_CHALLENGE", session.as_str(), responses).await
    };
    for under_its_name in [true, false] {
        let offered = people.initiate("USER_AUTH", json!({"USERNAME": "ana"})).await.ok();
        let challenge = choose(&offered["Session"], json!({})).await.ok();
        assert_eq!(challenge["ChallengeName"], "WEB_AUTHN");
        let signed = phone.sign(&options(&challenge), ORIGIN);
        let answer = if under_its_name {
            answered(&people, "ana", &challenge, &signed).await
        } else {
            choose(&challenge["Session"], json!({"CREDENTIAL": signed.to_string()})).await
        };
        text(&answer.ok(), "/AuthenticationResult/AccessToken");
    }
    // A credential before there was a challenge, and no credential.
    let signed = phone.sign(&json!({"challenge": "AAAA", "rpId": "example.com"}), ORIGIN);
    choose(&offered["Session"], json!({"CREDENTIAL": signed.to_string()}))
        .await
        .refused_as(INVALID_SESSION);
    let challenge = asked(&people, "ana").await;
    people
        .respond("WEB_AUTHN", challenge["Session"].as_str(), json!({"USERNAME": "ana"}))
        .await
        .refused("InvalidParameterException", "Missing required parameter CREDENTIAL");
}

#[tokio::test]
async fn what_is_wrong_signs_nobody_in() {
    let (people, mut phone) = ana().await;
    people.member("ben", &[]).await;
    let ben = people.token("ben").await;
    let mut others = registered(&people, &ben, "others").await;
    let bends: [fn(&mut Said); 8] = [
        |said| said.client_data["origin"] = json!("https://evil.net"),
        |said| said.client_data["crossOrigin"] = json!(true),
        |said| said.client_data["challenge"] = json!("AAAA"),
        |said| said.client_data["type"] = json!("webauthn.create"),
        |said| said.relying_party = "evil.net".to_owned(),
        |said| said.flags = 0,
        |said| said.user_handle = BASE64_URL_SAFE_NO_PAD.encode("ben"),
        // Eligible for backup, which it was not.
        |said| said.flags |= 0x08,
    ];
    for (number, bend) in bends.into_iter().enumerate() {
        let challenge = asked(&people, "ana").await;
        let signed = phone.sign_bent(&options(&challenge), ORIGIN, bend);
        let answer = answered(&people, "ana", &challenge, &signed).await;
        assert_eq!((answer.code(), answer.sentence()), WRONG, "{number}");
    }
    let challenge = asked(&people, "ana").await;
    let mut tampered = phone.sign(&options(&challenge), ORIGIN);
    let mut signature = BASE64_URL_SAFE_NO_PAD
        .decode(text(&tampered, "/response/signature"))
        .unwrap();
    *signature.last_mut().unwrap() ^= 1;
    tampered["response"]["signature"] = json!(BASE64_URL_SAFE_NO_PAD.encode(signature));
    for credential in [
        others.sign(&options(&challenge), ORIGIN),
        // The user's id, another key.
        Authenticator::es256(b"phone").sign(&options(&challenge), ORIGIN),
        tampered,
    ] {
        answered(&people, "ana", &challenge, &credential)
            .await
            .refused_as(WRONG);
    }
    let good = phone.sign(&options(&challenge), ORIGIN);
    answered(&people, "ben", &challenge, &good)
        .await
        .refused_as(INVALID_SESSION);
    for no_credential in [json!({}), json!("text"), json!([])] {
        answered(&people, "ana", &challenge, &no_credential)
            .await
            .refused("InvalidParameterException", "Credential data is not valid");
    }
    // None of them spent the challenge, nor counted.
    answered(&people, "ana", &challenge, &good).await.ok();
}

#[tokio::test]
async fn a_counter_that_steps_back_is_refused_and_remembered() {
    let (people, mut phone) = ana().await;
    for (counter, counts) in [(9, true), (9, false), (4, false), (0, false)] {
        let challenge = asked(&people, "ana").await;
        let signed = phone.sign_bent(&options(&challenge), ORIGIN, |said| said.counter = counter);
        let answer = answered(&people, "ana", &challenge, &signed).await;
        let now = people.app.cx().now();
        assert_eq!(answer.result.is_ok(), counts, "{counter}");
        if !counts {
            answer.refused_as(WRONG);
            assert_eq!(stored(&people).await.stepped_back, Some(now));
        }
        assert_eq!(stored(&people).await.counter, 9);
    }
    // Without the key nobody makes it look copied.
    let challenge = asked(&people, "ana").await;
    let noted = stored(&people).await;
    let forged = Authenticator::es256(b"phone").sign_bent(&options(&challenge), ORIGIN, |said| said.counter = 1);
    answered(&people, "ana", &challenge, &forged).await.refused_as(WRONG);
    assert_eq!(stored(&people).await, noted);
    let challenge = asked(&people, "ana").await;
    let signed = phone.sign_bent(&options(&challenge), ORIGIN, |said| said.counter = 10);
    answered(&people, "ana", &challenge, &signed).await.ok();
}

#[tokio::test]
async fn who_does_not_count_may_go_on_so() {
    let people = people().await;
    people.member("ana", &[]).await;
    let token = people.token("ana").await;
    let mut synced = Authenticator::rs256(b"synced");
    synced.counts = false;
    let mut made = synced.create_bent(&start(&people, &token).await, ORIGIN, |said| {
        said.transports = vec!["usb"];
    });
    made["authenticatorAttachment"] = json!("cross-platform");
    complete(&people, &token, &made).await.ok();
    for _ in 0..2 {
        let answer = sign_in(&people, &mut synced).await.ok();
        assert_eq!(amr(&people, &answer).await, json!(["hwk"]));
    }
}

#[tokio::test]
async fn verification_is_required_where_the_pool_says_so() {
    let (people, mut phone) = ana().await;
    let unverified = |said: &mut Said| said.flags = USER_PRESENT;
    configure(
        &people,
        json!({"RelyingPartyId": "example.com", "UserVerification": "required"}),
    )
    .await;
    let challenge = asked(&people, "ana").await;
    assert_eq!(options(&challenge)["userVerification"], "required");
    let signed = phone.sign_bent(&options(&challenge), ORIGIN, unverified);
    answered(&people, "ana", &challenge, &signed).await.refused_as(WRONG);
    configure(&people, json!({"RelyingPartyId": "example.com"})).await;
    let challenge = asked(&people, "ana").await;
    let signed = phone.sign_bent(&options(&challenge), ORIGIN, unverified);
    answered(&people, "ana", &challenge, &signed).await.ok();
}

#[tokio::test]
async fn one_answer_of_several_at_once_counts() {
    let (people, mut phone) = ana().await;
    let challenge = asked(&people, "ana").await;
    let signed = [(); 2].map(|()| phone.sign(&options(&challenge), ORIGIN));
    let (left, right) = tokio::join!(
        answered(&people, "ana", &challenge, &signed[0]),
        answered(&people, "ana", &challenge, &signed[1]),
    );
    let signed_in = [left, right].into_iter().filter(|answer| answer.result.is_ok()).count();
    assert_eq!(signed_in, 1);
}

#[tokio::test]
async fn what_is_gone_signs_nobody_in() {
    let (people, mut phone) = ana().await;
    let challenge = asked(&people, "ana").await;
    let signed = phone.sign(&options(&challenge), ORIGIN);
    configure(&people, json!({"RelyingPartyId": "example.net"})).await;
    answered(&people, "ana", &challenge, &signed).await.refused_as(WRONG);
    let wished = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    let offered = people.initiate("USER_AUTH", wished.clone()).await.ok();
    assert_eq!(offered["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));

    configure(&people, json!({"RelyingPartyId": "example.com"})).await;
    let token = people.token("ana").await;
    let id = json!({"CredentialId": BASE64_URL_SAFE_NO_PAD.encode("phone")});
    people.with_token(&token, "DeleteWebAuthnCredential", id).await.ok();
    answered(&people, "ana", &challenge, &signed).await.refused_as(WRONG);
    let offered = people.initiate("USER_AUTH", wished).await.ok();
    assert_eq!(offered["ChallengeName"], "SELECT_CHALLENGE");
}

#[tokio::test]
async fn a_session_is_of_its_door_and_its_step() {
    let (people, mut phone) = ana().await;
    let parameters = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    let challenge = people.admin_initiate("USER_AUTH", parameters).await.ok();
    let signed = phone.sign(&options(&challenge), ORIGIN);
    answered(&people, "ana", &challenge, &signed)
        .await
        .refused_as(INVALID_SESSION);
    let responses = json!({"USERNAME": "ana", "CREDENTIAL": signed.to_string()});
    people
        .admin_respond("WEB_AUTHN", challenge["Session"].as_str(), responses.clone())
        .await
        .ok();
    let offered = people.initiate("USER_AUTH", json!({"USERNAME": "ana"})).await.ok();
    people
        .respond("WEB_AUTHN", offered["Session"].as_str(), responses)
        .await
        .refused_as(INVALID_SESSION);
    let challenge = asked(&people, "ana").await;
    let responses = json!({"USERNAME": "ana", "PASSWORD": "Passw0rd!"});
    people
        .respond("PASSWORD", challenge["Session"].as_str(), responses)
        .await
        .refused_as(INVALID_SESSION);
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let signed = phone.sign(&options(&challenge), ORIGIN);
    let disabled = ("NotAuthorizedException", "User is disabled.");
    answered(&people, "ana", &challenge, &signed).await.refused_as(disabled);
    let wished = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    people.initiate("USER_AUTH", wished).await.refused_as(disabled);
}

#[tokio::test]
async fn a_passkey_is_both_factors_where_the_pool_says_so() {
    let sms = json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"});
    let people = people_of(json!({"SmsConfiguration": sms}), json!({})).await;
    people.member("ana", &[("phone_number", "+15550100")]).await;
    let token = people.token("ana").await;
    let mut phone = registered(&people, &token, "phone").await;
    let set = |factor: &str| {
        let input = json!({
            "MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {},
            "WebAuthnConfiguration": {"RelyingPartyId": "example.com", "FactorConfiguration": factor},
        });
        people.admin("SetUserPoolMfaConfig", input)
    };
    set("SINGLE_FACTOR").await.ok();
    let with_sms = json!({"SMSMfaSettings": {"Enabled": true}});
    people.with_token(&token, "SetUserMFAPreference", with_sms).await.ok();
    let wished = json!({"USERNAME": "ana", "PREFERRED_CHALLENGE": "WEB_AUTHN"});
    let offered = people.initiate("USER_AUTH", wished).await.ok();
    assert_eq!(offered["AvailableChallenges"], json!(["PASSWORD_SRP", "PASSWORD"]));

    set("MULTI_FACTOR_WITH_USER_VERIFICATION").await.ok();
    let challenge = asked(&people, "ana").await;
    assert_eq!(options(&challenge)["userVerification"], "required");
    let signed = phone.sign_bent(&options(&challenge), ORIGIN, |said| said.flags = USER_PRESENT);
    answered(&people, "ana", &challenge, &signed).await.refused_as(WRONG);
    let answer = sign_in(&people, &mut phone).await.ok();
    assert_eq!(amr(&people, &answer).await, json!(["swk", "mfa"]));
    // What was asked when it was one factor asks for the second.
    let challenge = asked(&people, "ana").await;
    set("SINGLE_FACTOR").await.ok();
    let signed = phone.sign(&options(&challenge), ORIGIN);
    let due = answered(&people, "ana", &challenge, &signed).await.ok();
    assert_eq!(due["ChallengeName"], "SMS_MFA");
    let listed = people.with_token(&token, "GetUserAuthFactors", json!({})).await.ok();
    assert_eq!(listed["ConfiguredUserAuthFactors"], json!(["PASSWORD"]));
    set("MULTI_FACTOR_WITH_USER_VERIFICATION").await.ok();
    let listed = people.with_token(&token, "GetUserAuthFactors", json!({})).await.ok();
    assert_eq!(listed["ConfiguredUserAuthFactors"], json!(["PASSWORD", "WEB_AUTHN"]));
}

#[tokio::test]
async fn wrong_passwords_of_a_stranger_keep_no_passkey_out() {
    let (people, mut phone) = ana().await;
    let under_way = asked(&people, "ana").await;
    for _ in 0..5 {
        people.sign_in("ana", "Wr0ng-word").await.refused_as(WRONG);
    }
    people.sign_in("ana", PASSWORD).await.refused_as(EXCEEDED);
    let signed = phone.sign(&options(&under_way), ORIGIN);
    answered(&people, "ana", &under_way, &signed).await.ok();
    sign_in(&people, &mut phone).await.ok();
    // Nor does it forgive any.
    people.sign_in("ana", PASSWORD).await.refused_as(EXCEEDED);
}
