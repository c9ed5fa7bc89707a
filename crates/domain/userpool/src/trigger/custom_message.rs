//! Custom message: the function words a mail or a text message. Reference: user-pools 16.3.

use delivery::Channel;
use kernel::ApiError;
use serde_json::json;

use super::{Functions, Scene, Source, answer::Response, event};
use crate::{
    code::template::{CODE, USERNAME, holds_link},
    errors::triggers as errors,
};

/// What a function may put where the link is to stand; any text may stand in it.
const LINK: &str = "{##Click Here##}";
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
            Some(response) => read(&response, Needs::of(scene, source)),
            None => Ok(Wording::default()),
        }
    }
}

/// The placeholders that a message must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    Code,
    CodeAndUsername,
    /// Of a mail; a text message has no link.
    CodeOrLink,
}

impl Needs {
    fn of(scene: Scene<'_>, source: Source) -> Self {
        match source {
            Source::MessageOfInvitation => Self::CodeAndUsername,
            Source::MessageAtSignUp | Source::MessageSentAgain if scene.pool.messages.by_link.is_some() => {
                Self::CodeOrLink
            }
            _ => Self::Code,
        }
    }

    fn are_met(self, channel: Channel, text: &str) -> bool {
        let has_code = text.contains(CODE);
        match (self, channel) {
            (Self::CodeOrLink, Channel::Email) => has_code || holds_link(text),
            (Self::Code | Self::CodeOrLink, _) => has_code,
            (Self::CodeAndUsername, _) => has_code && text.contains(USERNAME),
        }
    }
}

/// Errors: InvalidLambdaResponse (a message without its placeholders, or too long).
fn read(response: &Response, needs: Needs) -> Result<Wording, ApiError> {
    let message = |name: &str, channel: Channel, longest: usize| {
        let message = response.text(name)?.filter(|message| !message.is_empty());
        let Some(text) = &message else { return Ok(None) };
        if needs.are_met(channel, text) && text.encode_utf16().count() <= longest {
            Ok(message)
        } else {
            Err(errors::unrecognizable_output())
        }
    };
    Ok(Wording {
        text: message("smsMessage", Channel::Sms, LONGEST_TEXT)?,
        mail: message("emailMessage", Channel::Email, LONGEST_MAIL)?,
        subject: response.text("emailSubject")?.filter(|subject| !subject.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn worded(response: &Value, needs: Needs) -> Option<Wording> {
        let response = Response::of(json!({ "response": response }), "ana").unwrap();
        read(&response, needs).ok()
    }

    #[test]
    fn a_message_holds_its_placeholders_and_its_length() {
        let (code, link, invitation) = (Needs::Code, Needs::CodeOrLink, Needs::CodeAndUsername);
        let long = |length: usize| format!("{}{CODE}", "x".repeat(length - CODE.len()));
        for (response, needs, fine) in [
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
            (json!({"emailMessage": "{##Click Here##}"}), code, false),
            (json!({"emailMessage": "{##Click Here##}"}), link, true),
            (json!({"emailMessage": "{##another text##}"}), link, true),
            (json!({"emailMessage": "{####}"}), link, true),
            (json!({"emailMessage": "no place"}), link, false),
            (json!({"smsMessage": "{##Click Here##}"}), link, false),
            (json!({"emailMessage": "{username} {####}"}), invitation, true),
            (json!({"emailMessage": "{####}"}), invitation, false),
        ] {
            assert_eq!(worded(&response, needs).is_some(), fine, "{needs:?} {response}");
        }
    }
}
