//! The two questions that S3 asks IAM: whose key is this, and may they do it. Everything that depends on which keys and
//! policies exist is behind [`Gate`]; signatures are checked here.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::request;
use kernel::{AccessKeyId, AccountId, ApiError, Cx, Principal, Result};
use policy::Policy;
use sigv4::{
    Authorization, BodyCheck, ChunkSigner, ContentHash, Family, Form, Parts, Payload, Rules, Secret, SessionToken,
    Stamp,
};

/// Finds the owner of an access key; the inner error is `UnknownKey`, `InvalidToken` or `ExpiredToken`, the outer one ours.
pub type FindCredential = dyn Fn(Cx, AccessKeyId, Option<SessionToken>) -> BoxFuture<'static, Result<Result<Credential, sigv4::Error>>>
    + Send
    + Sync;

/// Decides a [`Question`] by the principal's policies and the bucket's. The inner error is the sentence for the client, as
/// S3 prints it (`Access Denied` for strangers), the outer one ours.
pub type Decide = dyn Fn(Cx, Question) -> BoxFuture<'static, Result<Result<(), String>>> + Send + Sync;

/// What S3 needs of IAM.
#[derive(Clone)]
pub struct Gate {
    pub credential: Arc<FindCredential>,
    pub decide: Arc<Decide>,
}

/// An access key that may sign.
#[derive(Clone)]
pub struct Credential {
    pub principal: Arc<Principal>,
    /// Absent for keys that `dev` takes for the administrator's: their signatures can't be checked.
    pub secret: Option<Secret>,
}

/// May this principal do this?
#[derive(Clone)]
pub struct Question {
    pub principal: Arc<Principal>,
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
    pub principal: Arc<Principal>,
    pub form: Option<(Form, Stamp)>,
    pub body: BodyPlan,
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
    /// Errors: as reference 10.5 has them for S3.
    pub(super) async fn identify(&self, cx: &Cx, head: &request::Parts) -> Result<Caller> {
        let parts = Parts {
            method: head.method.as_str(),
            path: head.uri.path(),
            query: head.uri.query().unwrap_or(""),
            headers: &head.headers,
        };
        refuse_version_2(&parts)?;
        let Some(authorization) = Authorization::find(&parts).map_err(|e| refusal(&e))? else {
            let principal = Arc::new(Principal::anonymous(cx.account().clone()));
            return Ok(Caller {
                principal,
                form: None,
                body: declared(&parts),
            });
        };
        let found = (self.credential)(
            cx.clone(),
            authorization.access_key.clone(),
            authorization.token.clone(),
        );
        let Credential { principal, secret } = found.await?.map_err(|e| refusal(&e))?;
        let form = Some((authorization.form(), authorization.stamp));
        let Some(secret) = secret else {
            return Ok(Caller {
                principal,
                form,
                body: declared(&parts),
            });
        };
        let verified = authorization
            .verify(&parts, &secret, Payload::Unread, &Rules::s3(cx.wall()))
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
        Ok(Caller { principal, form, body })
    }

    /// Errors: AccessDenied with the sentence.
    pub(super) async fn authorize(&self, cx: &Cx, question: Question) -> Result<()> {
        (self.decide)(cx.clone(), question)
            .await?
            .map_err(|sentence| ApiError::new(kernel::Code::AccessDenied, sentence))
    }
}

/// Nobody's signature was checked: the header still says how the body is wrapped.
fn declared(parts: &Parts<'_>) -> BodyPlan {
    let header = parts.headers.get("x-amz-content-sha256").and_then(|v| v.to_str().ok());
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

/// Signature version 2 in its two forms. Reference 10.1: boto3 presigns so unless told otherwise.
fn refuse_version_2(parts: &Parts<'_>) -> Result<()> {
    let header = parts
        .headers
        .get(http::header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok());
    let in_header = header.is_some_and(|v| v.starts_with("AWS "));
    let in_query = parts.query.split('&').any(|pair| pair.starts_with("AWSAccessKeyId="));
    if in_header || in_query {
        return Err(objects::errors::invalid_request(
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ));
    }
    Ok(())
}

fn refusal(error: &sigv4::Error) -> ApiError {
    let refusal = error.refusal(Family::S3);
    let start = ApiError::new(refusal.code, refusal.message).because(error);
    refusal
        .members
        .into_iter()
        .fold(start, |error, (name, value)| error.with_member(name, value))
}
