//! Verification: is this the request that the owner of the secret signed, here and now? Reference 10.2-10.4.

use std::{borrow::Cow, time::Duration};

use aws_lc_rs::constant_time::verify_slices_are_equal;
use kernel::Timestamp;

use crate::{
    Authorization, BodyCheck, Canon, ChunkSigner, ContentHash, Error, Form, Mismatch, Parts, Payload, Secret,
    SigningKey, canonical::Reading, hoisted, string_to_sign,
};

/// What the endpoint expects of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    pub canon: Canon,
    /// True time, not the movable clock (decision 4).
    pub wall: Timestamp,
    /// How far a request's time may be from ours, in either direction.
    pub skew: Duration,
    /// The signing name.
    pub service: &'a str,
    /// `None`: any region is served.
    pub region: Option<&'a str>,
}

impl<'a> Rules<'a> {
    /// S3 allows a quarter of an hour.
    pub fn s3(wall: Timestamp) -> Self {
        Self {
            canon: Canon::S3,
            wall,
            skew: Duration::from_secs(900),
            service: "s3",
            region: None,
        }
    }

    /// STS and IAM allow a quarter of an hour as well; the others five minutes, which is unconfirmed for Cognito.
    /// Reference: 10.4.
    pub fn service(service: &'a str, wall: Timestamp) -> Self {
        Self {
            canon: Canon::Standard,
            wall,
            skew: Duration::from_secs(if matches!(service, "sts" | "iam") { 900 } else { 300 }),
            service,
            region: None,
        }
    }
}

/// A request that its signer meant.
#[derive(Clone, Debug)]
pub struct Verified {
    /// What the signature leaves open about the body.
    pub body: BodyCheck,
    pub signing_key: SigningKey,
}

impl Authorization {
    /// Checks all that can be checked without knowing what the key may do. Errors: every kind but the first four.
    pub fn verify(
        &self,
        parts: &Parts<'_>,
        secret: &Secret,
        payload: Payload<'_>,
        rules: &Rules<'_>,
    ) -> Result<Verified, Error> {
        self.check_scope(rules)?;
        self.check_time(rules)?;
        self.check_signed_headers(parts, rules.canon)?;
        let computed = payload.hash();
        let (content, declared) = match rules.canon {
            Canon::S3 => self.s3_content(parts)?,
            Canon::Standard => standard_content(parts, computed)?,
        };
        let signing_key = SigningKey::derive(secret, &self.scope);
        self.check_signature(parts, rules.canon, &content, &signing_key)?;
        Ok(Verified {
            body: body_check(&content, declared, computed)?,
            signing_key,
        })
    }

    /// Continues from this request's verified signature to the chunks of its body.
    pub fn chunks(&self, verified: &Verified) -> ChunkSigner {
        ChunkSigner::new(verified.signing_key.clone(), self.stamp, &self.scope, &self.signature)
    }

    fn check_scope(&self, rules: &Rules<'_>) -> Result<(), Error> {
        let form = self.form();
        if self.scope.date != self.stamp.date() {
            return Err(Error::CredentialDate {
                form,
                date: self.scope.date.clone(),
                stamp: self.stamp,
            });
        }
        let differs = |expected: &str, given: &str| (expected != given).then(|| (expected.into(), given.into()));
        if let Some((expected, given)) = rules
            .region
            .and_then(|region| differs(region, self.scope.region.as_str()))
        {
            return Err(Error::Region { form, expected, given });
        }
        if let Some((expected, given)) = differs(rules.service, &self.scope.service) {
            return Err(Error::Service { form, expected, given });
        }
        Ok(())
    }

    /// The time alone: what dev asks of addresses presigned by a key that it does not know. Errors: PresignEarly,
    /// PresignExpired, Skewed.
    pub fn check_time(&self, rules: &Rules<'_>) -> Result<(), Error> {
        let (at, wall, allowed) = (self.stamp, rules.wall, rules.skew);
        let early = at.time() > wall.plus(allowed);
        match self.expires {
            Some(_) if early => Err(Error::PresignEarly { at, wall, allowed }),
            Some(expires) if at.time().plus(expires) < wall => Err(Error::PresignExpired { at, expires, wall }),
            None if early || at.time().plus(allowed) < wall => Err(Error::Skewed { at, wall, allowed }),
            _ => Ok(()),
        }
    }

    /// S3 insists on every `x-amz-*` header; elsewhere the one that names the operation must not be left open.
    fn check_signed_headers(&self, parts: &Parts<'_>, canon: Canon) -> Result<(), Error> {
        let wanted = |name: &str| match canon {
            Canon::S3 => name == "host" || name.starts_with("x-amz-"),
            Canon::Standard => name == "host" || name == "x-amz-target",
        };
        let present = parts
            .headers
            .keys()
            .map(http::HeaderName::as_str)
            .filter(|name| *name != "host" && wanted(name));
        let open: Vec<String> = std::iter::once("host")
            .chain(present)
            .filter(|name| !self.signs(name))
            .map(str::to_owned)
            .collect();
        if open.is_empty() {
            Ok(())
        } else {
            Err(Error::NotSigned(open))
        }
    }

    /// The last line of S3's canonical request, and what it declares.
    fn s3_content<'a>(&self, parts: &Parts<'a>) -> Result<(Cow<'a, str>, ContentHash), Error> {
        let in_header = parts.single("x-amz-content-sha256")?.map(Cow::Borrowed);
        let text = match self.form() {
            Form::Header => in_header.ok_or(Error::NoContentHash)?,
            Form::Presigned => {
                let in_query = hoisted::value(parts, "x-amz-content-sha256")?;
                in_query.or(in_header).unwrap_or(Cow::Borrowed("UNSIGNED-PAYLOAD"))
            }
        };
        match ContentHash::parse(&text) {
            None => Err(Error::ContentHash(text.into_owned())),
            Some(ContentHash::EcdsaChunks) => Err(Error::UnsupportedAlgorithm("AWS4-ECDSA-P256-SHA256".to_owned())),
            Some(declared) => Ok((text, declared)),
        }
    }

    fn check_signature(
        &self,
        parts: &Parts<'_>,
        canon: Canon,
        content: &str,
        signing_key: &SigningKey,
    ) -> Result<(), Error> {
        let calculate = |reading| -> Result<_, Error> {
            let canonical_request = self.canonical_request(parts, canon, content, reading)?;
            let string_to_sign = string_to_sign(self.stamp, &self.scope, &canonical_request);
            let expected = signing_key.sign(&string_to_sign);
            let same = verify_slices_are_equal(expected.as_bytes(), self.signature.as_bytes()).is_ok();
            Ok((same, canonical_request, string_to_sign))
        };
        let (same, canonical_request, string_to_sign) = calculate(Reading::usual(canon))?;
        if same {
            return Ok(());
        }
        for reading in Reading::others(canon, parts, self.form()) {
            if calculate(reading)?.0 {
                return Ok(());
            }
        }
        Err(Error::Mismatch(Box::new(Mismatch {
            access_key: self.access_key.clone(),
            canonical_request,
            string_to_sign,
            provided: self.signature.clone(),
        })))
    }
}

/// Elsewhere than in S3 it is always the body's hash, whatever a header says. For a body not read yet, a hash declared by
/// the header, else that of no body at all.
fn standard_content<'a>(parts: &Parts<'a>, computed: Option<[u8; 32]>) -> Result<(Cow<'a, str>, ContentHash), Error> {
    let hash = match computed {
        Some(hash) => ContentHash::Sha256(hash),
        None => match parts.single("x-amz-content-sha256")?.and_then(ContentHash::parse) {
            Some(declared @ ContentHash::Sha256(_)) => declared,
            _ => ContentHash::of(b""),
        },
    };
    Ok((Cow::Owned(hash.text()), hash))
}

fn body_check(content: &str, declared: ContentHash, computed: Option<[u8; 32]>) -> Result<BodyCheck, Error> {
    Ok(match (declared, computed) {
        (ContentHash::Sha256(declared), None) => BodyCheck::Sha256(declared),
        (ContentHash::Sha256(declared), Some(computed)) if declared == computed => BodyCheck::Done,
        (ContentHash::Sha256(_), Some(computed)) => {
            return Err(Error::PayloadMismatch {
                declared: content.to_owned(),
                computed: hex::encode(computed),
            });
        }
        (ContentHash::Unsigned, _) => BodyCheck::Unsigned,
        (ContentHash::SignedChunks, _) => BodyCheck::SignedChunks { trailer: false },
        (ContentHash::SignedChunksAndTrailer, _) => BodyCheck::SignedChunks { trailer: true },
        (ContentHash::UnsignedChunks, _) => BodyCheck::UnsignedChunks,
        (ContentHash::EcdsaChunks, _) => {
            return Err(Error::UnsupportedAlgorithm("AWS4-ECDSA-P256-SHA256".to_owned()));
        }
    })
}
