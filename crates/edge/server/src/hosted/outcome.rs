//! What comes of a step of the sign-in: the next page, the same page with what was wrong, or the app's answer.

use http::{HeaderValue, StatusCode, header};
use kernel::{ApiError, Code};
use pages::hosted::{Line, NewPassword, RecoveryCode, Say, SetUpEmail, Totp, Way};
use userpool::hosted::{Browser, LoggedIn, Place, Reply, SentBy};

use super::{
    afterwards,
    ask::Ask,
    authorize::App,
    cookies::{Kept, SESSION, Sent},
    frame::{self, Around},
    letter, page,
    present::Present,
    step::{Carried, attributes},
    tell::{self, Asked},
};
use crate::body::Response;

/// What the machine says, shown; or, when all is shown that it wants, the app's answer.
pub async fn replied(
    ask: &Ask<'_>,
    app: &App,
    (username, asked): (&str, Asked),
    reply: Result<Reply, ApiError>,
    choice: Option<String>,
) -> Response {
    let place = &app.place;
    match reply {
        Ok(Reply::LoggedIn(signed_in)) => signed_in_here(ask, app, &signed_in).await,
        Ok(Reply::Challenge(challenge)) => {
            let page = page::asked(ask, place, username, challenge, choice.as_deref());
            page.unwrap_or_else(|| frame::refused(ask, StatusCode::BAD_REQUEST, None))
        }
        Ok(Reply::SignedIn(_)) => frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None),
        Err(error) => refused(ask, place, (username, asked), &error).await,
    }
}

async fn refused(ask: &Ask<'_>, place: &Place, (username, asked): (&str, Asked), error: &ApiError) -> Response {
    let request_id = &ask.cx.request_id;
    match error.code() {
        Code::InternalError => {
            tracing::error!(%request_id, ?error, "a sign-in failed");
            return frame::refused(ask, StatusCode::INTERNAL_SERVER_ERROR, None);
        }
        // Told after the right password alone: what is missing is asked for.
        Code::UserNotConfirmed => return letter::confirm_again(ask, place, username).await,
        Code::PasswordResetRequired => return letter::reset(ask, place, username).await,
        code => tracing::info!(%request_id, code = code.0, "a sign-in was refused"),
    }
    let carried = Carried::read(ask.field("session").unwrap_or_default());
    again(ask, place, username, tell::line(error, asked), &carried)
}

/// The page once more, with what was wrong; from the beginning where its session is of no more use.
pub fn again(ask: &Ask<'_>, place: &Place, username: &str, line: Line, carried: &Carried) -> Response {
    let is_over = carried.session.is_empty() || line == Say::SessionExpired.into();
    let around = Around {
        action: "/login",
        session: carried.written(),
        username: username.to_owned(),
        error: Some(line.clone()),
        ..Around::default()
    };
    let shown = if is_over {
        None
    } else {
        same(ask, place, around, carried)
    };
    shown.unwrap_or_else(|| page::sign_in(ask, place, username, Some(line)))
}

fn same(ask: &Ask<'_>, place: &Place, around: Around, carried: &Carried) -> Option<Response> {
    let has_other_ways = carried.choice.is_some();
    Some(match ask.form.given("step")? {
        "password" => page::password(ask, around, has_other_ways),
        "code" => {
            let way = match carried.sent? {
                SentBy::EmailOtp => Way::Email,
                _ => Way::Sms,
            };
            let page = pages::hosted::Code {
                way,
                destination: letter::sent_before(ask).destination,
                can_resend: !carried.is_second,
                has_other_ways,
                has_recovery: carried.has_recovery,
            };
            frame::shown(ask, around, &page)
        }
        "totp" => {
            let page = Totp {
                has_other_ways: false,
                has_recovery: carried.has_recovery,
            };
            frame::shown(ask, around, &page)
        }
        "recovery_code" => frame::shown(ask, around, &RecoveryCode {}),
        "new_password" => {
            let entered = attributes(&ask.form).into_iter().map(|(name, _)| name).collect();
            let page = NewPassword {
                policy: page::policy(&place.password_rules()),
                attributes: page::fields(entered, ask),
            };
            frame::shown(ask, around, &page)
        }
        "set_up_email" => {
            let page = SetUpEmail {
                email: ask.field("email").unwrap_or_default().to_owned(),
                has_back: false,
            };
            frame::shown(ask, around, &page)
        }
        _ => return None,
    })
}

/// The browser has a session from now on, by a cookie that it did not have before; what forms repeat changes with it.
async fn signed_in_here(ask: &Ask<'_>, app: &App, signed_in: &LoggedIn) -> Response {
    let mut browser = Browser::of(signed_in);
    // What was signed in here before is over.
    if let Some(before) = ask.cookie(SESSION) {
        let pools = &ask.app.user_pools;
        match pools.succeed(&ask.cx, &app.place, signed_in, before).await {
            Ok(succeeding) => browser = succeeding,
            Err(error) => tracing::warn!(?error, "a browser's former session could not be ended"),
        }
    }
    // A page that is shown now is of the new one.
    let ask = &Ask {
        csrf: kernel::uuid(ask.cx.rng()),
        ..ask.clone()
    };
    let present = Present::anew(ask, app, browser);
    let mut response = afterwards::first(ask, app, &present, signed_in.recovery_codes_left).await;
    let jar = ask.jar();
    let session = jar.set(
        SESSION,
        Browser::cookie(signed_in),
        Kept::Seconds(Browser::cookie_life(signed_in).as_secs()),
        Sent::Lax,
    );
    let csrf = ask.csrf_cookie();
    let headers = response.headers_mut();
    let others: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    let others = others.into_iter().filter(|cookie| csrf.as_ref() != Some(cookie));
    for cookie in [csrf.clone(), session].into_iter().flatten().chain(others) {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
