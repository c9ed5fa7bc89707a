//! Who is in which group. Reference: identity-pools-iam 3.2, 7.

use api::iam::{
    AddUserToGroupRequest, GetGroupRequest, GetGroupResponse, ListGroupsForUserRequest, ListGroupsForUserResponse,
    RemoveUserFromGroupRequest,
};
use kernel::{Cx, Result};
use store::records::{
    iam::{Kind, Page},
    iam_groups,
};

use super::{groups, users};
use crate::{Iam, entity, errors, paging::Cut};

const GROUPS_PER_USER: usize = 10;

impl Iam {
    /// Twice is once. Errors: NoSuchEntity, LimitExceeded.
    pub(crate) async fn add_user_to_group(&self, cx: &Cx, input: AddUserToGroupRequest) -> Result<()> {
        self.change(cx, move |tx, account| {
            let group = entity::named(tx, account, Kind::Group, &input.group_name)?;
            let user = entity::named(tx, account, Kind::User, &input.user_name)?;
            let all = Page {
                after: String::new(),
                limit: i64::MAX,
            };
            let held = iam_groups::groups_of(tx, account, &user.id, &all)?;
            if held.len() >= GROUPS_PER_USER && held.iter().all(|other| other.id != group.id) {
                return Err(errors::quota("GroupsPerUser", GROUPS_PER_USER).into());
            }
            Ok(iam_groups::add(tx, account, &group.id, &user.id)?)
        })
        .await
    }

    /// A user who is not in the group stays out of it: no error. Errors: NoSuchEntity.
    pub(crate) async fn remove_user_from_group(&self, cx: &Cx, input: RemoveUserFromGroupRequest) -> Result<()> {
        self.change(cx, move |tx, account| {
            let group = entity::named(tx, account, Kind::Group, &input.group_name)?;
            let user = entity::named(tx, account, Kind::User, &input.user_name)?;
            iam_groups::remove(tx, account, &group.id, &user.id)?;
            Ok(())
        })
        .await
    }

    /// `GetGroup`: the group and its members. Errors: NoSuchEntity.
    pub(crate) async fn group(&self, cx: &Cx, input: GetGroupRequest) -> Result<GetGroupResponse> {
        let page = self.page(
            cx,
            &["GetGroup", &input.group_name],
            input.marker.as_deref(),
            input.max_items,
        )?;
        let asked = page.rows.clone();
        let (group, users) = self
            .look(cx, move |r, account| {
                let group = entity::named(r, account, Kind::Group, &input.group_name)?;
                let members = iam_groups::members_of(r, account, &group.id, &asked)?;
                let users: Vec<_> = members.iter().map(|user| users::shown(account, user)).collect();
                Ok((groups::shown(account, &group), users))
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, users, &page, |user| user.user_id.clone())?;
        Ok(GetGroupResponse {
            group,
            users: items,
            is_truncated,
            marker,
        })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn list_groups_for_user(
        &self,
        cx: &Cx,
        input: ListGroupsForUserRequest,
    ) -> Result<ListGroupsForUserResponse> {
        let page = self.page(
            cx,
            &["ListGroupsForUser", &input.user_name],
            input.marker.as_deref(),
            input.max_items,
        )?;
        let asked = page.rows.clone();
        let names = self.names();
        let groups: Vec<_> = self
            .look(cx, move |r, account| {
                let user = names.entity(r, account, Kind::User, &input.user_name)?;
                let groups = iam_groups::groups_of(r, account, &user.id, &asked)?;
                Ok(groups.iter().map(|group| groups::shown(account, group)).collect())
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, groups, &page, |group| group.group_id.clone())?;
        Ok(ListGroupsForUserResponse {
            groups: items,
            is_truncated,
            marker,
        })
    }
}
