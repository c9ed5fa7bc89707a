//! Users. Reference: identity-pools-iam 3.2, 3.3.

use api::iam::{
    CreateUserRequest, CreateUserResponse, DeleteUserRequest, GetUserRequest, GetUserResponse, ListUsersRequest,
    ListUsersResponse, UpdateUserRequest, User,
};
use kernel::{AccountId, Cx, Result};
use store::{
    Read, StoreError,
    records::{
        iam::{self, Entity, Kind, Page},
        iam_groups, iam_keys, iam_policies,
    },
};

use super::{boundaries, keys, renaming::Renaming, roles, tags};
use crate::{
    Iam, developer,
    doc::Doc,
    entity,
    errors::{self, Remains},
    paging::Cut,
};

/// As lists show it: without tags and boundary.
pub(super) fn shown(account: &AccountId, user: &Entity) -> User {
    User {
        path: user.path.clone(),
        user_name: user.name.clone(),
        user_id: user.id.clone(),
        arn: entity::arn(account, user).into(),
        create_date: user.created,
        ..User::default()
    }
}

fn shown_whole(r: &mut impl Read, account: &AccountId, user: &Entity) -> std::result::Result<User, StoreError> {
    Ok(User {
        permissions_boundary: boundaries::shown(iam_policies::boundary(r, account, &user.id)?),
        tags: tags::shown(&Doc::of(user)?),
        ..shown(account, user)
    })
}

impl Iam {
    /// Errors: EntityAlreadyExists, InvalidInput, NoSuchEntity (boundary).
    pub(crate) async fn create_user(&self, cx: &Cx, input: CreateUserRequest) -> Result<CreateUserResponse> {
        self.check_user_name(&input.user_name)?;
        let doc = Doc {
            tags: tags::fresh(input.tags)?,
            ..Doc::default()
        };
        let fresh = entity::new(cx, Kind::User, input.user_name, input.path, &doc)?;
        let boundary = input.permissions_boundary;
        let user = self.change(cx, move |tx, account| {
            boundaries::check(tx, account, boundary.as_deref())?;
            if !iam::insert(tx, account, &fresh)? {
                return Err(errors::already_exists(Kind::User, &fresh.name).into());
            }
            boundaries::set(tx, account, &fresh.id, boundary.as_deref())?;
            Ok(shown_whole(tx, account, &fresh)?)
        });
        Ok(CreateUserResponse {
            user: Some(user.await?),
        })
    }

    /// The administrator of dev stands in no table, yet its ARN must mean nobody else. Errors: EntityAlreadyExists.
    fn check_user_name(&self, name: &str) -> Result<()> {
        if self.names().has_developer() && name.eq_ignore_ascii_case(developer::NAME) {
            return Err(errors::already_exists(Kind::User, name));
        }
        Ok(())
    }

    /// The caller, if none is named. Errors: NoSuchEntity, ValidationError for callers that are no user.
    pub(crate) async fn user(&self, cx: &Cx, input: GetUserRequest) -> Result<GetUserResponse> {
        let name = keys::user_name(cx, input.user_name)?;
        let names = self.names();
        let user = self.look(cx, move |r, account| {
            let user = names.entity(r, account, Kind::User, &name)?;
            Ok(shown_whole(r, account, &user)?)
        });
        Ok(GetUserResponse { user: user.await? })
    }

    pub(crate) async fn list_users(&self, cx: &Cx, input: ListUsersRequest) -> Result<ListUsersResponse> {
        let page = self.page(cx, &["ListUsers"], input.marker.as_deref(), input.max_items)?;
        let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
        let asked = page.rows.clone();
        let users: Vec<User> = self
            .look(cx, move |r, account| {
                let users = iam::list(r, account, Kind::User, &prefix, &asked)?;
                Ok(users.iter().map(|user| shown(account, user)).collect())
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, users, &page, |user| user.user_name.to_ascii_lowercase())?;
        Ok(ListUsersResponse {
            users: items,
            is_truncated,
            marker,
        })
    }

    /// Errors: NoSuchEntity, AccessDenied, EntityAlreadyExists.
    pub(crate) async fn update_user(&self, cx: &Cx, input: UpdateUserRequest) -> Result<()> {
        if let Some(name) = &input.new_user_name {
            self.check_user_name(name)?;
        }
        let renaming = Renaming {
            kind: Kind::User,
            name: input.user_name,
            new_name: input.new_user_name,
            new_path: input.new_path,
        };
        self.rename(cx, "iam:UpdateUser", renaming).await
    }

    /// Errors: NoSuchEntity, DeleteConflict.
    pub(crate) async fn delete_user(&self, cx: &Cx, input: DeleteUserRequest) -> Result<()> {
        self.change(cx, move |tx, account| {
            let user = entity::named(tx, account, Kind::User, &input.user_name)?;
            if !iam_keys::of_user(tx, account, &user.id)?.is_empty() {
                return Err(errors::cannot_delete(Remains::AccessKeys).into());
            }
            roles::check_bare(tx, account, &user.id)?;
            let one = Page {
                after: String::new(),
                limit: 1,
            };
            if !iam_groups::groups_of(tx, account, &user.id, &one)?.is_empty() {
                return Err(errors::cannot_delete(Remains::Groups).into());
            }
            iam_policies::clear_boundary(tx, account, &user.id)?;
            iam::delete(tx, account, &user)?;
            Ok(())
        })
        .await
    }
}
