//! What an app hears by way of the browser. Reference: oauth-and-federation 3.4, 3.6.

use kernel::{ApiError, Code, Cx};
use userpool::{
    UserPools,
    hosted::{Approved, Browser, Place},
};

use super::request::{Fault, Request, Wanted};
use crate::Redirect;

impl Request {
    /// The app's answer, of somebody who has signed in at this browser: a code, or tokens. Errors are answers too.
    pub async fn answer(&self, pools: &UserPools, cx: &Cx, place: &Place, browser: &Browser) -> Redirect {
        // Seen so on Cognito (reference: oauth-and-federation 3.1): of who comes from a provider ID tokens have one anyway.
        let made_up = || browser.provider().map(|_| kernel::uuid(cx.rng()));
        let approved = Approved {
            nonce: self.approved.nonce.clone().or_else(made_up),
            ..self.approved.clone()
        };
        let made = match self.wanted {
            Wanted::Code => {
                let code = pools.give_code(cx, place, browser, approved).await;
                code.map(|code| vec![("code".to_owned(), code)])
            }
            Wanted::Tokens => tokens(pools, cx, place, (browser, &approved)).await,
        };
        match made {
            Ok(members) => self.hearer().told(members),
            Err(error) => self.refused_by(&error),
        }
    }

    pub fn refused(&self, fault: &Fault) -> Redirect {
        self.hearer().refusal(fault)
    }

    /// Nobody has come from an identity provider.
    pub fn not_arrived(&self, error: &str, description: Option<&str>) -> Redirect {
        self.hearer().told_of(error, description)
    }

    /// Nobody has signed in, and nothing may be shown.
    pub fn login_required(&self) -> Redirect {
        self.refused(&Fault::new("login_required"))
    }

    /// A function said no, or something failed: what a function said is told with a blank behind it.
    fn refused_by(&self, error: &ApiError) -> Redirect {
        let is_functions = matches!(
            error.code(),
            Code::UserLambdaValidation | Code::UnexpectedLambda | Code::InvalidLambdaResponse
        );
        if !is_functions {
            return self.refused(&Fault::new(match error.code() {
                // The user was disabled or signed out meanwhile.
                Code::NotAuthorized => "access_denied",
                _ => "server_error",
            }));
        }
        self.refused(&Fault {
            error: "invalid_request",
            description: Some(format!("{} ", error.message()).into()),
        })
    }
}

async fn tokens(
    pools: &UserPools,
    cx: &Cx,
    place: &Place,
    (browser, approved): (&Browser, &Approved),
) -> Result<Vec<(String, String)>, ApiError> {
    let tokens = pools.tokens_at_once(cx, place, browser, approved).await?;
    let id = tokens.id_token.map(|id| ("id_token", id));
    let rest = [
        ("access_token", tokens.access_token),
        ("expires_in", tokens.expires_in.to_string()),
        ("token_type", "Bearer".to_owned()),
    ];
    let members = id.into_iter().chain(rest);
    Ok(members.map(|(name, value)| (name.to_owned(), value)).collect())
}
