//! What is sent.

use kernel::PoolId;
use serde::{Deserialize, Serialize};
use store::records::outbox::Lane;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Email,
    Sms,
}

impl Channel {
    /// Where its messages wait: a mail server that hangs keeps no text message waiting.
    pub(crate) fn lane(self) -> Lane {
        match self {
            Self::Email => Lane::Mails,
            Self::Sms => Lane::Texts,
        }
    }

    /// As it is stored.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// One message to one recipient. It holds a code or a password: Debug shows neither text nor recipient.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    pub pool: PoolId,
    pub channel: Channel,
    pub to: String,
    /// Mail only.
    pub subject: Option<String>,
    pub body: String,
    /// Whether the body is HTML; else it is plain text. Mail only.
    pub html: bool,
    /// The code or temporary password in the body, for the inbox page to show.
    pub code: Option<String>,
    /// The address to open that stands in the body, for the inbox page to show.
    #[serde(default)]
    pub link: Option<String>,
    /// What the pool wants to be shown as sender; else the server's own.
    pub from: Option<String>,
    pub reply_to: Option<String>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message")
            .field("pool", &self.pool)
            .field("channel", &self.channel)
            .finish_non_exhaustive()
    }
}
