//! Reading and changing an account's IAM.

use kernel::{AccountId, Cx};
use store::{Reader, Scope, Stop, Tx, records::versions};

use crate::{Iam, errors};

impl Iam {
    /// One snapshot of the caller's account.
    pub(crate) async fn look<T, F>(&self, cx: &Cx, act: F) -> kernel::Result<T>
    where
        F: Fn(&mut Reader<'_>, &AccountId) -> Result<T, Stop> + Send + 'static,
        T: Send + 'static,
    {
        let account = cx.account().clone();
        Ok(self.store.consult(move |r| act(r, &account)).await?)
    }

    /// One transaction on the caller's account. Whatever is cached of the account is read anew afterwards: here at once,
    /// on other nodes within a second.
    pub(crate) async fn change<T, F>(&self, cx: &Cx, act: F) -> kernel::Result<T>
    where
        F: Fn(&mut Tx<'_>, &AccountId) -> Result<T, Stop> + Send + 'static,
        T: Send + 'static,
    {
        let account = cx.account().clone();
        let changed = self
            .store
            .write(move |tx| {
                let value = act(tx, &account)?;
                versions::bump(tx, Scope::account(&account))?;
                Ok(value)
            })
            .await;
        changed.map_err(|stop| match stop {
            Stop::Raced => errors::concurrent_modification(),
            stop => stop.into(),
        })
    }
}
