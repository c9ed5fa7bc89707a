//! What somebody is called, as far as the client reads and writes it, and where they are reached.

use pages::hosted::{AccountProfile, Attribute, ContactRow, Say, Way};
use store::records::address::Address;
use userpool::hosted::Field;

use super::{
    super::{frame, tell::Asked},
    here::{Here, Said},
    link,
    section::Section,
};
use crate::body::Response;

pub async fn answer(here: &Here<'_>) -> Response {
    match here.step() {
        None => shown(here, Said::default()),
        Some("profile") => changed(here).await,
        Some(_) => here.unknown(),
    }
}

async fn changed(here: &Here<'_>) -> Response {
    let (ask, pools) = (here.ask, &here.ask.app.user_pools);
    let entered = entered(here);
    let changed = pools.update_profile_at(&ask.cx, here.place(), &here.browser, &entered);
    if let Err(error) = changed.await {
        return shown(here, here.refusal(&error, Asked::Else));
    }
    match here.anew().await {
        Ok(here) => shown(&here, Said::notice(Say::Saved)),
        Err(response) => *response,
    }
}

/// The members `attribute.<name>`: one that is empty is to go.
fn entered(here: &Here<'_>) -> Vec<(String, String)> {
    let members = here.ask.form.iter();
    let attributes = members.filter_map(|(name, value)| Some((name.strip_prefix("attribute.")?, value)));
    attributes
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// Where something was wrong, with what was entered.
pub fn shown(here: &Here<'_>, said: Said) -> Response {
    let entered = if said.error.is_some() {
        entered(here)
    } else {
        Vec::new()
    };
    let attribute = |field: Field| {
        let again = entered
            .iter()
            .find(|(name, _)| *name == field.name && field.is_writable);
        Attribute {
            value: again.map_or(field.value, |(_, value)| value.clone()),
            name: field.name,
            is_optional: !field.is_required,
        }
    };
    let fields = here.place().profile(&here.browser).into_iter();
    let (writable, fixed): (Vec<Field>, Vec<Field>) = fields.partition(|field| field.is_writable);
    let page = AccountProfile {
        contacts: [(Address::Email, Section::Email), (Address::Phone, Section::Phone)]
            .into_iter()
            .filter_map(|of| contact(here, of))
            .collect(),
        fixed: Attribute::ordered(fixed.into_iter().map(attribute).collect()),
        attributes: Attribute::ordered(writable.into_iter().map(attribute).collect()),
        overview: here.overview(),
    };
    frame::shown(here.ask, here.around(said), &page)
}

fn contact(here: &Here<'_>, (address, section): (Address, Section)) -> Option<ContactRow> {
    let contact = here.place().contact(&here.browser, address)?;
    Some(ContactRow {
        way: way(address),
        address: contact.address,
        is_confirmed: contact.is_verified,
        href: if contact.is_writable {
            link::to(here.ask, here.place(), section)
        } else {
            String::new()
        },
    })
}

pub fn way(address: Address) -> Way {
    match address {
        Address::Email => Way::Email,
        Address::Phone => Way::Sms,
    }
}
