//! S3's sentences, codes and further elements.

use std::fmt;

use kernel::Code;

use super::{Refusal, WEEK};
use crate::{Error, Fault, Form, Mismatch};

const ACCESS_DENIED: Code = Code::AccessDenied;
const HEADER_MALFORMED: Code = Code("AuthorizationHeaderMalformed");
const QUERY_PARAMETERS: Code = Code("AuthorizationQueryParametersError");
const INVALID_ARGUMENT: Code = Code("InvalidArgument");
const INVALID_REQUEST: Code = Code("InvalidRequest");
const EXPIRED: &str = "Request has expired";
const ONE_MECHANISM: &str = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query \
    string parameter or the Authorization header should be specified";
const CONTENT_HASH: &str =
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, or a valid sha256 value.";
const CREDENTIAL: &str =
    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";

fn s3(code: Code, status: u16, message: impl Into<String>) -> Refusal {
    Refusal {
        code,
        status,
        message: message.into(),
        members: Vec::new(),
    }
}

fn denied(message: impl Into<String>) -> Refusal {
    s3(ACCESS_DENIED, 403, message)
}

fn invalid_request(message: &str) -> Refusal {
    s3(INVALID_REQUEST, 400, message)
}

impl Refusal {
    fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.members.push((name, value.to_string()));
        self
    }
}

impl Error {
    pub(super) fn s3(&self) -> Refusal {
        match self {
            Self::MissingAuthentication => denied("Access Denied"),
            Self::UnknownKey(key) => {
                let text = "The AWS Access Key Id you provided does not exist in our records.";
                s3(Code("InvalidAccessKeyId"), 403, text).with("AWSAccessKeyId", key)
            }
            Self::InvalidToken(_, token) => {
                let text = "The provided token is malformed or otherwise invalid.";
                let refusal = s3(Code("InvalidToken"), 400, text);
                token
                    .iter()
                    .fold(refusal, |refusal, token| refusal.with("Token-0", token.expose()))
            }
            Self::ExpiredToken(token) => {
                s3(Code::ExpiredToken, 400, "The provided token has expired.").with("Token-0", token.expose())
            }
            Self::Region { form, expected, given } => {
                s3_malformed(*form, &format!("the region '{given}' is wrong; expecting '{expected}'"))
                    .with("Region", expected)
            }
            Self::Service { form, expected, given } => s3_malformed(
                *form,
                &format!("incorrect service \"{given}\". This endpoint belongs to \"{expected}\"."),
            ),
            Self::SeveralMechanisms => s3(INVALID_ARGUMENT, 400, ONE_MECHANISM),
            Self::UnsupportedAlgorithm(_) => invalid_request(
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
            ),
            Self::Malformed { form, fault } => fault.s3(*form),
            Self::CredentialDate { form, date, stamp } => s3_malformed(
                *form,
                &format!(
                    "Invalid credential date \"{date}\". This date is not the same as X-Amz-Date: \"{}\".",
                    stamp.date()
                ),
            ),
            Self::NotSigned(names) => denied("There were headers present in the request which were not signed")
                .with("HeadersNotSigned", names.join(", ")),
            Self::Skewed { at, wall, allowed } => {
                let text = "The difference between the request time and the current time is too large.";
                s3(Code("RequestTimeTooSkewed"), 403, text)
                    .with("RequestTime", at)
                    .with("ServerTime", wall.iso8601())
                    .with("MaxAllowedSkewMilliseconds", allowed.as_millis())
            }
            Self::PresignEarly { at, wall, .. } => denied("Request is not yet valid")
                .with("RequestTime", at.time().iso8601())
                .with("ServerTime", wall.iso8601()),
            Self::PresignExpired { at, expires, wall } => denied(EXPIRED)
                .with("X-Amz-Expires", expires.as_secs())
                .with("Expires", at.time().plus(*expires).iso8601())
                .with("ServerTime", wall.iso8601()),
            Self::ExpiresTooLong => s3(QUERY_PARAMETERS, 400, WEEK),
            Self::Incomplete2 => {
                denied("Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
            }
            Self::Expires2(text) => denied(format!("Invalid date (should be seconds since epoch): {text}")),
            Self::Expired2 { expires, wall } => denied(EXPIRED)
                .with("Expires", expires.iso8601())
                .with("ServerTime", wall.iso8601()),
            Self::InForm(fault) => fault.s3_form(),
            Self::NoContentHash => invalid_request("Missing required header for this request: x-amz-content-sha256"),
            Self::ContentHash(text) => s3(INVALID_ARGUMENT, 400, CONTENT_HASH)
                .with("ArgumentName", "x-amz-content-sha256")
                .with("ArgumentValue", text),
            Self::PayloadMismatch { declared, computed } => {
                let text = "The provided 'x-amz-content-sha256' header does not match what was computed.";
                s3(Code("XAmzContentSHA256Mismatch"), 400, text)
                    .with("ClientComputedContentSHA256", declared)
                    .with("S3ComputedContentSHA256", computed)
            }
            Self::Mismatch(mismatch) => s3_mismatch(mismatch),
        }
    }
}

fn s3_malformed(form: Form, detail: &str) -> Refusal {
    match form {
        Form::Header => s3(
            HEADER_MALFORMED,
            400,
            format!("The authorization header is malformed; {detail}"),
        ),
        Form::Presigned => s3(
            QUERY_PARAMETERS,
            400,
            format!("Error parsing the X-Amz-Credential parameter; {detail}"),
        ),
    }
}

fn s3_mismatch(mismatch: &Mismatch) -> Refusal {
    let text = "The request signature we calculated does not match the signature you provided. Check your key and signing \
        method.";
    let refusal = s3(Code::SignatureDoesNotMatch, 403, text)
        .with("AWSAccessKeyId", &mismatch.access_key)
        .with("StringToSign", &mismatch.string_to_sign)
        .with("SignatureProvided", &mismatch.provided)
        .with("StringToSignBytes", spaced_hex(&mismatch.string_to_sign));
    if mismatch.canonical_request.is_empty() {
        return refusal;
    }
    refusal
        .with("CanonicalRequest", &mismatch.canonical_request)
        .with("CanonicalRequestBytes", spaced_hex(&mismatch.canonical_request))
}

/// `41 57 53`: how S3 shows a text's bytes.
fn spaced_hex(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for (nth, byte) in text.bytes().enumerate() {
        if nth > 0 {
            out.push(' ');
        }
        out.push_str(&hex::encode([byte]));
    }
    out
}

impl Fault {
    fn s3(&self, form: Form) -> Refusal {
        let in_query = form == Form::Presigned;
        match self {
            Self::Missing(_) if in_query => s3(
                QUERY_PARAMETERS,
                400,
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, \
                 X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
            ),
            Self::Missing(names) if *names == ["Date"] => no_valid_date(),
            Self::Missing(names) => s3_malformed(form, &format!("missing {}.", names.join(", "))),
            Self::Date(_) if in_query => s3(
                QUERY_PARAMETERS,
                400,
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
            ),
            Self::Date(_) => no_valid_date(),
            Self::Expires(text) if text.starts_with('-') => {
                s3(QUERY_PARAMETERS, 400, "X-Amz-Expires must be non-negative")
            }
            Self::Expires(_) => s3(QUERY_PARAMETERS, 400, "X-Amz-Expires should be a number"),
            Self::Credential(_) | Self::Terminator(_) => s3_malformed(form, CREDENTIAL),
            Self::Repeated(name) | Self::NotText(name) | Self::NotKeyValue(name) | Self::SignedHeaders(name)
                if in_query =>
            {
                s3(
                    QUERY_PARAMETERS,
                    400,
                    format!("the query parameter \"{name}\" is malformed."),
                )
            }
            Self::Repeated(name) | Self::NotText(name) | Self::NotKeyValue(name) | Self::SignedHeaders(name) => {
                s3_malformed(form, &format!("the authorization component \"{name}\" is malformed."))
            }
        }
    }
}

impl Fault {
    /// Of a credential: unconfirmed.
    fn s3_form(&self) -> Refusal {
        let (name, value, message) = match self {
            Self::Missing(names) => {
                let name = names.first().copied().unwrap_or_default();
                let message = format!(
                    "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the \
                     fields."
                );
                (name, "", message)
            }
            Self::Date(text) => (
                "X-Amz-Date",
                text.as_str(),
                "X-Amz-Date must be formated via ISO8601 Long format".to_owned(),
            ),
            Self::Credential(text)
            | Self::Terminator(text)
            | Self::Expires(text)
            | Self::Repeated(text)
            | Self::NotText(text)
            | Self::NotKeyValue(text)
            | Self::SignedHeaders(text) => ("X-Amz-Credential", text.as_str(), CREDENTIAL.to_owned()),
        };
        s3(INVALID_ARGUMENT, 400, message)
            .with("ArgumentName", name)
            .with("ArgumentValue", value)
    }
}

fn no_valid_date() -> Refusal {
    denied("AWS authentication requires a valid Date or x-amz-date header")
}
