//! Where somebody is signed in, and which devices are remembered.

use kernel::ApiError;
use pages::hosted::{AccountSessions, DeviceRow, Say, SessionRow, SignedOut};
use userpool::hosted::{OwnDevice, OwnSession};

use super::{
    super::{
        frame::{self, Around},
        logout,
        tell::Asked,
    },
    here::{Here, Said, minute},
};
use crate::body::Response;

pub async fn answer(here: &Here<'_>) -> Response {
    let Some(step) = here.step() else {
        return shown(here, Said::default()).await;
    };
    let (ask, place, browser, which) = (here.ask, here.place(), &here.browser, here.field("which"));
    let pools = &ask.app.user_pools;
    match step {
        "session_end" => done(here, pools.end_session_at(&ask.cx, place, browser, which).await).await,
        "others_end" => done(here, pools.end_other_sessions_at(&ask.cx, place, browser).await).await,
        "device_forget" => done(here, pools.forget_own_device_at(&ask.cx, place, browser, which).await).await,
        "everywhere_end" => match pools.sign_out_everywhere_at(&ask.cx, place, browser).await {
            Ok(()) => {
                let page = frame::shown(ask, Around::default(), &SignedOut {});
                logout::signed_out(ask, page).await
            }
            Err(error) => done(here, Err(error)).await,
        },
        _ => here.unknown(),
    }
}

async fn done(here: &Here<'_>, changed: Result<(), ApiError>) -> Response {
    match changed {
        Ok(()) => shown(here, Said::notice(Say::Saved)).await,
        Err(error) => shown(here, here.refusal(&error, Asked::Else)).await,
    }
}

pub async fn shown(here: &Here<'_>, said: Said) -> Response {
    let (ask, place, browser) = (here.ask, here.place(), &here.browser);
    let pools = &ask.app.user_pools;
    let sessions = match pools.sessions_at(&ask.cx, place, browser).await {
        Ok(sessions) => sessions,
        Err(error) => return here.failed(&error),
    };
    let devices = match pools.own_devices_at(&ask.cx, place, browser).await {
        Ok(devices) => devices.unwrap_or_default(),
        Err(error) => return here.failed(&error),
    };
    let page = AccountSessions {
        is_tracked: sessions.is_some(),
        sessions: sessions.unwrap_or_default().into_iter().map(row).collect(),
        devices: devices.into_iter().map(device).collect(),
        overview: here.overview(),
    };
    frame::shown(ask, here.around(said), &page)
}

fn row(session: OwnSession) -> SessionRow {
    let told = [session.app, session.ip, session.used.map(minute)];
    let told: Vec<String> = told.into_iter().flatten().collect();
    SessionRow {
        id: session.id,
        agent: session.agent.unwrap_or_default(),
        told: told.join(" · "),
        is_here: session.is_here,
    }
}

fn device(device: OwnDevice) -> DeviceRow {
    DeviceRow {
        key: device.key,
        name: device.name.unwrap_or_default(),
        used: device.used.map(minute).unwrap_or_default(),
    }
}
