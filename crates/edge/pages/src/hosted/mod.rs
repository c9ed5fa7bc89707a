//! What hosted login shows. One context struct a page, one `Frame` around all of them, `Hosted` to render them. Start at `Hosted`,
//! then at the page's context.

mod account;
mod codes;
mod colour;
mod ends;
mod factors;
mod fields;
mod frame;
mod icons;
mod language;
mod line;
mod link;
mod page;
mod palette;
mod qr;
mod recovery;
mod render;
mod samples;
mod sign_in;
mod sign_up;
#[cfg(test)]
mod tests;
mod theme;

pub use account::{
    Account, AccountAddress, AccountData, AccountFactors, AccountPassword, AccountProfile, AccountProviders,
    AccountRecovery, AccountSessions, ContactRow, DeviceRow, FactorRow, FactorState, KeyRow, ProviderRow, SectionLink,
    SessionRow,
};
pub use codes::{Code, RecoveryCode, RecoveryUsed, SetUpEmail, SetUpTotp, Totp};
pub use colour::Colour;
pub use ends::{
    Consent, DeviceAllow, DeviceCode, Done, Error, FormPost, GoOn, RememberDevice, Scope, SignOut, SignedOut,
};
pub use factors::{Choice, ChooseFactor, Passkey, PasskeyOffer, SelectMfa, SetUpMfa, Way};
pub use fields::{Attribute, Named, Policy};
pub use frame::{Bar, Frame, Graphics, Languages, Look, Picture, Skin, Terms};
pub use language::Language;
pub use line::{Line, Say};
pub use link::Link;
pub use page::Page;
pub use palette::Palette;
pub use recovery::{Forgot, NewPassword, Reset};
pub use render::{Broken, Hosted, built_in_files};
pub use samples::sample_names;
pub use sign_in::{Brand, ContinueAs, Corporate, Password, Provider, SignIn};
pub use sign_up::{Confirm, SignUp};
pub use theme::{Along, Density, Images, Radii, Scheme, Theme};

/// A file that pages load from `Frame::assets`.
pub struct Asset {
    pub name: &'static str,
    pub content_type: &'static str,
    pub text: &'static str,
}

/// Everything that pages load, but the theme's stylesheet and the operator's pictures.
pub const ASSETS: &[Asset] = &[
    Asset {
        name: "managed.css",
        content_type: "text/css; charset=utf-8",
        text: include_str!("../../assets/managed.css"),
    },
    Asset {
        name: "classic.css",
        content_type: "text/css; charset=utf-8",
        text: include_str!("../../assets/classic.css"),
    },
    Asset {
        name: "icon.svg",
        content_type: "image/svg+xml",
        text: include_str!("../../assets/icon.svg"),
    },
    Asset {
        name: "hosted.js",
        content_type: "text/javascript; charset=utf-8",
        text: include_str!("../../assets/hosted.js"),
    },
    Asset {
        name: "post.js",
        content_type: "text/javascript; charset=utf-8",
        text: include_str!("../../assets/post.js"),
    },
];
