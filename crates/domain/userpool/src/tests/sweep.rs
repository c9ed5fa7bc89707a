//! What has expired is forgotten, what has not is kept.

use std::time::Duration;

use kernel::Clock as _;
use serde_json::json;

use super::people::People;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test]
async fn only_what_expired_days_ago_is_forgotten() {
    let short = json!({"RefreshTokenValidity": 1, "TokenValidityUnits": {"RefreshToken": "days"}});
    let people = People::with_all_flows(json!({"AutoVerifiedAttributes": ["email"]}), short).await;
    people.member("ana", &[]).await;
    people.sign_up("ben", &[("email", "ben@example.com")]).await.ok();
    let tokens = people.tokens("ana").await;

    let sweep = async || people.app.pools.sweep(people.app.clock.now()).await.unwrap();
    assert_eq!(sweep().await, 0, "nothing has expired");
    people.app.advance(DAY * 2);
    assert_eq!(
        sweep().await,
        1,
        "the code; the session has expired too, but tokens may still refer to it"
    );
    people.app.advance(DAY * 2);
    assert_eq!(sweep().await, 1, "the session");
    assert_eq!(sweep().await, 0);
    let refused = ("NotAuthorizedException", "Invalid Refresh Token");
    people
        .refresh(tokens["RefreshToken"].as_str().unwrap())
        .await
        .refused_as(refused);
    people.tokens("ana").await;
}

#[tokio::test]
async fn counters_go_with_the_hour_that_they_count() {
    let people = People::with_all_flows(json!({}), json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    people.member("ana", &[]).await;
    let names = ["ana", "nobody", "somebody"];
    for name in names {
        people.sign_in(name, "Wr0ng!pass").await.refused_as(super::entry::WRONG);
        people.public("ForgotPassword", json!({"Username": name})).await.ok();
    }
    let sweep = async || people.app.pools.sweep(people.app.clock.now()).await.unwrap();
    people.app.advance(Duration::from_secs(3599));
    assert_eq!(sweep().await, 0, "they still count");
    people.app.advance(Duration::from_secs(2));
    assert_eq!(sweep().await, 2 * names.len() as u64, "two counters each");
    people.app.advance(Duration::from_secs(3600));
    assert_eq!(sweep().await, names.len() as u64, "a made-up code each");
}
