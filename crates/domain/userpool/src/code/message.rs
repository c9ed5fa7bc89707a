//! The texts of mails and text messages: the pool's templates, else Cognito's defaults. Reference: user-pools 2.6, 4.5.

use delivery::{Channel, Message};
use kernel::markup;

use super::Target;
use crate::{
    pool::{Pool, settings::Template},
    trigger::Wording,
};

const CODE: &str = "{####}";
const USERNAME: &str = "{username}";

const DEFAULT_VERIFICATION_SUBJECT: &str = "Your verification code";
const DEFAULT_VERIFICATION: &str = "Your confirmation code is {####}";
const DEFAULT_SIGN_IN_SUBJECT: &str = "Your authentication code";
const DEFAULT_SIGN_IN: &str = "Your authentication code is {####}.";
const DEFAULT_INVITATION_SUBJECT: &str = "Your temporary password";
const DEFAULT_INVITATION: &str = "Your username is {username} and temporary password is {####}.";

/// A code for sign-up, recovery or an attribute.
pub(crate) fn verification(pool: &Pool, target: &Target, name_and_code: (&str, &str), wording: &Wording) -> Message {
    let defaults = (DEFAULT_VERIFICATION_SUBJECT, DEFAULT_VERIFICATION);
    let template = worded(&pool.messages.verification, wording);
    message(pool, &template, defaults, target, name_and_code)
}

/// A code of a sign-in, as first or second factor. Reference: 5.8, 6.1.
pub(crate) fn sign_in(pool: &Pool, target: &Target, username: &str, code: &str) -> Message {
    let defaults = (DEFAULT_SIGN_IN_SUBJECT, DEFAULT_SIGN_IN);
    message(pool, &pool.mfa.message, defaults, target, (username, code))
}

/// The temporary password of a user that an administrator made.
pub(crate) fn invitation(pool: &Pool, target: &Target, name_and_password: (&str, &str), wording: &Wording) -> Message {
    let defaults = (DEFAULT_INVITATION_SUBJECT, DEFAULT_INVITATION);
    let template = worded(&pool.messages.invitation, wording);
    message(pool, &template, defaults, target, name_and_password)
}

/// What a function says goes before what the pool says.
fn worded(template: &Template, wording: &Wording) -> Template {
    Template {
        text: wording.text.clone().or_else(|| template.text.clone()),
        mail: wording.mail.clone().or_else(|| template.mail.clone()),
        subject: wording.subject.clone().or_else(|| template.subject.clone()),
    }
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

/// Text as HTML shows it, in elements and in attributes in quotes of either kind.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match markup::entity(c) {
            Some(entity) => html.push_str(entity),
            None if c == '\'' => html.push_str("&#39;"),
            None => html.push(c),
        }
    }
    html
}

/// `defaults` are the subject and the text where the template has none.
fn message(
    pool: &Pool,
    template: &Template,
    (default_subject, default_text): (&str, &str),
    target: &Target,
    (username, code): (&str, &str),
) -> Message {
    let channel = target.channel();
    let by_mail = channel == Channel::Email;
    let text = if by_mail { &template.mail } else { &template.text };
    let text = text.as_deref().unwrap_or(default_text);
    let html = by_mail && is_html(text);
    let body = if html {
        fill(text, &escaped(code), &escaped(username))
    } else {
        fill(text, code, username)
    };
    let subject = template.subject.as_deref().unwrap_or(default_subject);
    let of_mail = |value: &Option<String>| value.clone().filter(|_| by_mail);
    Message {
        pool: pool.id.clone(),
        channel,
        to: target.address.clone(),
        subject: by_mail.then(|| subject.to_owned()),
        body,
        html,
        code: Some(code.to_owned()),
        from: of_mail(&pool.messages.from),
        reply_to: of_mail(&pool.messages.reply_to),
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
