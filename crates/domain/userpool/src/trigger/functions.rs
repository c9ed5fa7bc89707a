//! The call of a trigger's function. Reference: user-pools 16.1.

use std::sync::Arc;

use kernel::ApiError;
use serde_json::Value;
use triggers::{Failure, Invocation, Triggers};

use super::{Scene, Source, answer::Response, event, source::Trigger};
use crate::errors::triggers as errors;

/// Who invokes functions for user pools.
#[derive(Clone)]
pub(crate) struct Functions(Triggers);

impl Functions {
    pub fn new(triggers: Triggers) -> Self {
        Self(triggers)
    }

    /// None: the pool has no function for it. `request` and `response` as [`event::build`] wants them, made only if it has.
    ///
    /// Errors: UserLambdaValidation, UnexpectedLambda, InvalidLambdaResponse.
    pub(super) async fn run(
        &self,
        source: Source,
        scene: Scene<'_>,
        told: impl FnOnce() -> (Value, Value) + Send,
    ) -> Result<Option<Response>, ApiError> {
        self.ask(source, scene, told).await.map_err(Fault::told)
    }

    /// The same for whoever cares who is to blame.
    pub(super) async fn ask(
        &self,
        source: Source,
        scene: Scene<'_>,
        told: impl FnOnce() -> (Value, Value) + Send,
    ) -> Result<Option<Response>, Fault> {
        let trigger = source.trigger();
        let Some(arn) = scene.pool.lambdas.arn(trigger) else {
            return Ok(None);
        };
        let (request, response) = told();
        let invocation = Invocation {
            trigger: trigger.name().into(),
            arn: arn.to_owned(),
            event: Arc::new(event::build((source, trigger), scene, request, response)),
        };
        // Apart, so that calls without a function don't carry its future.
        let answer = Box::pin(self.0.invoke(&invocation)).await;
        let answer = answer.map_err(|failure| said(trigger, &failure))?;
        let response = Response::of(answer, &scene.user.username);
        response.map(Some).map_err(Fault::Failed)
    }
}

/// Why there is no answer, in AWS's words.
pub(crate) enum Fault {
    /// The function itself says no.
    Refused(ApiError),
    /// It can't be had, or what it says can't be read or done.
    Failed(ApiError),
}

impl Fault {
    pub fn told(self) -> ApiError {
        match self {
            Self::Refused(error) | Self::Failed(error) => error,
        }
    }
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

fn said(trigger: Trigger, failure: &Failure) -> Fault {
    match failure {
        Failure::FunctionError { message } => Fault::Refused(errors::function_failed(trigger.name(), message)),
        Failure::Unusable { code } => Fault::Failed(errors::invocation_failed(trigger.name(), code)),
        Failure::Unrecognizable { .. } => Fault::Failed(errors::unrecognizable_output()),
    }
}
