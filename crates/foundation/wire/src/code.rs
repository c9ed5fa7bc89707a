//! How a service spells an error and which HTTP status it gives. The model knows its own errors; what the front end
//! answers before any service (signatures, unknown operations, throttling) has one spelling in the JSON protocol and
//! another in the query protocol. Reference: user-pools 1.3, identity-pools-iam 10.5.

use kernel::Code;
use model::{Protocol, Service};

/// The two families of error names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    Json,
    Query,
}

impl Family {
    pub fn of(service: &Service) -> Self {
        match service.protocol {
            Protocol::AwsJson => Self::Json,
            Protocol::AwsQuery => Self::Query,
        }
    }
}

struct FrontEnd {
    json: (&'static str, u16),
    query: (&'static str, u16),
}

const fn pair(json: &'static str, json_status: u16, query: &'static str, query_status: u16) -> FrontEnd {
    FrontEnd {
        json: (json, json_status),
        query: (query, query_status),
    }
}

/// Where two JSON names share a query name, the first is the way back.
const FRONT_END: &[FrontEnd] = &[
    pair("AccessDeniedException", 400, "AccessDenied", 403),
    pair("ExpiredTokenException", 400, "ExpiredToken", 403),
    pair("IncompleteSignatureException", 400, "IncompleteSignature", 400),
    pair("InternalErrorException", 500, "InternalFailure", 500),
    pair("InternalErrorException", 500, "ServiceFailure", 500),
    pair("InvalidSignatureException", 400, "SignatureDoesNotMatch", 403),
    pair(
        "MissingAuthenticationTokenException",
        400,
        "MissingAuthenticationToken",
        403,
    ),
    pair("RequestEntityTooLargeException", 413, "RequestEntityTooLarge", 413),
    pair("SerializationException", 400, "MalformedInput", 400),
    pair("SerializationException", 400, "MalformedQueryString", 404),
    pair("ServiceUnavailableException", 503, "ServiceUnavailable", 503),
    pair("ThrottlingException", 400, "Throttling", 400),
    pair("TooManyRequestsException", 400, "Throttling", 400),
    pair("UnknownOperationException", 400, "InvalidAction", 400),
    pair("UnrecognizedClientException", 400, "InvalidClientTokenId", 403),
    pair("ValidationException", 400, "ValidationError", 400),
];

/// The name and status under which `service` (none: a service that isn't ours) answers `code`.
pub(crate) fn spell(service: Option<&Service>, family: Family, code: Code) -> (&'static str, u16) {
    if let Some(spec) = service.and_then(|service| service.error(code.0)) {
        return (code.0, spec.status);
    }
    let own = |row: &FrontEnd| match family {
        Family::Json => row.json,
        Family::Query => row.query,
    };
    if let Some(known) = FRONT_END.iter().map(own).find(|(name, _)| *name == code.0) {
        return modelled_failure(service, known);
    }
    let translated = FRONT_END
        .iter()
        .find(|row| row.json.0 == code.0 || row.query.0 == code.0)
        .map(own);
    translated.map_or((code.0, 400), |known| modelled_failure(service, known))
}

/// IAM models its internal error and calls it ServiceFailure; STS answers the front end's InternalFailure.
fn modelled_failure(service: Option<&Service>, known: (&'static str, u16)) -> (&'static str, u16) {
    if !matches!(known.0, "InternalFailure" | "ServiceFailure") {
        return known;
    }
    match service.and_then(|service| service.error(Code::ServiceFailure.0)) {
        Some(spec) => (Code::ServiceFailure.0, spec.status),
        None => ("InternalFailure", 500),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_spells_what_it_does_not_model() {
        let cases = [
            // Modelled: as they are.
            (
                Some(&model::COGNITO_IDP),
                "NotAuthorizedException",
                "NotAuthorizedException",
                400,
            ),
            (
                Some(&model::COGNITO_IDP),
                "AccessDeniedException",
                "AccessDeniedException",
                400,
            ),
            (
                Some(&model::COGNITO_IDENTITY),
                "InternalErrorException",
                "InternalErrorException",
                500,
            ),
            (Some(&model::IAM), "NoSuchEntity", "NoSuchEntity", 404),
            (Some(&model::IAM), "LimitExceeded", "LimitExceeded", 409),
            (Some(&model::STS), "ExpiredTokenException", "ExpiredTokenException", 400),
            (Some(&model::STS), "IDPRejectedClaim", "IDPRejectedClaim", 403),
            // The front end's, already in the family's spelling.
            (
                Some(&model::COGNITO_IDP),
                "InvalidSignatureException",
                "InvalidSignatureException",
                400,
            ),
            (Some(&model::IAM), "AccessDenied", "AccessDenied", 403),
            (Some(&model::IAM), "MalformedQueryString", "MalformedQueryString", 404),
            (Some(&model::STS), "ExpiredToken", "ExpiredToken", 403),
            (
                Some(&model::COGNITO_IDP),
                "RequestEntityTooLargeException",
                "RequestEntityTooLargeException",
                413,
            ),
            // In the other family's: translated.
            (Some(&model::IAM), "AccessDeniedException", "AccessDenied", 403),
            (Some(&model::IAM), "ExpiredTokenException", "ExpiredToken", 403),
            (Some(&model::IAM), "TooManyRequestsException", "Throttling", 400),
            (Some(&model::STS), "SerializationException", "MalformedInput", 400),
            (
                Some(&model::STS),
                "UnrecognizedClientException",
                "InvalidClientTokenId",
                403,
            ),
            (
                Some(&model::COGNITO_IDP),
                "SignatureDoesNotMatch",
                "InvalidSignatureException",
                400,
            ),
            (Some(&model::COGNITO_IDENTITY), "Throttling", "ThrottlingException", 400),
            // Internal errors.
            (Some(&model::IAM), "InternalErrorException", "ServiceFailure", 500),
            (Some(&model::STS), "InternalErrorException", "InternalFailure", 500),
            (Some(&model::STS), "ServiceFailure", "InternalFailure", 500),
            (
                Some(&model::COGNITO_IDP),
                "ServiceFailure",
                "InternalErrorException",
                500,
            ),
            // Nobody's.
            (Some(&model::IAM), "SomethingNew", "SomethingNew", 400),
            (None, "UnknownOperationException", "UnknownOperationException", 400),
        ];
        for (service, code, name, status) in cases {
            let family = service.map_or(Family::Json, Family::of);
            assert_eq!(
                spell(service, family, Code(code)),
                (name, status),
                "{:?} {code}",
                service.map(|s| s.id)
            );
        }
        assert_eq!(
            spell(None, Family::Query, Code::UnknownOperation),
            ("InvalidAction", 400)
        );
    }
}
