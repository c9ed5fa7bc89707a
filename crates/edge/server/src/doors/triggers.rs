//! What triggers were told and what they answered, as a page and as JSON, and an event told once more. It holds what people
//! entered: dev alone keeps any.

use http::StatusCode;
use serde_json::{Value, json};
use triggers::{Failure, Recorded};

use crate::{
    App,
    answer::{self, plain, unread},
    body::{self, Body, Response},
    page,
};

const LARGEST: usize = 4096;

/// Newest first, as `[{number, at, trigger, function, event, answer, error, milliseconds}]`.
pub fn list(app: &App) -> Response {
    let recorded = app.triggers.recorded();
    let list = recorded.iter().map(|recorded| entry(recorded)).collect();
    answer::unkept(answer::json(StatusCode::OK, &list))
}

pub fn page(app: &App) -> Response {
    let recorded = app.triggers.recorded();
    let invocations = recorded.iter().map(|recorded| shown(recorded)).collect();
    page::shown(StatusCode::OK, pages::Triggers { invocations }.html())
}

/// `{"number": n}`: the event of that invocation once more. It is answered like one of the list.
pub async fn replay(app: &App, body: Body) -> Response {
    let bytes = match body::read(body, LARGEST).await {
        Ok(bytes) => bytes,
        Err(error) => return unread(&error),
    };
    let input: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let Some(number) = input.get("number").and_then(Value::as_u64) else {
        return plain(
            StatusCode::BAD_REQUEST,
            "Send {\"number\": n} with the number of an invocation.",
        );
    };
    match app.triggers.replay(number).await {
        Some(outcome) => {
            let (answer, error) = told(outcome.map(Some).as_ref());
            answer::unkept(answer::json(
                StatusCode::OK,
                &json!({ "answer": answer, "error": error }),
            ))
        }
        None => plain(StatusCode::NOT_FOUND, "That invocation is not kept."),
    }
}

fn entry(recorded: &Recorded) -> Value {
    let (answer, error) = told(recorded.outcome.as_ref());
    json!({
        "number": recorded.number,
        "at": recorded.at.iso8601(),
        "trigger": recorded.invocation.trigger.as_ref(),
        "function": recorded.invocation.arn,
        "event": *recorded.invocation.event,
        "answer": answer,
        "error": error,
        "milliseconds": u64::try_from(recorded.took.as_millis()).unwrap_or(u64::MAX),
    })
}

fn shown(recorded: &Recorded) -> pages::TriggerInvocation {
    let (answer, error) = told(recorded.outcome.as_ref());
    let printed = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let source = recorded.invocation.event.get("triggerSource").and_then(Value::as_str);
    pages::TriggerInvocation {
        number: recorded.number,
        at: recorded.at.iso8601(),
        source: source.unwrap_or(&recorded.invocation.trigger).to_owned(),
        function: recorded.invocation.arn.clone(),
        milliseconds: u64::try_from(recorded.took.as_millis()).unwrap_or(u64::MAX),
        event: printed(&recorded.invocation.event),
        answer: answer.map(|answer| printed(&answer)).unwrap_or_default(),
        error: error.unwrap_or_default(),
    }
}

/// What it answered, and what went wrong.
fn told(outcome: Result<&Option<Value>, &Failure>) -> (Option<Value>, Option<String>) {
    match outcome {
        Ok(Some(answer)) => (Some(answer.clone()), None),
        Ok(None) => (None, Some("The answer is too large to be kept.".to_owned())),
        Err(Failure::FunctionError { message }) => (None, Some(message.clone())),
        Err(failure) => (None, Some(failure.to_string())),
    }
}
