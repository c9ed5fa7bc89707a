//! Requests that pages make of the API's own operations: checked by the model, as at the API's door.

use api::Wire;
use kernel::{ApiError, Result};

/// A request as the API's door would let it in. Errors: InvalidParameter.
pub(super) fn checked<R: Wire>(operation: &str, request: R) -> Result<R> {
    let json = request.into_json();
    let service = &model::COGNITO_IDP;
    let known = service.operation(operation);
    service.validate(known.ok_or_else(|| ApiError::internal("no such operation"))?, &json)?;
    R::from_json(json).map_err(|_| ApiError::internal("a request that was written could not be read"))
}
