//! `/oauth2/authorize`: what an app asks of a user by way of the browser. [`admission`] says whether there is such a client and address at
//! all; until then nothing is redirected. [`request`] reads the rest, whose errors go to the app. [`answer`] is what the app hears.
//! Reference: oauth-and-federation 3.
//!
//! ```text
//!  parameters ──▶ admission ──no──▶ a page of ours
//!                    │
//!                    ▼
//!                 request ──no──▶ redirect with an error
//!                    │
//!                    ▼
//!                  due: pure ──▶ the app's answer at once, or its error (prompt=none)
//!                    │
//!                    └──▶ the login page; a sign-in later ──▶ the app's answer
//! ```

pub mod admission;
pub mod answer;
pub mod due;
mod hearer;
pub mod request;
