//! The pages and endpoints of a user pool's domain: hosted login and OAuth, over HTTP. What is asked for and granted is `oauth`'s and
//! `userpool`'s to say; here are addresses (`address`, `route`, and what holds of each: `facts`), what a request carries (`ask`), cookies,
//! and the pages that answer.
//!
//! ```text
//!  /oauth2/authorize ──▶ authorize ──▶ the app, or /login
//!  /login ──────────────▶ login: `step` (what a form says) ──▶ the machine ──▶ `page` (what is shown next), or the app
//!         ╰─ `away`: to an identity provider   /{oauth2,saml2}/idpresponse ──▶ `returned`: the app's request again, and who has come
//!  /signup, /confirm ───▶ sign_up          /forgotPassword ──▶ recovery
//!                                                ╰─ `afterwards`: recovery codes left, is the browser remembered, is a passkey made
//!                                                ╰─ of a client that registered itself: `consent`, then the app
//!  /account, /account/… ─▶ account: people and their own account; /login?account=… leads there
//!  /passkeys/add ───────▶ passkeys
//!  /oauth2/{token,revoke} ──▶ endpoints, userInfo ──▶ user_info      /logout ──▶ logout
//!  /assets, /styles, /pictures ──▶ files    /saml2/metadata ──▶ saml
//!  /device ──▶ device: a code that a device shows, then /login for it
//!  /oauth2/{introspect,register,par,device_authorization} ──▶ beyond: what Cognito has not
//!  an address that tries too much is stopped at the `turnstile`
//! ```
//!
//! Every page is its own entry: each reads the app's request anew, from its own address, and refuses what the first would have refused.
//! Reference: oauth-and-federation 1 to 9.

mod account;
mod address;
mod afterwards;
mod ask;
mod authorization;
mod authorize;
mod away;
mod beyond;
mod consent;
mod cookies;
mod device;
mod dress;
mod dressing;
mod endpoints;
mod entry;
mod facts;
mod files;
mod frame;
mod letter;
mod login;
mod logout;
mod looks;
mod outcome;
mod page;
mod passkeys;
mod present;
mod preview;
mod proofs;
#[cfg(test)]
mod properties;
mod providers;
mod pushed;
mod recovery;
mod returned;
mod route;
mod saml;
mod set_up;
mod sign_up;
mod step;
mod tell;
mod terms;
mod theme;
mod turnstile;
mod user_info;

pub use address::{MOUNT, is_domain};
pub use entry::answer;
pub use looks::Looks;
pub use preview::preview;
pub use route::is_page;
pub use turnstile::Turnstile;
