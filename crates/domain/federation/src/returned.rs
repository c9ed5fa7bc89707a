//! What a browser brought back, before anything is traded for it. RFC 6749 section 4.1.2; RFC 9207.

use crate::{Answer, Refusal, endpoints::Endpoints, errors};

/// The code. Errors: the provider's own, which counts only once it is the provider's.
pub(crate) fn code<'a>(endpoints: &Endpoints<'_>, answer: &Answer<'a>) -> Result<&'a str, Refusal> {
    match answer.iss {
        Some(iss) if !endpoints.issuers.iter().any(|issuer| issuer == iss) => {
            return Err(errors::answer_of_another("its iss is another provider's"));
        }
        None if endpoints.answers_name_issuer => {
            return Err(errors::answer_of_another(
                "it lacks the iss that the provider's answers have",
            ));
        }
        _ => {}
    }
    if let Some(error) = answer.error {
        return Err(errors::told_by_provider(error, answer.error_description));
    }
    answer.code.filter(|code| !code.is_empty()).ok_or_else(errors::no_code)
}
