//! Further tokens from a refresh token, and the rotation of refresh tokens. Reference: user-pools 5.7, 8.6; DESIGN 3.7.
//!
//! ```text
//!   token in force ──▶ tokens; with rotation its successor comes into force
//!   the one before, within its grace period ──▶ tokens and the same successor again: a retry, or a second tab
//!   an older one ──▶ somebody has a copy: the whole family is revoked
//! ```

use std::time::Duration;

use api::cognito_idp::AuthenticationResultType;
use kernel::{ApiError, Code, Cx, Timestamp, Turn};
use store::records::{
    groups::Group,
    sessions::{self, Session},
    users::{self, User},
};
use tokens::RefreshToken;

use super::{Result, Visit, claims::Grant};
use crate::{UserPools, errors, group::roles, user::standing::may_go_on};

/// A refresh token that was presented, with its family and the user as they are.
pub(crate) struct Refresh {
    token: RefreshToken,
    family: Session,
    pub user: User,
    groups: Vec<Group>,
    /// For signing the tokens; reserved at first, because a rotation that is stored must not be refused any more.
    turn: Turn,
}

/// Whether the call can hand out another refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// GetTokensFromRefreshToken.
    AsConfigured,
    /// REFRESH_TOKEN_AUTH.
    Never,
}

/// What a presented token is to its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    InForce,
    InGrace,
    Outdated,
    Revoked,
    Expired,
}

fn standing(family: &Session, digest: &[u8], grace: Duration, now: Timestamp) -> Standing {
    let in_grace = || {
        let rotated = family.rotated_at.is_some_and(|at| now.since(at) < grace);
        rotated && family.previous_token.as_deref() == Some(digest)
    };
    if family.revoked {
        Standing::Revoked
    } else if now >= family.expires {
        Standing::Expired
    } else if family.token == digest {
        Standing::InForce
    } else if in_grace() {
        Standing::InGrace
    } else {
        Standing::Outdated
    }
}

impl UserPools {
    /// Errors: TooManyRequests; NotAuthorized (never issued here, or for another client).
    pub(crate) async fn refresh_token(&self, visit: &Visit, text: &str, rotation: Rotation) -> Result<Refresh> {
        let turn = self.cpu.reserve()?;
        let token = RefreshToken::read(&self.keyring, &visit.pool.id, text).ok_or_else(|| invalid(rotation))?;
        let (pool, client, id) = (visit.pool.id.clone(), visit.client.id.clone(), token.family.clone());
        let found = self
            .store
            .look_up(move |r| {
                let Some(mut family) = sessions::by_family(r, &pool, &id)?.filter(|f| f.client == client) else {
                    return Ok(None);
                };
                let Some(user) = users::by_sub(r, &pool, &family.sub)? else {
                    return Ok(None);
                };
                family.revoked = family.is_over(&user);
                let groups = roles::of_user(r, &pool, &family.sub)?;
                Ok(Some((family, user, groups)))
            })
            .await?;
        let (family, user, groups) = found.ok_or_else(|| invalid(rotation))?;
        Ok(Refresh {
            token,
            family,
            user,
            groups,
            turn,
        })
    }

    /// Tokens with the user's groups and attributes of now; `auth_time`, `origin_jti` and `event_id` stay.
    ///
    /// Errors: NotAuthorized (revoked, expired), RefreshTokenReuse, those of [`may_go_on`].
    pub(crate) async fn refresh(
        &self,
        cx: &Cx,
        visit: &Visit,
        refresh: Refresh,
        rotation: Rotation,
    ) -> Result<AuthenticationResultType> {
        let Refresh {
            token,
            family,
            user,
            groups,
            turn,
        } = refresh;
        let grace = visit
            .client
            .lifetimes
            .rotation_grace
            .filter(|_| rotation == Rotation::AsConfigured);
        match standing(&family, &token.digest, grace.unwrap_or_default(), cx.now()) {
            Standing::Revoked => return Err(errors::refresh_token_revoked()),
            Standing::Expired => return Err(errors::refresh_token_expired()),
            Standing::Outdated => return Err(self.revoke_reused(visit, &token, rotation).await),
            Standing::InForce | Standing::InGrace => {
                may_go_on(&user, errors::refresh_token_revoked).map_err(|refusal| worded(refusal, rotation))?;
            }
        }
        let (successor, user, groups) = match grace {
            Some(grace) => {
                let (successor, user, groups) = self.rotate(cx, visit, &token, grace).await?;
                (Some(successor), user, groups)
            }
            None => (None, user, groups),
        };
        let grant = Grant {
            client: &visit.client,
            user: &user,
            groups: &groups,
            family: &family,
        };
        self.issue(cx, &grant, successor, turn).await
    }

    /// The successor is computed from the token, so that retries and racing tabs all get the same one; and the user with
    /// their groups, as they were when it came into force.
    async fn rotate(
        &self,
        cx: &Cx,
        visit: &Visit,
        token: &RefreshToken,
        grace: Duration,
    ) -> Result<(String, User, Vec<Group>)> {
        let (text, successor) = token.successor(&self.keyring, &visit.pool.id)?;
        let (pool, token, now) = (visit.pool.id.clone(), token.clone(), cx.now());
        let (user, groups) = self
            .store
            .write(move |tx| {
                let Some(mut family) = sessions::by_family(tx, &pool, &token.family)? else {
                    return Err(invalid(Rotation::AsConfigured).into());
                };
                let Some(user) = users::by_sub(tx, &pool, &family.sub)? else {
                    return Err(invalid(Rotation::AsConfigured).into());
                };
                if let Err(refusal) = may_go_on(&user, errors::refresh_token_revoked) {
                    return Err(worded(refusal, Rotation::AsConfigured).into());
                }
                family.revoked = family.is_over(&user);
                match standing(&family, &token.digest, grace, now) {
                    Standing::InForce => {
                        sessions::rotate(tx, &pool, &token.family, &token.digest, &successor.digest, now)?;
                    }
                    Standing::InGrace if family.token == successor.digest => {}
                    Standing::Revoked => return Err(errors::refresh_token_revoked().into()),
                    Standing::Expired => return Err(errors::refresh_token_expired().into()),
                    Standing::InGrace | Standing::Outdated => {
                        sessions::revoke(tx, &pool, &token.family)?;
                        return Err(errors::refresh_token_reused().into());
                    }
                }
                let groups = roles::of_user(tx, &pool, &user.sub)?;
                Ok((user, groups))
            })
            .await?;
        Ok((text, user, groups))
    }

    /// What to answer to a token that was rotated out. REFRESH_TOKEN_AUTH has no word for reuse (its model).
    async fn revoke_reused(&self, visit: &Visit, token: &RefreshToken, rotation: Rotation) -> ApiError {
        let (pool, family) = (visit.pool.id.clone(), token.family.clone());
        let revoked = self
            .store
            .write(move |tx| Ok(sessions::revoke(tx, &pool, &family)?))
            .await;
        match (revoked, rotation) {
            (Err(error), _) => error.into(),
            (Ok(_), Rotation::AsConfigured) => errors::refresh_token_reused(),
            (Ok(_), Rotation::Never) => errors::refresh_token_revoked(),
        }
    }
}

/// The two calls end the sentence differently.
fn invalid(rotation: Rotation) -> ApiError {
    match rotation {
        Rotation::AsConfigured => errors::invalid_refresh_token_to_rotate(),
        Rotation::Never => errors::invalid_refresh_token(),
    }
}

/// GetTokensFromRefreshToken has no word for the state of a user (its model).
fn worded(refusal: ApiError, rotation: Rotation) -> ApiError {
    if rotation == Rotation::AsConfigured && refusal.code() != Code::NotAuthorized {
        return errors::refresh_token_revoked();
    }
    refusal
}

#[cfg(test)]
mod tests {
    use kernel::{ClientId, Sub};

    use super::*;

    #[test]
    fn a_token_is_in_force_in_grace_or_outdated() {
        let at = |secs: i64| Timestamp::from_secs(secs);
        let family = Session {
            family: "f".to_owned(),
            sub: Sub::new("a-sub"),
            client: ClientId::new("c"),
            token: vec![2],
            previous_token: Some(vec![1]),
            rotated_at: Some(at(100)),
            created: at(0),
            used_at: at(100),
            expires: at(1000),
            revoked: false,
            doc: sessions::Doc::default(),
        };
        let cases = [
            (2, 10, 100, Standing::InForce),
            (2, 10, 999, Standing::InForce),
            (2, 10, 1000, Standing::Expired),
            (1, 10, 100, Standing::InGrace),
            (1, 10, 109, Standing::InGrace),
            (1, 10, 110, Standing::Outdated),
            (1, 0, 100, Standing::Outdated),
            (0, 10, 100, Standing::Outdated),
        ];
        for (digest, grace, now, expected) in cases {
            let found = standing(&family, &[digest], Duration::from_secs(grace), at(now));
            assert_eq!(found, expected, "{digest} {grace} {now}");
        }
        let revoked = Session {
            revoked: true,
            ..family
        };
        assert_eq!(standing(&revoked, &[2], Duration::ZERO, at(100)), Standing::Revoked);
    }
}
