//! A Lambda API elsewhere: AWS itself, `sam local start-lambda`, an emulator.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::{AccessKeyId, Region, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sigv4::{Canon, ContentHash, Secret, Signer, Target};
use upstream::{Address, Answer, Fetch, Upstream};

use crate::{
    Failure, answer,
    failure::Missed,
    function_arn::FunctionArn,
    invocation::{Asked, Wanted},
    webhook::missed,
};

pub struct LambdaApi {
    pub endpoint: Address,
    pub access_key: AccessKeyId,
    pub secret: Secret,
}

const INVOCATION_TYPE: HeaderName = HeaderName::from_static("x-amz-invocation-type");
const FUNCTION_ERROR: HeaderName = HeaderName::from_static("x-amz-function-error");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// Of a path's segment, as the SDKs spell it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl LambdaApi {
    pub(crate) async fn ask(
        &self,
        upstream: &Upstream,
        at: Timestamp,
        arn: FunctionArn<'_>,
        asked: Asked<'_>,
    ) -> Result<Bytes, Missed> {
        let fetch = self.request(at, arn, asked);
        let fetch = fetch.map_err(|_| Missed::MayHaveRun(Failure::unusable("InvalidParameterValueException")))?;
        let answer = upstream
            .fetch(fetch)
            .await
            .map_err(|error| missed(&error, Failure::TIMED_OUT))?;
        read(answer)
    }

    fn request(&self, at: Timestamp, arn: FunctionArn<'_>, asked: Asked<'_>) -> Result<Fetch, sigv4::Error> {
        let name = utf8_percent_encode(asked.arn, SEGMENT);
        let path = format!("/2015-03-31/functions/{name}/invocations");
        let address = self
            .endpoint
            .beneath(&path)
            .map_err(|_| sigv4::Error::NotSigned(Vec::new()))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(host) = HeaderValue::from_str(address.authority()) {
            headers.insert(header::HOST, host);
        }
        let kind = match asked.answer {
            Wanted::Now => "RequestResponse",
            Wanted::Never => "Event",
        };
        headers.insert(INVOCATION_TYPE, HeaderValue::from_static(kind));
        let signer = Signer {
            access_key: self.access_key.clone(),
            secret: self.secret.clone(),
            token: None,
            region: Region::new(arn.region),
            service: "lambda".to_owned(),
            canon: Canon::Standard,
        };
        let target = Target {
            method: "POST",
            path: address.path(),
            query: "",
        };
        let content = ContentHash::Sha256(sigv4::sha256(&asked.event));
        signer.sign(target, &mut headers, content, at)?;
        Ok(Fetch {
            address,
            method: Method::POST,
            headers,
            body: asked.event,
            within: asked.times.left(),
            largest: answer::LARGEST,
        })
    }
}

/// Lambda's own failures are told by status and name; the function's by a header, with status 200.
fn read(answer: Answer) -> Result<Bytes, Missed> {
    if answer.status.is_success() {
        if answer.headers.contains_key(FUNCTION_ERROR) {
            return Err(Missed::MayHaveRun(answer::function_error(&answer.body)));
        }
        return Ok(answer.body);
    }
    let failure = match named(&answer) {
        Some(code) => Failure::Unusable { code: code.into() },
        None => answer::told_by_status(answer.status),
    };
    // A call that was turned away did not run. Other failures are Lambda's own, and not tried again.
    Err(match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Missed::NotRun(failure),
        _ => Missed::MayHaveRun(failure),
    })
}

/// The error's name: `ResourceNotFoundException`, without what some put before or behind it.
fn named(answer: &Answer) -> Option<String> {
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let header = answer.headers.get(ERROR_TYPE).and_then(|value| value.to_str().ok());
    let name = header.or_else(|| body.as_ref()?.get("__type")?.as_str())?;
    let name = name.split(':').next()?.rsplit('#').next()?.trim();
    let is_name = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(HeaderName, &'static str)], body: &'static str) -> Answer {
        let headers = headers.iter().cloned();
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers
                .map(|(name, value)| (name, HeaderValue::from_static(value)))
                .collect(),
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    #[test]
    fn statuses_and_headers_become_failures() {
        let not_found = "ResourceNotFoundException";
        for (status, headers, body, expected, again) in [
            (200, &[][..], "{}", None, false),
            (
                200,
                &[(FUNCTION_ERROR, "Unhandled")],
                r#"{"errorMessage":"no"}"#,
                Some("function: no"),
                false,
            ),
            (404, &[(ERROR_TYPE, not_found)], "{}", Some(not_found), false),
            (
                404,
                &[(ERROR_TYPE, "ResourceNotFoundException:http://x/")],
                "",
                Some(not_found),
                false,
            ),
            (
                404,
                &[],
                r#"{"__type":"a#ResourceNotFoundException"}"#,
                Some(not_found),
                false,
            ),
            (
                403,
                &[(ERROR_TYPE, "AccessDeniedException")],
                "",
                Some("AccessDeniedException"),
                false,
            ),
            (
                409,
                &[(ERROR_TYPE, "ResourceConflictException")],
                "",
                Some("ResourceConflictException"),
                false,
            ),
            (429, &[], "", Some("TooManyRequestsException"), true),
            (502, &[], "<html>", Some("ServiceException"), false),
            (500, &[(ERROR_TYPE, "not a name!")], "", Some("ServiceException"), false),
            (302, &[], "", Some("ServiceException"), false),
        ] {
            let (found, retried) = match read(answer(status, headers, body)) {
                Ok(_) => (None, false),
                Err(Missed::NotRun(failure)) => (Some(failure), true),
                Err(Missed::MayHaveRun(failure)) => (Some(failure), false),
            };
            let found = found.map(|failure| match failure {
                Failure::FunctionError { message } => format!("function: {message}"),
                Failure::Unusable { code } => code.into_owned(),
                Failure::Unrecognizable { why } => why.to_owned(),
            });
            assert_eq!((found.as_deref(), retried), (expected, again), "{status} {body}");
        }
    }
}
