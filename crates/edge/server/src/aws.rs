//! The AWS endpoint: limit, input, signature, constraints, policy, the operation, and the answer with its headers.

use std::{collections::BTreeMap, sync::OnceLock};

use bytes::Bytes;
use http::{HeaderValue, Method};
use iam::{Ask, Caller, Denial, Iam, Origin, Signed};
use identitypool::IdentityPools;
use kernel::{ApiError, Code, Cx, RequestId};
use model::{Answered, Auth, Entry, Facts, Service};
use serde_json::Value;
use sigv4::{Family, Payload, Rules};
use userpool::UserPools;
use wire::{Call, REQUEST_ID, Refusal, front_end};

use crate::{
    App, Profile, answer,
    arrival::Arrival,
    body::{self, Body, BodyError, Response},
};

/// The largest body of a call. AWS's largest members (CSS, images, SAML documents) stay far below.
pub const LARGEST_CALL: usize = 2 * 1024 * 1024;

/// The client's doing, and nobody's concern but its own.
const BROKEN_OFF: Code = Code("IncompleteBody");
const TOO_SLOW: Code = Code("RequestTimeout");

/// An operation of one of our services.
enum Operation {
    UserPools(&'static Entry<UserPools>),
    IdentityPools(&'static Entry<IdentityPools>),
    Iam(&'static Entry<Iam>),
}

/// Answers a call.
pub async fn call(app: &App, arrival: &Arrival, call: Call, body: Body) -> Response {
    let operation = find(&call);
    if operation
        .as_ref()
        .is_some_and(|operation| operation.facts().costs_cpu())
        && let Err(error) = app.tokens.admit()
    {
        return overloaded(app, &call, &error);
    }
    let mut cx = arrival.cx(app, arrival.signed_region());
    let outcome = match body::read(body, LARGEST_CALL).await {
        Ok(bytes) => match operation {
            Some(operation) => {
                let under_way = UnderWay {
                    app,
                    arrival,
                    call: &call,
                    operation,
                };
                under_way.run(&mut cx, &bytes).await
            }
            None => Err(front_end::unknown_operation(call.service, call.operation.name)),
        },
        Err(BodyError::TooLarge) => Err(front_end::request_too_large(call.service)),
        Err(BodyError::Broken) => Err(ApiError::new(
            BROKEN_OFF,
            "The request ended before its body was complete.",
        )),
        Err(BodyError::Slow) => Err(ApiError::new(TOO_SLOW, "The request's body did not arrive in time.")),
    };
    let (response, error) = match outcome {
        Ok(output) => (call.success(output, &cx.request_id), None),
        Err(error) => (call.failure(&error, &cx.request_id), Some(error)),
    };
    log(&cx, &call, error.as_ref(), response.status());
    with_cors(response)
}

/// Answers what looks like a call to AWS and is none that can be made here.
pub fn refused(app: &App, arrival: &Arrival, refusal: &Refusal) -> Response {
    let cx = arrival.cx(app, None);
    tracing::info!(request_id = %cx.request_id, error = %refusal.error, "refused");
    with_cors(refusal.reply(&cx.request_id))
}

/// A call under way.
struct UnderWay<'a> {
    app: &'a App,
    arrival: &'a Arrival,
    call: &'a Call,
    operation: Operation,
}

impl UnderWay<'_> {
    async fn run(&self, cx: &mut Cx, body: &[u8]) -> Result<Answered, ApiError> {
        let call = self.call;
        let caller = match call.operation.auth {
            Auth::SigV4 if !self.operation.facts().is_unsigned() => Some(self.authenticate(cx, body).await?),
            Auth::SigV4 | Auth::None => None,
        };
        cx.caller = caller.clone().map(Caller::authenticated);
        let input = call.input(body)?;
        call.service.validate(call.operation, &input)?;
        if let Some(caller) = &caller {
            self.authorize(cx, caller, &input).await?;
        }
        self.operation.call(self.app, cx, input).await
    }

    /// Who signed. Errors: those of reference identity-pools-iam 10.5 in the service's spelling.
    async fn authenticate(&self, cx: &Cx, body: &[u8]) -> Result<Caller, ApiError> {
        let (app, service) = (self.app, self.call.service);
        let method = &self.arrival.head.method;
        let request = Signed {
            parts: self.arrival.parts(),
            payload: Payload::Bytes(body),
            rules: Rules::service(service.signing_name, cx.wall()),
            // A link or an image on any page makes a browser GET: no call by a key of nobody, which needs no signature.
            origin: match *method {
                Method::POST => self.arrival.origin(app),
                _ => Origin::Foreign,
            },
        };
        let authenticated = app.iam.authenticate(cx, &request).await;
        authenticated.map_err(|refusal| {
            refusal.told(|error| {
                let mut refusal = error.refusal(family(service));
                let is_key_of_nobody = app.profile == Profile::Dev && matches!(error, sigv4::Error::UnknownKey(_));
                if is_key_of_nobody && *method != Method::POST {
                    refusal.message.push_str(BY_POST_ALONE);
                }
                ApiError::from(refusal)
            })
        })
    }

    async fn authorize(&self, cx: &Cx, caller: &Caller, input: &Value) -> Result<(), ApiError> {
        let (app, call, facts) = (self.app, self.call, self.operation.facts());
        if facts.is_free() {
            return Ok(());
        }
        let action = format!("{}:{}", call.service.signing_name, call.operation.name);
        let resource = self.operation.resource(cx, input);
        let tags = self.operation.tags(app, cx, &resource).await?;
        let ask = Ask::new(&action, &resource).of_call(facts, input).tagged(&tags);
        let decision = app.iam.authorize(cx, caller, &ask).await;
        let denied = |denial: Denial| front_end::access_denied(call.service, denial.sentence);
        decision.map_err(|refusal| refusal.told(denied))?;
        app.iam.may_pass(cx, caller, &facts.roles_passed(input), denied).await
    }
}

/// Said after AWS's sentence, which alone would puzzle a developer whose every other call by that key succeeds.
const BY_POST_ALONE: &str = " Keys that were never issued here may call by POST alone.";

/// Prepared once: under a flood nothing of it is new but the id.
fn overloaded(app: &App, call: &Call, error: &ApiError) -> Response {
    static PREPARED: OnceLock<http::Response<Bytes>> = OnceLock::new();
    let id = RequestId::random(app.env.rng.as_ref());
    let prepared = PREPARED.get_or_init(|| answer::open(call.failure(error, &id).map(Bytes::from)));
    let mut response = prepared.clone().map(answer::full);
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    // The log must not be a flood too.
    tracing::debug!(operation = call.operation.name, request_id = %id, "refused for want of cores");
    response
}

fn find(call: &Call) -> Option<Operation> {
    let name = call.operation.name;
    match call.service.id {
        "cognito-idp" => userpool::ops::TABLE.entry(name).map(Operation::UserPools),
        "cognito-identity" => identitypool::ops::TABLE.entry(name).map(Operation::IdentityPools),
        "iam" => iam::ops::TABLE.entry(name).map(Operation::Iam),
        "sts" => iam::sts::TABLE.entry(name).map(Operation::Iam),
        _ => None,
    }
}

impl Operation {
    fn facts(&self) -> Facts {
        match self {
            Self::UserPools(entry) => entry.facts,
            Self::IdentityPools(entry) => entry.facts,
            Self::Iam(entry) => entry.facts,
        }
    }

    fn resource(&self, cx: &Cx, input: &Value) -> String {
        match self {
            Self::UserPools(entry) => (entry.resource)(cx, input),
            Self::IdentityPools(entry) => (entry.resource)(cx, input),
            Self::Iam(entry) => (entry.resource)(cx, input),
        }
    }

    /// Those of IAM's own entities IAM looks up.
    async fn tags(&self, app: &App, cx: &Cx, resource: &str) -> Result<BTreeMap<String, String>, ApiError> {
        match self {
            Self::UserPools(_) => app.user_pools.tags_of(cx, resource).await,
            Self::IdentityPools(_) => app.identity_pools.tags_of(resource).await,
            Self::Iam(_) => Ok(BTreeMap::new()),
        }
    }

    async fn call(&self, app: &App, cx: &Cx, input: Value) -> Result<Answered, ApiError> {
        match self {
            Self::UserPools(entry) => (entry.call)(&app.user_pools, cx, input).await,
            Self::IdentityPools(entry) => (entry.call)(&app.identity_pools, cx, input).await,
            Self::Iam(entry) => (entry.call)(&app.iam, cx, input).await,
        }
    }
}

fn family(service: &Service) -> Family {
    match service.protocol {
        model::Protocol::AwsJson => Family::Json,
        model::Protocol::AwsQuery => Family::Query,
    }
}

fn with_cors(response: http::Response<Vec<u8>>) -> Response {
    answer::open(response.map(answer::full))
}

/// One line a call. Inputs hold secrets and are never logged; what an error keeps from the client is logged here.
fn log(cx: &Cx, call: &Call, error: Option<&ApiError>, status: http::StatusCode) {
    let (service, operation, request_id) = (call.service.id, call.operation.name, &cx.request_id);
    match error {
        None => tracing::debug!(service, operation, %request_id, "ok"),
        Some(error) if status.is_server_error() => {
            tracing::error!(service, operation, %request_id, ?error, "failed");
        }
        // Under a flood the log must not be one too.
        Some(error) if matches!(error.code(), Code::TooManyRequests | BROKEN_OFF | TOO_SLOW) => {
            tracing::debug!(service, operation, %request_id, code = error.code().0, "refused");
        }
        Some(error) => tracing::info!(service, operation, %request_id, code = error.code().0, "refused"),
    }
}
