//! AWS protocols, as pure functions over heads and bodies: which call a request is ([`route()`]), its input as a JSON
//! tree ([`Call::input`]), and the response to it in awsJson 1.1 or awsQuery ([`Call::success`], [`Call::failure`]).
//! Operations never learn which protocol called them. No HTTP server, no authentication, no validation: the server reads
//! bodies and checks signatures, `model` checks the tree. Start at `route.rs`.

pub mod aws_json;
pub mod aws_query;
mod code;
pub mod cors;
mod foreign;
mod form;
pub mod front_end;
mod reply;
mod route;
mod scope;
pub mod xml;

pub use form::Form;
pub use reply::REQUEST_ID;
pub use route::{Call, Head, Refusal, Route, route, route_form};
