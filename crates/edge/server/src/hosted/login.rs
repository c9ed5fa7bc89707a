//! `/login`: the pages of a sign-in, and the way back to the app. Reference: oauth-and-federation 4, 9.1.

use http::StatusCode;
use oauth::authorize::due::Due;
use pages::hosted::Say;
use userpool::hosted::{Answer, Challenge, FirstFactor, Given, Place, Reply, SentBy, SignInBy, Start};

use super::{
    afterwards,
    ask::Ask,
    authorization,
    authorize::{self, App, Asks},
    away, consent, device,
    frame::{self, Around},
    outcome, page,
    present::Present,
    providers, set_up,
    step::{Carried, Step, attributes, step},
    tell::Asked,
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
        return page::sign_in(ask, &app.place, "", Some(Say::PageExpired.into()));
    }
    match step(&ask.form) {
        Some(step) if !ask.form.has_repeats() => Box::pin(taken(ask, &app, step)).await,
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
        // Who names a provider goes to it.
        Some(browser) if !providers::is_named(ask) && authorize::due_of(app, Some(&browser)) == Due::Nothing => {
            match &app.asks {
                Asks::Redirect(_) if !consent::is_needed(app) => page::continue_as(ask, &browser),
                _ => authorization::answered(ask, app, &Present::before(browser)).await,
            }
        }
        browser => match app.by() {
            SignInBy::Provider(name) => away::leave(ask, app, &name).await,
            SignInBy::Any | SignInBy::Pool => {
                // Whoever is asked once more at their account is known.
                let known = browser.as_ref().filter(|_| matches!(app.asks, Asks::Account { .. }));
                let hint = known
                    .map(|browser| browser.sign_in_name(&app.place))
                    .or(app.login_hint());
                page::sign_in(ask, &app.place, hint.unwrap_or_default(), None)
            }
        },
    }
}

/// A form was sent.
async fn taken(ask: &Ask<'_>, app: &App, step: Step) -> Response {
    let place = &app.place;
    let username = ask.field("username").unwrap_or_default();
    let carried = Carried::read(ask.field("session").unwrap_or_default());
    if step.is_of_own_users() && !app.takes_own_users() {
        return frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::InvalidInput.into()));
    }
    match step {
        Step::Provider { email } => away::of_address(ask, place, &email),
        Step::Continue => continued(ask, app).await,
        Step::RecoveryUsed => afterwards::recovery(ask, app).await,
        Step::Remember { is_wanted } => afterwards::device(ask, app, is_wanted).await,
        Step::AddPasskey { credential } => afterwards::passkey(ask, app, credential.as_deref()).await,
        Step::Consent { is_allowed } => match &app.asks {
            Asks::Redirect(request) if consent::is_due(app) => consent::answered(ask, (app, request), is_allowed).await,
            _ => frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::InvalidInput.into())),
        },
        Step::DeviceAllow { is_allowed } => match &app.asks {
            Asks::Device(device) => device::answered(ask, (app, device), is_allowed).await,
            Asks::Redirect(_) | Asks::Account { .. } => {
                frame::refused(ask, StatusCode::BAD_REQUEST, Some(Say::InvalidInput.into()))
            }
        },
        Step::Name if place.offers_choice() => begin_choice(ask, app, username, (None, None)).await,
        Step::Back | Step::Name => page::sign_in(ask, place, username, None),
        Step::NameAndPassword { password } => {
            let start = Start::Password {
                username: username.to_owned(),
                password,
                step_up: place.wish(app.levels()),
            };
            let reply = ask.app.user_pools.begin_at(&ask.cx, place, start).await;
            outcome::replied(ask, app, (username, Asked::Password), reply, None).await
        }
        Step::Resend => match carried.sent.and_then(first_factor).filter(|_| !carried.is_second) {
            Some(factor) => begin_choice(ask, app, username, (Some(factor), carried.choice)).await,
            None => page::sign_in(ask, place, username, Some(Say::SessionExpired.into())),
        },
        Step::Recovery => page::recovery_code(ask, username, &carried),
        Step::Way { name } => Box::pin(way(ask, app, username, &name, carried)).await,
        Step::SetUp { name } => set_up::chosen(ask, app, username, &name, &carried).await,
        Step::SetUpApp { digits, name } => set_up::app(ask, app, username, (&digits, name.as_deref()), &carried).await,
        step => {
            let asked = match step {
                Step::Password { .. } => Asked::Password,
                Step::Code { .. } | Step::Totp { .. } | Step::RecoveryCode { .. } => Asked::Code,
                Step::Passkey { .. } => Asked::Passkey,
                _ => Asked::Else,
            };
            match to_machine(ask, app, step, &carried) {
                Ok(answer) => {
                    let reply = ask.app.user_pools.answer_at(&ask.cx, place, username, answer).await;
                    outcome::replied(ask, app, (username, asked), reply, carried.choice).await
                }
                Err(say) => outcome::again(ask, place, username, say.into(), &carried),
            }
        }
    }
}

/// What the machine hears of a page. Errors: what is told to the person instead.
fn to_machine(ask: &Ask<'_>, app: &App, step: Step, carried: &Carried) -> Result<Answer, Say> {
    let place = &app.place;
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
        Step::RecoveryCode { code } => Answer::RecoveryCode { session, code },
        Step::Passkey { credential } if credential.is_empty() => return Err(Say::PasskeyFailed),
        Step::Passkey { credential } => Answer::Passkey {
            session,
            credential,
            step_up: place.wish(app.levels()),
        },
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
            attributes: asked_for(ask, place),
        },
        _ => return Err(Say::InvalidInput),
    })
}

/// What the page asks for beside a new password: nobody gives themselves more.
fn asked_for(ask: &Ask<'_>, place: &Place) -> Vec<(String, String)> {
    let entered = attributes(&ask.form).into_iter();
    entered.filter(|(name, _)| place.requires(name)).collect()
}

/// USER_AUTH: the person chooses, where there is a choice.
/// `choice`: the state from which another way may be chosen, where one was preferred.
async fn begin_choice(
    ask: &Ask<'_>,
    app: &App,
    username: &str,
    (preferred, choice): (Option<FirstFactor>, Option<String>),
) -> Response {
    let start = Start::Choice {
        username: username.to_owned(),
        preferred,
        given: Given::default(),
        step_up: app.place.wish(app.levels()),
    };
    let place = &app.place;
    let reply = ask.app.user_pools.begin_at(&ask.cx, place, start).await;
    let Ok(Reply::Challenge(Challenge::Select { available, session })) = reply else {
        return Box::pin(outcome::replied(ask, app, (username, Asked::Password), reply, choice)).await;
    };
    let shown: Vec<FirstFactor> = available
        .into_iter()
        .filter(|factor| *factor != FirstFactor::PasswordSrp)
        .collect();
    if let [only] = shown.as_slice() {
        let carried = Carried {
            session,
            ..Carried::default()
        };
        return Box::pin(way_of(ask, app, username, *only, carried)).await;
    }
    let challenge = Challenge::Select {
        available: shown,
        session,
    };
    let page = page::asked(ask, place, username, challenge, None);
    page.unwrap_or_else(|| frame::refused(ask, StatusCode::BAD_REQUEST, None))
}

/// One of the ways that were shown, or all of them once more.
async fn way(ask: &Ask<'_>, app: &App, username: &str, name: &str, carried: Carried) -> Response {
    if name == "choose" {
        return begin_choice(ask, app, username, (None, None)).await;
    }
    let carried = Carried {
        choice: Some(carried.session.clone()),
        ..carried
    };
    way_of(ask, app, username, page::factor(name), carried).await
}

async fn way_of(ask: &Ask<'_>, app: &App, username: &str, factor: FirstFactor, carried: Carried) -> Response {
    if factor == FirstFactor::Password {
        let around = Around {
            action: "/login",
            session: carried.written(),
            username: username.to_owned(),
            ..Around::default()
        };
        return page::password(ask, around, carried.choice.is_some());
    }
    let answer = Answer::Choice {
        session: carried.session,
        factor,
        given: Given::default(),
    };
    let place = &app.place;
    let reply = ask.app.user_pools.answer_at(&ask.cx, place, username, answer).await;
    outcome::replied(ask, app, (username, Asked::Else), reply, carried.choice).await
}

/// The way in which a code came, to be sent again: as a first factor alone, for the machine asks for a second one once.
fn first_factor(sent: SentBy) -> Option<FirstFactor> {
    match sent {
        SentBy::EmailOtp => Some(FirstFactor::EmailOtp),
        SentBy::SmsOtp => Some(FirstFactor::SmsOtp),
        SentBy::SmsMfa => None,
    }
}

async fn continued(ask: &Ask<'_>, app: &App) -> Response {
    match authorize::browser(ask, app).await {
        Ok(Some(browser)) if authorize::due_of(app, Some(&browser)) == Due::Nothing => {
            authorization::answered(ask, app, &Present::before(browser)).await
        }
        Ok(_) => page::sign_in(ask, &app.place, "", Some(Say::SessionExpired.into())),
        Err(response) => *response,
    }
}
