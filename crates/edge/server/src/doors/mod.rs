//! Poolhouse's own paths, `/_poolhouse/…`: health in both profiles; inbox, reset and clock in dev alone. No CORS here, ever;
//! a browser may use them only from a page and under a host name that are ours (`trust`). DESIGN 4.

mod control;
mod inbox;
mod trust;

pub(crate) use trust::Place;

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header, request};

use crate::{
    App,
    app::Peer,
    body::{self, Body, Response},
    entry::{is_read, plain},
    isolation,
};

/// Answered under every host name of ours and in both profiles: balancers ask by address.
const HEALTH: &str = "health";

/// `path` is what follows `/_poolhouse/`.
pub async fn handle(app: &Arc<App>, peer: Peer, path: &str, parts: request::Parts, body: Body) -> Response {
    let method = parts.method.clone();
    if path == HEALTH && is_read(&method) {
        return health(app).await;
    }
    let Some(doors) = &app.doors else { return no_door() };
    let is_page = method == Method::GET && matches!(path, "" | "inbox") && trust::is_shown(&parts.headers);
    match app.place_of(&parts.headers) {
        Place::Localhost | Place::Configured if is_page => return inbox::page(app, &parts).await,
        // Buckets' websites have this origin, and the page shall not share it with them.
        Place::Loopback if is_page => return isolation::elsewhere("localhost", peer, &parts),
        Place::Bucket | Place::Elsewhere => return closed(),
        _ if !app.is_trusted(&parts.headers) => return closed(),
        _ => {}
    }
    match (method, path) {
        (Method::GET, "" | "inbox") if wants_json(&parts) => inbox::list(app, &parts).await,
        (Method::GET, "inbox.json") => inbox::list(app, &parts).await,
        (Method::GET, "" | "inbox") => inbox::page(app, &parts).await,
        (Method::GET, "inbox/events") => inbox::events(app),
        (Method::GET, "inbox.js") => asset(pages::INBOX_SCRIPT, "text/javascript; charset=utf-8"),
        (Method::GET, "inbox.css") => asset(pages::INBOX_STYLE, "text/css; charset=utf-8"),
        (Method::POST, "clock") => control::clock(app, peer, doors, body).await,
        (Method::POST, "reset") => control::reset(doors).await,
        (_, "inbox" | "inbox.json" | "clock" | "reset") => {
            plain(StatusCode::METHOD_NOT_ALLOWED, "This door wants another method.")
        }
        _ => no_door(),
    }
}

/// Ready when the store answers.
async fn health(app: &App) -> Response {
    let alive = app
        .store
        .read(|r| store::records::facts::fact(r, "keyring"))
        .await
        .is_ok();
    let (status, word) = if alive {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    };
    json(status, &serde_json::json!({ "status": word, "version": app.version }))
}

fn closed() -> Response {
    plain(
        StatusCode::FORBIDDEN,
        "This door opens for loopback names and configured hosts only, and not for pages of other origins.",
    )
}

fn no_door() -> Response {
    plain(StatusCode::NOT_FOUND, "There is no such door.")
}

fn wants_json(parts: &request::Parts) -> bool {
    let accept = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    accept.contains("application/json") && !accept.contains("text/html")
}

fn json(status: StatusCode, value: &serde_json::Value) -> Response {
    let mut response = http::Response::new(body::full(value.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn asset(text: &'static str, kind: &'static str) -> Response {
    let mut response = http::Response::new(body::full(text));
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
