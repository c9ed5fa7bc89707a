//! What S3 asks IAM: whose key is this, may they do it, whom does a policy name. Everything that depends on which keys and
//! policies exist is behind [`Gate`]; signatures are checked here.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::{HeaderMap, request};
use iam::Origin;
use kernel::{AccessKeyId, AccountId, ApiError, Cx, Principal, Result};
use policy::Policy;
use sigv4::{
    Authorization, BodyCheck, ChunkSigner, ContentHash, Family, Form, Parts, Payload, Rules, Secret, SessionToken,
    SignedForm, Stamp, Version2,
};

/// Finds the owner of an access key; the inner error is `UnknownKey`, `InvalidToken` or `ExpiredToken`, the outer one ours.
pub type FindCredential = dyn Fn(Cx, Origin, AccessKeyId, Option<SessionToken>) -> BoxFuture<'static, Result<Result<Credential, sigv4::Error>>>
    + Send
    + Sync;

/// Decides a [`Question`] by the principal's policies and the bucket's. The inner error is the sentence for the client, as
/// S3 prints it (`Access Denied` for strangers), the outer one ours.
pub type Decide = dyn Fn(Cx, Question) -> BoxFuture<'static, Result<Result<(), String>>> + Send + Sync;

/// A bucket's policy with other names for some of its principals; the account is the bucket's.
pub type Rename = dyn Fn(AccountId, String) -> BoxFuture<'static, Result<String>> + Send + Sync;

/// What S3 needs of IAM.
#[derive(Clone)]
pub struct Gate {
    pub credential: Arc<FindCredential>,
    pub decide: Arc<Decide>,
    /// As it is kept: users and roles by their unique ids. Errors: MalformedPolicy if one does not exist.
    pub keep_principals: Arc<Rename>,
    /// As it reads today.
    pub show_principals: Arc<Rename>,
    pub version2: Version2Addresses,
}

/// Whether addresses presigned, and forms signed, by Signature Version 2 (HMAC-SHA1) are verified or refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version2Addresses {
    Verified,
    Refused,
}

/// An access key that may sign.
#[derive(Clone)]
pub struct Credential {
    /// Whom it stands for, once the signature is checked.
    pub caller: iam::Caller,
    /// Absent for keys that `dev` takes for the administrator's: their signatures can't be checked.
    pub secret: Option<Secret>,
}

/// May this caller do this?
#[derive(Clone)]
pub struct Question {
    pub caller: iam::Caller,
    pub action: &'static str,
    /// An ARN, or `*`.
    pub resource: String,
    pub resource_account: AccountId,
    /// The bucket's, where it counts for this caller.
    pub bucket_policy: Option<Policy>,
    pub keys: Arc<Keys>,
}

/// Context keys that only S3 knows; the global ones are IAM's to add from the request's context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    pub single: Vec<(String, String)>,
    /// Multivalued by nature.
    pub many: Vec<(String, Vec<String>)>,
}

/// Who calls, and what is left to check while the body comes in.
pub(super) struct Caller {
    pub who: iam::Caller,
    pub signed: Option<Signed>,
    /// As S3 reads them: those that a presigned address brings in its query among them.
    pub headers: HeaderMap,
    pub body: BodyPlan,
}

/// How a request was signed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signed {
    Header(Stamp),
    Presigned(Stamp),
    Version2,
    /// The policy of a browser's form; version 2 does not say when.
    Form(Option<Stamp>),
}

/// How the body is read.
pub(super) enum BodyPlan {
    Plain,
    /// Its SHA-256 must turn out to be this.
    Hashed([u8; 32]),
    /// aws-chunked; with a signer each chunk is signed, and the trailer too if there is one.
    Chunked {
        signer: Option<Box<ChunkSigner>>,
        signed_trailer: bool,
    },
}

impl Gate {
    /// `resource`: the path with the bucket in front. Errors: as reference 10.5 has them for S3.
    pub(super) async fn identify(
        &self,
        cx: &Cx,
        origin: Origin,
        head: &request::Parts,
        resource: &str,
    ) -> Result<Caller> {
        let parts = Parts {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or(""),
            headers: &head.headers,
        };
        if Version2::is_meant(&parts) {
            return self.identify_version2(cx, origin, &parts, resource).await;
        }
        let Some(authorization) = Authorization::find(&parts).map_err(|e| refusal(&e))? else {
            return Ok(Caller {
                who: nobody(cx),
                signed: None,
                headers: head.headers.clone(),
                body: declared(&head.headers),
            });
        };
        let rules = Rules::s3(cx.wall());
        let (signed, headers) = match authorization.form() {
            Form::Header => (Signed::Header(authorization.stamp), head.headers.clone()),
            Form::Presigned => {
                let headers = parts.presigned_headers().map_err(|e| refusal(&e))?;
                (Signed::Presigned(authorization.stamp), headers)
            }
        };
        let Credential { caller, secret } = self
            .find(cx, origin, &authorization.access_key, authorization.token.as_ref())
            .await?;
        let Some(secret) = secret else {
            if authorization.form() == Form::Presigned {
                authorization.check_time(&rules).map_err(|e| refusal(&e))?;
            }
            return Ok(Caller {
                who: caller,
                signed: Some(signed),
                body: declared(&headers),
                headers,
            });
        };
        let verified = authorization
            .verify(&parts, &secret, Payload::Unread, &rules)
            .map_err(|e| refusal(&e))?;
        let body = match verified.body {
            BodyCheck::Done | BodyCheck::Unsigned => BodyPlan::Plain,
            BodyCheck::Sha256(hash) => BodyPlan::Hashed(hash),
            BodyCheck::SignedChunks { trailer } => BodyPlan::Chunked {
                signer: Some(Box::new(authorization.chunks(&verified))),
                signed_trailer: trailer,
            },
            BodyCheck::UnsignedChunks => BodyPlan::Chunked {
                signer: None,
                signed_trailer: false,
            },
        };
        Ok(Caller {
            who: caller,
            signed: Some(signed),
            headers,
            body,
        })
    }

    /// An address of Signature Version 2. Clients presign so unless told otherwise. Reference 10.1.
    async fn identify_version2(&self, cx: &Cx, origin: Origin, parts: &Parts<'_>, resource: &str) -> Result<Caller> {
        if self.version2 == Version2Addresses::Refused {
            return Err(refusal(&sigv4::Error::UnsupportedAlgorithm("AWS".to_owned())));
        }
        let found = Version2::find(parts).map_err(|e| refusal(&e))?;
        let headers = parts.presigned_headers().map_err(|e| refusal(&e))?;
        let Credential { caller, secret } = self.find(cx, origin, &found.access_key, found.token.as_ref()).await?;
        match &secret {
            Some(secret) => found.verify(parts, resource, secret, cx.wall()),
            None => found.check_time(cx.wall()),
        }
        .map_err(|e| refusal(&e))?;
        Ok(Caller {
            who: caller,
            signed: Some(Signed::Version2),
            body: declared(&headers),
            headers,
        })
    }

    /// Who signed a browser's form. `field`: see [`SignedForm::find`]. Errors: as those of other signatures, InvalidArgument.
    pub(super) async fn identify_form<'f>(
        &self,
        cx: &Cx,
        origin: Origin,
        field: impl Fn(&str) -> Option<&'f str>,
    ) -> Result<(iam::Caller, Option<Signed>)> {
        let Some(form) = SignedForm::find(field).map_err(|e| refusal(&e))? else {
            return Ok((nobody(cx), None));
        };
        if form.stamp().is_none() && self.version2 == Version2Addresses::Refused {
            return Err(refusal(&sigv4::Error::UnsupportedAlgorithm("AWS".to_owned())));
        }
        let Credential { caller, secret } = self.find(cx, origin, &form.access_key, form.token.as_ref()).await?;
        if let Some(secret) = secret {
            form.verify(&secret).map_err(|e| refusal(&e))?;
        }
        form.check_time(&Rules::s3(cx.wall())).map_err(|e| refusal(&e))?;
        Ok((caller, Some(Signed::Form(form.stamp()))))
    }

    async fn find(
        &self,
        cx: &Cx,
        origin: Origin,
        key: &AccessKeyId,
        token: Option<&SessionToken>,
    ) -> Result<Credential> {
        let found = (self.credential)(cx.clone(), origin, key.clone(), token.cloned());
        found.await?.map_err(|e| refusal(&e))
    }

    /// `cx.region`: the region that is called. Errors: AccessDenied with the sentence.
    pub(super) async fn authorize(&self, cx: Cx, question: Question) -> Result<()> {
        (self.decide)(cx, question)
            .await?
            .map_err(|sentence| ApiError::new(kernel::Code::AccessDenied, sentence))
    }
}

pub(super) fn nobody(cx: &Cx) -> iam::Caller {
    iam::Caller::without_rights(Principal::anonymous(cx.account().clone()))
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

pub(super) fn refusal(error: &sigv4::Error) -> ApiError {
    let refusal = error.refusal(Family::S3);
    let start = ApiError::new(refusal.code, refusal.message).because(error);
    refusal
        .members
        .into_iter()
        .fold(start, |error, (name, value)| error.with_member(name, value))
}
