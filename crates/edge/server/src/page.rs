//! A page. Everything on it is ours: no other origin, no inline script; no cache keeps it.

use std::fmt::Display;

use http::StatusCode;

use crate::{
    answer::{self, plain},
    body::Response,
};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

pub fn shown(status: StatusCode, rendered: Result<String, impl Display>) -> Response {
    match rendered {
        Ok(html) => {
            let page = answer::text(status, "text/html; charset=utf-8", html);
            let guards = [
                ("content-security-policy", POLICY),
                ("x-content-type-options", "nosniff"),
            ];
            answer::with(answer::unkept(page), &guards)
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.")
        }
    }
}
