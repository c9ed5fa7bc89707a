//! When and where each role was last used. Noted in memory at every use and written from time to time, so that no call pays
//! for it; a crash forgets the last minutes of it. Reference: identity-pools-iam 3.2 (RoleLastUsed).

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use kernel::{AccountId, Cx, Timestamp};
use store::{StoreError, Tx, records::iam};

use crate::{
    Iam,
    doc::{Doc, LastUse},
};

/// Uses that are not written yet, by account and the role's unique id.
#[derive(Default)]
pub(crate) struct LastUses(Mutex<Unwritten>);

type Unwritten = HashMap<(AccountId, String), LastUse>;

impl LastUses {
    pub fn note(&self, cx: &Cx, role: &str) {
        let used = LastUse {
            at: Timestamp::from_secs(cx.now().secs()),
            region: cx.region.to_string(),
        };
        self.lock().insert((cx.account().clone(), role.to_owned()), used);
    }

    pub fn of(&self, account: &AccountId, role: &str) -> Option<LastUse> {
        self.lock().get(&(account.clone(), role.to_owned())).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Unwritten> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Iam {
    /// Writes what was noted since the last time. Every few minutes, and before the store is closed. Answers how
    /// many. Errors: internal; nothing is forgotten then.
    pub async fn write_last_uses(&self) -> kernel::Result<u64> {
        let noted = self.last_uses.lock().clone();
        if noted.is_empty() {
            return Ok(0);
        }
        let written = noted.clone();
        let stored = self.store.write(move |tx| {
            for ((account, role), used) in &written {
                write(tx, account, role, used)?;
            }
            Ok(())
        });
        stored.await?;
        // What was noted meanwhile is for the next time.
        self.last_uses.lock().retain(|role, used| noted.get(role) != Some(used));
        Ok(u64::try_from(noted.len()).unwrap_or(u64::MAX))
    }
}

/// A role that is gone needs none.
fn write(tx: &mut Tx<'_>, account: &AccountId, role: &str, used: &LastUse) -> Result<(), StoreError> {
    let Some(mut found) = iam::by_id(tx, account, role)? else {
        return Ok(());
    };
    let mut doc = Doc::of(&found)?;
    let own = doc.role_mut()?;
    // Another node may have seen a later use.
    if own.last_used.as_ref().is_none_or(|written| written.at < used.at) {
        own.last_used = Some(used.clone());
        found.doc = doc.text()?;
        iam::annotate(tx, account, &found)?;
    }
    Ok(())
}
