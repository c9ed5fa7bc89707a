//! The page of triggers: what functions were told and what they answered.

use askama::Template;

/// One invocation as the page shows it.
#[derive(Clone, Debug)]
pub struct TriggerInvocation {
    pub number: u64,
    /// ISO 8601.
    pub at: String,
    /// `PreSignUp_SignUp`.
    pub source: String,
    pub function: String,
    pub milliseconds: u64,
    /// JSON, over several lines; the answer is empty where there is none, the error where all went well.
    pub event: String,
    pub answer: String,
    pub error: String,
}

#[derive(Template)]
#[template(path = "triggers.html")]
pub struct Triggers {
    /// Newest first.
    pub invocations: Vec<TriggerInvocation>,
}

pub const TRIGGERS_SCRIPT: &str = include_str!("../assets/triggers.js");

impl Triggers {
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }

    /// Every branch of the template at once.
    pub fn sample() -> Self {
        let invocation = |number, answer: &str, error: &str| TriggerInvocation {
            number,
            at: "2026-01-15T12:00:00Z".to_owned(),
            source: "PreSignUp_SignUp".to_owned(),
            function: "arn:aws:lambda:us-east-1:000000000000:function:check".to_owned(),
            milliseconds: 7,
            event: "{\n  \"userName\": \"<b>ana</b>\"\n}".to_owned(),
            answer: answer.to_owned(),
            error: error.to_owned(),
        };
        Self {
            invocations: vec![invocation(2, "{}", ""), invocation(1, "", "no entry")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invocations_are_shown_and_escaped() {
        let html = Triggers::sample().html().unwrap();
        assert!(html.contains("PreSignUp_SignUp") && html.contains("no entry"));
        assert!(!html.contains("<b>"), "an event is text, never markup");
        let empty = Triggers {
            invocations: Vec::new(),
        };
        assert!(empty.html().unwrap().contains("Nothing here yet"));
    }
}
