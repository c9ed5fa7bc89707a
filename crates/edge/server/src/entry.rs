//! Every request's way in: read once, then handed to whoever answers what it wants ([`wanted`]).

use std::sync::Arc;

use wire::{Head, Route};

use crate::{
    App, answer,
    arrival::{Arrival, Showing},
    aws,
    body::{self, Body, Request, Response},
    confirm_user, discovery, doors, hosted,
    hosts::HostKind,
    peer::Peer,
    wanted::{Wanted, wanted},
};

/// Answers any request. It never fails: what goes wrong is an answer too. `peer`: who connected.
pub async fn handle(app: Arc<App>, peer: Peer, request: Request) -> Response {
    let (head, mut body) = request.into_parts();
    let arrival = Arrival::read(&app, peer, head);
    let head = &arrival.head;
    let target = (arrival.path(), head.uri.query());
    let wanted = wanted(arrival.host_kind, &head.method, target, &head.headers);
    if wanted.may_be_a_domains(arrival.host_kind, &head.headers) {
        match Box::pin(hosted::answer(&app, &arrival, body)).await {
            Ok(response) => return response,
            // A host that is no domain's.
            Err(unread) => body = unread,
        }
    }
    match wanted {
        Wanted::Preflight => answer::preflight(),
        Wanted::Door(door) => doors::open(&app, &arrival, door, body).await,
        Wanted::ConfirmUser => confirm_user::answer(&app, &arrival).await,
        Wanted::Document(document) => discovery::answer(&app, &arrival, document).await,
        Wanted::Domain | Wanted::Service => serve(&app, arrival, body).await,
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
    if arrival.host_kind == HostKind::Api {
        return discovery::not_understood();
    }
    let showing = arrival.showing(app);
    if let Showing::At(name) = showing {
        return answer::elsewhere(name, &arrival);
    }
    let (cx, origin) = (arrival.cx(app, None), arrival.origin(app));
    let request = Request::from_parts(arrival.head, body);
    let mut response = app.s3.handle(cx, origin, request).await;
    if showing == Showing::Sandboxed {
        answer::sandbox(&mut response);
    }
    response
}
