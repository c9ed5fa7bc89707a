//! The inbox of dev: a page, the same as JSON, and server-sent events of what arrives.

use std::{convert::Infallible, sync::Arc};

use bytes::Bytes;
use delivery::{Channel, Kept};
use futures_util::{StreamExt, stream};
use http::StatusCode;
use http_body_util::StreamBody;
use hyper::body::Frame;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    App,
    answer::{self, plain},
    arrival::Arrival,
    body::{Body, Response},
    page,
};

/// Newest first, as `[{id, at, channel, to, subject, body, code, link, pool_id}]`.
pub async fn list(app: &App, arrival: &Arrival) -> Response {
    match app.delivery.inbox(recipient(arrival).as_deref()).await {
        Ok(kept) => answer::json(StatusCode::OK, &kept.iter().map(entry).collect()),
        Err(error) => failed(&error),
    }
}

pub async fn page(app: &App, arrival: &Arrival) -> Response {
    let to = recipient(arrival);
    let kept = match app.delivery.inbox(to.as_deref()).await {
        Ok(kept) => kept,
        Err(error) => return failed(&error),
    };
    let inbox = pages::Inbox {
        to: to.unwrap_or_default(),
        messages: kept.iter().map(shown).collect(),
    };
    page::shown(StatusCode::OK, inbox.html())
}

/// One `message` event an arrival; `again` tells a reader that lagged behind to fetch the list.
pub fn events(app: &Arc<App>) -> Response {
    let arrivals = app.delivery.arrivals();
    let events = stream::unfold(arrivals, |mut arrivals| async move {
        let text = match arrivals.recv().await {
            Ok(kept) => format!("data: {}\n\n", entry(&kept)),
            Err(RecvError::Lagged(_)) => "event: again\ndata:\n\n".to_owned(),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from(text))), arrivals))
    });
    // A first comment, so that the reader knows at once that it is connected.
    let hello = stream::iter([Ok(Frame::data(Bytes::from_static(b": listening\n\n")))]);
    let body = Body::new(StreamBody::new(hello.chain(events)));
    let headers = [("content-type", "text/event-stream")];
    answer::with(answer::unkept(http::Response::new(body)), &headers)
}

fn entry(kept: &Kept) -> Value {
    json!({
        "id": kept.id,
        "at": kept.at.iso8601(),
        "channel": channel(kept.message.channel),
        "to": kept.message.to,
        "subject": kept.message.subject,
        "body": kept.message.body,
        "code": kept.message.code,
        "link": kept.message.link,
        "pool_id": kept.message.pool,
    })
}

fn shown(kept: &Kept) -> pages::InboxMessage {
    pages::InboxMessage {
        id: kept.id.clone(),
        at: kept.at.iso8601(),
        channel: channel(kept.message.channel),
        to: kept.message.to.clone(),
        subject: kept.message.subject.clone().unwrap_or_default(),
        body: kept.message.body.clone(),
        code: kept.message.code.clone().unwrap_or_default(),
        link: kept.message.link.clone().unwrap_or_default(),
        pool_id: kept.message.pool.to_string(),
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "email",
        Channel::Sms => "sms",
    }
}

/// `?to=`, percent-decoded; a plus sign is itself, because phone numbers begin with one.
fn recipient(arrival: &Arrival) -> Option<String> {
    let query = arrival.head.uri.query()?;
    let value = query.split('&').find_map(|pair| pair.strip_prefix("to="))?;
    let text = percent_encoding::percent_decode_str(value)
        .decode_utf8_lossy()
        .into_owned();
    (!text.is_empty()).then_some(text)
}

fn failed(error: &kernel::ApiError) -> Response {
    tracing::error!(?error, "the inbox could not be read");
    plain(StatusCode::INTERNAL_SERVER_ERROR, "The inbox could not be read.")
}
