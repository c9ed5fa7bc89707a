//! Somebody at a section of their account, and what a section answers.

use http::StatusCode;
use kernel::{ApiError, Timestamp};
use oauth::authorize::due::Due;
use pages::hosted::{Line, Say};
use userpool::hosted::{Browser, Place};

use super::{
    super::{
        ask::Ask,
        authorize::{self, App},
        frame::{self, Around},
        letter,
        tell::{self, Asked},
    },
    link,
    section::Section,
};
use crate::body::Response;

pub struct Here<'a> {
    pub ask: &'a Ask<'a>,
    pub app: &'a App,
    pub section: Section,
    pub browser: Browser,
}

/// What stands over a section.
#[derive(Default)]
pub struct Said {
    pub error: Option<Line>,
    pub notice: Option<Line>,
}

impl Said {
    pub fn error(line: impl Into<Line>) -> Self {
        Self {
            error: Some(line.into()),
            notice: None,
        }
    }

    pub fn notice(say: Say) -> Self {
        Self {
            error: None,
            notice: Some(say.into()),
        }
    }
}

impl<'a> Here<'a> {
    /// Errors: what is answered where nobody is signed in, or not well enough.
    pub async fn found(ask: &'a Ask<'a>, app: &'a App, section: Section) -> Result<Self, Box<Response>> {
        match authorize::browser(ask, app).await? {
            Some(browser) if !section.is_of(&browser) => {
                Err(Box::new(frame::refused(ask, StatusCode::NOT_FOUND, None)))
            }
            Some(browser) if authorize::due_of(app, Some(&browser)) == Due::Nothing => Ok(Self {
                ask,
                app,
                section,
                browser,
            }),
            _ => Err(Box::new(frame::redirect(
                ask,
                &link::to_sign_in(ask, &app.place, section),
            ))),
        }
    }

    /// The same after a change.
    pub async fn anew(&self) -> Result<Self, Box<Response>> {
        Self::found(self.ask, self.app, self.section).await
    }

    pub fn place(&self) -> &'a Place {
        &self.app.place
    }

    /// Which form was sent. None: the page is opened.
    pub fn step(&self) -> Option<&str> {
        self.ask.is_post().then(|| self.ask.field("step").unwrap_or_default())
    }

    pub fn field(&self, name: &str) -> &str {
        self.ask.field(name).unwrap_or_default()
    }

    /// Digits as people type them.
    pub fn code(&self) -> String {
        self.field("code").split_whitespace().collect()
    }

    pub fn overview(&self) -> String {
        link::to(self.ask, self.place(), Section::Overview)
    }

    pub fn around(&self, said: Said) -> Around {
        Around {
            action: self.section.path(),
            session: String::new(),
            username: self.browser.sign_in_name(self.place()).to_owned(),
            error: said.error,
            notice: said.notice,
        }
    }

    /// What is said of a refusal, which the log has too.
    pub fn refusal(&self, error: &ApiError, asked: Asked) -> Said {
        letter::told(self.ask, error, "an account was not changed");
        Said::error(tell::line(error, asked))
    }

    /// No page of ours sends this.
    pub fn unknown(&self) -> Response {
        frame::refused(self.ask, StatusCode::BAD_REQUEST, Some(Say::InvalidInput.into()))
    }

    pub fn failed(&self, error: &ApiError) -> Response {
        tracing::error!(?error, "an account could not be read");
        frame::refused(self.ask, StatusCode::INTERNAL_SERVER_ERROR, None)
    }
}

/// The day of a moment, as every language writes it.
pub fn day(at: Timestamp) -> String {
    at.iso8601().get(..10).unwrap_or_default().to_owned()
}

/// The same with its minute.
pub fn minute(at: Timestamp) -> String {
    let text = at.iso8601();
    let time = text.get(11..16).unwrap_or_default();
    format!("{} {time} UTC", day(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_to_the_minute() {
        let at = Timestamp::from_secs(1_735_689_599);
        assert_eq!(
            (day(at).as_str(), minute(at).as_str()),
            ("2024-12-31", "2024-12-31 23:59 UTC")
        );
    }
}
