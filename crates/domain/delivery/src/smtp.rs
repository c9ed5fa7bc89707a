//! Mail by SMTP (RFC 5321), over TLS unless told otherwise.

use std::{fmt, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    address::AddressError,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};

use crate::Message;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (port 465).
    Tls,
    /// STARTTLS, required (port 587).
    StartTls,
    /// None: a relay on loopback or in a private network.
    None,
}

#[derive(Clone)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    pub credentials: Option<(String, String)>,
    /// The sender of mails whose pool names none: `address` or `Name <address>`.
    pub from: String,
}

/// The password stays out of logs.
impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("encryption", &self.encryption)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    #[error("the sender or recipient is no mail address: {0}")]
    Address(#[from] AddressError),
    #[error("the mail could not be built: {0}")]
    Content(#[from] lettre::error::Error),
    #[error("{0}")]
    Transport(#[from] lettre::transport::smtp::Error),
}

impl SmtpError {
    /// Whether trying again can help: not for what the server or we refuse for good.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::Address(_) | Self::Content(_) => true,
            Self::Transport(error) => error.is_permanent(),
        }
    }

    /// For the log: what a server says may name the recipient, so its number alone.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Transport(error) => match error.status() {
                Some(status) => format!("the mail server answered {status}"),
                None => self.to_string(),
            },
            Self::Address(_) | Self::Content(_) => self.to_string(),
        }
    }
}

/// For the connection, and for each answer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A server to send by. Each mail has a connection of its own, which ends with the sending, also where that is dropped.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// Errors: a `from` that is no address, TLS parameters that can't be made.
    pub fn new(settings: SmtpSettings) -> Result<Self, SmtpError> {
        let builder = match settings.encryption {
            Encryption::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&settings.host)?,
            Encryption::StartTls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&settings.host)?,
            Encryption::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host),
        };
        let mut builder = builder.port(settings.port).timeout(Some(TIMEOUT));
        if let Some((user, password)) = settings.credentials {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self {
            transport: builder.build(),
            from: mailbox(&settings.from)?,
        })
    }

    pub(crate) async fn send(&self, message: &Message) -> Result<(), SmtpError> {
        let from = match &message.from {
            Some(from) => mailbox(from)?,
            None => self.from.clone(),
        };
        let mut mail = lettre::Message::builder()
            .from(from)
            .to(message.to.parse()?)
            .subject(message.subject.clone().unwrap_or_default());
        if let Some(reply_to) = &message.reply_to {
            mail = mail.reply_to(mailbox(reply_to)?);
        }
        let kind = if message.html {
            ContentType::TEXT_HTML
        } else {
            ContentType::TEXT_PLAIN
        };
        self.transport
            .send(mail.header(kind).body(message.body.clone())?)
            .await?;
        Ok(())
    }
}

/// `address` or `Name <address>`. The name may have any sign: it is written as RFC 5322 wants it, whether it came in quotes or not. Line
/// breaks and their like, which no name can be written with, are blanks.
fn mailbox(text: &str) -> Result<Mailbox, AddressError> {
    let (name, address) = match text.trim().split_once('<') {
        Some((name, rest)) => (
            unquoted(name.replace(char::is_control, " ").trim()),
            rest.strip_suffix('>').unwrap_or(rest),
        ),
        None => (String::new(), text),
    };
    Ok(Mailbox::new(
        Some(name).filter(|name| !name.is_empty()),
        address.trim().parse()?,
    ))
}

fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut text = String::with_capacity(inner.len());
    let mut signs = inner.chars();
    while let Some(sign) = signs.next() {
        text.extend(if sign == '\\' { signs.next() } else { Some(sign) });
    }
    text
}
