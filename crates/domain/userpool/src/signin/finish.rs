//! What follows a proved first factor: the gate, the session family, the tokens. Reference: user-pools 5.4, 8.

use api::cognito_idp::AuthenticationResultType;
use kernel::{Cx, Sub, Turn};
use store::{
    StoreError, Tx,
    records::{
        passwords,
        sessions::{self, Session},
        spent,
        users::{self},
    },
};
use tokens::{RefreshToken, Role};

use super::{
    Method, Result, Step, Visit,
    candidate::Candidate,
    claims::{self, Grant},
    gate::{self, Pass},
};
use crate::{
    UserPools,
    client::settings::LONGEST_CHALLENGE,
    errors,
    group::roles,
    ops::ADMIN_SCOPE,
    password::{kept::Owner, lockout},
};

/// A first factor that was right.
pub(super) struct Proved {
    pub candidate: Candidate,
    pub method: Method,
    /// Of the challenge that was answered: it may be answered once.
    pub nonce: Option<String>,
    /// The password as the pool wants it kept from now on.
    pub converted: Option<Vec<u8>>,
    /// For signing the tokens.
    pub turn: Turn,
}

/// A session family about to be stored, and the refresh token that stands for it.
pub(super) struct Family {
    pub row: Session,
    pub refresh_token: String,
}

impl UserPools {
    /// One write decides, spends the challenge and begins the family; only then tokens are signed (DESIGN 3.6).
    pub(super) async fn finish(&self, cx: &Cx, visit: &Visit, proved: Proved) -> Result<Step> {
        let Proved {
            candidate: Candidate { owner, password, .. },
            method,
            nonce,
            converted,
            turn,
        } = proved;
        let family = self.new_family(cx, visit, &owner.sub, method)?;
        let (row, now) = (family.row.clone(), cx.now());
        let proved_at = password.as_ref().map(|p| p.set_at);
        let conversion = converted.zip(password.map(|p| p.version));
        let (user, password, groups) = self
            .store
            .write(move |tx| {
                let failures = lockout::unlocked(tx, &owner.pool, &owner.sub, now)?;
                let Some(user) = users::by_sub(tx, &owner.pool, &owner.sub)? else {
                    return Err(errors::incorrect_username_or_password().into());
                };
                let password = passwords::of_user(tx, &owner.pool, &owner.sub)?.map(|p| p.set_at);
                if password != proved_at {
                    return Err(errors::incorrect_username_or_password()
                        .because("the password was just changed")
                        .into());
                }
                let pass = gate::gate(&user, now)?;
                if !spend(tx, &owner, nonce.as_deref(), now)? {
                    return Err(errors::session_used().into());
                }
                if failures.is_some() {
                    lockout::clear_failures(tx, &owner.pool, &owner.sub)?;
                }
                if let Some((sealed, version)) = &conversion {
                    // False where a parallel sign-in has converted it already.
                    passwords::reseal(tx, &owner.pool, &owner.sub, sealed, *version)?;
                }
                // With the user, not before: between the two somebody may leave a group.
                let groups = match pass {
                    Pass::NewPassword => None,
                    Pass::Tokens => {
                        sessions::insert(tx, &owner.pool, &row.begun_by(&user))?;
                        Some(roles::of_user(tx, &owner.pool, &owner.sub)?)
                    }
                };
                Ok((user, password, groups))
            })
            .await?;
        match groups {
            None => self.ask_new_password(cx, visit, &user, password),
            Some(groups) => {
                let grant = Grant {
                    client: &visit.client,
                    user: &user,
                    groups: &groups,
                    family: &family.row,
                };
                self.issue(cx, &grant, Some(family.refresh_token), turn)
                    .await
                    .map(|tokens| Step::Done(Box::new(tokens)))
            }
        }
    }

    pub(super) fn new_family(&self, cx: &Cx, visit: &Visit, sub: &Sub, method: Method) -> Result<Family> {
        let family = kernel::uuid(cx.rng());
        let (refresh_token, kept) = RefreshToken::mint(&self.keyring, &visit.pool.id, &family, cx.rng())?;
        let now = cx.now();
        let row = Session {
            family,
            sub: sub.clone(),
            client: visit.client.id.clone(),
            token: kept.digest.to_vec(),
            previous_token: None,
            rotated_at: None,
            created: now,
            used_at: now,
            expires: now.plus(visit.client.lifetimes.refresh_token),
            revoked: false,
            doc: sessions::Doc {
                auth_time: cx.wall(),
                event_id: kernel::uuid(cx.rng()),
                scope: ADMIN_SCOPE.to_owned(),
                device_key: None,
                amr: vec![method.amr().to_owned()],
                sign_outs: 0,
            },
        };
        Ok(Family { row, refresh_token })
    }

    /// Both tokens, signed in one turn of the CPU pool.
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

/// False if the challenge was answered before. Remembered as long as any challenge may live.
fn spend(tx: &mut Tx<'_>, owner: &Owner, nonce: Option<&str>, now: kernel::Timestamp) -> Result<bool, StoreError> {
    match nonce {
        Some(nonce) => spent::spend(tx, &owner.pool, nonce, now.plus(LONGEST_CHALLENGE)),
        None => Ok(true),
    }
}
