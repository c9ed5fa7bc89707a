//! `/login`: the pages of a sign-in, and the way back to the app. Reference: oauth-and-federation 4, 9.1.

use http::{HeaderValue, StatusCode, header};
use kernel::{ApiError, Code};
use oauth::authorize::due::{Due, due};
use pages::hosted::Say;
use userpool::hosted::{Answer, Browser, Challenge, FirstFactor, Given, LoggedIn, Place, Reply, Start};

use super::{
    ask::Ask,
    authorization,
    authorize::{self, App},
    consent,
    cookies::{Kept, SESSION},
    frame::{self, Around},
    page, recovery, set_up, sign_up,
    step::{Carried, Step, attributes, step},
    tell::{self, Asked},
};
use crate::body::Response;

pub async fn answer(ask: &Ask<'_>) -> Response {
    let app = match authorize::read(ask, &ask.query).await {
        Ok(app) => app,
        Err(response) => return *response,
    };
    if !ask.is_post() {
        return begun(ask, &app).await;
    }
    if !ask.is_own_form() {
        return page::sign_in(ask, &app.admitted.place, "", Some(Say::PageExpired.into()));
    }
    match step(&ask.form) {
        Some(step) if !ask.form.has_repeats() => taken(ask, &app, step).await,
        _ => frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::InvalidInput.into())),
    }
}

/// The page is opened.
async fn begun(ask: &Ask<'_>, app: &App) -> Response {
    let browser = match authorize::browser(ask, app).await {
        Ok(browser) => browser,
        Err(response) => return *response,
    };
    match browser {
        Some(browser) if due(&app.request, Some(authorize::so_far(app, &browser))) == Due::Nothing => {
            if consent::is_needed(app) {
                consent::asked(ask, app, &browser)
            } else {
                page::continue_as(ask, browser.name())
            }
        }
        _ => {
            let hint = app.request.login_hint.as_deref().unwrap_or_default();
            page::sign_in(ask, &app.admitted.place, hint, None)
        }
    }
}

/// A form was sent.
async fn taken(ask: &Ask<'_>, app: &App, step: Step) -> Response {
    let place = &app.admitted.place;
    let username = ask.field("username").unwrap_or_default();
    let carried = Carried::read(ask.field("session").unwrap_or_default());
    match step {
        Step::Back => page::sign_in(ask, place, username, None),
        Step::Continue => continued(ask, app).await,
        Step::Consent { is_allowed } => consent::answered(ask, app, is_allowed).await,
        Step::Name if place.offers_choice() => begin_choice(ask, app, username, None).await,
        Step::Name => page::sign_in(ask, place, username, None),
        Step::NameAndPassword { password } => {
            let start = Start::Password {
                username: username.to_owned(),
                password,
                step_up: place.wish(&app.request.levels),
            };
            let reply = ask.app.user_pools.begin_at(&ask.cx, place, start).await;
            replied(ask, app, (username, Asked::Password), reply, None).await
        }
        Step::Resend => match carried.sent.and_then(first_factor) {
            Some(factor) => begin_choice(ask, app, username, Some(factor)).await,
            None => page::sign_in(ask, place, username, Some(Say::SessionExpired.into())),
        },
        Step::Way { name } => way(ask, app, username, &name, carried).await,
        Step::SetUp { name } => set_up::chosen(ask, app, username, &name, &carried).await,
        Step::SetUpApp { digits, name } => set_up::app(ask, app, username, (&digits, name.as_deref()), &carried).await,
        step => {
            let asked = match step {
                Step::Password { .. } => Asked::Password,
                Step::Code { .. } | Step::Totp { .. } => Asked::Code,
                _ => Asked::Else,
            };
            match to_machine(ask, step, &carried) {
                Ok(answer) => {
                    let reply = ask.app.user_pools.answer_at(&ask.cx, place, username, answer).await;
                    replied(ask, app, (username, asked), reply, carried.choice).await
                }
                Err(say) => again(ask, place, username, say.into(), &carried),
            }
        }
    }
}

/// What the machine hears of a page. Errors: what is told to the person instead.
fn to_machine(ask: &Ask<'_>, step: Step, carried: &Carried) -> Result<Answer, Say> {
    let session = carried.session.clone();
    Ok(match step {
        Step::Password { password } => Answer::Choice {
            session,
            factor: FirstFactor::Password,
            given: Given {
                password: Some(password),
                ..Given::default()
            },
        },
        Step::Code { digits } => Answer::Code {
            session,
            sent: carried.sent.ok_or(Say::SessionExpired)?,
            digits: digits.split_whitespace().collect(),
        },
        Step::Totp { digits } => Answer::Totp {
            session,
            digits: digits.split_whitespace().collect(),
        },
        Step::Passkey { credential } if credential.is_empty() => return Err(Say::PasskeyFailed),
        Step::Passkey { credential } => Answer::Passkey { session, credential },
        Step::SecondFactor { name } => Answer::SecondFactor {
            session,
            factor: page::second_factor(&name),
        },
        Step::SetUpEmail { address } => Answer::SetUp {
            session,
            email: Some(address),
        },
        Step::NewPassword { password, again } if password != again => return Err(Say::PasswordsDiffer),
        Step::NewPassword { password, .. } => Answer::NewPassword {
            session,
            password,
            attributes: attributes(&ask.form),
        },
        _ => return Err(Say::InvalidInput),
    })
}

/// USER_AUTH: the person chooses, where there is a choice.
async fn begin_choice(ask: &Ask<'_>, app: &App, username: &str, preferred: Option<FirstFactor>) -> Response {
    let start = Start::Choice {
        username: username.to_owned(),
        preferred,
        given: Given::default(),
        step_up: app.admitted.place.wish(&app.request.levels),
    };
    let place = &app.admitted.place;
    let reply = ask.app.user_pools.begin_at(&ask.cx, place, start).await;
    let Ok(Reply::Challenge(Challenge::Select { available, session })) = reply else {
        return replied(ask, app, (username, Asked::Password), reply, None).await;
    };
    let shown: Vec<FirstFactor> = available
        .into_iter()
        .filter(|factor| *factor != FirstFactor::PasswordSrp)
        .collect();
    match shown.as_slice() {
        [only] => way_of(ask, app, username, *only, session, None).await,
        _ => {
            let challenge = Challenge::Select {
                available: shown,
                session: session.clone(),
            };
            let page = page::asked(ask, place, username, challenge, None);
            page.unwrap_or_else(|| frame::refused(ask, StatusCode::BAD_REQUEST, None))
        }
    }
}

/// One of the ways that were shown, or all of them once more.
async fn way(ask: &Ask<'_>, app: &App, username: &str, name: &str, carried: Carried) -> Response {
    if name == "choose" {
        return begin_choice(ask, app, username, None).await;
    }
    let session = carried.session;
    way_of(ask, app, username, page::factor(name), session.clone(), Some(session)).await
}

async fn way_of(
    ask: &Ask<'_>,
    app: &App,
    username: &str,
    factor: FirstFactor,
    session: String,
    choice: Option<String>,
) -> Response {
    if factor == FirstFactor::Password {
        let has_other_ways = choice.is_some();
        let carried = Carried {
            session,
            sent: None,
            choice,
        };
        let around = Around {
            action: "/login",
            session: carried.written(),
            username: username.to_owned(),
            ..Around::default()
        };
        return page::password(ask, around, has_other_ways);
    }
    let answer = Answer::Choice {
        session,
        factor,
        given: Given::default(),
    };
    let place = &app.admitted.place;
    let reply = ask.app.user_pools.answer_at(&ask.cx, place, username, answer).await;
    replied(ask, app, (username, Asked::Else), reply, choice).await
}

/// What the machine says, shown; or, when all is shown that it wants, the app's answer.
pub async fn replied(
    ask: &Ask<'_>,
    app: &App,
    (username, asked): (&str, Asked),
    reply: Result<Reply, ApiError>,
    choice: Option<String>,
) -> Response {
    let place = &app.admitted.place;
    match reply {
        Ok(Reply::LoggedIn(signed_in)) => signed_in_here(ask, app, &signed_in).await,
        Ok(Reply::Challenge(challenge)) => {
            let page = page::asked(ask, place, username, challenge, choice);
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
        Code::UserNotConfirmed => return sign_up::code_again(ask, place, username).await,
        Code::PasswordResetRequired => return recovery::begun(ask, place, username).await,
        code => tracing::info!(%request_id, code = code.0, "a sign-in was refused"),
    }
    let carried = Carried::read(ask.field("session").unwrap_or_default());
    again(ask, place, username, tell::line(error, asked), &carried)
}

/// The page once more, with what was wrong; from the beginning where its session is of no more use.
fn again(ask: &Ask<'_>, place: &Place, username: &str, line: pages::hosted::Line, carried: &Carried) -> Response {
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
                userpool::hosted::SentBy::EmailOtp => pages::hosted::Way::Email,
                _ => pages::hosted::Way::Sms,
            };
            let page = pages::hosted::Code {
                way,
                destination: String::new(),
                has_other_ways,
            };
            frame::shown(ask, around, &page)
        }
        "totp" => frame::shown(ask, around, &pages::hosted::Totp { has_other_ways: false }),
        "new_password" => {
            let entered = attributes(&ask.form).into_iter().map(|(name, _)| name).collect();
            let page = pages::hosted::NewPassword {
                policy: page::policy(&place.password_rules()),
                attributes: page::fields(entered, ask),
            };
            frame::shown(ask, around, &page)
        }
        "set_up_email" => {
            let page = pages::hosted::SetUpEmail {
                email: ask.field("email").unwrap_or_default().to_owned(),
                has_back: false,
            };
            frame::shown(ask, around, &page)
        }
        _ => return None,
    })
}

/// The way in which a code came, to be sent again: as a first factor alone, for the machine asks for a second one once.
fn first_factor(sent: userpool::hosted::SentBy) -> Option<FirstFactor> {
    match sent {
        userpool::hosted::SentBy::EmailOtp => Some(FirstFactor::EmailOtp),
        userpool::hosted::SentBy::SmsOtp => Some(FirstFactor::SmsOtp),
        userpool::hosted::SentBy::SmsMfa => None,
    }
}

async fn continued(ask: &Ask<'_>, app: &App) -> Response {
    match authorize::browser(ask, app).await {
        Ok(Some(browser)) if due(&app.request, Some(authorize::so_far(app, &browser))) == Due::Nothing => {
            authorization::answered(ask, app, &browser).await
        }
        Ok(_) => page::sign_in(ask, &app.admitted.place, "", Some(Say::SessionExpired.into())),
        Err(response) => *response,
    }
}

/// The browser has a session from now on, by a cookie that it did not have before; what forms repeat changes with it.
async fn signed_in_here(ask: &Ask<'_>, app: &App, signed_in: &LoggedIn) -> Response {
    let browser = Browser::of(signed_in);
    // What was signed in here before is over.
    if let Some(before) = ask.cookie(SESSION)
        && let Err(error) = ask.app.user_pools.end_browser(ask.pool(), before).await
    {
        tracing::warn!(?error, "a browser's former session could not be ended");
    }
    // A page that is shown now is of the new one.
    let ask = &Ask {
        csrf: kernel::uuid(ask.cx.rng()),
        ..ask.clone()
    };
    let mut response = authorization::answered(ask, app, &browser).await;
    let jar = ask.jar();
    let session = jar.set(
        SESSION,
        Browser::cookie(signed_in),
        Kept::Seconds(Browser::cookie_life(signed_in).as_secs()),
    );
    let csrf = ask.csrf_cookie();
    let headers = response.headers_mut();
    headers.remove(header::SET_COOKIE);
    for cookie in [csrf, session].into_iter().flatten() {
        let cookie: HeaderValue = cookie;
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
