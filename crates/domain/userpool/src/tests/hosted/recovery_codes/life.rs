//! What recovery codes stand in for, and how long they are kept.

use kernel::Code;
use serde_json::json;
use store::records::factor::Factor;

use super::{NOT_HERE, WRONG, asked, begun, browser, left, made, people, prefer, refused, tried, typed, with_app};
use crate::{
    hosted::{Answer, Browser, Challenge, Reply, SentBy},
    pool::acr::Level,
    tests::hosted::place,
};

#[tokio::test]
async fn a_code_stands_in_for_the_second_factor_once() {
    let people = people().await;
    with_app(&people, "ana").await;
    assert_eq!(left(&people, "ana").await, Some(0));
    let place = place(&people).await;
    let (_, recovery) = asked(begun(&people, &place, "ana", None).await);
    assert!(!recovery, "there are none yet");

    let codes = made(&people, "ana").await.unwrap();
    assert_eq!((codes.len(), left(&people, "ana").await), (10, Some(10)));
    let (session, recovery) = asked(begun(&people, &place, "ana", None).await);
    assert!(recovery);
    let signed_in = typed(&people, session.clone(), &codes[3].to_lowercase()).await.unwrap();
    assert_eq!(signed_in.recovery_codes_left, Some(9));
    let doc = &Browser::of(&signed_in).login.doc;
    assert_eq!(
        (doc.amr.as_slice(), doc.acr.as_deref()),
        (["pwd", "mfa"].map(str::to_owned).as_slice(), Some("urn:cognito:loa:3"))
    );
    refused(tried(&people, &codes[3]).await, WRONG);
    // The sign-in that it ended asks for no other.
    let again = typed(&people, session, &codes[4]).await.unwrap_err();
    assert_eq!(again.code(), Code::NotAuthorized, "{again:?}");
    assert_eq!(left(&people, "ana").await, Some(9));

    // In the place of a code by text message, too.
    prefer(
        &people,
        "ana",
        json!({"SMSMfaSettings": {"Enabled": true, "PreferredMfa": true}}),
    )
    .await;
    let challenge = begun(&people, &place, "ana", None).await;
    assert!(matches!(
        challenge,
        Challenge::Code {
            sent: SentBy::SmsMfa,
            recovery: true,
            ..
        }
    ));
    let signed_in = typed(&people, asked(challenge).0, &codes[4]).await.unwrap();
    assert_eq!(signed_in.recovery_codes_left, Some(8));
}

#[tokio::test]
async fn they_reach_the_third_level_and_not_the_fourth() {
    let people = people().await;
    with_app(&people, "ana").await;
    let codes = made(&people, "ana").await.unwrap();
    let place = place(&people).await;
    let (session, recovery) = asked(begun(&people, &place, "ana", Some(Level::Four)).await);
    assert!(!recovery);
    refused(typed(&people, session, &codes[0]).await, NOT_HERE);
    prefer(&people, "ana", json!({"SMSMfaSettings": {"Enabled": false}})).await;
    let challenge = begun(&people, &place, "ana", Some(Level::Three)).await;
    let session = match challenge {
        Challenge::SelectSecondFactor { session, .. } => session,
        other => panic!("{other:?}"),
    };
    let answer = Answer::SecondFactor {
        session,
        factor: Some(Factor::SoftwareToken),
    };
    let reply = Box::pin(people.app.pools.answer_at(&people.app.cx(), &place, "ana", answer)).await;
    let Ok(Reply::Challenge(challenge)) = reply else {
        panic!("{reply:?}");
    };
    let (session, recovery) = asked(challenge);
    assert!(recovery);
    typed(&people, session, &codes[0]).await.unwrap();
}

#[tokio::test]
async fn who_has_no_second_factor_has_no_codes() {
    let people = people().await;
    let none = "Recovery codes stand in for a second factor, and the user has none.";
    let error = made(&people, "ana").await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::InvalidParameter, none));
    assert_eq!(left(&people, "ana").await, None);

    let off = json!({"SoftwareTokenMfaSettings": {"Enabled": false}});
    let on = json!({"SoftwareTokenMfaSettings": {"Enabled": true}});
    with_app(&people, "ana").await;
    made(&people, "ana").await.unwrap();
    prefer(&people, "ana", json!({"SMSMfaSettings": {"Enabled": true}})).await;
    prefer(&people, "ana", off.clone()).await;
    assert_eq!(left(&people, "ana").await, Some(10), "text messages are left");
    prefer(&people, "ana", json!({"SMSMfaSettings": {"Enabled": false}})).await;
    assert_eq!(left(&people, "ana").await, None);
    prefer(&people, "ana", on).await;
    assert_eq!(left(&people, "ana").await, Some(0), "they went with the last factor");

    made(&people, "ana").await.unwrap();
    people
        .admin("AdminDeleteSoftwareToken", json!({"Username": "ana"}))
        .await
        .ok();
    with_app(&people, "ana").await;
    assert_eq!(left(&people, "ana").await, Some(0));

    let before = browser(&people, "ana").await;
    people.admin("AdminDisableUser", json!({"Username": "ana"})).await.ok();
    let place = place(&people).await;
    let made = people
        .app
        .pools
        .make_recovery_codes(&people.app.cx(), &place, &before)
        .await;
    assert_eq!(made.unwrap_err().code(), Code::UserNotFound);
}
