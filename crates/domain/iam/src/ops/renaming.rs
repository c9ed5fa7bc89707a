//! UpdateUser and UpdateGroup. Policies tell users and groups by path and name, so a caller needs the permission on what it is
//! and on what it becomes: else somebody who rules `/temps/` could move people to where others rule.
//! Reference: identity-pools-iam 3.2; the IAM API reference on UpdateUser.

use kernel::{AccountId, Arn, Cx, Result};
use store::{
    Stop,
    records::iam::{self, Entity, Kind},
};

use crate::{Ask, Caller, Iam, doc::Doc, entity, errors, target::Target};

pub(super) struct Renaming {
    pub kind: Kind,
    pub name: String,
    pub new_name: Option<String>,
    pub new_path: Option<String>,
}

impl Renaming {
    fn apply(&self, entity: &mut Entity) {
        if let Some(name) = &self.new_name {
            entity.name.clone_from(name);
        }
        if let Some(path) = &self.new_path {
            entity.path.clone_from(path);
        }
    }

    fn becomes(&self, account: &AccountId, mut entity: Entity) -> Arn {
        self.apply(&mut entity);
        entity::arn(account, &entity)
    }
}

impl Iam {
    /// Errors: NoSuchEntity, AccessDenied, EntityAlreadyExists, ConcurrentModification.
    pub(super) async fn rename(&self, cx: &Cx, action: &str, renaming: Renaming) -> Result<()> {
        let (kind, name) = (renaming.kind, renaming.name.clone());
        let now = self.look(cx, move |r, account| entity::named(r, account, kind, &name));
        let now = now.await?;
        let tags = Doc::of(&now)?.tags;
        let becomes = renaming.becomes(cx.account(), now);
        // Without a caller it is the program itself.
        if let Some(caller) = Caller::of(cx)? {
            let target = Target {
                arn: becomes.to_string(),
                tags,
                boundary: None,
            };
            let ask = Ask::new(action, becomes.as_str()).on(target);
            let asked = self.authorize(cx, caller, &ask).await;
            asked.map_err(|refusal| refusal.told(|denial| errors::access_denied(denial.sentence)))?;
        }
        self.change(cx, move |tx, account| {
            let mut entity = entity::named(tx, account, renaming.kind, &renaming.name)?;
            renaming.apply(&mut entity);
            if entity::arn(account, &entity) != becomes {
                return Err(Stop::Raced);
            }
            if let Some(name) = &renaming.new_name {
                let holder = iam::find(tx, account, entity.kind, name)?;
                if holder.is_some_and(|holder| holder.id != entity.id) {
                    return Err(errors::already_exists(entity.kind, name).into());
                }
            }
            entity::save(tx, account, &entity)
        })
        .await
    }
}
