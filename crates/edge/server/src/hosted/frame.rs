//! What stands around every page of a domain, and the page as an answer.

use http::{HeaderValue, StatusCode, header};
use pages::hosted::{Error, Frame, Language, Languages, Line, Look, Page, Say};

use super::{
    ask::Ask,
    cookies::{Kept, LANGUAGE, Sent},
    looks,
};
use crate::{answer, body::Response, page};

const A_YEAR: u64 = 31_536_000;

/// The parts of a frame that a page sets.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// Where its forms go: a path of the domain. Empty: back to this page.
    pub action: &'static str,
    pub session: String,
    pub username: String,
    pub error: Option<Line>,
    pub notice: Option<Line>,
}

pub fn language(ask: &Ask<'_>) -> Language {
    let wish = ask.query.given("lang").or_else(|| ask.query.given("ui_locales"));
    // Several may be named, the dearest first: OpenID Connect Core 3.1.2.1.
    let wish = wish.and_then(|wish| wish.split_whitespace().find(|tag| Language::of_tag(tag).is_some()));
    Language::choose(wish, ask.cookie(LANGUAGE), ask.header(&header::ACCEPT_LANGUAGE))
}

/// A page of the sign-in.
pub fn shown<P: Page>(ask: &Ask<'_>, around: Around, page: &P) -> Response {
    with_status(ask, StatusCode::OK, around, page)
}

/// The last word: nothing is redirected.
pub fn refused(ask: &Ask<'_>, status: StatusCode, detail: Option<Line>) -> Response {
    ended(ask, status, (Say::SomethingWentWrong, detail))
}

/// The same of a request that is none, in Cognito's words. Reference: oauth-and-federation 3.6.
pub fn failed(ask: &Ask<'_>, detail: Option<&str>) -> Response {
    let detail = detail.map(|text| Line::Text(text.to_owned()));
    ended(ask, StatusCode::BAD_REQUEST, (Say::PageFailed, detail))
}

fn ended(ask: &Ask<'_>, status: StatusCode, (heading, detail): (Say, Option<Line>)) -> Response {
    let page = Error {
        heading: heading.into(),
        detail,
        reference: ask.cx.request_id.to_string(),
        again: String::new(),
    };
    with_status(ask, status, Around::default(), &page)
}

fn with_status<P: Page>(ask: &Ask<'_>, status: StatusCode, around: Around, page: &P) -> Response {
    let frame = frame(ask, around);
    let mut response = page::shown(status, ask.app.hosted_pages.html(&frame, page));
    guard(ask, &mut response);
    for cookie in [ask.csrf_cookie(), language_cookie(ask)].into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn frame(ask: &Ask<'_>, around: Around) -> Frame {
    let language = language(ask);
    let action = if around.action.is_empty() {
        ask.href(ask.path)
    } else {
        ask.href(around.action)
    };
    Frame {
        language,
        skin: ask.skin(),
        look: look(ask),
        title: ask.dress.title.clone(),
        assets: looks::base(ask.mount),
        action,
        csrf: ask.csrf.clone(),
        session: around.session,
        username: around.username,
        error: around.error,
        notice: around.notice,
        languages: languages(ask),
        terms: ask.dress.terms(language),
    }
}

fn look(ask: &Ask<'_>) -> Look {
    match &ask.dress.made {
        Some(made) => made.look.clone(),
        None if ask.domain.is_managed() => looks::built_in(ask.mount),
        None => Look::default(),
    }
}

/// A language that was asked for is remembered: managed login's pages let people choose. Reference: oauth-and-federation 4, 9.1.
fn language_cookie(ask: &Ask<'_>) -> Option<HeaderValue> {
    let chosen = ask.query.given("lang").filter(|_| ask.domain.is_managed())?;
    let language = Language::of_tag(chosen)?;
    ask.jar()
        .set(LANGUAGE, language.code(), Kept::Seconds(A_YEAR), Sent::Lax)
}

/// The same page in other languages: only where its address alone brings it back.
fn languages(ask: &Ask<'_>) -> Option<Languages> {
    if !ask.is_repeatable() || !ask.domain.is_managed() {
        return None;
    }
    let is_kept = |pair: &&str| !pair.is_empty() && !pair.starts_with("lang=");
    let kept: Vec<&str> = ask.request.split('&').filter(is_kept).chain(["lang="]).collect();
    Some(Languages {
        before: format!("{}{}?{}", ask.mount, ask.path, kept.join("&")),
        after: String::new(),
    })
}

/// Where forms of a page may lead: to us, and by our answer to the app, which may send the browser on. Browsers hold whatever follows a
/// form to it. What is not admitted ends on a page that is none of the sign-in's: its address allows nothing.
fn guard(ask: &Ask<'_>, response: &mut Response) {
    let app = app_of(ask).filter(|_| response.status() == StatusCode::OK);
    let own_scheme = app
        .and_then(scheme_of_its_own)
        .map_or_else(String::new, |scheme| format!(" {scheme}:"));
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action 'self' https: http://localhost:* http://127.0.0.1:*{own_scheme}; base-uri 'none'; frame-ancestors 'none'; \
         object-src 'none'"
    );
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    secure(ask, response);
}

/// Where the browser is sent on: to an app's answer, or when it has been signed out.
fn app_of<'a>(ask: &'a Ask<'_>) -> Option<&'a str> {
    let parameters = if ask.is_post() { &ask.form } else { &ask.query };
    let after_logout = || {
        let mut names = ["logout_uri", "post_logout_redirect_uri"].into_iter();
        names.find_map(|name| parameters.given(name))
    };
    let app = ask.query.given("redirect_uri");
    app.or_else(|| (ask.path == "/logout").then(after_logout).flatten())
}

/// The scheme of an app's address that is not among those that every page allows. A policy has no words for a host that is an IPv6
/// address (CSP 3 section 2.3.1), so that `http://[::1]` takes all of http.
fn scheme_of_its_own(uri: &str) -> Option<&str> {
    let (scheme, rest) = uri.split_once(':')?;
    let is_allowed = scheme == "https" || scheme == "http" && !rest.starts_with("//[");
    let is_scheme = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    (!is_allowed && scheme.bytes().all(is_scheme)).then_some(scheme)
}

const GUARDS: [(&str, &str); 7] = [
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("x-xss-protection", "0"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("pragma", "no-cache"),
    (
        "permissions-policy",
        "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    ),
];

/// Of an answer that shows nothing.
const NOTHING: HeaderValue =
    HeaderValue::from_static("default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");

/// What every answer has, though there be no domain: nobody frames it, keeps it, or is told its address.
pub fn guarded(mut response: Response) -> Response {
    // With what follows them: the map grows once.
    response.headers_mut().reserve(2 * GUARDS.len());
    let mut response = answer::with(response, &GUARDS);
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    response
}

/// What every answer of a domain has.
pub fn secure(ask: &Ask<'_>, response: &mut Response) {
    *response = guarded(std::mem::take(response));
    let headers = response.headers_mut();
    if ask.arrival.peer.secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000 ; includeSubDomains"),
        );
    }
    if let Ok(id) = HeaderValue::try_from(ask.cx.request_id.to_string()) {
        headers.insert("x-amz-cognito-request-id", id);
    }
}

/// To another page, or to an app. A browser that has posted a form gets what it is sent to.
pub fn redirect(ask: &Ask<'_>, location: &str) -> Response {
    let Ok(location) = HeaderValue::try_from(location) else {
        return refused(ask, StatusCode::BAD_REQUEST, None);
    };
    let mut response = answer::empty(StatusCode::FOUND);
    response.headers_mut().insert(header::LOCATION, location);
    secure(ask, &mut response);
    if let Some(cookie) = ask.csrf_cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::scheme_of_its_own;

    #[test]
    fn a_form_may_lead_where_the_app_is() {
        for (uri, scheme) in [
            ("https://app.example.com/cb", None),
            ("http://localhost:3000/cb", None),
            ("http://127.0.0.1:8080/cb", None),
            ("http://[::1]:8080/cb", Some("http")),
            ("com.example.app:/cb", Some("com.example.app")),
            ("a b;c:/cb", None),
            ("nothing", None),
        ] {
            assert_eq!(scheme_of_its_own(uri), scheme, "{uri}");
        }
    }
}
