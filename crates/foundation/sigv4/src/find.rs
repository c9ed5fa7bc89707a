//! Which authorization a request has, in either form.

use crate::{
    ALGORITHM, Authorization, Error, Parts, header,
    presigned::{self, Parameters},
};

impl Authorization {
    /// The request's authorization; `None` if it has none of AWS's (another scheme's, such as `Bearer`, counts as none).
    /// Errors: Malformed, UnsupportedAlgorithm, SeveralMechanisms, ExpiresTooLong.
    pub fn find(parts: &Parts<'_>) -> Result<Option<Self>, Error> {
        let parameters = Parameters::of(parts);
        let header = header::aws_authorization(parts)?;
        match (header, parameters.is_signed()) {
            (None, false) => Ok(None),
            (Some(_), true) => Err(Error::SeveralMechanisms),
            (Some((scheme, _)), false) if scheme != ALGORITHM => Err(Error::UnsupportedAlgorithm(scheme.to_owned())),
            (Some((_, rest)), false) => header::read(rest, parts).map(Some),
            (None, true) => presigned::read(&parameters, parts).map(Some),
        }
    }
}
