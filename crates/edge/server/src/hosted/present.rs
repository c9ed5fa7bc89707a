//! Whoever has signed in at this browser, and whether for the very request that the page is about. An app that wants them to sign in anew
//! (`prompt=login`, `max_age`) hears of what they say on the pages after that sign-in, and of no session's that was there before.
//! Reference: oauth-and-federation 3.1.

use oauth::authorize::due::Due;
use pages::hosted::Say;
use userpool::hosted::Browser;

use super::{
    ask::Ask,
    authorize::{self, App},
    frame::Around,
    page,
};
use crate::body::Response;

pub struct Present {
    pub browser: Browser,
    /// What the pages that follow carry, as `session`. Empty: they signed in for another request.
    mark: String,
}

impl Present {
    /// They have signed in now, for this request.
    pub fn anew(ask: &Ask<'_>, app: &App, browser: Browser) -> Self {
        let pools = &ask.app.user_pools;
        let mark = pools.mark_fresh(&ask.cx, &app.place, &browser, &ask.request);
        let mark = mark.unwrap_or_else(|error| {
            tracing::error!(?error, "a sign-in could not be marked");
            String::new()
        });
        Self { browser, mark }
    }

    /// They had signed in before.
    pub fn before(browser: Browser) -> Self {
        Self {
            browser,
            mark: String::new(),
        }
    }

    /// On a page that follows a sign-in. Errors: what is answered where that is not enough for the app.
    pub async fn after(ask: &Ask<'_>, app: &App) -> Result<Self, Box<Response>> {
        if let Some(browser) = authorize::browser(ask, app).await? {
            let mark = ask.field("session").unwrap_or_default();
            let marked = (&*ask.request, mark);
            if ask.app.user_pools.is_fresh(&ask.cx, &app.place, &browser, marked) {
                let mark = mark.to_owned();
                return Ok(Self { browser, mark });
            }
            if authorize::due_of(app, Some(&browser)) == Due::Nothing {
                return Ok(Self::before(browser));
            }
        }
        let again = page::sign_in(ask, &app.place, "", Some(Say::SessionExpired.into()));
        Err(Box::new(again))
    }

    /// The same where what somebody says makes the account less safe: they must have signed in for this request, or just now.
    pub async fn just_now(ask: &Ask<'_>, app: &App) -> Result<Self, Box<Response>> {
        let present = Self::after(ask, app).await?;
        if present.mark.is_empty() && !present.browser.is_fresh() {
            let again = page::sign_in(ask, &app.place, "", Some(Say::SessionExpired.into()));
            return Err(Box::new(again));
        }
        Ok(present)
    }

    /// What stands around such a page.
    pub fn around(&self) -> Around {
        Around {
            action: "/login",
            session: self.mark.clone(),
            ..Around::default()
        }
    }
}
