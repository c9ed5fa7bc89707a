//! Roles. Reference: identity-pools-iam 3.2, 3.3.

use std::{collections::BTreeMap, sync::Arc};

use api::iam::{
    CreateRoleRequest, CreateRoleResponse, DeleteRoleRequest, GetRoleRequest, GetRoleResponse,
    ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse, ListRolesRequest, ListRolesResponse, Role,
    RoleLastUsed, UpdateAssumeRolePolicyRequest, UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse,
    UpdateRoleRequest, UpdateRoleResponse,
};
use kernel::{AccountId, Cx, Result};
use store::{
    Read, Stop, StoreError, Tx,
    records::{
        iam::{self, Entity, Kind, Page},
        iam_policies,
    },
};

use super::{boundaries, tags};
use crate::{
    Iam,
    assume::DEFAULT_DURATION,
    doc::{Doc, RoleDoc},
    documents, entity,
    errors::{self, Remains},
    paging::Cut,
    principals::Names,
    trust,
};

/// As lists show it: without tags and boundary.
fn shown(r: &mut impl Read, account: &AccountId, role: &Entity, names: Names) -> std::result::Result<Role, StoreError> {
    let doc = Doc::of(role)?;
    let own = doc.role()?;
    Ok(Role {
        path: role.path.clone(),
        role_name: role.name.clone(),
        role_id: role.id.clone(),
        arn: entity::arn(account, role).into(),
        create_date: role.created,
        assume_role_policy_document: Some(documents::encoded(&trust::shown(r, account, own, names)?)),
        max_session_duration: Some(own.max_session),
        description: doc.description,
        ..Role::default()
    })
}

fn shown_whole(
    r: &mut impl Read,
    account: &AccountId,
    role: &Entity,
    names: Names,
) -> std::result::Result<Role, StoreError> {
    Ok(Role {
        permissions_boundary: boundaries::shown(iam_policies::boundary(r, account, &role.id)?),
        tags: tags::shown(&Doc::of(role)?),
        ..shown(r, account, role, names)?
    })
}

/// Policies of any kind keep an entity from being deleted. Errors: DeleteConflict.
pub(super) fn check_bare(r: &mut impl Read, account: &AccountId, id: &str) -> std::result::Result<(), Stop> {
    let one = Page {
        after: String::new(),
        limit: 1,
    };
    if !iam_policies::attached(r, account, id, &one)?.is_empty() {
        return Err(errors::cannot_delete(Remains::AttachedPolicies).into());
    }
    if !iam_policies::inlines(r, account, id, &one)?.is_empty() {
        return Err(errors::cannot_delete(Remains::InlinePolicies).into());
    }
    Ok(())
}

impl Iam {
    /// Errors: EntityAlreadyExists, MalformedPolicyDocument, LimitExceeded, InvalidInput, NoSuchEntity (boundary).
    pub(crate) async fn create_role(&self, cx: &Cx, input: CreateRoleRequest) -> Result<CreateRoleResponse> {
        let text = input.assume_role_policy_document;
        documents::trust(&text)?;
        let doc = Doc {
            description: input.description,
            tags: tags::fresh(input.tags)?,
            ..Doc::default()
        };
        let max_session = input.max_session_duration.unwrap_or(DEFAULT_DURATION);
        let fresh = entity::new(cx, Kind::Role, input.role_name, input.path, &doc)?;
        let boundary = input.permissions_boundary;
        let names = self.names();
        let role = self.change(cx, move |tx, account| {
            if iam::find(tx, account, Kind::Role, &fresh.name)?.is_some() {
                return Err(errors::already_exists(Kind::Role, &fresh.name).into());
            }
            boundaries::check(tx, account, boundary.as_deref())?;
            let role = RoleDoc {
                trust: trust::check(tx, account, &text, names)?,
                trusted: BTreeMap::new(),
                max_session,
                last_used: None,
            };
            let whole = Doc {
                role: Some(role),
                ..doc.clone()
            };
            let role = Entity {
                doc: whole.text()?,
                ..fresh.clone()
            };
            if !iam::insert(tx, account, &role)? {
                return Err(errors::already_exists(Kind::Role, &role.name).into());
            }
            boundaries::set(tx, account, &role.id, boundary.as_deref())?;
            Ok(Role {
                max_session_duration: None,
                ..shown_whole(tx, account, &role, names)?
            })
        });
        Ok(CreateRoleResponse { role: role.await? })
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn role_by_name(&self, cx: &Cx, input: GetRoleRequest) -> Result<GetRoleResponse> {
        let (noted, names) = (Arc::clone(&self.last_uses), self.names());
        let role = self.look(cx, move |r, account| {
            let role = entity::named(r, account, Kind::Role, &input.role_name)?;
            let written = Doc::of(&role)?.role()?.last_used.clone();
            let used = noted.of(account, &role.id).or(written);
            Ok(Role {
                role_last_used: Some(used.map_or_else(RoleLastUsed::default, |used| RoleLastUsed {
                    last_used_date: Some(used.at),
                    region: Some(used.region),
                })),
                ..shown_whole(r, account, &role, names)?
            })
        });
        Ok(GetRoleResponse { role: role.await? })
    }

    pub(crate) async fn list_roles(&self, cx: &Cx, input: ListRolesRequest) -> Result<ListRolesResponse> {
        let page = self.page(cx, &["ListRoles"], input.marker.as_deref(), input.max_items)?;
        let prefix = input.path_prefix.unwrap_or_else(|| "/".to_owned());
        let (asked, names) = (page.rows.clone(), self.names());
        let roles: Vec<Role> = self
            .look(cx, move |r, account| {
                let roles = iam::list(r, account, Kind::Role, &prefix, &asked)?;
                Ok(roles
                    .iter()
                    .map(|role| shown(r, account, role, names))
                    .collect::<std::result::Result<_, _>>()?)
            })
            .await?;
        let Cut {
            items,
            is_truncated,
            marker,
        } = self.cut(cx, roles, &page, |role| role.role_name.to_ascii_lowercase())?;
        Ok(ListRolesResponse {
            roles: items,
            is_truncated,
            marker,
        })
    }

    async fn change_role<F>(&self, cx: &Cx, name: String, act: F) -> Result<Role>
    where
        F: Fn(&mut Tx<'_>, &AccountId, &mut Doc) -> std::result::Result<(), Stop> + Send + 'static,
    {
        let names = self.names();
        self.change(cx, move |tx, account| {
            let mut role = entity::named(tx, account, Kind::Role, &name)?;
            let mut doc = Doc::of(&role)?;
            act(tx, account, &mut doc)?;
            role.doc = doc.text()?;
            entity::save(tx, account, &role)?;
            Ok(shown_whole(tx, account, &role, names)?)
        })
        .await
    }

    /// A description that is left out stays; a duration that is left out becomes the default again. Errors: NoSuchEntity.
    pub(crate) async fn update_role(&self, cx: &Cx, input: UpdateRoleRequest) -> Result<UpdateRoleResponse> {
        let max_session = input.max_session_duration.unwrap_or(DEFAULT_DURATION);
        let description = input.description;
        self.change_role(cx, input.role_name, move |_, _, doc| {
            if let Some(text) = &description {
                doc.description = Some(text.clone());
            }
            doc.role_mut()?.max_session = max_session;
            Ok(())
        })
        .await?;
        Ok(UpdateRoleResponse::default())
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn update_role_description(
        &self,
        cx: &Cx,
        input: UpdateRoleDescriptionRequest,
    ) -> Result<UpdateRoleDescriptionResponse> {
        let text = input.description;
        let role = self.change_role(cx, input.role_name, move |_, _, doc| {
            doc.description = Some(text.clone());
            Ok(())
        });
        Ok(UpdateRoleDescriptionResponse {
            role: Some(role.await?),
        })
    }

    /// Errors: NoSuchEntity, MalformedPolicyDocument, LimitExceeded.
    pub(crate) async fn update_assume_role_policy(&self, cx: &Cx, input: UpdateAssumeRolePolicyRequest) -> Result<()> {
        let (text, names) = (input.policy_document, self.names());
        self.change_role(cx, input.role_name, move |tx, account, doc| {
            let trust = trust::check(tx, account, &text, names)?;
            let role = doc.role_mut()?;
            role.trusted.clear();
            role.trust = trust;
            Ok(())
        })
        .await
        .map(|_| ())
    }

    /// Errors: NoSuchEntity, DeleteConflict.
    pub(crate) async fn delete_role(&self, cx: &Cx, input: DeleteRoleRequest) -> Result<()> {
        self.change(cx, move |tx, account| {
            let role = entity::named(tx, account, Kind::Role, &input.role_name)?;
            check_bare(tx, account, &role.id)?;
            iam_policies::clear_boundary(tx, account, &role.id)?;
            iam::delete(tx, account, &role)?;
            Ok(())
        })
        .await
    }

    /// No instance profiles exist here, so no role is in one. Errors: NoSuchEntity.
    pub(crate) async fn list_instance_profiles_for_role(
        &self,
        cx: &Cx,
        input: ListInstanceProfilesForRoleRequest,
    ) -> Result<ListInstanceProfilesForRoleResponse> {
        self.look(cx, move |r, account| {
            entity::named(r, account, Kind::Role, &input.role_name).map(|_| ())
        })
        .await?;
        Ok(ListInstanceProfilesForRoleResponse {
            is_truncated: Some(false),
            ..ListInstanceProfilesForRoleResponse::default()
        })
    }
}
