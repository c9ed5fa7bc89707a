//! One-time codes: what they are for (`purpose`), where they go (`target`), what the message says (`message`, with the
//! placeholders of `template` and the `link` of a sign-up), how they are sent (`sending`), and new users greeted (`invitation`), kept
//! and judged (`kept`), and what ends them before their time (`ending`). `letters` are codes that
//! people keep or read off a device.

pub(crate) mod ending;
pub(crate) mod invitation;
pub(crate) mod kept;
pub(crate) mod letters;
mod link;
pub(crate) mod message;
pub(crate) mod purpose;
pub(crate) mod sending;
pub(crate) mod target;
pub(crate) mod template;

pub(crate) use purpose::Purpose;
pub use target::Target;
