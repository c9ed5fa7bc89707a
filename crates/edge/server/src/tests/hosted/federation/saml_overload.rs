//! What providers of SAML say is a core's work: it waits for its turn beside the passwords, and is refused where there is no room.

use std::{iter, net::IpAddr, sync::mpsc, time::Duration};

use kernel::Turn;
use serde_json::json;
use testkit::CPU_THREADS;
use tokio::{sync::oneshot, time::timeout};

use super::{
    Rig,
    by_saml::{Corporate, NAME},
    saml_idp::Asked,
    saml_refusals::refused,
    saml_unasked::{begin, begun},
    told,
};
use crate::{
    peer::Peer,
    tests::{ATTEMPTS, Draft},
};

const NO_ROOM: &str = "error=temporarily_unavailable&state=a-state";

/// All the room there is.
fn fill(rig: &Rig) -> Vec<Turn> {
    iter::from_fn(|| rig.cpu.reserve().ok()).collect()
}

/// An answer that is refused once it is read.
fn unsigned(corporate: &Corporate, asked: &Asked) -> String {
    let mut said = corporate.idp.said(asked);
    said.is_signed = false;
    corporate.idp.response(&said)
}

#[tokio::test]
async fn without_room_nothing_is_read_and_the_visit_stays_good() {
    let corporate = Corporate::with(json!({"RequestSigningAlgorithm": "rsa-sha256"})).await;
    let browser = &mut corporate.browser();
    let asked = corporate.leave(browser).await;
    let full = fill(&corporate.rig);
    let response = unsigned(&corporate, &asked);
    let fields = [("SAMLResponse", &*response), ("RelayState", asked.relay_state())];
    assert_eq!(told(&corporate.post(browser, &fields).await), NO_ROOM);
    assert_eq!(told(&corporate.arrive(browser, &asked).await), NO_ROOM);
    // Nor is a request signed.
    let request = corporate.app.request(&[("identity_provider", NAME)]);
    let got = browser.get(&format!("/oauth2/authorize?{request}")).await;
    assert_eq!(told(&got), NO_ROOM);
    drop(full);
    assert!(told(&corporate.arrive(browser, &asked).await).starts_with("code="));
}

#[tokio::test]
async fn what_nobody_asked_for_needs_room_too() {
    let (corporate, app) = begun().await;
    let request = app.request(&[("identity_provider", NAME)]);
    let full = fill(&corporate.rig);
    let unsigned = begin(&corporate, &request, |said| said.is_signed = false).await;
    assert_eq!(told(&unsigned), NO_ROOM);
    drop(full);
    assert!(told(&begin(&corporate, &request, |_| ()).await).starts_with("code="));
}

/// No thread that answers requests reads it.
#[tokio::test]
async fn an_answer_waits_for_the_threads_that_hash_passwords() {
    let corporate = Corporate::new().await;
    let browser = &mut corporate.browser();
    let asked = corporate.leave(browser).await;
    let response = unsigned(&corporate, &asked);
    let mut gates = Vec::new();
    for _ in 0..CPU_THREADS {
        let (gate, closed) = mpsc::channel::<()>();
        let (started, has_started) = oneshot::channel();
        let cpu = corporate.rig.cpu.clone();
        tokio::spawn(async move {
            cpu.run(move || {
                started.send(()).unwrap();
                closed.recv()
            })
            .await
        });
        has_started.await.unwrap();
        gates.push(gate);
    }
    let fields = [("SAMLResponse", &*response), ("RelayState", asked.relay_state())];
    let mut answer = Box::pin(corporate.post(browser, &fields));
    assert!(timeout(Duration::from_millis(300), &mut answer).await.is_err());
    drop(gates);
    refused(&answer.await, "SAML Response signature is invalid");
}

#[tokio::test]
async fn a_stranger_posts_so_many_a_minute() {
    let corporate = Corporate::new().await;
    let peer = Peer {
        ip: Some("203.0.113.7".parse::<IpAddr>().unwrap()),
        secure: false,
    };
    for (path, method, before) in [
        ("/saml2/idpresponse", "POST", 0),
        ("/saml2/logout", "POST", ATTEMPTS),
        ("/oauth2/idpresponse", "GET", 0),
    ] {
        for n in before..=ATTEMPTS {
            let draft = Draft::new(method, path).header("host", &corporate.at.host);
            let draft = draft.header("content-type", "application/x-www-form-urlencoded");
            let status = corporate.rig.send_from(peer, draft).await.status;
            assert_eq!(status, if n == ATTEMPTS { 429 } else { 400 }, "{path} {n}");
        }
    }
}
