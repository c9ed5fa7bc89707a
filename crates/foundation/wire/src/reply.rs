//! Responses, good and refused, in the form of the called protocol.

use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use kernel::{ApiError, RequestId};
use model::Service;
use serde_json::{Map, Value};

use crate::{
    code::{self, Family},
    xml::{Controls, Xml},
};

/// The form of an error on the wire.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Format {
    /// awsJson 1.0 and 1.1, and near enough for restJson: those clients read the header and `message`.
    Json,
    /// awsQuery, and near enough for restXml.
    Query {
        namespace: &'static str,
    },
    Ec2,
    /// Smithy RPC v2 CBOR, which several SDKs choose for services that offer it.
    Cbor,
}

const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const XML: HeaderValue = HeaderValue::from_static("text/xml");
const CBOR: HeaderValue = HeaderValue::from_static("application/cbor");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const ERROR_MESSAGE: HeaderName = HeaderName::from_static("x-amzn-errormessage");

/// The header that carries the request's id on every response of every protocol.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Node's HTTP client gives up on 16 KiB of headers; a sentence that lists many violations can be longer.
const LONGEST_HEADER: usize = 1024;

impl Format {
    fn content_type(self) -> HeaderValue {
        match self {
            Self::Json => JSON,
            Self::Query { .. } | Self::Ec2 => XML,
            Self::Cbor => CBOR,
        }
    }

    fn family(self) -> Family {
        match self {
            Self::Json | Self::Cbor => Family::Json,
            Self::Query { .. } | Self::Ec2 => Family::Query,
        }
    }
}

pub(crate) fn success(format: Format, body: Vec<u8>, request_id: &RequestId) -> Response<Vec<u8>> {
    respond(format, StatusCode::OK, body, request_id)
}

/// `service` is absent when the call was for a service that isn't ours.
pub(crate) fn failure(
    format: Format,
    service: Option<&Service>,
    error: &ApiError,
    request_id: &RequestId,
) -> Response<Vec<u8>> {
    let (name, status) = code::spell(service, format.family(), error.code());
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = match format {
        Format::Json => json_error(name, error),
        Format::Query { namespace } => query_error(name, status, namespace, error, request_id),
        Format::Ec2 => ec2_error(name, error, request_id),
        Format::Cbor => cbor_error(name, error),
    };
    let mut response = respond(format, status, body, request_id);
    let headers = response.headers_mut();
    match format {
        Format::Json => {
            insert(headers, ERROR_TYPE, &format!("{name}:"));
            insert(headers, ERROR_MESSAGE, &header_safe(error.message()));
        }
        Format::Cbor => insert(headers, HeaderName::from_static("smithy-protocol"), "rpc-v2-cbor"),
        Format::Query { .. } | Format::Ec2 => {}
    }
    response
}

fn respond(format: Format, status: StatusCode, body: Vec<u8>, request_id: &RequestId) -> Response<Vec<u8>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, format.content_type());
    insert(response.headers_mut(), REQUEST_ID, request_id.as_str());
    response
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Header values are visible ASCII: line breaks and other controls become spaces, the rest question marks. The body has
/// the true text.
fn header_safe(message: &str) -> String {
    let plain = |c: char| match c {
        ' '..='~' => c,
        c if c.is_control() => ' ',
        _ => '?',
    };
    let safe: String = message.chars().map(plain).take(LONGEST_HEADER).collect();
    safe.trim().to_owned()
}

fn json_error(name: &str, error: &ApiError) -> Vec<u8> {
    let mut body = Map::new();
    body.insert("__type".to_owned(), Value::from(name));
    body.insert("message".to_owned(), Value::from(error.message()));
    body.extend(
        error
            .members()
            .iter()
            .map(|(member, text)| ((*member).to_owned(), Value::from(text.as_str()))),
    );
    Value::Object(body).to_string().into_bytes()
}

fn query_error(name: &str, status: StatusCode, namespace: &str, error: &ApiError, request_id: &RequestId) -> Vec<u8> {
    let mut xml = Xml::new(Controls::Replaced);
    xml.open_in("ErrorResponse", namespace);
    xml.open("Error");
    xml.element("Type", if status.is_server_error() { "Receiver" } else { "Sender" });
    xml.element("Code", name);
    xml.element("Message", error.message());
    for (member, text) in error.members() {
        xml.element(member, text);
    }
    xml.close().element("RequestId", request_id.as_str());
    xml.finish().into_bytes()
}

fn ec2_error(name: &str, error: &ApiError, request_id: &RequestId) -> Vec<u8> {
    let mut xml = Xml::new(Controls::Replaced);
    for element in ["Response", "Errors", "Error"] {
        xml.open(element);
    }
    xml.element("Code", name);
    xml.element("Message", error.message());
    xml.close().close().element("RequestID", request_id.as_str());
    xml.finish().into_bytes()
}

/// RFC 8949: a map of two text pairs.
fn cbor_error(name: &str, error: &ApiError) -> Vec<u8> {
    let mut out = vec![0xa2];
    for text in ["__type", name, "message", error.message()] {
        match u8::try_from(text.len()) {
            Ok(short @ ..24) => out.push(0x60 | short),
            Ok(byte) => out.extend([0x78, byte]),
            Err(_) => {
                out.push(0x7a);
                out.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
            }
        }
        out.extend(text.as_bytes());
    }
    out
}

#[cfg(test)]
mod tests;
