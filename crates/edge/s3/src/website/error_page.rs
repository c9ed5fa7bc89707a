//! S3's plain error page.

use axum::body::Body;
use http::{Response, StatusCode};
use kernel::{ApiError, Cx};
use wire::xml::{Controls, escape};

use crate::{
    answer::verbatim,
    errors,
    refusal::{log, spelled, status},
};

pub(super) fn error_page(cx: &Cx, error: &ApiError) -> Response<Body> {
    let code = status(error.code());
    // The wording of a refusal names callers and actions: not for strangers.
    let shown = if code == StatusCode::FORBIDDEN {
        errors::access_denied()
    } else {
        let (code, message) = spelled(error);
        errors::refusal(code.0, message)
    };
    log(cx, error);
    let title = format!(
        "{} {}",
        status(shown.code()).as_u16(),
        status(shown.code()).canonical_reason().unwrap_or("")
    );
    let mut items = format!(
        "<li>Code: {}</li>\n<li>Message: {}</li>\n",
        escaped(shown.code().0),
        escaped(shown.message())
    );
    for (name, value) in error.members().iter().filter(|_| code != StatusCode::FORBIDDEN) {
        items.extend(["<li>", escaped(name).as_str(), ": ", escaped(value).as_str(), "</li>\n"]);
    }
    items.extend(["<li>RequestId: ", escaped(cx.request_id.as_str()).as_str(), "</li>\n"]);
    let html = format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<ul>\n{items}</ul>\n<hr/>\n</body>\n</html>\n"
    );
    let mut response = verbatim(html, "text/html; charset=utf-8");
    *response.status_mut() = status(shown.code());
    if code == StatusCode::NOT_MODIFIED {
        *response.body_mut() = Body::empty();
    }
    response
}

fn escaped(text: &str) -> String {
    let mut html = String::new();
    escape(text, Controls::Numbered, &mut html);
    html
}
