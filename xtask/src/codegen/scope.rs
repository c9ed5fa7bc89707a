//! For which operations crate `api` has structs. Whole services but for IAM, of whose 180 operations Poolhouse needs the
//! families below (reference identity-pools-iam 3.2). The interpreter knows all of them.

const IAM: &[&str] = &[
    // Roles.
    "CreateRole",
    "CreateServiceLinkedRole",
    "DeleteRole",
    "DeleteRolePermissionsBoundary",
    "GetRole",
    "ListInstanceProfilesForRole",
    "ListRoleTags",
    "ListRoles",
    "PutRolePermissionsBoundary",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
    // Inline policies.
    "DeleteGroupPolicy",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "GetGroupPolicy",
    "GetRolePolicy",
    "GetUserPolicy",
    "ListGroupPolicies",
    "ListRolePolicies",
    "ListUserPolicies",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
    // Managed policies and their attachment.
    "AttachGroupPolicy",
    "AttachRolePolicy",
    "AttachUserPolicy",
    "CreatePolicy",
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "DetachGroupPolicy",
    "DetachRolePolicy",
    "DetachUserPolicy",
    "GetPolicy",
    "GetPolicyVersion",
    "ListAttachedGroupPolicies",
    "ListAttachedRolePolicies",
    "ListAttachedUserPolicies",
    "ListEntitiesForPolicy",
    "ListPolicies",
    "ListPolicyTags",
    "ListPolicyVersions",
    "SetDefaultPolicyVersion",
    "TagPolicy",
    "UntagPolicy",
    // Users and their keys.
    "CreateAccessKey",
    "CreateUser",
    "DeleteAccessKey",
    "DeleteUser",
    "DeleteUserPermissionsBoundary",
    "GetAccessKeyLastUsed",
    "GetUser",
    "ListAccessKeys",
    "ListUserTags",
    "ListUsers",
    "PutUserPermissionsBoundary",
    "TagUser",
    "UntagUser",
    "UpdateAccessKey",
    "UpdateUser",
    // Groups.
    "AddUserToGroup",
    "CreateGroup",
    "DeleteGroup",
    "GetGroup",
    "ListGroups",
    "ListGroupsForUser",
    "RemoveUserFromGroup",
    "UpdateGroup",
    // The account.
    "GetAccountAuthorizationDetails",
    "GetAccountSummary",
    "ListAccountAliases",
];

pub(crate) fn has_structs(service: &str, operation: &str) -> bool {
    service != "iam" || IAM.contains(&operation)
}

/// Names in the list that the model lacks.
pub(crate) fn unknown<'a>(service: &str, mut known: impl FnMut(&str) -> bool + 'a) -> Vec<&'static str> {
    IAM.iter()
        .copied()
        .filter(|name| service == "iam" && !known(name))
        .collect()
}
