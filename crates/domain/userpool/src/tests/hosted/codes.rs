//! A code is traded once, whichever node hears of it. Reference: oauth-and-federation 17.2.

use std::{sync::Arc, time::Duration};

use kernel::PoolId;
use store::records::authorization_codes::{self, AuthorizationCode};

use super::{People, approved, code, people, place_of, presented, signed_in};
use crate::{
    hosted::{Approved, Browser, CodeRefused, Presented, TokenSet},
    session::login::digest,
};

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

/// One that names its row: it is too long to carry what it stands for.
async fn long(people: &People) -> String {
    let asked = Approved {
        nonce: Some("n".repeat(1000)),
        ..approved()
    };
    let browser = Browser::of(&signed_in(people).await);
    let (pools, cx) = (&people.app.pools, people.app.cx());
    pools
        .give_code(&cx, &super::place(people).await, &browser, asked)
        .await
        .unwrap()
}

async fn row(people: &People, digest: String) -> Option<AuthorizationCode> {
    let pool = PoolId::new(people.pool.as_str());
    people
        .app
        .store
        .look_up(move |r| authorization_codes::find(r, &pool, &digest))
        .await
        .unwrap()
}

async fn trade(people: &People, code: &str) -> Result<TokenSet, CodeRefused> {
    let place = super::place(people).await;
    people
        .app
        .pools
        .trade_code(&people.app.cx(), &place, presented(code))
        .await
}

/// Whoever reads the database has none of its codes.
#[tokio::test]
async fn a_code_is_not_in_its_row() {
    let people = people().await;
    let code = long(&people).await;
    assert!(code.len() < 40, "{code}");
    assert!(row(&people, code.clone()).await.is_none());
    assert!(row(&people, digest(&code)).await.is_some());
    trade(&people, &code).await.map_err(|_| ()).unwrap();
    assert!(row(&people, code).await.is_none());
}

#[tokio::test]
async fn a_code_that_is_brought_leaves_a_row() {
    let people = people().await;
    let code = code(&people).await;
    assert!(code.len() <= 1024, "{code}");
    assert!(row(&people, digest(&code)).await.is_none());
    trade(&people, &code).await.map_err(|_| ()).unwrap();
    assert!(row(&people, digest(&code)).await.unwrap().family.is_some());
}

/// Whether it carries what it stands for or names it, and whether or not it has expired since.
#[tokio::test]
async fn a_second_time_undoes_the_first() {
    let people = people().await;
    for later in [0, 301] {
        for is_long in [false, true] {
            let code = if is_long {
                long(&people).await
            } else {
                code(&people).await
            };
            let first = trade(&people, &code).await.map_err(|_| ()).unwrap();
            people.app.clock.advance(Duration::from_secs(later));
            let again = trade(&people, &code).await;
            assert!(matches!(again, Err(CodeRefused::InvalidGrant(_))));
            let refresh = first.refresh_token.unwrap();
            let place = super::place(&people).await;
            let refreshed = people
                .app
                .pools
                .refresh_at(&people.app.cx(), &place, &refresh, None)
                .await;
            assert!(refreshed.is_err(), "{later} {code}");
        }
    }
}

#[tokio::test]
async fn a_wrong_verifier_spends_a_code() {
    let people = people().await;
    for code in [code(&people).await, long(&people).await] {
        let place = super::place(&people).await;
        let guess = Presented {
            verifier: Some("v".repeat(43)),
            ..presented(&code)
        };
        let guessed = people.app.pools.trade_code(&people.app.cx(), &place, guess).await;
        assert!(matches!(
            guessed,
            Err(CodeRefused::InvalidGrant("the verifier is wrong"))
        ));
        let right = trade(&people, &code).await;
        assert!(matches!(right, Err(CodeRefused::InvalidGrant("traded before"))));
    }
}

/// Else one code would be good twice.
#[tokio::test]
async fn a_code_has_one_spelling() {
    let people = people().await;
    let code = code(&people).await;
    let last = code.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let ends = alphabet.chars().filter(|end| *end != last);
    let others = ends.map(|end| format!("{}{end}", &code[..code.len() - 1]));
    let padded = ["=", "==", " ", "\n", "%3D"].map(|more| format!("{code}{more}"));
    for other in others.chain(padded) {
        let traded = trade(&people, &other).await;
        assert!(matches!(traded, Err(CodeRefused::InvalidGrant(_))), "{other}");
    }
    trade(&people, &code).await.map_err(|_| ()).unwrap();
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
