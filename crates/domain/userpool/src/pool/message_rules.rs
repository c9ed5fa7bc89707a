//! From whom a pool's mails come, and their texts. Reference: user-pools 2.2, 2.6.

use api::cognito_idp::{DefaultEmailOptionType, EmailConfigurationType, EmailSendingAccountType, UserPoolType};
use kernel::{ApiError, Arn, Region};

use crate::errors::settings as errors;

/// Whose mail service every pool may use, whatever its Region.
const SES_REGIONS: [&str; 3] = ["eu-west-1", "us-east-1", "us-west-2"];

/// With the defaults filled in. Errors: InvalidParameter.
pub(super) fn email(
    asked: Option<EmailConfigurationType>,
    region: &Region,
) -> Result<EmailConfigurationType, ApiError> {
    let asked = asked.unwrap_or_default();
    let account = asked
        .email_sending_account
        .unwrap_or(EmailSendingAccountType::CognitoDefault);
    match (account, asked.source_arn.as_deref().and_then(Arn::parse)) {
        (EmailSendingAccountType::CognitoDefault, None) => {}
        (EmailSendingAccountType::CognitoDefault, Some(_)) => return Err(errors::email_source_forbidden()),
        (EmailSendingAccountType::Developer, None) => return Err(errors::email_source_missing()),
        // Newer Regions use the mail service at their own place.
        (EmailSendingAccountType::Developer, Some(source)) => {
            if !SES_REGIONS.contains(&source.region()) && source.region() != region.as_str() {
                return Err(errors::email_source_region());
            }
        }
    }
    if asked.from.as_deref().is_some_and(|from| !is_sender(from)) {
        return Err(errors::email_sender_invalid());
    }
    Ok(EmailConfigurationType {
        email_sending_account: Some(account),
        ..asked
    })
}

/// An address, or `Name <address>`.
fn is_sender(from: &str) -> bool {
    let from = from.trim();
    let address = match from.split_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => from,
    };
    let blank = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>');
    address.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !address.contains(blank)
    })
}

/// The template and the older members say the same; the template goes before them. Texts with a code and with a link are
/// both kept, whichever is chosen.
pub(super) fn mirrored(mut settings: UserPoolType) -> UserPoolType {
    let mut template = settings.verification_message_template.take().unwrap_or_default();
    template
        .default_email_option
        .get_or_insert(DefaultEmailOptionType::ConfirmWithCode);
    mirror(&mut template.sms_message, &mut settings.sms_verification_message);
    mirror(&mut template.email_message, &mut settings.email_verification_message);
    mirror(&mut template.email_subject, &mut settings.email_verification_subject);
    settings.verification_message_template = Some(template);
    settings
}

fn mirror(first: &mut Option<String>, second: &mut Option<String>) {
    if first.is_some() {
        second.clone_from(first);
    } else {
        first.clone_from(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_has_one_address() {
        for from in [
            "no-reply@example.com",
            "Harbour <no-reply@example.com>",
            "\"A, B\" <a@b>",
        ] {
            assert!(is_sender(from), "{from}");
        }
        for from in [
            "",
            "example.com",
            "@example.com",
            "a@",
            "a@b@c",
            "a b@c",
            "Name <a@b",
            "Name <>",
            "<a@b> x",
        ] {
            assert!(!is_sender(from), "{from}");
        }
    }
}
