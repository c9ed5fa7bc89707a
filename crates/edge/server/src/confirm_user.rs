//! `/confirmUser`, which the link of a sign-up mail leads to: opening it confirms the sign-up and signs nobody in. Programs that look
//! through mail open it too, so that it may be opened again; a HEAD has no effect. Reference: oauth-and-federation 2, 17.3.

use http::{Method, StatusCode};
use kernel::{ApiError, Code};
use percent_encoding::percent_decode_str;
use userpool::ops::{ConfirmationLink, Opened};

use crate::{App, answer, arrival::Arrival, body::Response, page};

/// Nothing of another origin is on the page, and its address, which holds a code, goes nowhere.
const GUARDS: [(&str, &str); 3] = [
    (
        "content-security-policy",
        "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
];

/// Whether a path is this one, in whatever spelling. One that could be a bucket's, for their names have no capitals, is if its query
/// has what a link has.
pub fn is_meant(path: &str, query: Option<&str>) -> bool {
    let Some(name) = path.strip_prefix('/') else {
        return false;
    };
    let name = name.strip_suffix('/').unwrap_or(name);
    name.eq_ignore_ascii_case("confirmuser")
        && (name.bytes().any(|b| b.is_ascii_uppercase()) || parameter(query, "confirmation_code").is_some())
}

pub async fn answer(app: &App, arrival: &Arrival) -> Response {
    match arrival.head.method {
        Method::GET => answer::with(opened(app, arrival).await, &GUARDS),
        Method::HEAD => answer::with(answer::unkept(answer::empty(StatusCode::OK)), &GUARDS),
        _ => {
            let refused = answer::plain(StatusCode::METHOD_NOT_ALLOWED, "A link is opened by GET.");
            answer::with(refused, &[("allow", "GET, HEAD")])
        }
    }
}

async fn opened(app: &App, arrival: &Arrival) -> Response {
    let query = arrival.head.uri.query();
    let value = |name| parameter(query, name).unwrap_or_default();
    let link = ConfirmationLink {
        client_id: value("client_id"),
        user_name: value("user_name"),
        confirmation_code: value("confirmation_code"),
    };
    let cx = arrival.cx(app, None);
    let request_id = cx.request_id.clone();
    let outcome = app.user_pools.confirm_by_link(&cx, link).await;
    match &outcome {
        Ok(opened) => tracing::debug!(%request_id, ?opened, "a link was opened"),
        Err(error) if error.code() == Code::InternalError => {
            tracing::error!(%request_id, ?error, "a link could not be answered");
        }
        Err(error) => tracing::info!(%request_id, code = error.code().0, "a link was refused"),
    }
    let (status, shown) = told(outcome);
    page::shown(status, shown.html())
}

fn told(outcome: Result<Opened, ApiError>) -> (StatusCode, pages::ConfirmUser) {
    let said = match outcome {
        Ok(Opened::Confirmed) => "Your account is confirmed. You can sign in now.",
        Ok(Opened::Again) => "Your account was confirmed before. You can sign in.",
        Err(error) => return refused(&error),
    };
    let page = pages::ConfirmUser {
        heading: "Confirmed",
        sentence: said.to_owned(),
        is_error: false,
    };
    (StatusCode::OK, page)
}

fn refused(error: &ApiError) -> (StatusCode, pages::ConfirmUser) {
    let status = match error.code() {
        Code::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        Code::LimitExceeded | Code::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::BAD_REQUEST,
    };
    let page = pages::ConfirmUser {
        heading: "Something went wrong",
        sentence: error.message().to_owned(),
        is_error: true,
    };
    (status, page)
}

/// A parameter's first value, percent-decoded. A plus sign is itself: names of users have no blanks, and some have that.
fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(found, _)| *found == name)?;
    Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_meant_in_whatever_spelling() {
        let link = Some("client_id=a&user_name=b&confirmation_code=1");
        for (path, query, meant) in [
            ("/confirmUser", link, true),
            ("/confirmUser/", link, true),
            ("/CONFIRMUSER", link, true),
            ("/confirmUser", None, true),
            ("/confirmuser", link, true),
            ("/confirmuser/", link, true),
            // A bucket of this name.
            ("/confirmuser", None, false),
            ("/confirmuser/", Some("list-type=2"), false),
            ("/confirmuser/key", link, false),
            ("/confirmUser/key", link, false),
            ("/confirmUser//", link, false),
            ("//confirmUser", link, false),
            ("/photos/confirmUser", link, false),
            ("confirmUser", link, false),
            ("/", link, false),
        ] {
            assert_eq!(is_meant(path, query), meant, "{path} {query:?}");
        }
    }

    #[test]
    fn a_parameter_is_decoded_once() {
        let query = Some("a=1&b=x%2By+z%2526&a=2&c&d=");
        for (name, value) in [
            ("a", Some("1")),
            ("b", Some("x+y+z%26")),
            ("c", None),
            ("d", Some("")),
            ("e", None),
        ] {
            assert_eq!(parameter(query, name).as_deref(), value, "{name}");
        }
    }
}
