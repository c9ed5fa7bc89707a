//! What the program itself does in IAM: at start, and for `poolhouse admin`.

use kernel::{AccessKeyId, ApiError, Cx};
use store::records::{
    facts,
    iam::{self, Kind},
    iam_policies::{self, Use},
};

use crate::{Iam, doc::Doc, entity, managed, ops::NewKey};

const ACCOUNT_FACT: &str = "account";

impl Iam {
    /// Records in a new database which account it serves. Errors: internal if it is another one's, because names, ARNs
    /// and stored policies spell the account out.
    pub async fn ensure_account(&self, cx: &Cx) -> kernel::Result<()> {
        let account = cx.account().clone();
        let checked = self.store.write(move |tx| {
            match facts::fact(tx, ACCOUNT_FACT)? {
                None => facts::set_fact(tx, ACCOUNT_FACT, account.as_str())?,
                Some(other) if other == account.as_str() => {}
                Some(other) => {
                    let detail = format!("this database serves account {other}, not {account}");
                    return Err(ApiError::internal(detail).into());
                }
            }
            Ok(())
        });
        Ok(checked.await?)
    }

    /// A new access key of an administrator: the user is made if there is none, and AdministratorAccess is attached.
    /// Errors: LimitExceeded for a third key.
    pub async fn create_administrator_key(&self, cx: &Cx, user_name: &str) -> kernel::Result<(AccessKeyId, String)> {
        let fresh = entity::new(cx, Kind::User, user_name.to_owned(), None, &Doc::default())?;
        let key = NewKey::draw(self, cx)?;
        let row = key.row.clone();
        self.change(cx, move |tx, account| {
            iam::insert(tx, account, &fresh)?;
            let user = entity::named(tx, account, Kind::User, &fresh.name)?;
            row.insert(tx, account, &user.id)?;
            iam_policies::attach(tx, account, &user.id, Use::Permissions, managed::ADMINISTRATOR_ACCESS)?;
            Ok(())
        })
        .await?;
        Ok((key.row.id.clone(), key.secret))
    }
}
