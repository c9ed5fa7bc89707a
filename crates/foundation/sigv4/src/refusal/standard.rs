//! The sentences of JSON and query services: they share them, but for one, and differ in codes and status.

use std::time::Duration;

use kernel::{Code, Timestamp};

use super::{Family, Refusal, WEEK};
use crate::{Error, Fault, Form, Stamp};

/// The errors that JSON and query services tell apart, each with one code in either protocol.
#[derive(Clone, Copy)]
enum Kind {
    Missing,
    UnknownKey,
    Expired,
    Malformed,
    Mismatch,
}

impl Kind {
    fn code(self, family: Family) -> (Code, u16) {
        match (self, family == Family::Json) {
            (Self::Missing, true) => (Code::MissingAuthenticationTokenException, 400),
            (Self::Missing, false) => (Code::MissingAuthenticationToken, 403),
            (Self::UnknownKey, true) => (Code::UnrecognizedClient, 400),
            (Self::UnknownKey, false) => (Code::InvalidClientTokenId, 403),
            (Self::Expired, true) => (Code::ExpiredTokenException, 400),
            (Self::Expired, false) => (Code::ExpiredToken, 403),
            (Self::Malformed, true) => (Code::IncompleteSignatureException, 400),
            (Self::Malformed, false) => (Code::IncompleteSignature, 400),
            (Self::Mismatch, true) => (Code::InvalidSignatureException, 400),
            (Self::Mismatch, false) => (Code::SignatureDoesNotMatch, 403),
        }
    }
}

const NO_MATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
    Secret Access Key and signing method. Consult the service documentation for details.";

impl Error {
    pub(super) fn standard(&self, family: Family) -> Refusal {
        let (kind, message) = self.kind(family);
        let (code, status) = kind.code(family);
        Refusal {
            code,
            status,
            message,
            members: Vec::new(),
        }
    }

    fn kind(&self, family: Family) -> (Kind, String) {
        match self {
            Self::MissingAuthentication => {
                let query = "Request is missing Authentication Token";
                (
                    Kind::Missing,
                    if family == Family::Query {
                        query
                    } else {
                        "Missing Authentication Token"
                    }
                    .to_owned(),
                )
            }
            Self::UnknownKey(_) | Self::InvalidToken(..) => (
                Kind::UnknownKey,
                "The security token included in the request is invalid.".to_owned(),
            ),
            Self::ExpiredToken(_) => (
                Kind::Expired,
                "The security token included in the request is expired".to_owned(),
            ),
            Self::Region { given, .. } => (
                Kind::Mismatch,
                format!("Credential should be scoped to a valid region, not '{given}'."),
            ),
            Self::Service { expected, .. } => (
                Kind::Mismatch,
                format!("Credential should be scoped to correct service: '{expected}'."),
            ),
            Self::SeveralMechanisms => (
                Kind::Malformed,
                "Only one of the Authorization header and the query may hold a signature.".to_owned(),
            ),
            Self::UnsupportedAlgorithm(name) => (Kind::Malformed, format!("Unsupported AWS 'algorithm': '{name}'.")),
            Self::Malformed { form, fault } => fault.kind(*form),
            Self::CredentialDate { date, stamp, .. } => {
                let day = stamp.date();
                let text = format!(
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                     '{date}' != '{day}', from '{stamp}'."
                );
                (Kind::Mismatch, text)
            }
            Self::NotSigned(names) => {
                let host = names.first().is_some_and(|name| name == "host");
                let name = if host {
                    "'Host' or ':authority'".to_owned()
                } else {
                    format!("'{}'", names.join("', '"))
                };
                (
                    Kind::Mismatch,
                    format!("{name} must be a 'SignedHeader' in the AWS Authorization."),
                )
            }
            Self::Skewed { at, wall, allowed } | Self::PresignEarly { at, wall, allowed } => {
                (Kind::Mismatch, clock_sentence(*at, *wall, *allowed))
            }
            Self::PresignExpired { at, expires, wall } => (Kind::Mismatch, clock_sentence(*at, *wall, *expires)),
            Self::ExpiresTooLong => (Kind::Malformed, WEEK.to_owned()),
            // Only S3's rules raise all but the last.
            Self::Incomplete2
            | Self::Expires2(_)
            | Self::Expired2 { .. }
            | Self::InForm(_)
            | Self::NoContentHash
            | Self::ContentHash(_)
            | Self::PayloadMismatch { .. }
            | Self::Mismatch(_) => (Kind::Mismatch, NO_MATCH.to_owned()),
        }
    }
}

/// Clients read the minutes out of this sentence's frame, not the times.
fn clock_sentence(at: Stamp, wall: Timestamp, allowed: Duration) -> String {
    let (now, minutes) = (Stamp::new(wall), allowed.as_secs().div_ceil(60));
    if at.time() > wall {
        let limit = Stamp::new(wall.plus(allowed));
        format!("Signature not yet current: {at} is still later than {limit} ({now} + {minutes} min.)")
    } else {
        let limit = Stamp::new(wall.minus(allowed));
        format!("Signature expired: {at} is now earlier than {limit} ({now} - {minutes} min.)")
    }
}

impl Fault {
    fn kind(&self, form: Form) -> (Kind, String) {
        let place = match form {
            Form::Header => "Authorization header",
            Form::Presigned => "query-string parameters",
        };
        let text = match self {
            Self::Missing(names) => return (Kind::Malformed, missing_sentence(names, form)),
            Self::Repeated(name) => format!("'{name}' appears more than once in the request."),
            Self::NotKeyValue(text) => {
                format!("'{text}' not a valid key=value pair (missing equal-sign) in {place}.")
            }
            Self::Credential(text) => format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{text}'"
            ),
            Self::Terminator(text) => {
                let text =
                    format!("Credential should be scoped with a valid terminator: 'aws4_request', not '{text}'.");
                return (Kind::Mismatch, text);
            }
            Self::Date(text) => format!(
                "Date must be in ISO-8601 'basic format'. Got '{text}'. See http://en.wikipedia.org/wiki/ISO_8601"
            ),
            Self::Expires(text) => format!("X-Amz-Expires must be a number of seconds from 1 to 604800, got '{text}'"),
            Self::SignedHeaders(text) => format!("SignedHeaders must name headers, each once, got '{text}'"),
            Self::NotText(name) => format!("The value of '{name}' is not valid UTF-8."),
        };
        (Kind::Malformed, text)
    }
}

fn missing_sentence(names: &[&str], form: Form) -> String {
    let sentence = |name: &&str| match (form, *name) {
        (Form::Header, "Date") => {
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ".to_owned()
        }
        (Form::Header, name) => format!("Authorization header requires '{name}' parameter. "),
        (Form::Presigned, name) => format!("AWS query-string parameters must include '{name}'. "),
    };
    let end = match form {
        Form::Header => "Authorization=AWS4-HMAC-SHA256",
        Form::Presigned => "Re-examine the query-string parameters.",
    };
    names.iter().map(sentence).chain([end.to_owned()]).collect()
}
