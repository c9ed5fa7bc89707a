//! What identity pools implement: one operation a file beneath, named like it. The table is in the model's order; its right
//! side is the resource that a signed caller's policies are asked about. Reference: identity-pools-iam 1.3.

mod create_identity_pool;
mod delete_identities;
mod delete_identity_pool;
mod describe_identity;
mod describe_identity_pool;
mod get_credentials_for_identity;
mod get_id;
mod get_identity_pool_roles;
mod get_open_id_token;
mod get_principal_tag_attribute_map;
mod list_identities;
mod list_identity_pools;
mod list_tags_for_resource;
mod set_identity_pool_roles;
mod set_principal_tag_attribute_map;
mod tag_resource;
mod unlink_identity;
mod untag_resource;
mod update_identity_pool;

use kernel::{Arn, Cx, IdentityPoolId};
use serde_json::Value;

use crate::{IdentityPools, errors::access_to_role_forbidden};

model::operations! { IdentityPools, model::COGNITO_IDENTITY;
    CreateIdentityPool => create_identity_pool, on any;
    DeleteIdentities => delete_identities, on any;
    DeleteIdentityPool => delete_identity_pool, on pool(IdentityPoolId);
    DescribeIdentity => describe_identity, on any;
    DescribeIdentityPool => describe_identity_pool, on pool(IdentityPoolId);
    GetCredentialsForIdentity => get_credentials_for_identity, on any;
    GetId => get_id, on any;
    GetIdentityPoolRoles => get_identity_pool_roles, on pool(IdentityPoolId);
    GetOpenIdToken => get_open_id_token, on any;
    GetPrincipalTagAttributeMap => get_principal_tag_attribute_map, on pool(IdentityPoolId);
    ListIdentities => list_identities, on pool(IdentityPoolId);
    ListIdentityPools => list_identity_pools, on any;
    ListTagsForResource => list_tags_for_resource, on arn(ResourceArn);
    SetIdentityPoolRoles => set_identity_pool_roles, on pool(IdentityPoolId),
        passes "/Roles/*" to IDENTITY_POOLS or access_to_role_forbidden,
        passes "/RoleMappings/*/RulesConfiguration/Rules/*/RoleARN" to IDENTITY_POOLS or access_to_role_forbidden;
    SetPrincipalTagAttributeMap => set_principal_tag_attribute_map, on pool(IdentityPoolId);
    TagResource => tag_resource, on arn(ResourceArn);
    UnlinkIdentity => unlink_identity, on any;
    UntagResource => untag_resource, on arn(ResourceArn);
    UpdateIdentityPool => update_identity_pool, on pool(IdentityPoolId);
}

/// The pool's ARN, whether there is such a pool or not.
fn pool(cx: &Cx, input: &Value, member: &str) -> String {
    let id = IdentityPoolId::new(text(input, member));
    Arn::identity_pool(&id, cx.account()).into()
}

fn arn(_: &Cx, input: &Value, member: &str) -> String {
    text(input, member).to_owned()
}

/// The input was validated before: an absent member is none of these.
fn text<'a>(input: &'a Value, member: &str) -> &'a str {
    input.get(member).and_then(Value::as_str).unwrap_or("*")
}
