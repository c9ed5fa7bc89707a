//! One port for all services: which call is this? Told by `X-Amz-Target` (on any path), by the SigV4 scope, by `Action=`
//! with its `Version=`, by an AWS host name, in this order. Reference: decision 13, identity-pools-iam 14, clients 1.
//!
//! The head alone decides, so that bodies for buckets stream past; only a form's body must be read to go on.

use http::{HeaderMap, Method, Response, header};
use kernel::{ApiError, RequestId};
use model::{Answered, Operation, Protocol, Service};
use serde_json::Value;

use crate::{
    Form, aws_json, aws_query, foreign, front_end,
    reply::{self, Format},
    scope,
};

/// The part of a request that comes before its body. `path` and `query` as they were sent.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    pub method: &'a Method,
    pub path: &'a str,
    pub query: Option<&'a str>,
    pub headers: &'a HeaderMap,
}

/// What is to be done with a request.
#[derive(Debug)]
pub enum Route {
    Call(Call),
    /// A call to AWS that can't be made here; answer it with [`Refusal::reply`].
    Refused(Refusal),
    /// Read the body (within the limit for calls) and ask [`route_form`].
    ReadForm,
    /// Not a call: a bucket's object, an OAuth endpoint, a page.
    NotAws,
}

/// An operation of ours that a client calls.
#[derive(Debug)]
pub struct Call {
    pub service: &'static Service,
    pub operation: &'static Operation,
    /// The parameters, in the query protocol.
    form: Option<Form>,
}

impl Call {
    /// The input as a JSON tree. The query protocol has it already and ignores `body`.
    ///
    /// Errors: those of [`aws_json::decode`] and [`aws_query::decode`].
    pub fn input(&self, body: &[u8]) -> Result<Value, ApiError> {
        match &self.form {
            Some(form) => aws_query::decode(self.operation, form),
            None => aws_json::decode(body),
        }
    }

    /// 200 with the operation's output. Operations without an output shape answer with an empty body in JSON, those whose
    /// output has no members with `{}`.
    pub fn success(&self, output: Answered, request_id: &RequestId) -> Response<Vec<u8>> {
        let body = match output {
            Answered::Json(text) => text,
            Answered::Tree(tree) => aws_query::encode(self.service, self.operation, &tree, request_id).into_bytes(),
        };
        reply::success(format_of(self.service), body, request_id)
    }

    /// The refusal in the service's own spelling and status.
    pub fn failure(&self, error: &ApiError, request_id: &RequestId) -> Response<Vec<u8>> {
        reply::failure(format_of(self.service), Some(self.service), error, request_id)
    }
}

/// A call that ends here, in the form its client can read.
#[derive(Debug)]
pub struct Refusal {
    /// What is wrong, for the log.
    pub error: ApiError,
    service: Option<&'static Service>,
    format: Format,
}

impl Refusal {
    pub fn reply(&self, request_id: &RequestId) -> Response<Vec<u8>> {
        reply::failure(self.format, self.service, &self.error, request_id)
    }
}

fn format_of(service: &Service) -> Format {
    match service.protocol {
        Protocol::AwsJson => Format::Json,
        Protocol::AwsQuery => Format::Query {
            namespace: service.xml_namespace.unwrap_or_default(),
        },
    }
}

fn refused(service: &'static Service, error: ApiError) -> Route {
    Route::Refused(Refusal {
        error,
        service: Some(service),
        format: format_of(service),
    })
}

fn not_provided(name: &str, format: Format) -> Route {
    Route::Refused(Refusal {
        error: foreign::not_provided(name),
        service: None,
        format,
    })
}

/// Decides by the head. Preflights are [`crate::cors`]'s.
pub fn route(head: &Head<'_>) -> Route {
    if head.method == Method::OPTIONS {
        return Route::NotAws;
    }
    if let Some(target) = head.text("x-amz-target") {
        return by_target(head, target);
    }
    if let Some(route) = by_rpc_path(head) {
        return route;
    }
    let query = Form::parse(&[head.query.unwrap_or_default().as_bytes()]);
    let signed = signed_service(head, &query);
    if head.method == Method::POST && head.is_form() && signed.as_deref() != Some("s3") {
        return Route::ReadForm;
    }
    by_parameters(head, signed.as_deref(), query)
}

/// Decides a POST whose form had to be read first ([`Route::ReadForm`]). Never answers `ReadForm`.
pub fn route_form(head: &Head<'_>, body: &[u8]) -> Route {
    let query = head.query.unwrap_or_default().as_bytes();
    let signed = signed_service(head, &Form::parse(&[query]));
    by_parameters(head, signed.as_deref(), Form::parse(&[query, body]))
}

fn signed_service(head: &Head<'_>, query: &Result<Form, ApiError>) -> Option<String> {
    match query {
        Ok(query) => scope::signed_service(head.headers, query),
        Err(_) => scope::signed_service(head.headers, &Form::default()),
    }
}

impl Head<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn is_form(&self) -> bool {
        let kind = self.text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }
}

/// `AWSCognitoIdentityProviderService.InitiateAuth`; some prefixes of others have dots themselves.
fn by_target(head: &Head<'_>, target: &str) -> Route {
    let (prefix, operation) = target.rsplit_once('.').unwrap_or((target, ""));
    let ours = model::SERVICES
        .iter()
        .find(|service| service.target_prefix == Some(prefix));
    let Some(service) = ours else {
        return not_provided(&foreign::by_target_prefix(prefix), Format::Json);
    };
    match service.operation(operation).filter(|_| head.method == Method::POST) {
        Some(operation) => Route::Call(Call {
            service,
            operation,
            form: None,
        }),
        None => refused(service, front_end::unknown_operation(service, operation)),
    }
}

/// Smithy RPC v2: `/service/<service>/operation/<operation>`, with a prefix where the client's endpoint has a path.
fn by_rpc_path(head: &Head<'_>) -> Option<Route> {
    if !head.text("smithy-protocol")?.eq_ignore_ascii_case("rpc-v2-cbor") {
        return None;
    }
    let mut parts = head.path.rsplit('/');
    let (_operation, marker, service) = (parts.next()?, parts.next()?, parts.next()?);
    let service = if marker == "operation" { service } else { "" };
    Some(not_provided(
        &format!("{} by the RPC v2 CBOR protocol", foreign::by_target_prefix(service)),
        Format::Cbor,
    ))
}

fn by_parameters(head: &Head<'_>, signed: Option<&str>, form: Result<Form, ApiError>) -> Route {
    let (action, version) = match &form {
        Ok(form) => (form.value("Action"), form.value("Version")),
        Err(_) => (None, None),
    };
    if let Some(name) = signed {
        return match model::SERVICES.iter().find(|service| service.signing_name == name) {
            Some(service) => by_service(service, form),
            None if name == "s3" => Route::NotAws,
            None => {
                let format = if action.is_some() {
                    foreign::query_format(name)
                } else {
                    foreign::rest_format(name)
                };
                not_provided(&foreign::by_signing_name(name), format)
            }
        };
    }
    let host = scope::host_service(head.headers);
    let by_host = model::SERVICES
        .iter()
        .find(|service| host == Some(service.signing_name));
    if let Some(service) = by_host.filter(|_| head.method == Method::POST || action.is_some()) {
        return by_service(service, form);
    }
    // An object's address may have any parameters; calls by GET are made at the root.
    let may_be_call = head.method == Method::POST || head.path == "/";
    let (Some(_), Some(version), true) = (action, version.filter(|text| is_date(text)), may_be_call) else {
        return Route::NotAws;
    };
    let dated = |service: &&&Service| service.protocol == Protocol::AwsQuery && service.api_version == version;
    match model::SERVICES.iter().find(dated) {
        Some(service) => by_service(service, form),
        None => not_provided(&foreign::by_api_version(version), Format::Query { namespace: "" }),
    }
}

/// The service is known, the operation must be among the parameters.
fn by_service(service: &'static Service, form: Result<Form, ApiError>) -> Route {
    if service.protocol == Protocol::AwsJson {
        return refused(service, front_end::unknown_operation(service, ""));
    }
    let form = match form {
        Ok(form) => form,
        Err(error) => return refused(service, error),
    };
    let Some(action) = form.value("Action") else {
        return refused(service, front_end::missing_action());
    };
    let version = form.value("Version");
    match service
        .operation(action)
        .filter(|_| version == Some(service.api_version))
    {
        Some(operation) => Route::Call(Call {
            service,
            operation,
            form: Some(form),
        }),
        None => refused(service, front_end::could_not_find_operation(action, version)),
    }
}

/// API versions are dates. A page's own `?Action=…&Version=2` is none of AWS's business.
fn is_date(text: &str) -> bool {
    let digits = |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('-');
    matches!((parts.next(), parts.next(), parts.next(), parts.next()),
        (Some(y), Some(m), Some(d), None) if digits(y, 4) && digits(m, 2) && digits(d, 2))
}

#[cfg(test)]
mod tests;
