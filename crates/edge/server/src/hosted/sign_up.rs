//! `/signup` and `/confirm`: a new account, and the code that confirms it. Reference: oauth-and-federation 9.1.

use http::StatusCode;
use kernel::{ApiError, Code};
use pages::hosted::{Done, Line, Say, SignUp};
use userpool::hosted::{Letter, NewAccount, Place, Start};

use super::{
    ask::Ask,
    authorize::{self, App},
    frame::{self, Around},
    letter, outcome, page,
    step::attributes,
    tell::{self, Asked},
};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>) -> Response {
    let app = match authorize::read_own(ask).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let place = &app.place;
    if !place.signs_up() {
        return frame::refused(ask, StatusCode::FORBIDDEN, Some(Say::SignUpClosed.into()));
    }
    if !ask.is_post() {
        return form(ask, place, None);
    }
    if !ask.is_own_form() || ask.form.has_repeats() {
        return form(ask, place, Some(Say::PageExpired.into()));
    }
    let username = ask.field("username").unwrap_or_default();
    // Nobody gives themselves what the page does not ask for.
    let asked = place.sign_up_fields();
    let entered = attributes(&ask.form).into_iter();
    let account = NewAccount {
        username: username.to_owned(),
        password: ask.field("password").map(str::to_owned),
        attributes: entered.filter(|(name, _)| asked.contains(name)).collect(),
    };
    match ask.app.user_pools.sign_up_at(&ask.cx, place, account).await {
        Ok(made) if made.is_confirmed => go_on(ask, &app, username, &made.session).await,
        Ok(made) => match made.letter {
            Some(letter) => letter::confirm(ask, username, &letter, &made.session, None),
            // Nothing verifies the address that nobody gave: an administrator has to.
            None => frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::AccountNotConfirmed.into())),
        },
        Err(error) => {
            letter::told(ask, &error, "a sign-up was refused");
            form(ask, place, Some(tell::line(&error, Asked::Else)))
        }
    }
}

pub async fn confirm(ask: &Ask<'_>) -> Response {
    let app = match authorize::read_own(ask).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    let place = &app.place;
    // The page is none of its own: it follows a sign-up, or a sign-in that was too early.
    let username = ask.field("username").unwrap_or_default();
    if !ask.is_post() || !ask.is_own_form() || ask.form.has_repeats() || username.is_empty() {
        return frame::redirect(ask, &ask.href("/login"));
    }
    let session = ask.field("session");
    if ask.field("resend").is_some() {
        return match resent(ask, place, username).await {
            Ok(letter) => {
                let letter = letter.unwrap_or_else(letter::nowhere);
                let notice = Some(Say::CodeSentAgain.into());
                letter::confirm(
                    ask,
                    username,
                    &letter,
                    session.unwrap_or_default(),
                    Some((None, notice)),
                )
            }
            Err(error) => once_more(ask, username, &error),
        };
    }
    let digits: String = ask.field("code").unwrap_or_default().split_whitespace().collect();
    let confirmed = ask
        .app
        .user_pools
        .confirm_at(&ask.cx, place, (username, &digits), session)
        .await;
    match confirmed {
        Ok(Some(session)) => {
            let start = Start::SignedUp {
                username: username.to_owned(),
                session,
            };
            let reply = ask.app.user_pools.begin_at(&ask.cx, place, start).await;
            outcome::replied(ask, &app, (username, Asked::Else), reply, None).await
        }
        Ok(None) => done(ask),
        Err(error) => once_more(ask, username, &error),
    }
}

/// Where nobody is to know who exists, whoever has confirmed already looks as if a code had been sent, and nobody reads where to.
async fn resent(ask: &Ask<'_>, place: &Place, username: &str) -> Result<Option<Letter>, ApiError> {
    match ask.app.user_pools.resend_at(&ask.cx, place, username).await {
        Ok(letter) => Ok(letter.filter(|_| !place.hides_users())),
        Err(error) if place.hides_users() && error.code() == Code::InvalidParameter => {
            letter::told(ask, &error, "a code was not sent again");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Confirmed by a function: the browser that signed up is signed in.
async fn go_on(ask: &Ask<'_>, app: &App, username: &str, session: &str) -> Response {
    let (pools, place) = (&ask.app.user_pools, &app.place);
    match pools.signed_up(&ask.cx, place, session).await {
        Ok(Some(session)) => {
            let start = Start::SignedUp {
                username: username.to_owned(),
                session,
            };
            let reply = pools.begin_at(&ask.cx, place, start).await;
            outcome::replied(ask, app, (username, Asked::Else), reply, None).await
        }
        _ => done(ask),
    }
}

fn form(ask: &Ask<'_>, place: &Place, error: Option<Line>) -> Response {
    let page = SignUp {
        named: page::named(place.sign_up_names()),
        username: ask.field("username").unwrap_or_default().to_owned(),
        policy: page::policy(&place.password_rules()),
        attributes: page::fields(place.sign_up_fields(), ask),
        sign_in: ask.href("/login"),
    };
    let around = Around {
        action: "/signup",
        error,
        ..Around::default()
    };
    frame::shown(ask, around, &page)
}

fn once_more(ask: &Ask<'_>, username: &str, error: &ApiError) -> Response {
    letter::told(ask, error, "a sign-up was not confirmed");
    // Confirmed already, or nobody: the login page tells no more than it would.
    if error.code() == Code::NotAuthorized {
        return frame::redirect(ask, &ask.href("/login"));
    }
    let session = ask.field("session").unwrap_or_default();
    letter::confirm(
        ask,
        username,
        &letter::sent_before(ask),
        session,
        Some((Some(tell::line(error, Asked::Code)), None)),
    )
}

fn done(ask: &Ask<'_>) -> Response {
    let page = Done {
        heading: Say::AccountConfirmed.into(),
        sentence: Say::YouCanSignIn.into(),
        next: ask.href("/login"),
    };
    frame::shown(ask, Around::default(), &page)
}
