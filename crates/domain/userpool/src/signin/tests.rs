//! What can only be seen between the steps. The rest of sign-in is tested from outside, in `crate::tests`.

use serde_json::json;

use super::{Door, Visit};
use crate::tests::{
    entry::{EXCEEDED, WRONG},
    people::{PASSWORD, People},
};

const BAD: &str = "Wr0ng-word";

/// Ana, whom one more wrong password locks.
async fn locked_soon() -> People {
    let people = People::with_all_flows(json!({}), json!({})).await;
    people.member("ana", &[]).await;
    for _ in 0..4 {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    }
    people
}

#[tokio::test]
async fn a_right_guess_that_a_wrong_one_overtakes_is_refused_like_it() {
    let people = locked_soon().await;
    let cx = people.app.cx();
    let (pool, client) = people.app.pools.client(&cx, &people.client).await.unwrap();
    let visit = Visit {
        pool,
        client,
        door: Door::Public,
    };
    let candidate = people.app.pools.candidate(&cx, &visit, "ana").await.unwrap();
    people.sign_in("ana", BAD).await.refused_as(WRONG);
    let overtaken = people
        .app
        .pools
        .try_password(&cx, &visit, candidate, PASSWORD.to_owned(), None)
        .await;
    assert_eq!(overtaken.unwrap_err().message(), EXCEEDED.1);
}
