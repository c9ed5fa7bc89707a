//! Custom challenges: what to ask next, what is asked, whether an answer is right. Reference: user-pools 5.9, 16.3.

use std::collections::BTreeMap;

use kernel::ApiError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Functions, Scene, Source, answer::Response, authentication::Presence, event};
use crate::errors::triggers as errors;

/// A challenge that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Round {
    #[serde(rename = "challengeName")]
    pub name: String,
    #[serde(rename = "challengeResult")]
    pub right: bool,
    /// Of custom challenges.
    #[serde(rename = "challengeMetadata")]
    pub metadata: Option<String>,
}

/// What follows the rounds so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Defined {
    Tokens,
    Failure,
    /// By its name.
    Challenge(String),
}

/// What a custom challenge asks.
#[derive(Clone, Default)]
pub(crate) struct Created {
    /// What the client is shown.
    pub public: BTreeMap<String, String>,
    /// What an answer is compared with.
    pub private: BTreeMap<String, String>,
    pub metadata: Option<String>,
}

/// A custom sign-in so far.
#[derive(Clone, Copy)]
pub(crate) struct Rounds<'a> {
    pub presence: Presence,
    pub rounds: &'a [Round],
}

impl Rounds<'_> {
    fn told(self, scene: Scene<'_>, more: &[(&str, Value)]) -> Value {
        let mut request = json!({
            "userAttributes": self.presence.attributes(scene),
            "session": self.rounds,
            "clientMetadata": event::metadata(scene),
        });
        self.presence.told(&mut request);
        if let Value::Object(members) = &mut request {
            members.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        }
        request
    }
}

impl Functions {
    /// Errors: those of the function; InvalidLambdaResponse where it says nothing.
    pub async fn define_auth_challenge(&self, scene: Scene<'_>, rounds: Rounds<'_>) -> Result<Defined, ApiError> {
        let request = || {
            let response = json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null });
            (rounds.told(scene, &[]), response)
        };
        let response = self.run(Source::DefineChallenge, scene, request).await?;
        defined(&response.ok_or_else(errors::unrecognizable_output)?)
    }

    /// Errors: those of the function.
    pub async fn create_auth_challenge(
        &self,
        scene: Scene<'_>,
        rounds: Rounds<'_>,
        name: &str,
    ) -> Result<Created, ApiError> {
        let request = || {
            let response = json!({
                "publicChallengeParameters": null, "privateChallengeParameters": null, "challengeMetadata": null,
            });
            (rounds.told(scene, &[("challengeName", json!(name))]), response)
        };
        let response = self.run(Source::CreateChallenge, scene, request).await?;
        let mut response = response.ok_or_else(errors::unrecognizable_output)?;
        Ok(Created {
            public: response.text_map("publicChallengeParameters")?,
            private: response.text_map("privateChallengeParameters")?,
            metadata: response.text("challengeMetadata")?,
        })
    }

    /// Whether the answer is right. Errors: those of the function.
    pub async fn verify_auth_challenge(
        &self,
        scene: Scene<'_>,
        presence: Presence,
        (private, answer): (&BTreeMap<String, String>, &str),
    ) -> Result<bool, ApiError> {
        let request = || {
            let mut request = json!({
                "userAttributes": presence.attributes(scene),
                "privateChallengeParameters": private,
                "challengeAnswer": answer,
                "clientMetadata": event::metadata(scene),
            });
            presence.told(&mut request);
            (request, json!({ "answerCorrect": null }))
        };
        let response = self.run(Source::VerifyChallenge, scene, request).await?;
        response
            .ok_or_else(errors::unrecognizable_output)?
            .flag("answerCorrect")
    }
}

/// To fail goes before all. What says nothing is nothing.
fn defined(response: &Response) -> Result<Defined, ApiError> {
    if response.flag("failAuthentication")? {
        return Ok(Defined::Failure);
    }
    if response.flag("issueTokens")? {
        return Ok(Defined::Tokens);
    }
    match response.text("challengeName")? {
        Some(name) => Ok(Defined::Challenge(name)),
        None => Err(errors::unrecognizable_output()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows() {
        let defined = |response: Value| {
            let response = Response::of(json!({ "response": response }), "ana").unwrap();
            super::defined(&response).ok()
        };
        let custom = Defined::Challenge("CUSTOM_CHALLENGE".to_owned());
        for (response, expected) in [
            (json!({"issueTokens": true}), Some(Defined::Tokens)),
            (json!({"failAuthentication": true}), Some(Defined::Failure)),
            (
                json!({"issueTokens": true, "failAuthentication": true}),
                Some(Defined::Failure),
            ),
            (
                json!({"challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false}),
                Some(custom),
            ),
            (json!({}), None),
            (json!({"issueTokens": false}), None),
            (json!({"issueTokens": "yes"}), None),
            (json!({"challengeName": 1}), None),
        ] {
            assert_eq!(defined(response.clone()), expected, "{response}");
        }
    }
}
