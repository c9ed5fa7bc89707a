//! `/forgotPassword` and `/confirmforgotPassword`: another password in place of one that was forgotten. Reference:
//! oauth-and-federation 9.1.

use pages::hosted::{Forgot, Line, Say};
use userpool::hosted::Place;

use super::{
    ask::Ask,
    authorize,
    frame::{self, Around},
    letter, page,
    tell::{self, Asked},
};
use crate::body::Response;

pub async fn forgot(ask: &Ask<'_>) -> Response {
    let app = match authorize::read_own(ask).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let place = &app.place;
    let username = ask.field("username").unwrap_or_default();
    if ask.field("back").is_some() {
        return frame::redirect(ask, &ask.href("/login"));
    }
    if !ask.is_post() {
        return form(ask, place, None);
    }
    if !ask.is_own_form() || ask.form.has_repeats() {
        return form(ask, place, Some(Say::PageExpired.into()));
    }
    match ask.app.user_pools.forgot_at(&ask.cx, place, username).await {
        Ok(letter) => letter::reset_form(
            ask,
            place,
            username,
            &letter.unwrap_or_else(letter::nowhere),
            (None, None),
        ),
        Err(error) => {
            letter::told(ask, &error, "a password was not recovered");
            form(ask, place, Some(tell::line(&error, Asked::Else)))
        }
    }
}

pub async fn reset(ask: &Ask<'_>) -> Response {
    let app = match authorize::read_own(ask).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let place = &app.place;
    let username = ask.field("username").unwrap_or_default();
    let is_fit = ask.is_post() && ask.is_own_form() && !ask.form.has_repeats() && !username.is_empty();
    if !is_fit || ask.field("back").is_some() {
        return frame::redirect(ask, &ask.href("/forgotPassword"));
    }
    if ask.field("resend").is_some() {
        return match ask.app.user_pools.forgot_at(&ask.cx, place, username).await {
            Ok(letter) => {
                let notice = Some(Say::CodeSentAgain.into());
                letter::reset_form(
                    ask,
                    place,
                    username,
                    &letter.unwrap_or_else(letter::nowhere),
                    (None, notice),
                )
            }
            Err(error) => once_more(ask, place, username, tell::line(&error, Asked::Else)),
        };
    }
    let text = |name| ask.field(name).unwrap_or_default();
    let password = text("new_password");
    if password != text("new_password_again") {
        return once_more(ask, place, username, Say::PasswordsDiffer.into());
    }
    let digits: String = text("code").split_whitespace().collect();
    let changed = ask
        .app
        .user_pools
        .reset_at(&ask.cx, place, username, (&digits, password))
        .await;
    match changed {
        Ok(()) => {
            let notice = Some(Say::PasswordChanged.into());
            page::sign_in_after(ask, place, username, (None, notice))
        }
        Err(error) => {
            letter::told(ask, &error, "a password was not recovered");
            once_more(ask, place, username, tell::line(&error, Asked::Code))
        }
    }
}

fn form(ask: &Ask<'_>, place: &Place, error: Option<Line>) -> Response {
    let page = Forgot {
        named: page::named(place.sign_in_names()),
        username: ask.field("username").unwrap_or_default().to_owned(),
    };
    let around = Around {
        action: "/forgotPassword",
        error,
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

fn once_more(ask: &Ask<'_>, place: &Place, username: &str, line: Line) -> Response {
    letter::reset_form(ask, place, username, &letter::sent_before(ask), (Some(line), None))
}
