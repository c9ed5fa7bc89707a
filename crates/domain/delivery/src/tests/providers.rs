//! Text messages by a provider's web API.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::net::TcpListener;
use upstream::{Address, Reach, Signer, Upstream};

use super::{
    Post, mail,
    web_server::{Reply, WebServer},
};
use crate::{Channel, Delivery, Encryption, Message, Proof, Provider, ProviderForm, Route, Smtp, SmtpSettings};

const TAKEN: Reply = Reply::Status(201, "{}");

fn text(to: &str) -> Message {
    Message {
        channel: Channel::Sms,
        subject: None,
        body: "Your code is 123456 & more".to_owned(),
        ..mail(to)
    }
}

fn twilio(server: &WebServer, from: &str) -> ProviderForm {
    ProviderForm::Twilio {
        base: Address::of_operator(&server.url).unwrap(),
        account: "AC0123".to_owned(),
        token: "a token".to_owned(),
        from: from.to_owned(),
    }
}

fn json_form(server: &WebServer, proof: Proof) -> ProviderForm {
    ProviderForm::Json {
        url: Address::of_operator(&format!("{}/texts", server.url)).unwrap(),
        proof,
        from: None,
    }
}

fn bearer(server: &WebServer) -> ProviderForm {
    json_form(server, Proof::Bearer("a token".to_owned()))
}

fn delivery(post: &Post, form: ProviderForm) -> Delivery {
    let upstream = Upstream::new(Reach::Public).unwrap();
    let provider = Provider::new(upstream, form).unwrap();
    assert!(!format!("{provider:?}").contains("token"), "{provider:?}");
    post.delivery(Route::None, Route::Provider(Arc::new(provider)))
}

#[tokio::test]
async fn twilio_is_sent_a_form() {
    let post = Post::new().await;
    let service = format!("MG{}", "0a".repeat(16));
    for (from, sender) in [
        ("+12065550199", "From=%2B12065550199".to_owned()),
        ("Poolhouse", "From=Poolhouse".to_owned()),
        (&service, format!("MessagingServiceSid={service}")),
    ] {
        let server = WebServer::start(&[TAKEN]).await;
        let delivery = delivery(&post, twilio(&server, from));
        post.send(&delivery, text("+12065550100")).await;
        assert_eq!(delivery.deliver_due(Channel::Sms).await.unwrap(), 1);
        let request = &server.received()[0];
        assert_eq!(request.line, "POST /2010-04-01/Accounts/AC0123/Messages.json");
        assert_eq!(
            request.body,
            format!("To=%2B12065550100&{sender}&Body=Your%20code%20is%20123456%20%26%20more")
        );
        assert_eq!(
            request.header("content-type"),
            Some("application/x-www-form-urlencoded")
        );
        // AC0123:a token
        assert_eq!(request.header("authorization"), Some("Basic QUMwMTIzOmEgdG9rZW4="));
        post.advance(Duration::from_secs(24 * 3600));
        assert_eq!(
            delivery.deliver_due(Channel::Sms).await.unwrap(),
            0,
            "it left the outbox"
        );
    }
}

#[tokio::test]
async fn a_receiver_of_json_is_told_who_asks_and_which_message_it_is() {
    let post = Post::new().await;
    let server = WebServer::start(&[Reply::Status(503, ""), TAKEN]).await;
    let signed = json_form(&server, Proof::Signature(Signer::new("a secret of a receiver")));
    let delivery = delivery(&post, signed);
    post.send(&delivery, text("+12065550100")).await;
    assert_eq!(delivery.deliver_due(Channel::Sms).await.unwrap(), 0);
    post.advance(Duration::from_secs(31));
    assert_eq!(delivery.deliver_due(Channel::Sms).await.unwrap(), 1);

    let received = server.received();
    let body: Value = serde_json::from_str(&received[0].body).unwrap();
    assert_eq!(
        body,
        json!({
            "id": body["id"], "pool": "us-east-1_AbCdEfGhI", "to": "+12065550100", "from": null,
            "body": "Your code is 123456 & more",
        })
    );
    assert_eq!(received[0].line, "POST /texts");
    assert_eq!(received[0].header("idempotency-key"), body["id"].as_str());
    assert_eq!(
        received[0].body, received[1].body,
        "it is the same message at each attempt"
    );
    let signatures: Vec<_> = received
        .iter()
        .map(|request| request.header("poolhouse-signature"))
        .collect();
    assert!(signatures[0].unwrap().starts_with("t=1768478400,v1="), "{signatures:?}");
    assert!(signatures[1].unwrap().starts_with("t=1768478431,v1="), "{signatures:?}");
    assert_eq!(received[0].header("authorization"), None);
}

#[tokio::test]
async fn a_bearer_token_stands_in_the_header() {
    let post = Post::new().await;
    let server = WebServer::start(&[TAKEN]).await;
    let delivery = delivery(&post, bearer(&server));
    post.send(&delivery, text("+12065550100")).await;
    assert_eq!(delivery.deliver_due(Channel::Sms).await.unwrap(), 1);
    let request = &server.received()[0];
    assert_eq!(request.header("authorization"), Some("Bearer a token"));
    assert_eq!(request.header("poolhouse-signature"), None);
}

/// What is wrong with the message ends it; what is wrong with the account or the provider may be mended.
#[tokio::test]
async fn only_a_message_that_is_refused_is_given_up() {
    let post = Post::new().await;
    for (reply, again) in [
        (
            Reply::Status(400, r#"{"code": 21211, "message": "+12065550100 is no number"}"#),
            false,
        ),
        (Reply::Status(404, ""), false),
        (Reply::Status(422, "[]"), false),
        (Reply::Status(401, ""), true),
        (Reply::Status(408, ""), true),
        (Reply::Status(429, ""), true),
        (Reply::Status(302, ""), true),
        (Reply::Status(500, ""), true),
        (Reply::Silence, true),
    ] {
        let server = WebServer::start(&[reply, TAKEN]).await;
        let delivery = delivery(&post, bearer(&server));
        post.send(&delivery, text("+12065550100")).await;
        assert_eq!(delivery.deliver_due(Channel::Sms).await.unwrap(), 0);
        post.advance(Duration::from_secs(31));
        assert_eq!(delivery.deliver_due(Channel::Sms).await.unwrap(), u64::from(again));
        assert_eq!(server.received().len(), 1 + usize::from(again));
    }
}

#[tokio::test]
async fn what_can_not_be_reached_is_tried_until_the_last_attempt() {
    let post = Post::new().await;
    let nobody = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let form = ProviderForm::Json {
        url: Address::of_operator(&nobody).unwrap(),
        proof: Proof::Bearer("a token".to_owned()),
        from: None,
    };
    let delivery = delivery(&post, form);
    post.send(&delivery, text("+12065550100")).await;
    for _ in 0..10 {
        assert!(delivery.until_next(Channel::Sms).await.unwrap().is_some(), "it waits");
        delivery.deliver_due(Channel::Sms).await.unwrap();
        post.advance(Duration::from_secs(24 * 3600));
    }
    assert_eq!(
        delivery.until_next(Channel::Sms).await.unwrap(),
        None,
        "it was given up"
    );
}

/// Issue 7 (who is slow is nobody else's affair): a mail server that takes connections and says nothing holds up mails, but the code of
/// a sign-in by text message dies within minutes.
#[tokio::test]
async fn a_mail_server_that_hangs_keeps_no_text_message_waiting() {
    let post = Post::new().await;
    let server = WebServer::start(&[TAKEN]).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: silent.local_addr().unwrap().port(),
        encryption: Encryption::None,
        credentials: None,
        from: "no-reply@example.com".to_owned(),
    };
    let provider = Provider::new(Upstream::new(Reach::Public).unwrap(), bearer(&server)).unwrap();
    let mails = Route::Smtp(Arc::new(Smtp::new(settings).unwrap()));
    let delivery = post.delivery(mails, Route::Provider(Arc::new(provider)));
    for _ in 0..40 {
        post.send(&delivery, mail("ana@example.com")).await;
    }
    post.send(&delivery, text("+12065550100")).await;
    let worker = delivery.clone();
    let worker = tokio::spawn(async move { worker.deliver_due(Channel::Sms).await });
    for _ in 0..200 {
        if !server.received().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.received().len(), 1);
    worker.abort();
}
