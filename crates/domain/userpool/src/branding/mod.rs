//! How hosted login looks. The classic pages have a stylesheet (`css`) and a logo; managed login has a style a client, of Settings (`style`
//! changes them, `look` says what the pages use of them) and Assets (`assets`). `picture` and `svg` look at what is uploaded, `view` prints,
//! `appearance` is all of it as pages need it, and `served` where they get it: start there.

mod appearance;
pub(crate) mod assets;
mod color;
pub(crate) mod css;
mod css_tokens;
mod home;
mod look;
mod palette;
pub(crate) mod picture;
#[cfg(test)]
mod properties;
mod reading;
mod served;
pub(crate) mod style;
mod svg;
mod svg_allowed;
pub(crate) mod view;

pub(crate) use appearance::ALL;
pub use appearance::{Appearance, ClassicLook, Style};
pub use color::Color;
pub use look::{Align, Density, Feature, FormLogo, Look, Radii, Scheme, Strip};
pub use palette::{Button, Face, Palette};
pub use picture::{Asset, Image};
