//! The forms of an answer.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};

use crate::xml::Xml;

/// An XML document with status 200.
pub(crate) fn document(xml: Xml) -> Response<Body> {
    verbatim(xml.finish(), "application/xml")
}

pub(crate) fn verbatim(text: impl Into<Body>, content_type: &'static str) -> Response<Body> {
    let mut response = Response::new(text.into());
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}
