mod fake;
mod local;
mod others;
mod posted;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use kernel::{AccessKeyId, AccountId, Env, Region};
use serde_json::{Value, json};
use sigv4::Secret;
use testkit::{MockClock, SeededRng};
use upstream::{Address, Reach, Upstream};

use crate::{
    Assuming, Child, Failure, Function, Invocation, Keep, LambdaApi, Named, Reload, RoleCredentials, Roles, Running,
    Settings, Surroundings, Triggers, Way,
};

pub(crate) const ARN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:check";

/// A command that is never run.
pub(crate) fn child(program: &str) -> Child {
    Child {
        command: vec![program.to_owned()],
        directory: PathBuf::from("/"),
        unwatched: None,
        environment: Vec::new(),
        role: None,
        processes: 1,
        loads_within: Duration::from_secs(60),
    }
}

pub(crate) fn lambda_api(url: &str) -> LambdaApi {
    LambdaApi {
        endpoint: Address::of_operator(url).unwrap(),
        access_key: AccessKeyId::new("AKIDEXAMPLE"),
        secret: Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
    }
}

pub(crate) struct NoRoles;

impl Roles for NoRoles {
    fn assume<'a>(&'a self, role: &'a str, _: &'a str) -> Assuming<'a> {
        Box::pin(async move { Err(format!("there is no {role}")) })
    }
}

/// Gives each session credentials that live this long, and counts.
struct ShortRoles {
    lifetime: Duration,
    asked: Mutex<Vec<String>>,
}

impl Roles for ShortRoles {
    fn assume<'a>(&'a self, role: &'a str, session: &'a str) -> Assuming<'a> {
        Box::pin(async move {
            let mut asked = self.asked.lock().unwrap();
            asked.push(format!("{role} {session}"));
            Ok(RoleCredentials {
                access_key: format!("ASIA{}", asked.len()),
                secret: "secret".to_owned(),
                session_token: "token".to_owned(),
                lifetime: self.lifetime,
            })
        })
    }
}

fn triggers(functions: Vec<Function>, lambda: Option<LambdaApi>) -> Triggers {
    let env = Arc::new(Env {
        clock: Arc::new(MockClock::default()),
        rng: Arc::new(SeededRng::new(7)),
        account: AccountId::new("123456789012"),
        default_region: Region::new("eu-west-1"),
    });
    let settings = Settings {
        functions,
        lambda,
        in_flight: 8,
        keep: Keep::Last,
    };
    Triggers::new(env, Upstream::new(Reach::Public).unwrap(), settings)
}

async fn started(child: Child, reload: Reload, roles: Arc<dyn Roles>) -> (Triggers, Running) {
    let named = Named::Name("check".to_owned());
    let way = Way::Local(child);
    let triggers = triggers(vec![Function { named, way }], None);
    let surroundings = Surroundings {
        endpoint_url: "http://127.0.0.1:4566".to_owned(),
        region: "eu-west-1".to_owned(),
        inherited: Vec::new(),
        roles,
        reload,
    };
    let running = triggers.start(surroundings).await.unwrap();
    (triggers, running)
}

fn invocation(event: Value) -> Invocation {
    Invocation {
        trigger: "PreSignUp".into(),
        arn: ARN.to_owned(),
        event: Arc::new(event),
    }
}

async fn asked(triggers: &Triggers, what: &str) -> Result<Value, Failure> {
    triggers.invoke(&invocation(json!({ "do": what }))).await
}

fn message(outcome: Result<Value, Failure>) -> String {
    match outcome {
        Err(Failure::FunctionError { message }) => message,
        other => panic!("{other:?}"),
    }
}
