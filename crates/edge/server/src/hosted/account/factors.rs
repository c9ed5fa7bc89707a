//! Second factors and passkeys.

use kernel::ApiError;
use pages::hosted::{
    AccountFactors, AccountRecovery, FactorRow, FactorState, KeyRow, PasskeyOffer, Say, SetUpTotp, Way,
};
use store::records::factor::Factor;
use userpool::hosted::{Factors, SecondFactor, Turn};

use super::{
    super::{frame, page, set_up, tell::Asked},
    here::{Here, Said, day},
};
use crate::body::Response;

pub async fn answer(here: &Here<'_>) -> Response {
    let Some(step) = here.step() else {
        return shown(here, Said::default()).await;
    };
    let (ask, place, browser) = (here.ask, here.place(), &here.browser);
    let pools = &ask.app.user_pools;
    let turn = match step {
        "turn_on" => Turn::On,
        "turn_off" => Turn::Off,
        "turn_first" => Turn::First,
        "set_up" => return new_app(here, Said::default()).await,
        "set_up_totp" => return Box::pin(app(here)).await,
        "passkey_new" => return offered(here, Said::default()).await,
        "passkey_add" => return Box::pin(passkey(here)).await,
        "recovery_new" => return recovery(here).await,
        "passkey_remove" => {
            let removed = pools.remove_passkey_at(place, browser, here.field("which")).await;
            return done(here, removed).await;
        }
        _ => return here.unknown(),
    };
    let Some(factor) = page::second_factor(here.field("factor")) else {
        return here.unknown();
    };
    let turned = pools.turn_factor_at(&ask.cx, place, browser, (factor, turn)).await;
    done(here, turned).await
}

/// The list, as it is after a change.
async fn done(here: &Here<'_>, changed: Result<(), ApiError>) -> Response {
    let said = match changed {
        Ok(()) => Said::notice(Say::Saved),
        Err(error) => here.refusal(&error, Asked::Else),
    };
    match here.anew().await {
        Ok(here) => shown(&here, said).await,
        Err(response) => *response,
    }
}

async fn new_app(here: &Here<'_>, said: Said) -> Response {
    let ask = here.ask;
    match ask
        .app
        .user_pools
        .new_own_app_at(&ask.cx, here.place(), &here.browser)
        .await
    {
        Ok(secret) => set_up(here, &secret, said),
        Err(error) => done(here, Err(error)).await,
    }
}

fn set_up(here: &Here<'_>, secret: &str, said: Said) -> Response {
    let name = here.browser.sign_in_name(here.place());
    let page = SetUpTotp {
        uri: set_up::uri(here.place().known_as(), name, secret),
        secret: secret.to_owned(),
        has_back: false,
    };
    frame::shown(here.ask, here.around(said), &page)
}

/// The app's first code.
async fn app(here: &Here<'_>) -> Response {
    let (ask, code) = (here.ask, here.code());
    let first = (&*code, ask.field("device_name"));
    match ask
        .app
        .user_pools
        .keep_own_app_at(&ask.cx, here.place(), &here.browser, first)
        .await
    {
        Ok(()) => done(here, Ok(())).await,
        Err(error) => {
            let said = here.refusal(&error, Asked::Code);
            match ask
                .field("secret")
                .filter(|_| said.error == Some(Say::CodeMismatch.into()))
            {
                // Whoever mistypes has the secret in the app already.
                Some(secret) => set_up(here, secret, said),
                None => new_app(here, said).await,
            }
        }
    }
}

async fn offered(here: &Here<'_>, said: Said) -> Response {
    let ask = here.ask;
    match ask
        .app
        .user_pools
        .passkey_options_at(&ask.cx, here.place(), &here.browser)
        .await
    {
        Ok(options) => frame::shown(ask, here.around(said), &PasskeyOffer { options }),
        Err(error) => {
            let said = here.refusal(&error, Asked::Else);
            let line = said.error.filter(|line| *line == Say::TooManyAttempts.into());
            shown(here, Said::error(line.unwrap_or(Say::PasskeyNotAdded.into()))).await
        }
    }
}

/// One that was made, or is not after all.
async fn passkey(here: &Here<'_>) -> Response {
    let ask = here.ask;
    if ask.field("answer").is_some() {
        return shown(here, Said::default()).await;
    }
    let pools = &ask.app.user_pools;
    let credential = here.field("credential");
    match pools
        .add_passkey_at(&ask.cx, here.place(), &here.browser, credential)
        .await
    {
        Ok(()) => done(here, Ok(())).await,
        Err(error) => {
            here.refusal(&error, Asked::Passkey);
            offered(here, Said::error(Say::PasskeyNotAdded)).await
        }
    }
}

/// New codes in the place of those before, shown this once.
async fn recovery(here: &Here<'_>) -> Response {
    let ask = here.ask;
    let pools = &ask.app.user_pools;
    match pools.make_recovery_codes(&ask.cx, here.place(), &here.browser).await {
        Ok(codes) => {
            let page = AccountRecovery {
                codes,
                overview: here.overview(),
            };
            frame::shown(ask, here.around(Said::default()), &page)
        }
        Err(error) => done(here, Err(error)).await,
    }
}

pub async fn shown(here: &Here<'_>, said: Said) -> Response {
    let pools = &here.ask.app.user_pools;
    let Factors { second, passkeys } = match pools.factors_at(here.place(), &here.browser).await {
        Ok(factors) => factors,
        Err(error) => return here.failed(&error),
    };
    let recovery_left = match pools.recovery_codes_left(here.place(), &here.browser).await {
        Ok(left) => left,
        Err(error) => return here.failed(&error),
    };
    let keys = passkeys.unwrap_or_default().into_iter().map(|key| KeyRow {
        id: key.id,
        name: key.name,
        made: day(key.created),
    });
    let page = AccountFactors {
        second: second.iter().map(row).collect(),
        passkeys: keys.collect(),
        recovery_left,
        makes_passkeys: here.place().has_passkeys(),
        overview: here.overview(),
    };
    frame::shown(here.ask, here.around(said), &page)
}

fn row(second: &SecondFactor) -> FactorRow {
    let way = match second.factor {
        Factor::Sms => Way::Sms,
        Factor::Email => Way::Email,
        Factor::SoftwareToken => Way::App,
    };
    let state = match second {
        SecondFactor { is_preferred: true, .. } => FactorState::First,
        SecondFactor { is_on: true, .. } => FactorState::On,
        SecondFactor { has_means: true, .. } => FactorState::Off,
        _ => FactorState::Absent,
    };
    FactorRow {
        value: second.factor.as_str().to_owned(),
        way,
        state,
    }
}
