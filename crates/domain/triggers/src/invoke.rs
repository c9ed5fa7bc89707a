//! One invocation, from its event to the answer. Reference: user-pools 16.1.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout_at};

use crate::{
    Failure, Triggers, answer,
    failure::Missed,
    functions::Route,
    invocation::{Asked, Invocation, Wanted},
};

const TRIES: u32 = 3;
/// Before the second try; before the third twice that.
const PAUSE: Duration = Duration::from_millis(100);

impl Triggers {
    /// Waits for the answer, five seconds at most. Cancelled when dropped; then the function may run on. Errors: as
    /// [`Failure`] says.
    pub async fn invoke(&self, invocation: &Invocation) -> Result<Value, Failure> {
        self.observed(invocation, Wanted::Now).await
    }

    /// Tells a function something and ignores what it answers: until it has done its work or, elsewhere, until it was taken on;
    /// [`POSTED_LIMIT`](crate::POSTED_LIMIT) at most. How many may be under way is for the caller to say. Errors: as [`Failure`] says.
    pub async fn post(&self, invocation: &Invocation) -> Result<(), Failure> {
        self.observed(invocation, Wanted::Never).await.map(drop)
    }

    /// How many events a function takes beside each other: a further one would wait until it is begun. None: that is not known here.
    pub fn takes(&self, arn: &str) -> Option<usize> {
        match self.0.functions.route(arn) {
            Route::Local(local) => Some(local.places()),
            Route::Webhook(_) | Route::Lambda(..) | Route::Nowhere => None,
        }
    }

    pub(crate) async fn observed(&self, invocation: &Invocation, wanted: Wanted) -> Result<Value, Failure> {
        let began = Instant::now();
        let outcome = self.answered(invocation, wanted).await;
        let took = began.elapsed();
        let (trigger, arn) = (invocation.trigger.as_ref(), invocation.arn.as_str());
        let millis = took.as_millis();
        match &outcome {
            Ok(_) => tracing::debug!(trigger, arn, millis, "answered"),
            Err(Failure::FunctionError { .. }) => tracing::info!(trigger, arn, millis, "the function failed"),
            Err(failure) => tracing::warn!(trigger, arn, millis, %failure, "no answer"),
        }
        if let Some(record) = &self.0.record {
            record.keep(invocation, wanted, &outcome, (self.0.env.clock.wall(), took));
        }
        outcome
    }

    async fn answered(&self, invocation: &Invocation, wanted: Wanted) -> Result<Value, Failure> {
        let times = wanted.times();
        let _place = match wanted {
            Wanted::Now => match timeout_at(times.until, self.0.room.enter(&invocation.arn)).await {
                Ok(place) => Some(place),
                Err(_) => return Err(Failure::TOO_MANY),
            },
            // A minute of it would be more than anybody who waits has.
            Wanted::Never => None,
        };
        let event = serde_json::to_vec(&*invocation.event).map_err(|_| Failure::SERVICE)?;
        let event = Bytes::from(event);
        let bytes = timeout_at(times.until, async {
            let mut tries = 1;
            loop {
                let asked = Asked {
                    arn: &invocation.arn,
                    event: event.clone(),
                    times,
                    answer: wanted,
                };
                match self.tried(asked).await {
                    Ok(bytes) => return Ok(bytes),
                    Err(Missed::NotRun(_)) if tries < TRIES => {
                        sleep(PAUSE * tries).await;
                        tries += 1;
                    }
                    Err(Missed::NotRun(failure) | Missed::MayHaveRun(failure)) => return Err(failure),
                }
            }
        });
        match (wanted, bytes.await.unwrap_or(Err(Failure::TIMED_OUT))) {
            (Wanted::Now, Ok(bytes)) => answer::read(&bytes),
            // Whatever it said, it has done its work.
            (Wanted::Never, Ok(_) | Err(Failure::Unrecognizable { .. })) => Ok(Value::Null),
            (_, Err(failure)) => Err(failure),
        }
    }

    async fn tried(&self, asked: Asked<'_>) -> Result<Bytes, Missed> {
        let inner = &self.0;
        match inner.functions.route(asked.arn) {
            Route::Local(local) => local.ask(&inner.env, asked).await.map_err(Missed::MayHaveRun),
            Route::Webhook(webhook) => webhook.ask(&inner.upstream, inner.env.clock.wall(), asked).await,
            Route::Lambda(api, arn) => {
                let at = inner.env.clock.wall();
                api.ask(&inner.upstream, at, arn, asked).await
            }
            Route::Nowhere => {
                tracing::warn!(
                    arn = asked.arn,
                    "no function is known by this ARN: name it in a [[function]] of the configuration file, with `command` or \
                     `url`, or say where Lambda is by --lambda-endpoint"
                );
                Err(Missed::MayHaveRun(Failure::NOT_FOUND))
            }
        }
    }
}
