//! Poolhouse's own paths, `/_poolhouse/…`: health in both profiles; inbox, triggers, the pages of hosted login, reset and
//! clock in dev alone. No CORS here, ever;
//! a browser may use them only from a page and under a host name that are ours (`arrival`). decision 14.

mod control;
mod inbox;
mod triggers;

use std::sync::Arc;

use http::{Method, StatusCode, header};
use iam::Origin;

use crate::{
    App,
    answer::{self, plain},
    arrival::Arrival,
    body::{Body, Response},
    hosted,
    hosts::HostKind,
};

/// A path of Poolhouse's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    Health,
    /// `/_poolhouse/` itself.
    Root,
    Inbox,
    Messages,
    Events,
    Script,
    Style,
    Triggers,
    /// The same as JSON.
    Invocations,
    Replay,
    TriggersScript,
    /// Hosted login's pages, to be looked at.
    Pages,
    Clock,
    Reset,
    Unknown,
}

pub async fn open(app: &Arc<App>, arrival: &Arrival, door: Door, body: Body) -> Response {
    let method = &arrival.head.method;
    // Answered under every host name of ours and in both profiles: balancers ask by address.
    if door == Door::Health && arrival.only_looks() {
        return health(app).await;
    }
    let Some(doors) = &app.doors else { return no_door() };
    let is_page = method == Method::GET
        && matches!(door, Door::Root | Door::Inbox | Door::Triggers | Door::Pages)
        && arrival.is_shown();
    match arrival.host_kind {
        HostKind::Localhost | HostKind::Configured if is_page && door == Door::Triggers => return triggers::page(app),
        HostKind::Localhost | HostKind::Configured if is_page && door == Door::Pages => {
            return hosted::preview(app, arrival).await;
        }
        HostKind::Localhost | HostKind::Configured if is_page => return inbox::page(app, arrival).await,
        // Buckets' websites have this origin, and the page shall not share it with them.
        HostKind::Loopback if is_page => return answer::elsewhere("localhost", arrival),
        _ if arrival.origin(app) == Origin::Foreign => return closed(),
        _ => {}
    }
    match (method.as_str(), door) {
        ("GET", Door::Root | Door::Inbox) if wants_json(arrival) => inbox::list(app, arrival).await,
        ("GET", Door::Messages) => inbox::list(app, arrival).await,
        ("GET", Door::Root | Door::Inbox) => inbox::page(app, arrival).await,
        ("GET", Door::Events) => inbox::events(app),
        ("GET", Door::Script) => answer::text(StatusCode::OK, "text/javascript; charset=utf-8", pages::INBOX_SCRIPT),
        ("GET", Door::Style) => answer::text(StatusCode::OK, "text/css; charset=utf-8", pages::INBOX_STYLE),
        ("GET", Door::Triggers) if wants_json(arrival) => triggers::list(app),
        ("GET", Door::Invocations) => triggers::list(app),
        ("GET", Door::Triggers) => triggers::page(app),
        ("GET", Door::TriggersScript) => {
            answer::text(StatusCode::OK, "text/javascript; charset=utf-8", pages::TRIGGERS_SCRIPT)
        }
        ("GET", Door::Pages) => hosted::preview(app, arrival).await,
        ("POST", Door::Replay) => triggers::replay(app, body).await,
        ("POST", Door::Clock) => control::clock(app, doors, body).await,
        ("POST", Door::Reset) => control::reset(doors).await,
        (
            _,
            Door::Inbox
            | Door::Messages
            | Door::Triggers
            | Door::Invocations
            | Door::Replay
            | Door::Pages
            | Door::Clock
            | Door::Reset,
        ) => plain(StatusCode::METHOD_NOT_ALLOWED, "This door wants another method."),
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
    answer::json(status, &serde_json::json!({ "status": word, "version": app.version }))
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

fn wants_json(arrival: &Arrival) -> bool {
    let accept = arrival.text(&header::ACCEPT).unwrap_or("");
    accept.contains("application/json") && !accept.contains("text/html")
}
