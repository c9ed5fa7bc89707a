//! Wrong passwords lock for a while, for known and hidden users alike. Reference: user-pools 5.10.

use std::time::Duration;

use serde_json::json;

use crate::tests::{
    entry::{EXCEEDED, WRONG},
    people::{PASSWORD, People},
};

const BAD: &str = "Wr0ng-word";

async fn people() -> People {
    let people = People::with_all_flows(json!({}), json!({"PreventUserExistenceErrors": "ENABLED"})).await;
    people.member("ana", &[]).await;
    people
}

#[tokio::test]
async fn each_failure_from_the_fifth_doubles_the_lock() {
    for name in ["ana", "nobody"] {
        let people = people().await;
        for _ in 0..5 {
            people.sign_in(name, BAD).await.refused_as(WRONG);
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] {
            people.sign_in(name, PASSWORD).await.refused_as(EXCEEDED);
            people.app.advance(Duration::from_millis(seconds * 1000 - 500));
            // Neither counts nor extends.
            people.sign_in(name, BAD).await.refused_as(EXCEEDED);
            people.app.advance(Duration::from_millis(500));
            people.sign_in(name, BAD).await.refused_as(WRONG);
        }
        // Fifteen minutes at most, and then forgotten.
        people.app.advance(Duration::from_secs(899));
        people.sign_in(name, BAD).await.refused_as(EXCEEDED);
        people.app.advance(Duration::from_secs(1));
        for _ in 0..5 {
            people.sign_in(name, BAD).await.refused_as(WRONG);
        }
        people.sign_in(name, BAD).await.refused_as(EXCEEDED);
    }
}

#[tokio::test]
async fn all_ways_to_guess_count_together() {
    let people = people().await;
    people.sign_in("ana", BAD).await.refused_as(WRONG);
    people.sign_in_by_srp("ana", BAD).await.refused_as(WRONG);
    let admin = people
        .admin_initiate("ADMIN_USER_PASSWORD_AUTH", json!({"USERNAME": "ana", "PASSWORD": BAD}))
        .await;
    admin.refused_as(WRONG);
    let proof = people.srp("ana", PASSWORD).await;
    for _ in 0..2 {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    }
    // A challenge from before the lock is of no use during it, and still good after it.
    people.prove(&proof).await.refused_as(EXCEEDED);
    people
        .initiate("USER_SRP_AUTH", json!({"USERNAME": "ana", "SRP_A": "2"}))
        .await
        .refused_as(EXCEEDED);
    people.app.advance(Duration::from_secs(1));
    people.prove(&proof).await.ok();
}

#[tokio::test]
async fn a_success_starts_the_count_again() {
    let people = people().await;
    for _ in 0..3 {
        for _ in 0..4 {
            people.sign_in("ana", BAD).await.refused_as(WRONG);
        }
        people.sign_in("ana", PASSWORD).await.ok();
    }
}

#[tokio::test]
async fn the_count_outlives_the_process() {
    let people = people().await;
    for _ in 0..5 {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    }
    let People { app, pool, client } = people;
    let people = People {
        app: app.restarted().await,
        pool,
        client,
    };
    people.sign_in("ana", PASSWORD).await.refused_as(EXCEEDED);
}

#[tokio::test]
async fn guessing_in_parallel_gains_nothing() {
    let people = people().await;
    for _ in 0..4 {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    }
    // All are admitted before any is counted. One more may be judged; the others learn nothing.
    let guesses = (0..12).map(|_| people.sign_in("ana", BAD));
    let mut answers = join_all(guesses).await;
    answers.sort_unstable();
    assert_eq!(
        answers.iter().filter(|sentence| *sentence == WRONG.1).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|sentence| *sentence == EXCEEDED.1).count(),
        11,
        "{answers:?}"
    );
    people.sign_in("ana", PASSWORD).await.refused_as(EXCEEDED);
}

#[tokio::test]
async fn an_unknown_device_tells_nothing_of_a_proof_during_a_lock() {
    let people = people().await;
    let device = json!({"DEVICE_KEY": "eu-west-1_2b6c7a2e-0000-4000-8000-000000000000"});
    let mut proofs = Vec::new();
    for password in [[BAD; 11].as_slice(), &[PASSWORD]].concat() {
        proofs.push(people.srp("ana", password).await.with(device.clone()));
    }
    for _ in 0..4 {
        people.sign_in("ana", BAD).await.refused_as(WRONG);
    }
    // All are admitted; the first that is counted locks, and the right one comes last.
    let answers = join_all(proofs.iter().map(|proof| people.prove(proof))).await;
    let having = |sentence: &str| answers.iter().filter(|answer| *answer == sentence).count();
    assert_eq!((having(WRONG.1), having(EXCEEDED.1)), (1, 11), "{answers:?}");

    // Nothing was spent: without the device the proof is good once the lock is over.
    people.app.advance(Duration::from_secs(1));
    let right = proofs.last().unwrap();
    people
        .prove(right)
        .await
        .refused("ResourceNotFoundException", "Device does not exist.");
    let mut plain = right.clone();
    plain.responses.as_object_mut().unwrap().remove("DEVICE_KEY");
    people.prove(&plain).await.ok();
}

/// The sentences of answers awaited together.
async fn join_all<F: Future<Output = testkit::Answer>>(calls: impl Iterator<Item = F>) -> Vec<String> {
    let mut pending: Vec<std::pin::Pin<Box<F>>> = calls.map(Box::pin).collect();
    let mut sentences = Vec::new();
    std::future::poll_fn(|cx| {
        pending.retain_mut(|call| match call.as_mut().poll(cx) {
            std::task::Poll::Ready(answer) => {
                sentences.push(answer.sentence().to_owned());
                false
            }
            std::task::Poll::Pending => true,
        });
        if pending.is_empty() {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    sentences
}
