//! The texts of mails and text messages: the pool's templates, else Cognito's defaults. Reference: user-pools 2.6, 4.5.

use api::cognito_idp::{MessageTemplateType, VerificationMessageTemplateType};
use delivery::{Channel, Message};

use crate::{delivery_target::Target, settings::Pool};

const CODE: &str = "{####}";
const USERNAME: &str = "{username}";

const DEFAULT_VERIFICATION_SUBJECT: &str = "Your verification code";
const DEFAULT_VERIFICATION: &str = "Your confirmation code is {####}";
const DEFAULT_INVITATION_SUBJECT: &str = "Your temporary password";
const DEFAULT_INVITATION: &str = "Your username is {username} and temporary password is {####}.";

/// A code for sign-up, recovery or an attribute.
pub(crate) fn verification(pool: &Pool, target: &Target, username: &str, code: &str) -> Message {
    let template = pool.settings.verification_message_template.clone().unwrap_or_default();
    let VerificationMessageTemplateType {
        sms_message,
        email_message,
        email_subject,
        ..
    } = template;
    let text = match target.channel() {
        Channel::Email => email_message.or_else(|| pool.settings.email_verification_message.clone()),
        Channel::Sms => sms_message.or_else(|| pool.settings.sms_verification_message.clone()),
    };
    let subject = email_subject
        .or_else(|| pool.settings.email_verification_subject.clone())
        .unwrap_or_else(|| DEFAULT_VERIFICATION_SUBJECT.to_owned());
    let text = text.as_deref().unwrap_or(DEFAULT_VERIFICATION);
    message(pool, target, subject, text, username, code)
}

/// The temporary password of a user that an administrator made.
pub(crate) fn invitation(pool: &Pool, target: &Target, username: &str, password: &str) -> Message {
    let config = pool.settings.admin_create_user_config.clone().unwrap_or_default();
    let MessageTemplateType {
        sms_message,
        email_message,
        email_subject,
    } = config.invite_message_template.unwrap_or_default();
    let text = match target.channel() {
        Channel::Email => email_message,
        Channel::Sms => sms_message,
    };
    let subject = email_subject.unwrap_or_else(|| DEFAULT_INVITATION_SUBJECT.to_owned());
    let text = text.as_deref().unwrap_or(DEFAULT_INVITATION);
    message(pool, target, subject, text, username, password)
}

/// What is put in for one placeholder is not searched for the other.
fn fill(template: &str, code: &str, username: &str) -> String {
    let mut pieces = template.split(CODE).map(|piece| piece.replace(USERNAME, username));
    let first = pieces.next().unwrap_or_default();
    pieces.fold(first, |text, piece| text + code + &piece)
}

/// Cognito sends every mail as HTML. A template without markup reads the same as plain text, in which a name or password
/// can't be taken for markup.
fn is_html(template: &str) -> bool {
    let begins_tag = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    template.split('<').skip(1).any(begins_tag)
}

/// Text as HTML shows it, in elements and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

fn message(pool: &Pool, target: &Target, subject: String, template: &str, username: &str, code: &str) -> Message {
    let channel = target.channel();
    let html = channel == Channel::Email && is_html(template);
    let body = if html {
        fill(template, &escaped(code), &escaped(username))
    } else {
        fill(template, code, username)
    };
    let email = pool
        .settings
        .email_configuration
        .as_ref()
        .filter(|_| channel == Channel::Email);
    Message {
        pool: pool.id.clone(),
        channel,
        to: target.address.clone(),
        subject: (channel == Channel::Email).then_some(subject),
        body,
        html,
        code: Some(code.to_owned()),
        from: email.and_then(|e| e.from.clone()),
        reply_to: email.and_then(|e| e.reply_to_email_address.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once() {
        assert_eq!(
            fill(DEFAULT_INVITATION, "p{username}", "ana"),
            "Your username is ana and temporary password is p{username}."
        );
        assert_eq!(fill("{####}{####}", "1", "ana"), "11");
        assert_eq!(fill("none", "1", "ana"), "none");
    }

    #[test]
    fn html_is_what_has_tags() {
        for html in ["<p>{####}</p>", "a<br>b", "{####}</b>", "<!DOCTYPE html>", "1 < 2 <i>"] {
            assert!(is_html(html), "{html}");
        }
        for plain in ["{####}", "1 < 2", "<3 {####}", "a <", "<{username}>", ""] {
            assert!(!is_html(plain), "{plain}");
        }
    }

    #[test]
    fn nothing_of_a_name_is_markup() {
        assert_eq!(
            escaped("<a href=\"x\" b='&amp;'>é"),
            "&lt;a href=&quot;x&quot; b=&#39;&amp;amp;&#39;&gt;é"
        );
    }
}
