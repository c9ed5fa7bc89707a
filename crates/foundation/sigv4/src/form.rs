//! The signature of a browser's form: the POST policy, in the base64 in which it was sent, is the string to sign. Version 4
//! names its algorithm, credential and date in fields; version 2 only the key. Reference 10.1; S3's guide, chapter
//! "Authenticating requests: browser-based uploads using POST".

#[cfg(test)]
mod tests;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kernel::AccessKeyId;

use crate::{
    ALGORITHM, Error, Fault, Mismatch, Rules, Scope, Secret, SessionToken, SigningKey, Stamp,
    authorization::credential, version2,
};

/// A form's authorization, read but not yet believed.
pub struct SignedForm {
    pub access_key: AccessKeyId,
    pub token: Option<SessionToken>,
    policy: String,
    signature: String,
    by: By,
}

enum By {
    Version4 { scope: Scope, stamp: Stamp },
    Version2,
}

impl SignedForm {
    /// `field`: a field's value by its name in lower case. `None`: nobody claims to have signed, whether there is a policy or
    /// not. Which field is asked for first is observed of the algorithm and the signature, and unconfirmed of the others.
    /// Errors: UnsupportedAlgorithm, InForm.
    pub fn find<'f>(field: impl Fn(&str) -> Option<&'f str>) -> Result<Option<Self>, Error> {
        let required = |name: &'static str| {
            let missing = || Error::InForm(Fault::Missing(vec![name]));
            field(&name.to_ascii_lowercase()).ok_or_else(missing)
        };
        let any = |names: &[&str]| names.iter().any(|name| field(name).is_some());
        let (access_key, signature, by) = if any(&["x-amz-algorithm", "x-amz-credential", "x-amz-signature"]) {
            let algorithm = required("X-Amz-Algorithm")?;
            if algorithm != ALGORITHM {
                return Err(Error::UnsupportedAlgorithm(algorithm.to_owned()));
            }
            let text = required("X-Amz-Credential")?;
            let date = required("X-Amz-Date")?;
            let stamp = Stamp::parse(date).ok_or_else(|| Error::InForm(Fault::Date(date.to_owned())))?;
            let (access_key, scope) = credential(text).map_err(Error::InForm)?;
            if scope.date != stamp.date() || scope.service != "s3" {
                return Err(Error::InForm(Fault::Credential(text.to_owned())));
            }
            (access_key, required("X-Amz-Signature")?, By::Version4 { scope, stamp })
        } else if any(&["awsaccesskeyid", "signature"]) {
            let key = AccessKeyId::new(required("AWSAccessKeyId")?);
            (key, required("Signature")?, By::Version2)
        } else {
            return Ok(None);
        };
        Ok(Some(Self {
            access_key,
            token: field("x-amz-security-token").map(SessionToken::new),
            policy: required("Policy")?.to_owned(),
            signature: signature.to_owned(),
            by,
        }))
    }

    /// When it was signed; version 2 does not say.
    pub fn stamp(&self) -> Option<Stamp> {
        match self.by {
            By::Version4 { stamp, .. } => Some(stamp),
            By::Version2 => None,
        }
    }

    /// Not before it was signed, whatever its policy says. Errors: PresignEarly.
    pub fn check_time(&self, rules: &Rules<'_>) -> Result<(), Error> {
        let (wall, allowed) = (rules.wall, rules.skew);
        match self.stamp() {
            Some(at) if at.time() > wall.plus(allowed) => Err(Error::PresignEarly { at, wall, allowed }),
            _ => Ok(()),
        }
    }

    /// Any region is served; how long the signature is good stands in the policy. Errors: Mismatch.
    pub fn verify(&self, secret: &Secret) -> Result<(), Error> {
        let expected = match &self.by {
            By::Version4 { scope, .. } => SigningKey::derive(secret, scope).sign(&self.policy),
            By::Version2 => version2::sign(secret, &self.policy),
        };
        if verify_slices_are_equal(expected.as_bytes(), self.signature.as_bytes()).is_ok() {
            return Ok(());
        }
        Err(Error::Mismatch(Box::new(Mismatch {
            access_key: self.access_key.clone(),
            canonical_request: String::new(),
            string_to_sign: self.policy.clone(),
            provided: self.signature.clone(),
        })))
    }
}
