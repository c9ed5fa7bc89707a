//! Dispatches: what a request wants (`routes`) is handed to whoever answers it. What is on none of our own paths is a call to
//! AWS or, where it is no call either, a bucket's.

use std::sync::Arc;

use wire::{Head, Route};

use crate::{
    App, answer,
    arrival::Arrival,
    aws,
    body::{self, Body, Request, Response},
    discovery, doors,
    isolation::{self, Showing},
    peer::Peer,
    routes::{self, Wanted},
    trust,
};

/// Answers any request. It never fails: what goes wrong is an answer too. `peer`: who connected.
pub async fn handle(app: Arc<App>, peer: Peer, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let arrival = Arrival::read(&app, peer, head);
    let head = &arrival.head;
    match routes::wanted(arrival.place, &head.method, arrival.path(), &head.headers) {
        Wanted::Preflight => answer::preflight(),
        Wanted::Door(door) => doors::open(&app, &arrival, door, body).await,
        Wanted::Document(document) => discovery::answer(&app, &arrival, document).await,
        Wanted::Service => serve(&app, arrival, body).await,
    }
}

async fn serve(app: &Arc<App>, arrival: Arrival, body: Body) -> Response {
    let head = Head {
        method: &arrival.head.method,
        path: arrival.path(),
        query: arrival.head.uri.query(),
        headers: &arrival.head.headers,
    };
    match wire::route(&head) {
        Route::Call(call) => aws::call(app, &arrival, call, body).await,
        Route::Refused(refusal) => aws::refused(app, &arrival, &refusal),
        Route::ReadForm => {
            let form = match body::read(body, aws::LARGEST_CALL).await {
                Ok(form) => form,
                Err(error) => return answer::unread(&error),
            };
            match wire::route_form(&head, &form) {
                Route::Call(call) => aws::call(app, &arrival, call, answer::full(form)).await,
                Route::Refused(refusal) => aws::refused(app, &arrival, &refusal),
                Route::ReadForm | Route::NotAws => to_s3(app, arrival, answer::full(form)).await,
            }
        }
        Route::NotAws => to_s3(app, arrival, body).await,
    }
}

async fn to_s3(app: &App, arrival: Arrival, body: Body) -> Response {
    let showing = isolation::of_bucket(app, &arrival);
    if let Showing::There(response) = showing {
        return response;
    }
    let cx = arrival.cx(app, arrival.signed_region());
    let origin = trust::origin(app, &arrival);
    let request = Request::from_parts(arrival.head, body);
    let mut response = app.s3.handle(&cx, origin, request).await;
    if matches!(showing, Showing::Sandboxed) {
        isolation::sandbox(&mut response);
    }
    response
}
