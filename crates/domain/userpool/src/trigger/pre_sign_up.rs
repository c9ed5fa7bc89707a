//! Pre sign-up: the function may confirm who signs up, and verify their addresses. Reference: user-pools 16.3.

use std::collections::BTreeMap;

use kernel::ApiError;
use serde_json::{Map, Value, json};
use store::records::{address::Address, status::Status, users::User};

use super::{Fault, Functions, Scene, Source, answer::Response, event};
use crate::{
    errors::triggers as errors,
    user::{addresses, names::Contest},
};

/// What the function decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PreSignUp {
    confirms: bool,
    verifies_email: bool,
    verifies_phone: bool,
}

impl Functions {
    /// Errors: those of the function.
    pub async fn pre_sign_up(&self, scene: Scene<'_>, validation: &Validation) -> Result<PreSignUp, ApiError> {
        let request = || {
            let mut attributes = event::given(scene.user);
            // Nobody said that they were not verified.
            for address in Address::ALL {
                attributes.remove(address.flag());
            }
            told(scene, &attributes, validation)
        };
        match self.run(Source::SignUp, scene, request).await? {
            Some(response) => read(&response),
            None => Ok(PreSignUp::default()),
        }
    }

    /// Of somebody whom an identity provider sends. The names of aliases and the flag are there, whatever they say. Reference:
    /// oauth-and-federation 10.7.
    pub async fn pre_external_sign_up(&self, scene: Scene<'_>) -> Result<PreSignUp, ApiError> {
        let request = || {
            let mut attributes = event::given(scene.user);
            for alias in ["cognito:email_alias", "cognito:phone_number_alias"] {
                attributes.insert(alias.to_owned(), json!(""));
            }
            let flag = Address::Email.flag();
            attributes.entry(flag).or_insert_with(|| json!("false"));
            told(scene, &attributes, &None)
        };
        match self.run(Source::ExternalSignUp, scene, request).await? {
            Some(response) => read(&response),
            None => Ok(PreSignUp::default()),
        }
    }

    /// Of AdminCreateUser, and of a migration, which creates a user in the same way (which `triggerSource` AWS says then is
    /// unconfirmed). It may refuse; else what it answers is ignored.
    pub async fn pre_creation(&self, scene: Scene<'_>, validation: &Validation) -> Result<(), Fault> {
        let request = || told(scene, &event::given(scene.user), validation);
        self.ask(Source::AdminCreateUser, scene, request).await?;
        Ok(())
    }
}

/// ValidationData, which the function alone sees.
pub(crate) type Validation = Option<BTreeMap<String, String>>;

fn told(scene: Scene<'_>, attributes: &Map<String, Value>, validation: &Validation) -> (Value, Value) {
    let validation = validation.as_ref().filter(|data| !data.is_empty());
    let request = json!({
        "userAttributes": attributes,
        "validationData": validation,
        "clientMetadata": event::metadata(scene),
    });
    let response = json!({ "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false });
    (request, response)
}

fn read(response: &Response) -> Result<PreSignUp, ApiError> {
    Ok(PreSignUp {
        confirms: response.flag("autoConfirmUser")?,
        verifies_email: response.flag("autoVerifyEmail")?,
        verifies_phone: response.flag("autoVerifyPhone")?,
    })
}

impl PreSignUp {
    /// On a user who is not stored yet. Errors: InvalidLambdaResponse (an address is verified that they have not).
    pub fn apply(self, user: &mut User) -> Result<(), ApiError> {
        if self.confirms {
            user.status = Status::Confirmed;
        }
        self.verify(user)
    }

    /// The same of whoever needs no confirmation. Errors: as above.
    pub fn verify(self, user: &mut User) -> Result<(), ApiError> {
        let verified = [
            (self.verifies_email, Address::Email),
            (self.verifies_phone, Address::Phone),
        ];
        for (_, address) in verified.into_iter().filter(|(verifies, _)| *verifies) {
            if addresses::present(user, address).is_none() {
                return Err(errors::unrecognizable_output());
            }
            addresses::set_verified(user, address, true);
        }
        Ok(())
    }

    /// A verified address that is an alias is taken from whoever has it.
    pub fn contest(self) -> Contest {
        if self.verifies_email || self.verifies_phone {
            Contest::Seize
        } else {
            Contest::Yield
        }
    }
}
