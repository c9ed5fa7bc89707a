//! User migration: a function vouches for somebody who is not there yet, by the password that was typed, or because it was forgotten.
//! Reference: user-pools 16.3.

use std::collections::BTreeMap;

use api::cognito_idp::DeliveryMediumType;
use kernel::ApiError;
use serde_json::{Value, json};
use store::records::status::Status;

use super::{Fault, Functions, Scene, Source, answer::Response, event, source::Trigger};
use crate::{errors::triggers as errors, user::names::Contest};

/// How somebody comes who is not there.
#[derive(Clone, Copy)]
pub(crate) enum Claim<'a> {
    /// Signing in with it.
    Password(&'a str),
    /// Having forgotten it.
    Forgotten,
}

/// Somebody whom the function knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Migrated {
    /// Without `username`, which is the name that was typed.
    pub attributes: BTreeMap<String, String>,
    pub status: Status,
    pub contest: Contest,
    /// Codes by text message are a second factor from the beginning.
    pub by_text_message: bool,
    pub welcome: Welcome,
}

/// Whether a message greets the new user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Welcome {
    Suppressed,
    /// By these; by whatever there is where none is named.
    By(Vec<DeliveryMediumType>),
}

impl Claim<'_> {
    fn source(self) -> Source {
        match self {
            Self::Password(_) => Source::MigrationAtSignIn,
            Self::Forgotten => Source::MigrationAtRecovery,
        }
    }

    /// What a scene's metadata are called. Reference: 16.1.
    fn told(self, scene: Scene<'_>) -> Value {
        let metadata = event::metadata(scene);
        match self {
            Self::Password(password) => json!({
                "password": password,
                "validationData": metadata,
                "clientMetadata": null,
                "userAttributes": null,
            }),
            Self::Forgotten => json!({
                "validationData": null,
                "clientMetadata": metadata,
                "userAttributes": null,
            }),
        }
    }
}

impl Functions {
    /// Whether there is one for the pool.
    pub fn migrates(scene: Scene<'_>) -> bool {
        scene.pool.lambdas.arn(Trigger::UserMigration).is_some()
    }

    /// The scene's user has the name that was typed, and nothing else. None: the function knows nobody.
    pub async fn user_migration(&self, scene: Scene<'_>, claim: Claim<'_>) -> Result<Option<Migrated>, Fault> {
        let request = || {
            let response = json!({
                "userAttributes": null, "forceAliasCreation": null, "enableSMSMFA": null, "finalUserStatus": null,
                "messageAction": null, "desiredDeliveryMediums": null,
            });
            (claim.told(scene), response)
        };
        match self.ask(claim.source(), scene, request).await? {
            Some(response) => Ok(read(response, &scene.user.username)?),
            None => Ok(None),
        }
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
        welcome: welcome(&response)?,
    }))
}

/// Errors: InvalidLambdaResponse.
fn welcome(response: &Response) -> Result<Welcome, ApiError> {
    let medium = |name: &String| match name.as_str() {
        "EMAIL" => Ok(DeliveryMediumType::Email),
        "SMS" => Ok(DeliveryMediumType::Sms),
        _ => Err(errors::unrecognizable_output()),
    };
    let named = response.texts("desiredDeliveryMediums")?;
    let mediums = named.iter().map(medium).collect::<Result<_, _>>()?;
    match response.text("messageAction")?.as_deref() {
        None => Ok(Welcome::By(mediums)),
        Some("SUPPRESS") => Ok(Welcome::Suppressed),
        Some(_) => Err(errors::unrecognizable_output()),
    }
}

#[cfg(test)]
mod tests {
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
    fn who_is_greeted_and_by_what() {
        use DeliveryMediumType::{Email, Sms};
        for (action, mediums, expected) in [
            (json!(null), json!(null), Welcome::By(vec![])),
            (json!(null), json!([]), Welcome::By(vec![])),
            (json!(null), json!(["EMAIL"]), Welcome::By(vec![Email])),
            (json!(null), json!(["SMS", "EMAIL"]), Welcome::By(vec![Sms, Email])),
            (json!("SUPPRESS"), json!(["SMS"]), Welcome::Suppressed),
        ] {
            let answer = json!({
                "userAttributes": {"email": "a@b.c"}, "messageAction": action, "desiredDeliveryMediums": mediums,
            });
            assert_eq!(migrated(&answer).unwrap().unwrap().welcome, expected, "{answer}");
        }
    }

    #[test]
    fn what_is_garbled_makes_nobody() {
        for response in [
            json!({"userAttributes": {"username": "bob"}}),
            json!({"userAttributes": {"email": 1}}),
            json!({"userAttributes": ["email"]}),
            json!({"userAttributes": {"email": "a@b.c"}, "finalUserStatus": "ARCHIVED"}),
            json!({"userAttributes": {"email": "a@b.c"}, "enableSMSMFA": "yes"}),
            json!({"userAttributes": {"email": "a@b.c"}, "messageAction": "RESEND"}),
            json!({"userAttributes": {"email": "a@b.c"}, "messageAction": true}),
            json!({"userAttributes": {"email": "a@b.c"}, "desiredDeliveryMediums": "EMAIL"}),
            json!({"userAttributes": {"email": "a@b.c"}, "desiredDeliveryMediums": ["PIGEON"]}),
            json!({"userAttributes": {"email": "a@b.c"}, "messageAction": "SUPPRESS", "desiredDeliveryMediums": [1]}),
        ] {
            assert!(migrated(&response).is_err(), "{response}");
        }
    }
}
