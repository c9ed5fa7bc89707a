//! Requests as clients write them, and what comes back.

use http::{HeaderMap, HeaderName, HeaderValue, Request};
use model::Service;
use serde_json::Value;

use super::{HOST, Key, REGION};
use crate::{answer, body::Body};

/// A request that is still being written.
#[derive(Clone)]
pub(super) struct Draft {
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Draft {
    pub fn new(method: &'static str, target: &str) -> Self {
        let draft = Self {
            method,
            target: target.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        draft.header("host", HOST)
    }

    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// CreateBucket in the region that the tests' keys sign for.
    pub fn make_bucket(name: &str) -> Self {
        let constraint = format!("<LocationConstraint>{REGION}</LocationConstraint>");
        Self::new("PUT", &format!("/{name}")).with_body(&format!(
            "<CreateBucketConfiguration>{constraint}</CreateBucketConfiguration>"
        ))
    }

    /// A call by AWS JSON 1.1.
    pub fn json(service: &Service, operation: &str, input: &Value) -> Self {
        Self::target(
            &format!("{}.{operation}", service.target_prefix.unwrap()),
            &input.to_string(),
        )
    }

    /// The same from its parts: `X-Amz-Target` and the body.
    pub fn target(target: &str, body: &str) -> Self {
        let draft = Self::new("POST", "/").header("content-type", "application/x-amz-json-1.1");
        draft.header("x-amz-target", target).with_body(body)
    }

    /// A call by the query protocol; values are percent-encoded already.
    pub fn query(service: &Service, action: &str, parameters: &[(&str, &str)]) -> Self {
        Self::form(action, service.api_version, parameters)
    }

    pub fn form(action: &str, version: &str, parameters: &[(&str, &str)]) -> Self {
        let parameters = parameters.iter().map(|(name, value)| format!("&{name}={value}"));
        let body = format!("Action={action}&Version={version}{}", parameters.collect::<String>());
        let draft = Self::new("POST", "/").header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        draft.with_body(&body)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(
            HeaderName::try_from(name).unwrap(),
            HeaderValue::try_from(value).unwrap(),
        );
        self
    }

    pub fn with_body(mut self, body: &str) -> Self {
        body.as_bytes().clone_into(&mut self.body);
        self
    }

    /// Signed for the service at the time that the tests' clocks begin with.
    pub fn signed(self, key: &Key, service: &str) -> Self {
        key.sign(self, service, 0)
    }

    pub fn path_and_query(&self) -> (&str, &str) {
        self.target.split_once('?').unwrap_or((&self.target, ""))
    }

    pub fn request(self) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.target)
            .body(answer::full(self.body))
            .unwrap();
        *request.headers_mut() = self.headers;
        request
    }
}

pub(super) struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {json}"))
            .to_owned()
    }

    /// The text of the first element of that name.
    #[track_caller]
    pub fn element(&self, name: &str) -> String {
        let rest = self.body.split_once(&format!("<{name}>")).map(|(_, rest)| rest);
        let text = rest.and_then(|rest| rest.split_once("</")).map(|(text, _)| text);
        let text = text.unwrap_or_else(|| panic!("no {name}: {}", self.body));
        let named = [
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&quot;", "\""),
            ("&apos;", "'"),
            ("&amp;", "&"),
        ];
        named.into_iter().fold(text.to_owned(), |text, (entity, character)| {
            text.replace(entity, character)
        })
    }

    /// A refusal of either protocol: status, code and sentence.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str, sentence: &str) {
        let (found, message) = if self.body.starts_with('{') {
            assert_eq!(self.header("x-amzn-errortype"), format!("{code}:"), "{}", self.body);
            (self.text("/__type"), self.text("/message"))
        } else {
            (self.element("Code"), self.element("Message"))
        };
        assert_eq!(
            (self.status, found.as_str(), message.as_str()),
            (status, code, sentence)
        );
    }

    /// As it goes over the wire, with its request id, which is chance's, left out.
    pub fn printed(&self) -> String {
        let id = self.header("x-amzn-requestid");
        let line = |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}\n", value.to_str().unwrap());
        let mut lines: Vec<String> = self.headers.iter().map(line).collect();
        lines.sort();
        let text = format!("{}\n{}\n{}", self.status, lines.concat(), self.body);
        if id.is_empty() { text } else { text.replace(id, "[id]") }
    }
}
