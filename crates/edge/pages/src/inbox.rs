//! The inbox page: what dev would have sent.

use askama::Template;

/// One message as the page shows it.
#[derive(Clone, Debug)]
pub struct InboxMessage {
    pub id: String,
    /// ISO 8601.
    pub at: String,
    /// `email` or `sms`.
    pub channel: &'static str,
    pub to: String,
    pub subject: String,
    pub body: String,
    pub code: String,
    /// Empty: the message has none.
    pub link: String,
    pub pool_id: String,
}

#[derive(Template)]
#[template(path = "inbox.html")]
pub struct Inbox {
    /// The recipient that the list is narrowed to; empty for all.
    pub to: String,
    /// Newest first.
    pub messages: Vec<InboxMessage>,
}

pub const INBOX_SCRIPT: &str = include_str!("../assets/inbox.js");
pub const INBOX_STYLE: &str = include_str!("../assets/inbox.css");

impl Inbox {
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }

    /// Every branch of the template at once.
    pub fn sample() -> Self {
        let message = |channel, subject: &str, code: &str| InboxMessage {
            id: format!("sample-{channel}"),
            at: "2026-01-15T12:00:00Z".to_owned(),
            channel,
            to: if channel == "email" {
                "ana@example.com"
            } else {
                "+12065550100"
            }
            .to_owned(),
            subject: subject.to_owned(),
            body: "Your confirmation code is 123456 <b>&</b>".to_owned(),
            code: code.to_owned(),
            link: if code.is_empty() {
                ""
            } else {
                "https://id.example.com/confirmUser?client_id=a&user_name=\"b\""
            }
            .to_owned(),
            pool_id: "us-east-1_AbCdEfGhI".to_owned(),
        };
        Self {
            to: "ana@example.com".to_owned(),
            messages: vec![
                message("email", "Your verification code", "123456"),
                message("sms", "", ""),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_shown_and_escaped() {
        let html = Inbox::sample().html().unwrap();
        assert!(html.contains("123456"));
        assert!(html.contains("ana@example.com"));
        assert!(!html.contains("<b>"), "a body is text, never markup");
        let link = "href=\"https://id.example.com/confirmUser?client_id=a&#38;user_name=&#34;b&#34;\"";
        assert_eq!(html.matches(link).count(), 1, "the mail has a link: {html}");
        assert!(
            Inbox {
                to: String::new(),
                messages: Vec::new()
            }
            .html()
            .unwrap()
            .contains("Nothing here yet")
        );
    }
}
