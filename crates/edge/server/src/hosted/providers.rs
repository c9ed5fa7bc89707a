//! The ways to identity providers that a page shows. Reference: oauth-and-federation 9.1, 11.5.

use std::borrow::Cow;

use api::cognito_idp::IdentityProviderTypeType as Kind;
use oauth::Parameters;
use pages::hosted::{Brand, Corporate, Provider};
use userpool::hosted::{Offered, Place, SignInBy};

use super::{
    account::section::Section,
    ask::{Ask, CHOICE},
};

/// How people may sign in.
pub struct Ways {
    /// The pool's own users.
    pub has_form: bool,
    pub providers: Vec<Provider>,
    pub corporate: Option<Corporate>,
}

/// Whether the address names one.
pub fn is_named(ask: &Ask<'_>) -> bool {
    CHOICE.iter().any(|name| ask.query.given(name).is_some())
}

/// Those that the request leaves to the person.
pub fn ways(ask: &Ask<'_>, place: &Place) -> Ways {
    let [named, identifier] = CHOICE.map(|name| ask.query.given(name));
    let by = match Section::wanted(&ask.query) {
        Some(section) => section.by(place, named, identifier),
        None => place.sign_in_by(named, identifier),
    };
    let by = by.unwrap_or(SignInBy::Pool);
    let is_left = |one: &Offered| match &by {
        SignInBy::Any => true,
        SignInBy::Pool => false,
        SignInBy::Provider(name) => one.name == *name,
    };
    let offered: Vec<Offered> = place.offered().into_iter().filter(is_left).collect();
    let (saml, others): (Vec<_>, Vec<_>) = offered.into_iter().partition(|one| one.kind == Kind::Saml);
    // A box in the place of a list, where there is one, and where each could be found by it.
    let is_searched = saml.len() > 1 && saml.iter().all(|one| one.has_identifiers);
    let asks_email = is_searched || by == SignInBy::Any && others.iter().any(|one| one.has_identifiers);
    let listed = if is_searched { Vec::new() } else { ways_to(ask, &saml) };
    Ways {
        has_form: place.takes_own_users() && !matches!(by, SignInBy::Provider(_)),
        providers: ways_to(ask, &others),
        corporate: (asks_email || !listed.is_empty()).then_some(Corporate {
            providers: listed,
            asks_email,
        }),
    }
}

/// As people know it.
pub fn known_as(name: &str) -> &str {
    match name {
        "LoginWithAmazon" => "Amazon",
        "SignInWithApple" => "Apple",
        name => name,
    }
}

fn ways_to(ask: &Ask<'_>, offered: &[Offered]) -> Vec<Provider> {
    let way = |one: &Offered| {
        Some(Provider {
            href: chosen(ask, &[("identity_provider", &one.name)])?,
            label: known_as(&one.name).to_owned(),
            brand: brand(one.kind),
            image: None,
        })
    };
    offered.iter().filter_map(way).collect()
}

fn brand(kind: Kind) -> Brand {
    match kind {
        Kind::LoginWithAmazon => Brand::Amazon,
        Kind::SignInWithApple => Brand::Apple,
        Kind::Facebook => Brand::Facebook,
        Kind::Google => Brand::Google,
        _ => Brand::Other,
    }
}

/// The page of the sign-in, where a provider is chosen: the app's request, in the form in which this page has it, and the choice. Not the
/// endpoint itself: a pushed request comes there once, and a browser's session would answer for whoever means to be another.
pub fn chosen(ask: &Ask<'_>, choice: &[(&str, &str)]) -> Option<String> {
    let request = Parameters::parse(&ask.request).ok()?;
    let is_chosen = |name: &str| CHOICE.contains(&name) || choice.iter().any(|(chosen, _)| *chosen == name);
    let kept = request.iter().filter(|(name, _)| !is_chosen(name));
    let chosen = Parameters::of(kept.chain(choice.iter().copied())).encoded();
    let at = Ask {
        request: Cow::Owned(chosen),
        ..ask.clone()
    };
    Some(at.href("/login"))
}
