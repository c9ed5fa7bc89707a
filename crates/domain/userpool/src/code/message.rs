//! The texts of mails and text messages: the pool's templates, else Cognito's defaults. Reference: user-pools 2.6, 4.5.

use delivery::{Channel, Message};

use super::{
    Target,
    template::{self, Filling},
};
use crate::{
    pool::{Pool, settings::Template},
    trigger::Wording,
};

const VERIFICATION: Standard = Standard {
    subject: "Your verification code",
    text: "Your confirmation code is {####}",
};
/// As the console words it.
const LINK: Standard = Standard {
    subject: "Your verification link",
    text: "Please click the link below to verify your email address. {##Verify Email##}",
};
const SIGN_IN: Standard = Standard {
    subject: "Your authentication code",
    text: "Your authentication code is {####}.",
};
const INVITATION: Standard = Standard {
    subject: "Your temporary password",
    text: "Your username is {username} and temporary password is {####}.",
};

/// What stands where a pool says nothing.
#[derive(Clone, Copy)]
struct Standard {
    subject: &'static str,
    text: &'static str,
}

/// A code for sign-up, recovery or an attribute. `link`: where the mail of a sign-up leads in a pool that confirms by link.
pub(crate) fn verification(
    pool: &Pool,
    target: &Target,
    name_and_code: (&str, &str),
    wording: &Wording,
    link: Option<String>,
) -> Message {
    if let (Some(by_link), Some(link)) = (&pool.messages.by_link, link) {
        let template = worded(by_link, wording);
        return message(pool, (&template, LINK), target, name_and_code, Some(link));
    }
    let template = worded(&pool.messages.verification, wording);
    message(pool, (&template, VERIFICATION), target, name_and_code, None)
}

/// A code of a sign-in, as first or second factor. Reference: 5.8, 6.1.
pub(crate) fn sign_in(pool: &Pool, target: &Target, name_and_code: (&str, &str), wording: &Wording) -> Message {
    let template = worded(&pool.mfa.message, wording);
    message(pool, (&template, SIGN_IN), target, name_and_code, None)
}

/// The temporary password of a user that an administrator made.
pub(crate) fn invitation(pool: &Pool, target: &Target, name_and_password: (&str, &str), wording: &Wording) -> Message {
    let template = worded(&pool.messages.invitation, wording);
    message(pool, (&template, INVITATION), target, name_and_password, None)
}

/// A text without one is not delivered. Reference: 4.5.
pub(crate) fn has_place_for_password(pool: &Pool, target: &Target, wording: &Wording) -> bool {
    let template = worded(&pool.messages.invitation, wording);
    text_of(&template, INVITATION, target.channel()).contains(template::CODE)
}

/// What a function says goes before what the pool says.
fn worded(template: &Template, wording: &Wording) -> Template {
    Template {
        text: wording.text.clone().or_else(|| template.text.clone()),
        mail: wording.mail.clone().or_else(|| template.mail.clone()),
        subject: wording.subject.clone().or_else(|| template.subject.clone()),
    }
}

fn text_of(template: &Template, standard: Standard, channel: Channel) -> &str {
    let text = match channel {
        Channel::Email => &template.mail,
        Channel::Sms => &template.text,
    };
    text.as_deref().unwrap_or(standard.text)
}

fn message(
    pool: &Pool,
    (template, standard): (&Template, Standard),
    target: &Target,
    (username, code): (&str, &str),
    link: Option<String>,
) -> Message {
    let channel = target.channel();
    let by_mail = channel == Channel::Email;
    let subject = template.subject.as_deref().unwrap_or(standard.subject);
    let text = text_of(template, standard, channel);
    let link = link.filter(|_| template::holds_link(text));
    let html = by_mail && (link.is_some() || template::is_html(text));
    let filling = Filling {
        username,
        code,
        link: link.as_deref(),
    };
    let body = if html {
        template::html(text, filling)
    } else {
        template::plain(text, filling)
    };
    let of_mail = |value: &Option<String>| value.clone().filter(|_| by_mail);
    Message {
        pool: pool.id.clone(),
        channel,
        to: target.address.clone(),
        subject: by_mail.then(|| subject.to_owned()),
        body,
        html,
        code: Some(code.to_owned()),
        link,
        from: of_mail(&pool.messages.from),
        reply_to: of_mail(&pool.messages.reply_to),
    }
}
