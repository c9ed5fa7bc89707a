//! Hosted login and the OAuth endpoints under attack: whole requests at a pool's domain. Reference: oauth-and-federation 17.1 to 17.3,
//! 17.6; user-pools 17.2.

mod browser;
mod codes;
mod cross_site;
mod existence;
mod guesses;
mod headers;
mod jwt;
mod machines;
mod markup;
mod redirects;
mod refresh;
mod requests;
mod sessions;
mod site;
mod tenants;

use self::{
    browser::{Browser, encoded, parameter},
    site::{App, CALLBACK, LOGOUT, PASSWORD, Site, Tenant},
};
use super::{Draft, Got, Key, Rig};
