//! Plain http beside a port of https: a certificate authority that proves a name is answered (RFC 8555 8.3), browsers are sent to https,
//! and nobody else is listened to.

use acme::Acme;
use http::{HeaderValue, Method, StatusCode, header, request::Parts};
use kernel::authority;

use crate::{
    answer,
    body::{Request, Response},
};

const CHALLENGE: &str = "/.well-known/acme-challenge/";

/// What such a port knows. Cheap to clone.
#[derive(Clone)]
pub struct Plain {
    pub acme: Option<Acme>,
    /// Where clients find https.
    pub https_port: u16,
}

impl Plain {
    pub(crate) async fn answer(self, request: Request) -> Response {
        let (head, _body) = request.into_parts();
        let Some(host) = host(&head) else {
            return answer::plain(StatusCode::BAD_REQUEST, "The request names no host.");
        };
        let token = head.uri.path().strip_prefix(CHALLENGE);
        if let (Some(token), Some(acme), &Method::GET) = (token, &self.acme, &head.method) {
            match acme.key_authorization(&host, token).await {
                Ok(Some(key_authorization)) => {
                    let shown = answer::text(StatusCode::OK, "application/octet-stream", key_authorization);
                    return answer::unkept(shown);
                }
                Ok(None) => return answer::plain(StatusCode::NOT_FOUND, "No such challenge is under way."),
                Err(error) => {
                    tracing::error!(?error, "a challenge could not be looked up");
                    return answer::plain(StatusCode::INTERNAL_SERVER_ERROR, "Internal error.");
                }
            }
        }
        self.sent_to_https(&head, &host)
    }

    fn sent_to_https(&self, head: &Parts, host: &str) -> Response {
        let only_https = || answer::plain(StatusCode::BAD_REQUEST, "This address answers https.");
        if head.method != Method::GET && head.method != Method::HEAD {
            return only_https();
        }
        let path = head.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let port = match self.https_port {
            443 => String::new(),
            port => format!(":{port}"),
        };
        let Ok(location) = HeaderValue::try_from(format!("https://{host}{port}{path}")) else {
            return only_https();
        };
        let mut response = answer::empty(StatusCode::PERMANENT_REDIRECT);
        response.headers_mut().insert(header::LOCATION, location);
        response
    }
}

/// The host that is asked for, in lower case and without its port.
fn host(head: &Parts) -> Option<String> {
    let said = head.uri.authority().map(http::uri::Authority::as_str);
    let said = said.or_else(|| head.headers.get(header::HOST)?.to_str().ok())?;
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b':' | b'[' | b']' | b'_');
    let host = authority::host(said);
    (!host.is_empty() && host.bytes().all(is_plain)).then(|| {
        let lower = host.to_ascii_lowercase();
        if lower.contains(':') && !lower.starts_with('[') {
            return format!("[{lower}]");
        }
        lower
    })
}
