//! Hosted login and the OAuth endpoints under attack: whole requests at a pool's domain. Reference: oauth-and-federation 17.1 to 17.3,
//! 17.6; user-pools 17.2.

mod account;
mod asked;
mod browser;
mod codes;
mod costs;
mod cross_site;
mod doors;
mod existence;
mod federation;
mod fresh;
mod fuzz;
mod guesses;
mod headers;
mod jwt;
mod lasting;
mod machines;
mod markup;
mod passkeys;
mod rates;
mod recovery;
mod redirects;
mod refresh;
mod remembered;
mod requests;
mod sessions;
mod site;
mod steps;
mod strangers;
mod tenants;
mod told;

use self::{
    browser::{Browser, encoded, parameter},
    site::{App, CALLBACK, LOGOUT, PASSWORD, Site, Tenant},
};
use super::{Draft, Got, Key, Rig};
