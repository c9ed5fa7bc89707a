//! One-time codes: what they are for (`purpose`), where they go (`target`), what the message says (`message`), how they are
//! sent (`sending`), and new users greeted (`invitation`), kept and judged (`kept`), and what ends them before their time (`ending`).

pub(crate) mod ending;
pub(crate) mod invitation;
pub(crate) mod kept;
pub(crate) mod message;
pub(crate) mod purpose;
pub(crate) mod sending;
pub(crate) mod target;

pub(crate) use purpose::Purpose;
pub(crate) use target::Target;
