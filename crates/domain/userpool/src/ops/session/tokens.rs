//! The tokens that the API answers with: made of whoever signed in, and of a session that goes on. Reference: user-pools 8.

use api::cognito_idp::AuthenticationResultType;
use kernel::{Cx, Result, Turn};
use tokens::Role;

use super::printed::Printed;
use crate::{
    UserPools,
    client::Client,
    session::claims::{self, Grant},
    signin::{SignedIn, protocol::Reply},
};

impl UserPools {
    /// What the API answers: the challenge, or the tokens of somebody who has signed in. Errors: internal.
    pub(super) async fn printed(&self, cx: &Cx, client: &Client, reply: Reply) -> Result<Printed> {
        let SignedIn {
            user,
            groups,
            session,
            turn,
        } = match reply {
            Reply::Challenge(challenge) => return Ok(challenge.into()),
            Reply::SignedIn(signed_in) => *signed_in,
        };
        let grant = Grant {
            client,
            user: &user,
            groups: &groups,
            family: &session.row,
        };
        let tokens = self.issue(cx, &grant, Some(session.refresh_token), turn).await?;
        Ok(tokens.into())
    }

    /// Both tokens, signed in one turn of the CPU pool. Errors: internal.
    pub(super) async fn issue(
        &self,
        cx: &Cx,
        grant: &Grant<'_>,
        refresh_token: Option<String>,
        turn: Turn,
    ) -> Result<AuthenticationResultType> {
        let claims = claims::of(cx, grant);
        let signed = self.tokens.sign(
            cx,
            grant.user.pool.as_str(),
            vec![(Role::Id, claims.id), (Role::Access, claims.access)],
            turn,
        );
        let mut signed = signed.await?.into_iter();
        let seconds = grant.client.lifetimes.access_token.as_secs();
        Ok(AuthenticationResultType {
            id_token: signed.next(),
            access_token: signed.next(),
            refresh_token,
            expires_in: i32::try_from(seconds).ok(),
            token_type: Some("Bearer".to_owned()),
            new_device_metadata: None,
        })
    }
}
