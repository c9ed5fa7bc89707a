//! The implicit flow. Reference: oauth-and-federation 3.4.

use kernel::{ApiError, Cx};

use super::{
    Browser, Place, TokenSet,
    allowed::{Allowed, NotBegun, Spent},
    approved::Approved,
};
use crate::{UserPools, errors};

impl UserPools {
    /// Tokens without a code. The family that they belong to has no refresh token in anybody's hands; it is what revokes
    /// them. Reference: oauth-and-federation 3.4.
    ///
    /// Errors: TooManyRequests, NotAuthorized (the user may not go on, or the session has ended and the client would never hear of it), those of
    /// a function.
    pub async fn tokens_at_once(
        &self,
        cx: &Cx,
        place: &Place,
        browser: &Browser,
        approved: &Approved,
    ) -> Result<TokenSet, ApiError> {
        let turn = self.cpu.reserve()?;
        let allowed = Allowed {
            sub: browser.user.sub.clone(),
            doc: self.allowed_by(cx, place, browser, approved.clone()).await?,
            spent: Spent::Nothing,
            key: None,
        };
        match self.begin_session(cx, place, allowed, turn).await {
            Ok(tokens) => Ok(TokenSet {
                refresh_token: None,
                ..tokens
            }),
            Err(NotBegun::Spent | NotBegun::Halted) => Err(errors::refresh_token_revoked()),
            Err(NotBegun::Api(error)) => Err(error),
        }
    }
}
