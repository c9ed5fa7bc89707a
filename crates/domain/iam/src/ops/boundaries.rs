//! Permissions boundaries of roles and users. Reference: identity-pools-iam 3.2, 5.2.

use api::iam::{
    AttachedPermissionsBoundary, DeleteRolePermissionsBoundaryRequest, DeleteUserPermissionsBoundaryRequest,
    PermissionsBoundaryAttachmentType, PutRolePermissionsBoundaryRequest, PutUserPermissionsBoundaryRequest,
};
use kernel::{AccountId, Cx, Result};
use store::{
    Read, Stop, Tx,
    records::{
        iam::Kind,
        iam_policies::{self, Use},
    },
};

use super::policies;
use crate::{Iam, entity, errors};

/// Errors: NoSuchEntity.
pub(super) fn check(r: &mut impl Read, account: &AccountId, arn: Option<&str>) -> std::result::Result<(), Stop> {
    match arn {
        Some(arn) if !policies::exists(r, account, arn)? => Err(errors::no_such_boundary(arn).into()),
        _ => Ok(()),
    }
}

/// Takes the place of the one before; None leaves none.
pub(super) fn set(
    tx: &mut Tx<'_>,
    account: &AccountId,
    owner: &str,
    arn: Option<&str>,
) -> std::result::Result<bool, Stop> {
    let had_one = iam_policies::clear_boundary(tx, account, owner)?;
    if let Some(arn) = arn {
        iam_policies::attach(tx, account, owner, Use::Boundary, arn)?;
    }
    Ok(had_one)
}

pub(super) fn shown(arn: Option<String>) -> Option<AttachedPermissionsBoundary> {
    arn.map(|arn| AttachedPermissionsBoundary {
        permissions_boundary_type: Some(PermissionsBoundaryAttachmentType::Policy),
        permissions_boundary_arn: Some(arn),
    })
}

impl Iam {
    async fn put_boundary(&self, cx: &Cx, kind: Kind, name: String, arn: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            let owner = entity::named(tx, account, kind, &name)?;
            check(tx, account, Some(&arn))?;
            set(tx, account, &owner.id, Some(&arn)).map(|_| ())
        })
        .await
    }

    async fn delete_boundary(&self, cx: &Cx, kind: Kind, name: String) -> Result<()> {
        self.change(cx, move |tx, account| {
            let owner = entity::named(tx, account, kind, &name)?;
            if set(tx, account, &owner.id, None)? {
                Ok(())
            } else {
                Err(errors::no_boundary(kind, &owner.name).into())
            }
        })
        .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn put_role_permissions_boundary(
        &self,
        cx: &Cx,
        input: PutRolePermissionsBoundaryRequest,
    ) -> Result<()> {
        self.put_boundary(cx, Kind::Role, input.role_name, input.permissions_boundary)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn delete_role_permissions_boundary(
        &self,
        cx: &Cx,
        input: DeleteRolePermissionsBoundaryRequest,
    ) -> Result<()> {
        self.delete_boundary(cx, Kind::Role, input.role_name).await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn put_user_permissions_boundary(
        &self,
        cx: &Cx,
        input: PutUserPermissionsBoundaryRequest,
    ) -> Result<()> {
        self.put_boundary(cx, Kind::User, input.user_name, input.permissions_boundary)
            .await
    }

    /// Errors: NoSuchEntity.
    pub(crate) async fn delete_user_permissions_boundary(
        &self,
        cx: &Cx,
        input: DeleteUserPermissionsBoundaryRequest,
    ) -> Result<()> {
        self.delete_boundary(cx, Kind::User, input.user_name).await
    }
}
