//! A pool may believe a provider that an e-mail address is somebody's: who comes from there for the first time, with the address of one
//! of its users, is that user. Off unless a tag says so. docs/federation.md, docs/security.md

use std::sync::Arc;

use kernel::{Cx, Result};
use store::{
    Read, Stop, StoreError, Tx,
    records::{
        address::Address,
        external_users::SUBJECT,
        folding::folded,
        status::Status,
        user_search::{self, Column, Term},
        users::User,
    },
};

use super::{
    identities::{self, Bond, Foreigner, MOST_LINKS},
    known::Claim,
};
use crate::{
    UserPools,
    pool::Pool,
    user::{addresses, directory, names, standing},
};

/// How many users with one address are looked at: of more, none is meant.
const MOST: i64 = 100;

impl UserPools {
    /// Links whoever claims to be somebody with the one user who has this address. Nothing happens where there is none, or several, or
    /// they have as many links as they may.
    ///
    /// Errors: internal.
    pub(super) async fn link_by_mail(&self, cx: &Cx, pool: &Arc<Pool>, claim: &Claim, mail: String) -> Result<()> {
        let (pool, claim, now) = (Arc::clone(pool), claim.clone(), cx.now());
        let written = self.store.write(move |tx| {
            let Some(before) = owner(tx, &pool, &mail)? else {
                return Ok(());
            };
            if claim.find(tx, &pool)?.is_some() || identities::links(tx, &before)? >= MOST_LINKS {
                return Ok(());
            }
            let mut user = before.clone();
            user.modified = now;
            link(tx, &pool, (&before, &mut user), &claim)
        });
        match written.await {
            // Somebody changed the user: they are told so, or come again.
            Err(Stop::Raced) => Ok(()),
            written => Ok(written?),
        }
    }
}

fn link(tx: &mut Tx<'_>, pool: &Pool, (before, user): (&User, &mut User), claim: &Claim) -> Result<(), Stop> {
    let provider = pool.provider(&claim.provider)?;
    let foreigner = Foreigner {
        provider,
        attribute: SUBJECT,
        value: &claim.subject,
        issuer: provider.issuer(),
    };
    let now = user.modified;
    if !identities::claim(tx, user, foreigner, Bond::Linked, now)? {
        return Err(Stop::Raced);
    }
    directory::save(tx, before, user)
}

/// The one enabled user of the pool itself who has proven that the address is theirs.
fn owner(r: &mut impl Read, pool: &Pool, mail: &str) -> Result<Option<User>, StoreError> {
    let value = folded(mail);
    let term = Term {
        column: Column::Email,
        value: &value,
    };
    let found = user_search::equal(r, &pool.id, term, "", MOST)?;
    if i64::try_from(found.len()).is_ok_and(|count| count >= MOST) {
        return Ok(None);
    }
    let mut owners = found.into_iter().filter(|user| owns(pool, user, mail));
    let one = owners.next();
    Ok(one.filter(|_| owners.next().is_none()))
}

fn owns(pool: &Pool, user: &User, mail: &str) -> bool {
    let own = addresses::present(user, Address::Email);
    let is_same = own.is_some_and(|own| names::normal(pool, own) == names::normal(pool, mail));
    let is_local = standing::signs_in_here(user) && user.status != Status::Unconfirmed;
    is_same && is_local && user.enabled && addresses::is_verified(user, Address::Email)
}
