//! A code is traded once, whichever node hears of it. Reference: oauth-and-federation 17.2.

use std::sync::Arc;

use kernel::PoolId;
use store::records::authorization_codes;

use super::{code, people, place_of, presented};
use crate::hosted::CodeRefused;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_two_nodes_one_has_tokens() {
    let people = Arc::new(people().await);
    let code = code(&people).await;
    let nodes = [people.app.pools.clone(), people.app.neighbour()];
    let mut all = tokio::task::JoinSet::new();
    for at in 0..100 {
        let (people, code, node) = (Arc::clone(&people), code.clone(), nodes[at % 2].clone());
        all.spawn(async move {
            let place = place_of(&node, &people.pool, &people.client).await;
            node.trade_code(&people.app.cx(), &place, presented(&code)).await
        });
    }
    let (mut won, mut lost) = (Vec::new(), 0);
    while let Some(traded) = all.join_next().await {
        match traded.unwrap() {
            Ok(tokens) => won.push(tokens),
            Err(CodeRefused::InvalidGrant(_)) => lost += 1,
            // There was no room on the cores.
            Err(CodeRefused::Api(error)) => assert_eq!(error.code(), kernel::Code::TooManyRequests, "{error:?}"),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(won.len() == 1 && lost > 0, "{} {lost}", won.len());
    // A code in two hands is in the wrong ones too: what the first had is over.
    let place = place_of(&nodes[1], &people.pool, &people.client).await;
    let refresh = won[0].refresh_token.as_deref().unwrap();
    assert!(
        nodes[1]
            .refresh_at(&people.app.cx(), &place, refresh, None)
            .await
            .is_err()
    );
}

/// Whoever reads the database has none of its codes.
#[tokio::test]
async fn a_code_is_not_in_its_row() {
    let people = people().await;
    let code = code(&people).await;
    let (pool, wanted) = (PoolId::new(people.pool.as_str()), code.clone());
    let found = people
        .app
        .store
        .look_up(move |r| authorization_codes::find(r, &pool, &wanted))
        .await
        .unwrap();
    assert!(found.is_none());
    let place = super::place(&people).await;
    people
        .app
        .pools
        .trade_code(&people.app.cx(), &place, presented(&code))
        .await
        .map_err(|_| ())
        .unwrap();
}

/// The settings that count are those of the trade.
#[tokio::test]
async fn a_client_that_is_gone_trades_nothing() {
    let people = people().await;
    let code = code(&people).await;
    let input = serde_json::json!({"ClientId": people.client});
    people.admin("DeleteUserPoolClient", input).await.ok();
    let place = people
        .app
        .pools
        .place(&PoolId::new(people.pool.as_str()), &people.client)
        .await
        .unwrap();
    assert!(place.is_none());
    // Another client of the same pool has none of it.
    let other = people.app.client(&people.pool, super::oauth()).await;
    let place = place_of(&people.app.pools, &people.pool, &other).await;
    let traded = people
        .app
        .pools
        .trade_code(&people.app.cx(), &place, presented(&code))
        .await;
    assert!(matches!(traded, Err(CodeRefused::InvalidGrant(_))));
}
