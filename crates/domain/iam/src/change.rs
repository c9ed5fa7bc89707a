//! Reading and changing an account's IAM.

use kernel::{AccountId, ApiError, Cx};
use store::{Reader, StoreError, Tx, cache, done, records::versions, refuse};

use crate::Iam;

/// Why a closure ends early. A refusal comes before anything is written: what was written until then would be kept.
pub(crate) enum Stop {
    Store(StoreError),
    Refused(ApiError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl Iam {
    /// One snapshot of the caller's account.
    pub(crate) async fn look<T, F>(&self, cx: &Cx, act: F) -> kernel::Result<T>
    where
        F: Fn(&mut Reader<'_>, &AccountId) -> Result<T, Stop> + Send + 'static,
        T: Send + 'static,
    {
        let account = cx.account().clone();
        let outcome = self.store.read(move |r| match act(r, &account) {
            Ok(value) => Ok(Ok(value)),
            Err(Stop::Refused(error)) => Ok(Err(error)),
            Err(Stop::Store(error)) => Err(error),
        });
        outcome.await?
    }

    /// One transaction on the caller's account. Whatever is cached of the account is read anew afterwards: here at once,
    /// on other nodes within a second.
    pub(crate) async fn change<T, F>(&self, cx: &Cx, act: F) -> kernel::Result<T>
    where
        F: Fn(&mut Tx<'_>, &AccountId) -> Result<T, Stop> + Send + 'static,
        T: Send + 'static,
    {
        let account = cx.account().clone();
        let outcome = self
            .store
            .write(move |tx| match act(tx, &account) {
                Ok(value) => {
                    versions::bump(tx, &cache::account_scope(&account))?;
                    done(value)
                }
                Err(Stop::Refused(error)) => refuse(error),
                Err(Stop::Store(error)) => Err(error),
            })
            .await;
        // Whatever the outcome: that of a lost connection is unknown.
        self.forget();
        outcome?
    }
}
