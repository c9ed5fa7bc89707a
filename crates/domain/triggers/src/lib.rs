//! Functions that are invoked as AWS Lambda's are. An ARN leads to a local function (a child process that is fed by the Lambda
//! Runtime API), to a webhook, or to a Lambda API elsewhere; what comes back is the function's answer or one of three failures.
//! It knows nothing of Cognito: events are JSON that somebody else makes and reads. They hold personal data and passwords: none
//! is ever written to the log.
//!
//! Start at [`Triggers::invoke`], and [`Triggers::post`] where nobody wants the answer; `functions` says which way an ARN leads, `local` runs processes.

mod answer;
mod failure;
mod function_arn;
mod functions;
mod invocation;
mod invoke;
mod lambda_api;
mod local;
mod record;
mod room;
mod running;
mod seen;
mod webhook;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use functions::Functions;
use kernel::Env;
use upstream::Upstream;

pub use failure::Failure;
pub use functions::{Function, Named, Way};
pub use invocation::{Invocation, POSTED_LIMIT};
pub use lambda_api::LambdaApi;
pub use local::{Assuming, Child, Reload, RoleCredentials, Roles, Surroundings};
use record::Record;
pub use record::Recorded;
use room::Room;
pub use running::Running;
pub use webhook::Webhook;

/// What the configuration says.
pub struct Settings {
    pub functions: Vec<Function>,
    /// Where all other ARNs are invoked.
    pub lambda: Option<LambdaApi>,
    /// How many invocations may be in flight whose answer is waited for, of all functions together.
    pub in_flight: usize,
    pub keep: Keep,
}

/// Whether invocations are kept to be looked at. They hold personal data: dev alone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Nothing,
    Last,
}

/// The service. Cheap to clone: everything in it is shared.
#[derive(Clone)]
pub struct Triggers(Arc<Inner>);

struct Inner {
    env: Arc<Env>,
    upstream: Upstream,
    functions: Functions,
    room: Room,
    record: Option<Record>,
}

impl Triggers {
    pub fn new(env: Arc<Env>, upstream: Upstream, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            env,
            upstream,
            functions: Functions::new(settings.functions, settings.lambda),
            room: Room::new(settings.in_flight),
            record: (settings.keep == Keep::Last).then(Record::default),
        }))
    }
}
