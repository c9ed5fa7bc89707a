//! Factors turned on, off and preferred. Reference: user-pools 6.3.

use serde_json::{Value, json};
use testkit::merged;

use super::{INVALID, ana, configure, enrolled, every_factor, sending, shown};
use crate::tests::people::People;

const REQUIRED: &str = "An MFA method cannot be turned off in a user pool that requires MFA.";

fn of(factor: &str, enabled: Value, preferred: Value) -> Value {
    let mut settings = json!({});
    for (member, value) in [("Enabled", enabled), ("PreferredMfa", preferred)] {
        if !value.is_null() {
            settings[member] = value;
        }
    }
    json!({ factor: settings })
}

const SMS: &str = "SMSMfaSettings";
const TOKEN: &str = "SoftwareTokenMfaSettings";
const EMAIL: &str = "EmailMfaSettings";

#[tokio::test]
async fn factors_are_turned_on_and_off_and_one_is_preferred() {
    let people = ana().await;
    let token = people.token("ana").await;
    enrolled(&people, &token).await;
    let (yes, no, as_is) = (json!(true), json!(false), Value::Null);
    let by_text = json!([{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]);
    let with_sms = |list: Value| json!({"UserMFASettingList": list, "MFAOptions": by_text});
    let steps = [
        (of(SMS, yes.clone(), as_is.clone()), with_sms(json!(["SMS_MFA"]))),
        (
            merged(of(TOKEN, yes.clone(), yes.clone()), of(EMAIL, yes.clone(), no.clone())),
            merged(
                with_sms(json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"])),
                json!({"PreferredMfaSetting": "SOFTWARE_TOKEN_MFA"}),
            ),
        ),
        // What is not named stays.
        (
            of(EMAIL, as_is.clone(), yes.clone()),
            merged(
                with_sms(json!(["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"])),
                json!({"PreferredMfaSetting": "EMAIL_OTP"}),
            ),
        ),
        (
            of(SMS, no.clone(), as_is.clone()),
            json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "PreferredMfaSetting": "EMAIL_OTP"}),
        ),
        // Disabling drops the preference, and so does a no.
        (
            of(EMAIL, no.clone(), as_is.clone()),
            json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}),
        ),
        (
            of(TOKEN, yes.clone(), yes.clone()),
            json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"], "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA"}),
        ),
        (
            of(TOKEN, yes, no.clone()),
            json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}),
        ),
        (json!({}), json!({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]})),
        (of(TOKEN, no, as_is), json!({})),
    ];
    for (n, (settings, expected)) in steps.into_iter().enumerate() {
        // By turns the user and an administrator.
        let answer = if n % 2 == 0 {
            people.with_token(&token, "SetUserMFAPreference", settings).await
        } else {
            people
                .admin(
                    "AdminSetUserMFAPreference",
                    merged(json!({"Username": "ana"}), settings),
                )
                .await
        };
        assert_eq!(answer.ok(), json!({}));
        assert_eq!(shown(&people).await, expected, "step {n}");
        let own = people.with_token(&token, "GetUser", json!({})).await.ok();
        for member in ["UserMFASettingList", "PreferredMfaSetting", "MFAOptions"] {
            assert_eq!(own.get(member), expected.get(member), "step {n}");
        }
        let listed = people.admin("ListUsers", json!({})).await.ok();
        assert_eq!(
            listed["Users"][0].get("MFAOptions"),
            expected.get("MFAOptions"),
            "step {n}"
        );
    }
}

#[tokio::test]
async fn a_factor_needs_its_means_and_the_pools_offer() {
    let people = People::of(sending()).await;
    people.member("ana", &[]).await;
    configure(&people, every_factor("OPTIONAL")).await.ok();
    let token = people.token("ana").await;
    let on = |factor: &str| of(factor, json!(true), Value::Null);
    let without = |factor: &str| format!("User does not have delivery config set to turn on {factor}");
    let own = async |settings: Value| people.with_token(&token, "SetUserMFAPreference", settings).await;
    let admin = async |settings: Value| {
        people
            .admin(
                "AdminSetUserMFAPreference",
                merged(json!({"Username": "ana"}), settings),
            )
            .await
    };
    own(on(SMS)).await.refused(INVALID, &without("SMS_MFA"));
    own(on(EMAIL)).await.refused(INVALID, &without("EMAIL_OTP"));
    own(on(TOKEN))
        .await
        .refused(INVALID, "User has not verified software token mfa");
    admin(on(TOKEN)).await.refused(INVALID, &without("SOFTWARE_TOKEN_MFA"));
    people.set("ana", &[("phone_number", "+15550100")]).await.ok();
    // Nothing of a request counts if a part of it is refused.
    admin(merged(on(SMS), on(EMAIL)))
        .await
        .refused(INVALID, &without("EMAIL_OTP"));
    assert_eq!(shown(&people).await, json!({}));

    let two = merged(of(SMS, json!(true), json!(true)), of(EMAIL, json!(true), json!(true)));
    own(two).await.refused(INVALID, "Only one MFA method can be preferred.");
    let unset = "An MFA method must be enabled to be preferred.";
    own(of(SMS, Value::Null, json!(true))).await.refused(INVALID, unset);
    own(of(SMS, json!(false), json!(true))).await.refused(INVALID, unset);
    let passkey =
        "WebAuthn MFA requires another enabled MFA method and MULTI_FACTOR_WITH_USER_VERIFICATION in the user pool.";
    own(json!({"WebAuthnMfaSettings": {"Enabled": true}}))
        .await
        .refused(INVALID, passkey);

    people.set("ana", &[("email", "ana@example.com")]).await.ok();
    let token_only = json!({"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {}});
    configure(&people, token_only).await.ok();
    own(on(EMAIL)).await.refused(INVALID, &without("EMAIL_OTP"));
    own(on(SMS)).await.ok();
    admin(json!({})).await.ok();
    let nobody = merged(json!({"Username": "ben"}), on(SMS));
    let nobody = people.admin("AdminSetUserMFAPreference", nobody);
    nobody.await.refused("UserNotFoundException", "User does not exist.");
    let stranger = people.with_token("a.b.c", "SetUserMFAPreference", on(SMS));
    stranger.await.refused("NotAuthorizedException", "Invalid Access Token");
}

#[tokio::test]
async fn where_everybody_needs_one_none_is_turned_off() {
    let people = ana().await;
    let token = people.token("ana").await;
    enrolled(&people, &token).await;
    let both = merged(of(TOKEN, json!(true), json!(true)), of(SMS, json!(true), Value::Null));
    people.with_token(&token, "SetUserMFAPreference", both).await.ok();
    configure(&people, every_factor("ON")).await.ok();
    for factor in [TOKEN, SMS] {
        let off = of(factor, json!(false), Value::Null);
        people
            .with_token(&token, "SetUserMFAPreference", off.clone())
            .await
            .refused(INVALID, REQUIRED);
        let off = merged(json!({"Username": "ana"}), off);
        people
            .admin("AdminSetUserMFAPreference", off)
            .await
            .refused(INVALID, REQUIRED);
    }
    let settings = json!({"MFAOptions": []});
    people
        .with_token(&token, "SetUserSettings", settings)
        .await
        .refused(INVALID, REQUIRED);
    // One that is not turned on is turned off for nothing; the preference moves.
    let moved = merged(of(EMAIL, json!(false), Value::Null), of(SMS, Value::Null, json!(true)));
    people.with_token(&token, "SetUserMFAPreference", moved).await.ok();
    assert_eq!(shown(&people).await["PreferredMfaSetting"], "SMS_MFA");
}

#[tokio::test]
async fn a_passkey_counts_beside_another_factor_alone() {
    let people = ana().await;
    let token = people.token("ana").await;
    let multi = json!({"WebAuthnConfiguration": {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}});
    configure(&people, merged(every_factor("OPTIONAL"), multi)).await.ok();
    let set = async |settings: Value| people.with_token(&token, "SetUserMFAPreference", settings).await;
    let passkey = json!({"WebAuthnMfaSettings": {"Enabled": true}});
    set(passkey.clone()).await.error();
    set(merged(of(EMAIL, json!(true), Value::Null), passkey)).await.ok();
    assert_eq!(
        shown(&people).await,
        json!({"UserMFASettingList": ["EMAIL_OTP", "WEB_AUTHN"]})
    );
    set(of(EMAIL, json!(false), Value::Null)).await.ok();
    assert_eq!(shown(&people).await, json!({}));
}

#[tokio::test]
async fn the_older_form_knows_text_messages_alone() {
    let people = ana().await;
    let token = people.token("ana").await;
    let by_text = json!([{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]);
    let on = json!({"UserMFASettingList": ["SMS_MFA"], "MFAOptions": by_text});
    for (options, expected) in [(by_text.clone(), on), (json!([]), json!({}))] {
        let settings = json!({"MFAOptions": options});
        people
            .with_token(&token, "SetUserSettings", settings.clone())
            .await
            .ok();
        assert_eq!(shown(&people).await, expected);
        let settings = merged(json!({"Username": "ana"}), settings);
        people.admin("AdminSetUserSettings", settings).await.ok();
        assert_eq!(shown(&people).await, expected);
    }
    let sentence = "MFAOptions can only have SMS with phone_number.";
    for option in [json!({"DeliveryMedium": "EMAIL", "AttributeName": "email"}), json!({})] {
        let settings = json!({"MFAOptions": [option]});
        people
            .with_token(&token, "SetUserSettings", settings.clone())
            .await
            .refused(INVALID, sentence);
        let settings = merged(json!({"Username": "ana"}), settings);
        people
            .admin("AdminSetUserSettings", settings)
            .await
            .refused(INVALID, sentence);
    }
    let nobody = people.admin("AdminSetUserSettings", json!({"Username": "ben", "MFAOptions": []}));
    nobody.await.refused("UserNotFoundException", "User does not exist.");
}

#[tokio::test]
async fn what_a_user_may_prove_themselves_by() {
    let first =
        json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}});
    let people = People::of(merged(sending(), first)).await;
    people
        .member("ana", &[("email", "ana@example.com"), ("phone_number", "+15550100")])
        .await;
    configure(&people, every_factor("OPTIONAL")).await.ok();
    let token = people.token("ana").await;
    let factors = async |list: Value| {
        let own = people.with_token(&token, "GetUserAuthFactors", json!({})).await.ok();
        let told = people
            .admin("AdminGetUserAuthFactors", json!({"Username": "ana"}))
            .await
            .ok();
        assert_eq!(own, told);
        assert_eq!(
            (&own["Username"], &own["ConfiguredUserAuthFactors"]),
            (&json!("ana"), &list)
        );
        own
    };
    let answer = factors(json!(["PASSWORD", "EMAIL_OTP", "SMS_OTP"])).await;
    assert!(answer.get("UserMFASettingList").is_none());
    enrolled(&people, &token).await;
    factors(json!(["PASSWORD", "EMAIL_OTP", "SMS_OTP", "SOFTWARE_TOKEN"])).await;
    let on = of(TOKEN, json!(true), json!(true));
    people.with_token(&token, "SetUserMFAPreference", on).await.ok();
    // Who must show a second factor is not signed in by a code alone.
    let answer = factors(json!(["PASSWORD", "SOFTWARE_TOKEN"])).await;
    assert_eq!(answer["UserMFASettingList"], json!(["SOFTWARE_TOKEN_MFA"]));
    assert_eq!(answer["PreferredMfaSetting"], "SOFTWARE_TOKEN_MFA");
    let nobody = people.admin("AdminGetUserAuthFactors", json!({"Username": "ben"}));
    nobody.await.refused("UserNotFoundException", "User does not exist.");
    let stranger = people.with_token("a.b.c", "GetUserAuthFactors", json!({}));
    stranger.await.refused("NotAuthorizedException", "Invalid Access Token");
}

#[tokio::test]
async fn an_address_that_is_the_second_factor_recovers_no_password() {
    let people = ana().await;
    people
        .set("ana", &[("email_verified", "true"), ("phone_number_verified", "true")])
        .await
        .ok();
    let to = async |people: &People| {
        people.app.advance(crate::tests::people::hours(1));
        let sent = people.public("ForgotPassword", json!({"Username": "ana"})).await;
        sent.result
            .map(|sent| sent["CodeDeliveryDetails"]["AttributeName"].clone())
    };
    assert_eq!(to(&people).await.unwrap(), "email");
    let admin = async |settings: Value| {
        let settings = merged(json!({"Username": "ana"}), settings);
        people.admin("AdminSetUserMFAPreference", settings).await.ok();
    };
    admin(of(EMAIL, json!(true), Value::Null)).await;
    assert_eq!(to(&people).await.unwrap(), "phone_number");
    admin(of(SMS, json!(true), Value::Null)).await;
    let sentence = "Cannot reset password for the user as there is no registered/verified email or phone_number";
    assert_eq!(to(&people).await.unwrap_err().message(), sentence);
    admin(of(EMAIL, json!(false), Value::Null)).await;
    assert_eq!(to(&people).await.unwrap(), "email");
}

/// GetUserAuthFactors names what USER_AUTH offers.
#[tokio::test]
async fn what_is_named_is_what_a_sign_in_offers() {
    let first = json!({
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}},
        "EmailConfiguration": sending()["EmailConfiguration"],
    });
    let people = People::with_all_flows(first, json!({})).await;
    people
        .member("ana", &[("email", "ana@example.com"), ("phone_number", "+15550100")])
        .await;
    let agree = async |expected: Value| {
        let factors = people
            .admin("AdminGetUserAuthFactors", json!({"Username": "ana"}))
            .await
            .ok();
        assert_eq!(factors["ConfiguredUserAuthFactors"], expected);
        let offered = people.initiate("USER_AUTH", json!({"USERNAME": "ana"})).await.ok();
        let mut offered = offered["AvailableChallenges"].as_array().unwrap().clone();
        offered.retain(|name| name != "PASSWORD_SRP");
        assert_eq!(json!(offered), expected);
    };
    // The pool sends no text messages.
    agree(json!(["PASSWORD", "EMAIL_OTP"])).await;
    // Who turned on a factor and has lost its address is let in by nothing less.
    let texts = json!({"SmsMfaConfiguration": {"SmsConfiguration": sending()["SmsConfiguration"]}});
    configure(&people, merged(every_factor("OPTIONAL"), texts)).await.ok();
    let on = merged(json!({"Username": "ana"}), of(SMS, json!(true), Value::Null));
    people.admin("AdminSetUserMFAPreference", on).await.ok();
    let gone = json!({"Username": "ana", "UserAttributeNames": ["phone_number"]});
    people.admin("AdminDeleteUserAttributes", gone).await.ok();
    agree(json!(["PASSWORD"])).await;
}
