//! What is shown once is so at every node and for as long as it is good. Reference: RFC 7523, RFC 9449.

use std::time::Duration;

use kernel::PoolId;

use super::{code, people, place, place_of, presented};
use crate::hosted::{CodeRefused, NotRefreshed, Once, Presented, Proof};

fn proof(key: &str, jti: &str) -> Proof {
    Proof {
        key: key.to_owned(),
        once: Once::new(["dpop", key], jti, Duration::from_secs(120)),
    }
}

fn with(code: &str, proof: Proof) -> Presented {
    Presented {
        proof: Some(proof),
        ..presented(code)
    }
}

#[tokio::test]
async fn a_proof_is_shown_once_wherever_and_whenever() {
    let people = people().await;
    let (cx, pool) = (people.app.cx(), PoolId::new(people.pool.as_str()));
    let nodes = [people.app.pools.clone(), people.app.neighbour()];
    let once = |whose, jti| Once::new(whose, jti, Duration::from_secs(120));
    let own = || once(["dpop", "key"], "1");
    assert!(nodes[0].show_once(&cx, &pool, &own()).await.unwrap());
    assert!(!nodes[1].show_once(&cx, &pool, &own()).await.unwrap());
    for (other, what) in [
        (once(["dpop", "key"], "2"), "another"),
        (once(["dpop", "other"], "1"), "of another key"),
        (once(["assertion", "key"], "1"), "for something else"),
        (once(["dpop", "key 1"], ""), "in other parts"),
    ] {
        assert!(nodes[1].show_once(&cx, &pool, &other).await.unwrap(), "{what}");
    }
    let elsewhere = PoolId::new("us-east-1_elsewhere");
    assert!(
        nodes[0].show_once(&cx, &elsewhere, &own()).await.unwrap(),
        "in another pool"
    );

    // It is kept while anybody would take it, and swept then.
    people.app.advance(Duration::from_secs(120));
    nodes[0].sweep(people.app.cx().now()).await.unwrap();
    assert!(!nodes[0].show_once(&people.app.cx(), &pool, &own()).await.unwrap());
    people.app.advance(Duration::from_secs(3600));
    assert!(nodes[0].sweep(people.app.cx().now()).await.unwrap() >= 5);
    assert!(nodes[0].show_once(&people.app.cx(), &pool, &own()).await.unwrap());
}

#[tokio::test]
async fn a_nonce_is_the_pools_for_five_minutes_at_every_node() {
    let people = people().await;
    let (cx, pool) = (people.app.cx(), PoolId::new(people.pool.as_str()));
    let nodes = [people.app.pools.clone(), people.app.neighbour()];
    let nonce = nodes[0].proof_nonce(&cx, &pool).unwrap();
    let is_good = |after| nodes[1].is_proof_nonce(cx.now().plus(Duration::from_secs(after)), &pool, &nonce);
    assert!(is_good(0) && is_good(299) && !is_good(300));
    let other = PoolId::new("us-east-1_elsewhere");
    assert!(!nodes[1].is_proof_nonce(cx.now(), &other, &nonce));
    for made_up in ["", "x", &nonce[1..], &format!("{nonce}A")] {
        assert!(!nodes[1].is_proof_nonce(cx.now(), &pool, made_up), "{made_up}");
    }
}

#[tokio::test]
async fn a_public_clients_family_stays_with_its_key() {
    let people = people().await;
    let (pools, cx, at) = (&people.app.pools, people.app.cx(), place(&people).await);
    let tokens = pools
        .trade_code(&cx, &at, with(&code(&people).await, proof("key", "1")))
        .await
        .unwrap();
    assert!(tokens.is_bound);
    let token = tokens.refresh_token.unwrap();
    let refresh = async |proof: Option<Proof>| pools.refresh_at(&cx, &at, &token, proof.as_ref()).await;
    for other in [None, Some(proof("other", "1"))] {
        assert!(matches!(refresh(other).await, Err(NotRefreshed::Api(_))));
    }
    // What came to nothing has spent nothing.
    assert!(
        pools
            .show_once(&cx, at.pool(), &proof("other", "1").once)
            .await
            .unwrap()
    );
    assert!(matches!(
        refresh(Some(proof("key", "1"))).await,
        Err(NotRefreshed::ShownBefore)
    ));
    assert!(refresh(Some(proof("key", "2"))).await.unwrap().is_bound);
    let there = people.app.neighbour();
    let elsewhere = place_of(&there, &people.pool, &people.client).await;
    let again = there
        .refresh_at(&cx, &elsewhere, &token, Some(&proof("key", "2")))
        .await;
    assert!(matches!(again, Err(NotRefreshed::ShownBefore)));

    // Of no proof there is no bond.
    let free = pools
        .trade_code(&cx, &at, presented(&code(&people).await))
        .await
        .unwrap();
    assert!(!free.is_bound);
    let free = free.refresh_token.unwrap();
    assert!(!pools.refresh_at(&cx, &at, &free, None).await.unwrap().is_bound);
}

#[tokio::test]
async fn a_proof_that_was_shown_costs_no_code() {
    let people = people().await;
    let (pools, cx, at) = (&people.app.pools, people.app.cx(), place(&people).await);
    let code = code(&people).await;
    assert!(pools.show_once(&cx, at.pool(), &proof("key", "1").once).await.unwrap());
    let refused = pools.trade_code(&cx, &at, with(&code, proof("key", "1"))).await;
    assert!(matches!(refused, Err(CodeRefused::ShownBefore)));
    assert!(pools.trade_code(&cx, &at, with(&code, proof("key", "2"))).await.is_ok());
}
