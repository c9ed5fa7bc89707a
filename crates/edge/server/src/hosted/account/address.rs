//! Another mail address or phone number, and the code that proves one.

use http::StatusCode;
use pages::hosted::{AccountAddress, Code, Say};
use store::records::address::Address;
use userpool::hosted::Letter;

use super::{
    super::{frame, letter, tell::Asked},
    here::{Here, Said},
    profile,
    section::Section,
};
use crate::body::Response;

fn of(section: Section) -> Address {
    if section == Section::Phone {
        Address::Phone
    } else {
        Address::Email
    }
}

pub async fn answer(here: &Here<'_>) -> Response {
    match here.step() {
        None => shown(here, Said::default()),
        Some("address") => changed(here).await,
        Some("send_code") => sent(here, Said::default()).await,
        Some("code") if here.ask.field("resend").is_some() => sent(here, Said::notice(Say::CodeSentAgain)).await,
        Some("code") => verified(here).await,
        Some(_) => here.unknown(),
    }
}

async fn changed(here: &Here<'_>) -> Response {
    let (ask, address) = (here.ask, of(here.section));
    let value = here.field("address").trim();
    if value.is_empty() {
        let say = match address {
            Address::Email => Say::InvalidEmail,
            Address::Phone => Say::InvalidPhone,
        };
        return shown(here, Said::error(say));
    }
    let pools = &ask.app.user_pools;
    let changed = pools.change_address_at(&ask.cx, here.place(), &here.browser, (address, value));
    match changed.await {
        Ok(Some(letter)) => asked(here, &letter, Said::default()),
        Ok(None) => done(here, Say::Saved).await,
        Err(error) => shown(here, here.refusal(&error, Asked::Else)),
    }
}

async fn sent(here: &Here<'_>, said: Said) -> Response {
    let (ask, address) = (here.ask, of(here.section));
    let pools = &ask.app.user_pools;
    match pools
        .address_code_at(&ask.cx, here.place(), &here.browser, address)
        .await
    {
        Ok(letter) => asked(here, &letter.unwrap_or_else(letter::nowhere), said),
        Err(error) => shown(here, here.refusal(&error, Asked::Else)),
    }
}

async fn verified(here: &Here<'_>) -> Response {
    let (ask, address, code) = (here.ask, of(here.section), here.code());
    let pools = &ask.app.user_pools;
    let verified = pools.verify_address_at(&ask.cx, here.place(), &here.browser, (address, &code));
    match verified.await {
        Ok(()) => done(here, Say::AddressConfirmed).await,
        Err(error) => asked(here, &letter::sent_before(ask), here.refusal(&error, Asked::Code)),
    }
}

/// The profile, which has the address.
async fn done(here: &Here<'_>, say: Say) -> Response {
    match here.anew().await {
        Ok(here) => {
            let here = Here {
                section: Section::Profile,
                ..here
            };
            profile::shown(&here, Said::notice(say))
        }
        Err(response) => *response,
    }
}

/// For the code that was sent.
fn asked(here: &Here<'_>, letter: &Letter, said: Said) -> Response {
    let page = Code {
        way: profile::way(of(here.section)),
        destination: letter.destination.clone(),
        can_resend: true,
        has_other_ways: false,
        has_recovery: false,
    };
    frame::shown(here.ask, here.around(said), &page)
}

pub fn shown(here: &Here<'_>, said: Said) -> Response {
    let address = of(here.section);
    let contact = here.place().contact(&here.browser, address);
    let Some(contact) = contact.filter(|contact| contact.is_writable) else {
        return frame::refused(here.ask, StatusCode::NOT_FOUND, None);
    };
    let again = here.ask.field("address").filter(|_| said.error.is_some());
    let has_any = contact.pending.is_some() || !contact.address.is_empty();
    let page = AccountAddress {
        way: profile::way(address),
        may_confirm: has_any && (contact.pending.is_some() || !contact.is_verified),
        address: again.map_or(contact.address, str::to_owned),
        pending: contact.pending.unwrap_or_default(),
        overview: here.overview(),
    };
    frame::shown(here.ask, here.around(said), &page)
}
