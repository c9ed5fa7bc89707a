//! A form is posted: read, judged, stored, answered.

use std::sync::Arc;

use axum::body::Body;
use http::{Response, StatusCode, header, request};
use iam::Origin;
use kernel::{Cx, Result};
use objects::{Bucket, Intent, Operation, Put, check_key};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    errors,
    fields::Fields,
    multipart,
    policy::{PostPolicy, Sizes},
};
use crate::{
    answer::{document, empty},
    body::{BodyPlan, Inbound},
    call::S3Call,
    endpoint::S3,
    headers::{self, set, text},
    object::write::stored,
    request::{address::Query, said::Said},
    xml::bare,
};

/// Stores the form's file as the form says.
/// Errors: those of a put, of the policy, and of what is no sound form.
pub(crate) async fn post(
    s3: &S3,
    cx: &Cx,
    origin: Origin,
    (head, body): (&request::Parts, Body),
    bucket: &Arc<Bucket>,
) -> Result<Response<Body>> {
    let bytes = Inbound::new(body, BodyPlan::Plain).into_stream();
    let (mut fields, upload) = multipart::read(&head.headers, bytes).await?;
    // Without a name the variable stays as it is; an empty name takes it away.
    if let Some(name) = upload.file_name() {
        fields.expand(name)?;
    }
    let key = fields.get("key").filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| errors::missing_field("key"))?.to_owned();
    let (caller, signing) = s3.identify_form(cx, origin, |name| fields.get(name)).await?;
    let sizes = match fields.get("policy") {
        Some(policy) => PostPolicy::parse(policy)?.check(&fields, &bucket.name, cx.wall())?,
        None => Sizes::ANY,
    };
    check_key(&key)?;
    let headers = fields.headers()?;
    let call = S3Call {
        s3,
        cx,
        caller,
        intent: Intent::plain(Operation::PutObject, &bucket.name, key, signing.manner(cx, &headers)),
        query: Query::default(),
        headers: &headers,
        said: Said::default(),
        bucket: Some(Arc::clone(bucket)),
    }
    .read_intent()?;
    s3.objects.judged(cx, call.asked()).await?;
    let put = call.put(Inbound::file(upload.into_stream(sizes))).await?;
    Ok(answer(&call, &fields, &location(cx, head, &call.intent.key), &put))
}

/// The object's address, as the form's own is spelt.
fn location(cx: &Cx, head: &request::Parts, key: &str) -> String {
    let scheme = if cx.secure { "https" } else { "http" };
    let host = text(&head.headers, "host").unwrap_or("localhost");
    let bucket = head.uri.path().trim_end_matches('/');
    format!("{scheme}://{host}{bucket}/{}", utf8_percent_encode(key, SEGMENT))
}

/// `success_action_redirect` (once `redirect`), else `success_action_status`, else 204.
fn answer(call: &S3Call<'_>, fields: &Fields, location: &str, put: &Put) -> Response<Body> {
    let redirect = fields
        .get("success_action_redirect")
        .or_else(|| fields.get("redirect"))
        .and_then(|address| redirected(address, call, put));
    let (mut response, location) = match (redirect, fields.get("success_action_status")) {
        (Some(address), _) => (empty(StatusCode::SEE_OTHER), address),
        (None, Some("201")) => {
            let mut xml = bare();
            xml.open("PostResponse")
                .element("Location", location)
                .element("Bucket", &call.intent.bucket)
                .element("Key", &call.intent.key)
                .element("ETag", format!("\"{}\"", put.etag));
            let mut response = document(xml);
            *response.status_mut() = StatusCode::CREATED;
            (response, location.to_owned())
        }
        (None, Some("200")) => (empty(StatusCode::OK), location.to_owned()),
        (None, _) => (empty(StatusCode::NO_CONTENT), location.to_owned()),
    };
    let out = response.headers_mut();
    set(out, header::LOCATION.as_str(), &location);
    stored(put, out);
    let (name, value) = headers::ENCRYPTION;
    set(out, name, value);
    response
}

/// Where the browser goes next; none: the address is none that it could go to, which is as if there was none.
fn redirected(address: &str, call: &S3Call<'_>, put: &Put) -> Option<String> {
    let (scheme, host) = address.split_once("://")?;
    let is_http = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    if !is_http || host.is_empty() || address.contains(char::is_control) {
        return None;
    }
    let address = utf8_percent_encode(address, ADDRESS).to_string();
    // What is said in a fragment stays in the browser: it goes last.
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address.as_str(), String::new()),
    };
    let joint = if address.contains('?') { '&' } else { '?' };
    let encoded = |text: &str| utf8_percent_encode(text, FORM).to_string().replace("%20", "+");
    Some(format!(
        "{address}{joint}bucket={}&key={}&etag=%22{}%22{fragment}",
        encoded(&call.intent.bucket),
        encoded(&call.intent.key),
        put.etag
    ))
}

/// RFC 3986: everything but the unreserved characters; so the slashes of a key too, as observed of S3.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What no address has as it stands: blanks, and whatever is not ASCII.
const ADDRESS: &AsciiSet = &CONTROLS.add(b' ');

/// As HTML forms encode.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'*');
