//! Pages that ask for a code that was sent: of a sign-up, or for another password.

use kernel::{ApiError, Code};
use pages::hosted::{Confirm, Line, Reset, Say, Way};
use userpool::hosted::{By, Letter, Place};

use super::{
    ask::Ask,
    frame::{self, Around},
    page,
    tell::{self, Asked},
};
use crate::body::Response;

/// Somebody who may not sign in until their address is confirmed: the code, once more.
pub async fn confirm_again(ask: &Ask<'_>, place: &Place, username: &str) -> Response {
    match ask.app.user_pools.resend_at(&ask.cx, place, username).await {
        Ok(letter) => {
            let error = Some(Say::AccountNotConfirmed.into());
            confirm(ask, username, &letter.unwrap_or_else(nowhere), "", Some((error, None)))
        }
        Err(error) => {
            told(ask, &error, "a code was not sent again");
            page::sign_in(ask, place, username, Some(Say::AccountNotConfirmed.into()))
        }
    }
}

/// Somebody whose password has to be another before they sign in.
pub async fn reset(ask: &Ask<'_>, place: &Place, username: &str) -> Response {
    match ask.app.user_pools.forgot_at(&ask.cx, place, username).await {
        Ok(letter) => {
            let error = Some(Say::PasswordResetRequired.into());
            reset_form(ask, place, username, &letter.unwrap_or_else(nowhere), (error, None))
        }
        Err(error) => {
            told(ask, &error, "a password was not recovered");
            page::sign_in(ask, place, username, Some(tell::line(&error, Asked::Else)))
        }
    }
}

pub fn confirm(
    ask: &Ask<'_>,
    username: &str,
    letter: &Letter,
    session: &str,
    said: Option<(Option<Line>, Option<Line>)>,
) -> Response {
    let (error, notice) = said.unwrap_or_default();
    let page = Confirm {
        way: way(letter.by),
        destination: letter.destination.clone(),
    };
    let around = Around {
        action: "/confirm",
        session: session.to_owned(),
        username: username.to_owned(),
        error,
        notice,
    };
    frame::shown(ask, around, &page)
}

pub fn reset_form(
    ask: &Ask<'_>,
    place: &Place,
    username: &str,
    letter: &Letter,
    (error, notice): (Option<Line>, Option<Line>),
) -> Response {
    let page = Reset {
        way: way(letter.by),
        destination: letter.destination.clone(),
        code: typed(ask, error.as_ref()),
        policy: page::policy(&place.password_rules()),
    };
    let around = Around {
        action: "/confirmforgotPassword",
        username: username.to_owned(),
        error,
        notice,
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

/// The code stays, where it was not what was wrong.
fn typed(ask: &Ask<'_>, error: Option<&Line>) -> String {
    let wrong = [Say::CodeMismatch, Say::CodeExpired].map(Line::from);
    let stays = error.is_some_and(|line| !wrong.contains(line));
    let code = ask.field("code").filter(|_| stays);
    code.unwrap_or_default().to_owned()
}

fn way(by: By) -> Way {
    match by {
        By::Email => Way::Email,
        By::Sms => Way::Sms,
    }
}

/// Where a code went that was sent before: the page has said it, and is repeated.
pub fn sent_before(ask: &Ask<'_>) -> Letter {
    let destination = ask.field("destination").unwrap_or_default();
    Letter {
        by: if destination.starts_with('+') {
            By::Sms
        } else {
            By::Email
        },
        destination: destination.to_owned(),
    }
}

pub fn nowhere() -> Letter {
    Letter {
        by: By::Email,
        destination: String::new(),
    }
}

pub fn told(ask: &Ask<'_>, error: &ApiError, what: &'static str) {
    let request_id = &ask.cx.request_id;
    if error.code() == Code::InternalError {
        tracing::error!(%request_id, ?error, what);
    } else {
        tracing::info!(%request_id, code = error.code().0, what);
    }
}
