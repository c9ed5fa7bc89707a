//! Further tokens from a refresh token: what REFRESH_TOKEN_AUTH and GetTokensFromRefreshToken have in common. Reference:
//! user-pools 5.7, 8.6; decision 8.

use std::time::Duration;

use api::cognito_idp::AuthenticationResultType;
use kernel::{Cx, Result, Turn};
use store::{
    Read, StoreError,
    records::{
        devices::{self, DevicesOf},
        groups::Group,
        sessions::{self, Session},
        users::{self, User},
    },
};
use tokens::RefreshToken;

use super::answer::given_out;
use crate::{
    UserPools, errors,
    group::roles,
    session::{
        Grant,
        issue::{self, Subject},
        rotation::{RefreshStanding, Rotation, halted, invalid, standing},
    },
    signin::Visit,
    trigger::Functions,
    user::standing::may_go_on,
};

/// A refresh token that was presented, with its family and the user as they are.
pub(crate) struct Refresh {
    token: RefreshToken,
    family: Session,
    pub user: User,
    groups: Vec<Group>,
    device: Accompanied,
    /// The thumbprint of the key of which a proof came along.
    key: Option<String>,
    /// For signing the tokens; reserved at first, because a rotation that is stored must not be refused any more.
    turn: Turn,
}

impl Refresh {
    /// With a proof of this key.
    #[must_use]
    pub fn with(self, key: Option<String>) -> Self {
        Self { key, ..self }
    }

    /// Whether it is good together with what was proved.
    pub fn is_with_its_key(&self) -> bool {
        is_its_key(&self.family, self.key.as_deref())
    }
}

/// Whether the key is the one that the family's refresh tokens are bound to, if they are bound to one.
fn is_its_key(family: &Session, proved: Option<&str>) -> bool {
    let bound = family.doc.hosted.as_ref().and_then(|hosted| hosted.key.as_deref());
    bound.is_none_or(|bound| proved == Some(bound))
}

/// What a refresh token leads to.
struct Found {
    family: Session,
    user: User,
    groups: Vec<Group>,
    device: Accompanied,
}

impl UserPools {
    /// Errors: TooManyRequests; NotAuthorized (never issued here, or for another client).
    pub(crate) async fn refresh_token(&self, visit: &Visit, text: &str, rotation: Rotation) -> Result<Refresh> {
        let turn = self.cpu.reserve()?;
        let token = RefreshToken::read(&self.keyring, &visit.pool.id, text).ok_or_else(|| invalid(rotation))?;
        let found = self.family_of(visit, &token).await?.ok_or_else(|| invalid(rotation))?;
        Ok(Refresh {
            token,
            family: found.family,
            user: found.user,
            groups: found.groups,
            device: found.device,
            key: None,
            turn,
        })
    }

    /// The family that a token names, of this client, as it is now.
    async fn family_of(&self, visit: &Visit, token: &RefreshToken) -> Result<Option<Found>> {
        let (client, id, by) = (visit.client.id.clone(), token.family.clone(), visit.clone());
        let found = self
            .store
            .look_up(move |r| {
                let pool = &by.pool.id;
                let Some(mut family) = sessions::by_family(r, pool, &id)?.filter(|f| f.client == client) else {
                    return Ok(None);
                };
                let Some(user) = users::by_sub(r, pool, &family.sub)? else {
                    return Ok(None);
                };
                family.revoked = family.is_over(&user);
                Ok(Some(Found {
                    groups: roles::of_user(r, pool, &family.sub)?,
                    device: accompanied(r, &by, &family)?,
                    family,
                    user,
                }))
            })
            .await?;
        Ok(found)
    }

    /// Tokens with the user's groups and attributes of now; `auth_time`, `origin_jti` and `event_id` stay.
    ///
    /// Errors: NotAuthorized (revoked, expired), RefreshTokenReuse, those of [`may_go_on`] and of the function.
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
            device,
            key,
            turn,
        } = refresh;
        let grace = visit.client.lifetimes.rotation_grace.filter(|_| rotation.rotates());
        match standing(&family, &token.digest, grace.unwrap_or_default(), cx.now()) {
            RefreshStanding::Revoked => return Err(errors::refresh_token_revoked()),
            RefreshStanding::Expired => return Err(errors::refresh_token_expired()),
            RefreshStanding::Outdated => return self.revoke_reused(visit, &token, rotation).await,
            RefreshStanding::InForce | RefreshStanding::InGrace => {
                device.check(rotation)?;
                may_go_on(&user).map_err(|halt| halted(halt, rotation))?;
            }
        }
        if !is_its_key(&family, key.as_deref()) {
            return Err(invalid(rotation));
        }
        let grant = Grant::of_session(&visit.client, &family);
        let scene = visit.scene(cx, &user);
        let functions = &self.functions;
        let overrides = functions
            .pre_token_generation(scene, rotation.source(), &groups, &grant.scopes)
            .await?;
        // Time has passed: who is disabled by now, or signed out, or has forgotten the device, gets nothing.
        if Functions::changes_tokens(scene) {
            let found = self.family_of(visit, &token).await?.ok_or_else(|| invalid(rotation))?;
            if found.family.revoked {
                return Err(errors::refresh_token_revoked());
            }
            found.device.check(rotation)?;
            may_go_on(&found.user).map_err(|halt| halted(halt, rotation))?;
        }
        let (refresh_token, user, groups) = if let Some(grace) = grace {
            let (successor, user, groups) = self.rotate(cx, visit, &token, (grace, rotation)).await?;
            (Some(successor), user, groups)
        } else {
            self.note_use(cx, visit, &family).await?;
            (None, user, groups)
        };
        let subject = Subject {
            user: &user,
            groups: &groups,
            session: &family,
            overrides: &overrides,
            nonce: None,
            key: key.as_deref(),
        };
        let tokens = issue::granted(&self.tokens, cx, &grant, &subject, turn).await?;
        Ok(given_out(&visit.client, tokens, refresh_token))
    }

    /// The successor is computed from the token, so that retries and racing tabs all get the same one; and the user with
    /// their groups, as they were when it came into force.
    async fn rotate(
        &self,
        cx: &Cx,
        visit: &Visit,
        token: &RefreshToken,
        (grace, rotation): (Duration, Rotation),
    ) -> Result<(String, User, Vec<Group>)> {
        let (text, successor) = token.successor(&self.keyring, &visit.pool.id)?;
        let (by, token, now) = (visit.clone(), token.clone(), cx.now());
        let seen = visit.seen(cx);
        let (user, groups) = self
            .store
            .write(move |tx| {
                let pool = &by.pool.id;
                let Some(mut family) = sessions::by_family(tx, pool, &token.family)? else {
                    return Err(invalid(Rotation::AsConfigured).into());
                };
                let Some(user) = users::by_sub(tx, pool, &family.sub)? else {
                    return Err(invalid(Rotation::AsConfigured).into());
                };
                accompanied(tx, &by, &family)?.check(rotation)?;
                may_go_on(&user).map_err(|halt| halted(halt, Rotation::AsConfigured))?;
                family.revoked = family.is_over(&user);
                match standing(&family, &token.digest, grace, now) {
                    RefreshStanding::InForce => {
                        let succession = sessions::Succession {
                            old: &token.digest,
                            new: &successor.digest,
                            at: now,
                        };
                        sessions::rotate(tx, pool, &token.family, &succession)?;
                        if by.pool.sessions.is_some() {
                            family.doc.seen = Some(seen.clone());
                            sessions::used(tx, pool, &token.family, &family.doc, now)?;
                        }
                    }
                    RefreshStanding::InGrace if family.token == successor.digest => {}
                    RefreshStanding::Revoked => return Err(errors::refresh_token_revoked().into()),
                    RefreshStanding::Expired => return Err(errors::refresh_token_expired().into()),
                    RefreshStanding::InGrace | RefreshStanding::Outdated => {
                        sessions::revoke(tx, pool, &token.family)?;
                        return Err(errors::refresh_token_reused().into());
                    }
                }
                let groups = roles::of_user(tx, pool, &user.sub)?;
                Ok((user, groups))
            })
            .await?;
        Ok((text, user, groups))
    }

    /// Where sessions are tracked a refresh is a use. Errors: NotAuthorized (revoked meanwhile).
    async fn note_use(&self, cx: &Cx, visit: &Visit, family: &Session) -> Result<()> {
        if visit.pool.sessions.is_none() {
            return Ok(());
        }
        let (pool, id, now) = (visit.pool.id.clone(), family.family.clone(), cx.now());
        let doc = sessions::Doc {
            seen: Some(visit.seen(cx)),
            ..family.doc.clone()
        };
        let used = self
            .store
            .write(move |tx| Ok(sessions::used(tx, &pool, &id, &doc, now)?));
        if used.await? {
            Ok(())
        } else {
            Err(errors::refresh_token_revoked())
        }
    }

    /// A token that was rotated out ends its family. REFRESH_TOKEN_AUTH has no word for reuse (its model).
    ///
    /// Errors: RefreshTokenReuse or NotAuthorized, always.
    async fn revoke_reused<T>(&self, visit: &Visit, token: &RefreshToken, rotation: Rotation) -> Result<T> {
        let (pool, family) = (visit.pool.id.clone(), token.family.clone());
        self.store
            .write(move |tx| Ok(sessions::revoke(tx, &pool, &family)?))
            .await?;
        Err(match rotation {
            Rotation::AsConfigured => errors::refresh_token_reused(),
            Rotation::Never | Rotation::OfOAuth => errors::refresh_token_revoked(),
        })
    }
}

/// Whether a refresh token of a family comes with the device that its sign-in was made with. The token endpoint hears of none, so that what
/// the API issued to a device is not refreshed there. Reference: 5.7; oauth-and-federation 5.4.
enum Accompanied {
    /// Or no device is wanted.
    Yes,
    No,
    /// It does not, but no browser names a device.
    OfBrowser,
}

impl Accompanied {
    fn check(&self, rotation: Rotation) -> Result<()> {
        match self {
            Self::Yes => Ok(()),
            Self::OfBrowser if rotation == Rotation::OfOAuth => Ok(()),
            Self::No | Self::OfBrowser => {
                Err(invalid(rotation).because("the device is not named, not confirmed, or forgotten"))
            }
        }
    }
}

/// One that was never confirmed, or was forgotten since, does not count: so forgetting a device ends what hangs on it.
fn accompanied(r: &mut impl Read, visit: &Visit, family: &Session) -> Result<Accompanied, StoreError> {
    let Some(key) = family.doc.device_key.as_ref().filter(|_| visit.pool.devices.is_some()) else {
        return Ok(Accompanied::Yes);
    };
    if visit.device.as_deref() != Some(key.as_str()) {
        return Ok(match family.doc.hosted {
            Some(_) => Accompanied::OfBrowser,
            None => Accompanied::No,
        });
    }
    let of = DevicesOf {
        pool: visit.pool.id.clone(),
        sub: family.sub.clone(),
    };
    Ok(match devices::find(r, &of, key)? {
        Some(_) => Accompanied::Yes,
        None => Accompanied::No,
    })
}
