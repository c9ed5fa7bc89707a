//! Who sends a request: whose key signed it, and what is left to check while its body comes in. Signatures of version 4 are
//! IAM's to verify, as everywhere; those of version 2 and of forms are S3's own, and only the key's owner is IAM's to know.

use std::borrow::Cow;

use http::{HeaderMap, request};
use iam::{Caller, Origin, Signed, Unauthenticated};
use kernel::{ApiError, Cx, Principal, Region, Result};
use objects::{GLOBAL_REGION, Manner, Signature};
use sigv4::{
    Authorization, BodyCheck, ContentHash, Error, Family, Form, Parts, Payload, Rules, SignedForm, Stamp, Version2,
};

use crate::{
    body::BodyPlan,
    endpoint::{S3, Version2Addresses},
    headers::text,
};

/// Who calls, and what is left to check while the body comes in.
pub(crate) struct Sender<'h> {
    pub caller: Caller,
    pub manner: Manner,
    /// As S3 reads them: those that a presigned address brings in its query among them.
    pub headers: Cow<'h, HeaderMap>,
    pub body: BodyPlan,
}

/// How a request was signed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signing {
    Nobody,
    Header(Stamp),
    Presigned(Stamp),
    Version2,
    /// The policy of a browser's form; version 2 does not say when.
    Form(Option<Stamp>),
}

impl Signing {
    /// How the request was made.
    pub(crate) fn manner(self, cx: &Cx, headers: &HeaderMap) -> Manner {
        let (by, stamp) = match self {
            Signing::Nobody => (None, None),
            Signing::Header(stamp) => (Some("REST-HEADER"), Some(stamp)),
            Signing::Presigned(stamp) => (Some("REST-QUERY-STRING"), Some(stamp)),
            Signing::Version2 => (Some("REST-QUERY-STRING"), None),
            Signing::Form(stamp) => (Some("POST"), stamp),
        };
        Manner {
            signature: by.map(|by| Signature {
                by,
                version: stamp.map_or("AWS", |_| sigv4::ALGORITHM),
                age: stamp.map(|stamp| cx.wall().since(stamp.time()).as_millis()),
            }),
            content_sha256: text(headers, "x-amz-content-sha256").map(str::to_owned),
            // The region that is signed for. Version 2 signs for none, and neither does nobody: that is the global endpoint.
            endpoint: match self {
                Signing::Header(_) | Signing::Presigned(_) => cx.region.clone(),
                Signing::Version2 | Signing::Form(_) | Signing::Nobody => Region::new(GLOBAL_REGION),
            },
        }
    }
}

impl S3 {
    /// `cx` gets the region that is signed for: the endpoint that the client means. `resource`: the path with the bucket in
    /// front. Errors: as reference 10.5 has them for S3.
    pub(crate) async fn identify<'h>(
        &self,
        cx: &mut Cx,
        origin: Origin,
        head: &'h request::Parts,
        resource: &str,
    ) -> Result<Sender<'h>> {
        let parts = Parts {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or(""),
            headers: &head.headers,
        };
        if Version2::is_meant(&parts) {
            return self.identify_version2(cx, origin, &parts, resource).await;
        }
        let Some(authorization) = Authorization::find(&parts).map_err(refusal)? else {
            return Ok(Sender {
                caller: nobody(cx),
                manner: Signing::Nobody.manner(cx, &head.headers),
                headers: Cow::Borrowed(&head.headers),
                body: declared(&head.headers),
            });
        };
        cx.region = authorization.scope.region.clone();
        let cx = &*cx;
        let rules = Rules::s3(cx.wall());
        let (signing, headers) = match authorization.form() {
            Form::Header => (Signing::Header(authorization.stamp), Cow::Borrowed(&head.headers)),
            Form::Presigned => {
                let headers = parts.presigned_headers().map_err(refusal)?;
                (Signing::Presigned(authorization.stamp), Cow::Owned(headers))
            }
        };
        let request = Signed {
            parts,
            payload: Payload::Unread,
            rules,
            origin,
        };
        let caller = self.iam.verify(cx, &authorization, &request).await.map_err(said)?;
        let body = match &caller.verified {
            // Nothing could be checked but when it was signed, which counts for an address.
            None => {
                if authorization.form() == Form::Presigned {
                    authorization.check_time(&request.rules).map_err(refusal)?;
                }
                declared(&headers)
            }
            Some(verified) => match verified.body {
                BodyCheck::Done | BodyCheck::Unsigned => BodyPlan::Plain,
                BodyCheck::Sha256(hash) => BodyPlan::Hashed(hash),
                BodyCheck::SignedChunks { trailer } => BodyPlan::Chunked {
                    signer: Some(Box::new(authorization.chunks(verified))),
                    signed_trailer: trailer,
                },
                BodyCheck::UnsignedChunks => BodyPlan::Chunked {
                    signer: None,
                    signed_trailer: false,
                },
            },
        };
        Ok(Sender {
            caller,
            manner: signing.manner(cx, &headers),
            headers,
            body,
        })
    }

    /// An address of Signature Version 2. Clients presign so unless told otherwise. Reference 10.1.
    async fn identify_version2<'h>(
        &self,
        cx: &Cx,
        origin: Origin,
        parts: &Parts<'h>,
        resource: &str,
    ) -> Result<Sender<'h>> {
        self.check_version2()?;
        let found = Version2::find(parts).map_err(refusal)?;
        let headers = parts.presigned_headers().map_err(refusal)?;
        let credential = self.iam.credential(cx, &found.access_key, found.token.as_ref(), origin);
        let proved = credential.await.map_err(said)?.proved(|secret| {
            match secret {
                Some(secret) => found.verify(parts, resource, secret, cx.wall()),
                None => found.check_time(cx.wall()),
            }
            .map(|()| None)
        });
        Ok(Sender {
            caller: proved.map_err(refusal)?,
            manner: Signing::Version2.manner(cx, &headers),
            body: declared(&headers),
            headers: Cow::Owned(headers),
        })
    }

    /// Who signed a browser's form. `field`: see [`SignedForm::find`]. Errors: as those of other signatures, InvalidArgument.
    pub(crate) async fn identify_form<'f>(
        &self,
        cx: &Cx,
        origin: Origin,
        field: impl Fn(&str) -> Option<&'f str>,
    ) -> Result<(Caller, Signing)> {
        let Some(form) = SignedForm::find(field).map_err(refusal)? else {
            return Ok((nobody(cx), Signing::Nobody));
        };
        if form.stamp().is_none() {
            self.check_version2()?;
        }
        let credential = self.iam.credential(cx, &form.access_key, form.token.as_ref(), origin);
        let proved = credential.await.map_err(said)?.proved(|secret| {
            if let Some(secret) = secret {
                form.verify(secret)?;
            }
            form.check_time(&Rules::s3(cx.wall())).map(|()| None)
        });
        Ok((proved.map_err(refusal)?, Signing::Form(form.stamp())))
    }

    fn check_version2(&self) -> Result<()> {
        match self.version2 {
            Version2Addresses::Verified => Ok(()),
            Version2Addresses::Refused => Err(refusal(Error::UnsupportedAlgorithm("AWS".to_owned()))),
        }
    }
}

/// Whom only a bucket's policy can allow anything.
pub(crate) fn nobody(cx: &Cx) -> Caller {
    Caller::without_rights(Principal::anonymous(cx.account().clone()))
}

/// Nobody's signature was checked: the header still says how the body is wrapped.
fn declared(headers: &HeaderMap) -> BodyPlan {
    let header = headers.get("x-amz-content-sha256").and_then(|v| v.to_str().ok());
    match header.and_then(ContentHash::parse) {
        Some(ContentHash::Sha256(hash)) => BodyPlan::Hashed(hash),
        Some(
            ContentHash::SignedChunks
            | ContentHash::SignedChunksAndTrailer
            | ContentHash::UnsignedChunks
            | ContentHash::EcdsaChunks,
        ) => BodyPlan::Chunked {
            signer: None,
            signed_trailer: false,
        },
        Some(ContentHash::Unsigned) | None => BodyPlan::Plain,
    }
}

#[track_caller]
fn said(failed: Unauthenticated) -> ApiError {
    failed.told(refusal)
}

/// In S3's words.
#[track_caller]
pub(crate) fn refusal(error: Error) -> ApiError {
    let refusal = error.refusal(Family::S3);
    let start = ApiError::new(refusal.code, refusal.message).because(error);
    refusal
        .members
        .into_iter()
        .fold(start, |error, (name, value)| error.with_member(name, value))
}
