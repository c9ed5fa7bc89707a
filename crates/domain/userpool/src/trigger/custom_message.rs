//! Custom message: the function words a mail or a text message. Reference: user-pools 16.3.

use kernel::ApiError;
use serde_json::json;

use super::{Functions, Scene, Source, answer::Response, event};
use crate::errors::triggers as errors;

const CODE: &str = "{####}";
const LINK: &str = "{##Click Here##}";
const USERNAME: &str = "{username}";
/// Characters.
const LONGEST_MAIL: usize = 20_000;
const LONGEST_TEXT: usize = 140;

/// What a message says instead of the pool's own words; nothing of it where no function says anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wording {
    pub text: Option<String>,
    pub mail: Option<String>,
    pub subject: Option<String>,
}

impl Functions {
    /// Errors: those of the function.
    pub async fn custom_message(&self, scene: Scene<'_>, source: Source) -> Result<Wording, ApiError> {
        let request = || {
            let is_invitation = source == Source::MessageOfInvitation;
            let request = json!({
                "userAttributes": event::attributes(scene),
                "codeParameter": CODE,
                "linkParameter": LINK,
                "usernameParameter": is_invitation.then_some(USERNAME),
                "clientMetadata": event::metadata(scene),
            });
            let response = json!({ "smsMessage": null, "emailMessage": null, "emailSubject": null });
            (request, response)
        };
        match self.run(source, scene, request).await? {
            Some(response) => read(&response, source),
            None => Ok(Wording::default()),
        }
    }
}

/// Errors: InvalidLambdaResponse (a message without its placeholders, or too long).
fn read(response: &Response, source: Source) -> Result<Wording, ApiError> {
    let message = |name: &str, longest: usize| {
        let message = response.text(name)?.filter(|message| !message.is_empty());
        let Some(text) = &message else { return Ok(None) };
        let names_user = source != Source::MessageOfInvitation || text.contains(USERNAME);
        if text.contains(CODE) && names_user && text.encode_utf16().count() <= longest {
            Ok(message)
        } else {
            Err(errors::unrecognizable_output())
        }
    };
    Ok(Wording {
        text: message("smsMessage", LONGEST_TEXT)?,
        mail: message("emailMessage", LONGEST_MAIL)?,
        subject: response.text("emailSubject")?.filter(|subject| !subject.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn worded(response: Value, source: Source) -> Option<Wording> {
        let response = Response::of(json!({ "response": response }), "ana").unwrap();
        read(&response, source).ok()
    }

    #[test]
    fn a_message_holds_its_placeholders_and_its_length() {
        let (code, invitation) = (Source::MessageAtSignUp, Source::MessageOfInvitation);
        let long = |length: usize| format!("{}{CODE}", "x".repeat(length - CODE.len()));
        for (response, source, fine) in [
            (json!({}), code, true),
            (
                json!({"smsMessage": null, "emailMessage": "", "emailSubject": "Hello"}),
                code,
                true,
            ),
            (json!({"smsMessage": "your code: {####}"}), code, true),
            (json!({"emailMessage": "your code"}), code, false),
            (json!({"emailMessage": 1}), code, false),
            (json!({"smsMessage": long(140)}), code, true),
            (json!({"smsMessage": long(141)}), code, false),
            (json!({"emailMessage": long(20_000)}), code, true),
            (json!({"emailMessage": long(20_001)}), code, false),
            (json!({"emailMessage": "{username} {####}"}), invitation, true),
            (json!({"emailMessage": "{####}"}), invitation, false),
        ] {
            assert_eq!(worded(response.clone(), source).is_some(), fine, "{response}");
        }
    }
}
