//! Groups of users. Reference: identity-pools-iam 3.2, 3.3.

use api::iam::{
    CreateGroupRequest, CreateGroupResponse, DeleteGroupRequest, Group, ListGroupsRequest, ListGroupsResponse,
    UpdateGroupRequest,
};
use kernel::{AccountId, Cx, Result};
use store::records::{
    iam::{self, Entity, Kind, Page},
    iam_groups,
};

use super::{renaming::Renaming, roles};
use crate::{
    Iam,
    doc::Doc,
    entity,
    errors::{self, Remains},
    paging::Cut,
};

pub(super) fn shown(account: &AccountId, group: &Entity) -> Group {
    Group {
        path: group.path.clone(),
        group_name: group.name.clone(),
        group_id: group.id.clone(),
        arn: entity::arn(account, group).into(),
        create_date: group.created,
    }
}

impl Iam {
    /// Errors: EntityAlreadyExists.
    pub(crate) async fn create_group(&self, cx: &Cx, input: CreateGroupRequest) -> Result<CreateGroupResponse> {
        let fresh = entity::new(cx, Kind::Group, input.group_name, input.path, &Doc::default())?;
        let group = self.change(cx, move |tx, account| {
            if iam::insert(tx, account, &fresh)? {
                Ok(shown(account, &fresh))
            } else {
                Err(errors::already_exists(Kind::Group, &fresh.name).into())
            }
        });
        Ok(CreateGroupResponse { group: group.await? })
    }

    pub(crate) async fn list_groups(&self, cx: &Cx, input: ListGroupsRequest) -> Result<ListGroupsResponse> {
        let page = self.page(cx, &["ListGroups"], input.marker.as_deref(), input.max_items)?;
        let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
        let asked = page.rows.clone();
        let groups: Vec<Group> = self
            .look(cx, move |r, account| {
                let groups = iam::list(r, account, Kind::Group, &prefix, &asked)?;
                Ok(groups.iter().map(|group| shown(account, group)).collect())
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, groups, &page, |group| group.group_name.to_ascii_lowercase())?;
        Ok(ListGroupsResponse {
            groups: items,
            is_truncated,
            marker,
        })
    }

    /// Errors: NoSuchEntity, AccessDenied, EntityAlreadyExists.
    pub(crate) async fn update_group(&self, cx: &Cx, input: UpdateGroupRequest) -> Result<()> {
        let renaming = Renaming {
            kind: Kind::Group,
            name: input.group_name,
            new_name: input.new_group_name,
            new_path: input.new_path,
        };
        self.rename(cx, "iam:UpdateGroup", renaming).await
    }

    /// Errors: NoSuchEntity, DeleteConflict.
    pub(crate) async fn delete_group(&self, cx: &Cx, input: DeleteGroupRequest) -> Result<()> {
        self.change(cx, move |tx, account| {
            let group = entity::named(tx, account, Kind::Group, &input.group_name)?;
            let one = Page {
                after: String::new(),
                limit: 1,
            };
            if !iam_groups::members_of(tx, account, &group.id, &one)?.is_empty() {
                return Err(errors::cannot_delete(Remains::GroupMembers).into());
            }
            roles::check_bare(tx, account, &group.id)?;
            iam::delete(tx, account, &group)?;
            Ok(())
        })
        .await
    }
}
