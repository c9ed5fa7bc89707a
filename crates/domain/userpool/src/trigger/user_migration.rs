//! User migration: a function vouches for somebody who is not there yet, by the password that was typed. Reference: user-pools 16.3.

use std::collections::BTreeMap;

use kernel::ApiError;
use serde_json::json;
use store::records::status::Status;

use super::{Functions, Scene, Source, answer::Response, event, functions::Fault, source::Trigger};
use crate::{errors::triggers as errors, user::names::Contest};

/// Somebody whom the function knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Migrated {
    /// Without `username`, which is the name that was typed.
    pub attributes: BTreeMap<String, String>,
    pub status: Status,
    pub contest: Contest,
    /// Codes by text message are a second factor from the beginning.
    pub by_text_message: bool,
}

/// What the function says of a name and a password.
pub(crate) enum Vouched {
    For(Migrated),
    Unknown,
    /// It says why.
    Refused(ApiError),
}

impl Functions {
    /// Whether there is one for the pool.
    pub fn migrates(scene: Scene<'_>) -> bool {
        scene.pool.lambdas.arn(Trigger::UserMigration).is_some()
    }

    /// The scene's user has the name that was typed, and nothing else.
    ///
    /// Errors: UnexpectedLambda, InvalidLambdaResponse.
    pub async fn user_migration(&self, scene: Scene<'_>, password: &str) -> Result<Vouched, ApiError> {
        let request = || {
            let request = json!({
                "password": password,
                "validationData": event::metadata(scene),
                "clientMetadata": null,
                "userAttributes": null,
            });
            let response = json!({
                "userAttributes": null, "forceAliasCreation": null, "enableSMSMFA": null, "finalUserStatus": null,
                "messageAction": null, "desiredDeliveryMediums": null,
            });
            (request, response)
        };
        let migrated = match self.ask(Source::MigrationAtSignIn, scene, request).await {
            Ok(Some(response)) => read(response, &scene.user.username)?,
            Ok(None) => None,
            Err(Fault::Refused(why)) => return Ok(Vouched::Refused(why)),
            Err(Fault::Failed(error)) => return Err(error),
        };
        Ok(migrated.map_or(Vouched::Unknown, Vouched::For))
    }
}

/// Errors: InvalidLambdaResponse.
fn read(mut response: Response, typed: &str) -> Result<Option<Migrated>, ApiError> {
    let mut attributes = response.text_map("userAttributes")?;
    if attributes.is_empty() {
        return Ok(None);
    }
    if attributes.remove("username").is_some_and(|name| name != typed) {
        return Err(errors::user_name_mismatches());
    }
    let status = match response.text("finalUserStatus")?.as_deref() {
        Some("CONFIRMED") => Status::Confirmed,
        None | Some("RESET_REQUIRED") => Status::ResetRequired,
        Some(_) => return Err(errors::unrecognizable_output()),
    };
    let seizes = response.flag("forceAliasCreation")?;
    Ok(Some(Migrated {
        attributes,
        status,
        contest: if seizes { Contest::Seize } else { Contest::Yield },
        by_text_message: response.flag("enableSMSMFA")?,
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn migrated(response: &Value) -> Result<Option<Migrated>, ApiError> {
        read(Response::of(json!({ "response": response }), "ana").unwrap(), "ana")
    }

    #[test]
    fn who_is_known_has_attributes() {
        assert_eq!(migrated(&json!({})).unwrap(), None);
        assert_eq!(migrated(&json!({"userAttributes": {}})).unwrap(), None);
        let answer = json!({"userAttributes": {"username": "ana", "email": "a@b.c"}, "finalUserStatus": "CONFIRMED"});
        let ana = migrated(&answer).unwrap().unwrap();
        assert_eq!(
            ana.attributes.into_iter().collect::<Vec<_>>(),
            [("email".to_owned(), "a@b.c".to_owned())]
        );
        assert_eq!(ana.status, Status::Confirmed);
        let ana = migrated(&json!({"userAttributes": {"email": "a@b.c"}}))
            .unwrap()
            .unwrap();
        assert_eq!(ana.status, Status::ResetRequired);
    }

    #[test]
    fn what_is_garbled_makes_nobody() {
        for response in [
            json!({"userAttributes": {"username": "bob"}}),
            json!({"userAttributes": {"email": 1}}),
            json!({"userAttributes": ["email"]}),
            json!({"userAttributes": {"email": "a@b.c"}, "finalUserStatus": "ARCHIVED"}),
            json!({"userAttributes": {"email": "a@b.c"}, "enableSMSMFA": "yes"}),
        ] {
            assert!(migrated(&response).is_err(), "{response}");
        }
    }
}
