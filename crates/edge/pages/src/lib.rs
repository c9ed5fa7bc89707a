//! Templates with their contexts, and the static pages that are built in. It decides nothing: what is shown is given, and a
//! template asks at most whether it is there. Start at the context structs.

mod confirm_user;
pub mod demo;
pub mod hosted;
mod inbox;
mod previews;
mod triggers;

pub use confirm_user::ConfirmUser;
pub use inbox::{INBOX_SCRIPT, INBOX_STYLE, Inbox, InboxMessage};
pub use previews::{Preview, Previews};
pub use triggers::{TRIGGERS_SCRIPT, TriggerInvocation, Triggers};
