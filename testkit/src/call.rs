//! Operations called by their names through their service's table, as the front end does: the model's validation, what the
//! door asks, the operation. What came of it goes into the record.

use kernel::{ApiError, Cx, Result};
use model::{Answered, Entry, Operation, Service, Table};
use serde_json::Value;

use crate::record::{self, Outcome};

/// What operations answer although their models don't list it: every operation of its protocol may.
const COMMON: [&str; 6] = [
    "AccessDenied",
    "AccessDeniedException",
    "InvalidClientTokenId",
    "SerializationException",
    "ValidationError",
    "ValidationException",
];

/// What one operation answers although its model doesn't list it.
const UNLISTED: [(&str, &str); 2] = [("AssumeRole", "InvalidParameterValue"), ("CreateRole", "NoSuchEntity")];

pub struct Call<S: 'static> {
    pub service: &'static Service,
    pub operation: &'static Operation,
    pub entry: &'static Entry<S>,
    pub input: Value,
    permitted: Result<()>,
}

#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
impl<S> Call<S> {
    #[track_caller]
    pub fn of(table: &'static Table<S>, operation: &str, input: Value) -> Self {
        let (Some(entry), Some(modelled)) = (table.entry(operation), table.service.operation(operation)) else {
            panic!("{operation} is not in the table");
        };
        Self {
            service: table.service,
            operation: modelled,
            entry,
            input,
            permitted: Ok(()),
        }
    }

    /// What policies say of this call. It matters once the input is valid.
    #[must_use]
    pub fn if_permitted(mut self, permitted: Result<()>) -> Self {
        self.permitted = permitted;
        self
    }

    /// An operation refuses in no words that its model doesn't know.
    pub async fn on(self, state: &S, cx: &Cx) -> Answer {
        let name = self.operation.name;
        let result = match self.service.validate(self.operation, &self.input).and(self.permitted) {
            Ok(()) => (self.entry.call)(state, cx, self.input).await,
            Err(error) => return self::answer(self.service, name, Err(error), Outcome::AtTheDoor),
        };
        if let Err(error) = &result {
            // Models list shapes, which IAM and STS name otherwise than what they send.
            let code = error.code().0;
            let shape = self.service.error(code).map_or(code, |error| error.shape);
            assert!(
                self.operation.errors.contains(&shape) || COMMON.contains(&code) || UNLISTED.contains(&(name, code)),
                "{name} is not modelled to answer {error:?}"
            );
        }
        let outcome = if result.is_ok() { Outcome::Ok } else { Outcome::Refused };
        self::answer(self.service, name, result.map(Answered::tree), outcome)
    }
}

fn answer(service: &Service, operation: &'static str, result: Result<Value>, outcome: Outcome) -> Answer {
    let code = result.as_ref().err().map_or("", |error| error.code().0);
    record::call(service.id, operation, outcome, code);
    Answer { operation, result }
}

/// What an operation answered; null where it has no output.
#[derive(Debug)]
pub struct Answer {
    pub operation: &'static str,
    pub result: Result<Value>,
}

#[expect(clippy::panic, reason = "called by tests alone: that is how they fail")]
impl Answer {
    #[track_caller]
    pub fn ok(self) -> Value {
        let operation = self.operation;
        self.result
            .unwrap_or_else(|error| panic!("{operation} answered {error:?}"))
    }

    #[track_caller]
    pub fn error(self) -> ApiError {
        match self.result {
            Ok(answer) => panic!("{} was not refused: {answer}", self.operation),
            Err(error) => error,
        }
    }

    #[track_caller]
    pub fn refused(self, code: &str, sentence: &str) {
        let operation = self.operation;
        let error = self.error();
        let told = (error.code().0, error.message());
        assert_eq!(told, (code, sentence), "{operation}: {error:?}");
    }

    /// [`Self::refused`], by a refusal that has a name of its own.
    #[track_caller]
    pub fn refused_as(self, (code, sentence): (&str, &str)) {
        self.refused(code, sentence);
    }

    /// The sentence of a refusal, or "" for an answer.
    pub fn sentence(&self) -> &str {
        self.result.as_ref().err().map_or("", ApiError::message)
    }

    /// The code of a refusal, or "" for an answer.
    pub fn code(&self) -> &str {
        self.result.as_ref().err().map_or("", |error| error.code().0)
    }
}
