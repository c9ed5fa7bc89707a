"""Policies of every sort by boto3, and whom they hold for. Reference: identity-pools-iam 3.2, 5.2, 7."""

import json

import pytest

from aws import ACCOUNT, refused
from house import fresh, policy
from iam_entities import KINDS, READ, make, make_policy, paged, tags

INLINE = {
    "role": ("put_role_policy", "get_role_policy", "list_role_policies", "delete_role_policy"),
    "user": ("put_user_policy", "get_user_policy", "list_user_policies", "delete_user_policy"),
    "group": ("put_group_policy", "get_group_policy", "list_group_policies", "delete_group_policy"),
}
ATTACHED = {
    "role": ("attach_role_policy", "list_attached_role_policies", "detach_role_policy"),
    "user": ("attach_user_policy", "list_attached_user_policies", "detach_user_policy"),
    "group": ("attach_group_policy", "list_attached_group_policies", "detach_group_policy"),
}
BOUNDED = {
    "role": ("put_role_permissions_boundary", "delete_role_permissions_boundary", "get_role"),
    "user": ("put_user_permissions_boundary", "delete_user_permissions_boundary", "get_user"),
}
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
LAMBDA_LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@pytest.mark.parametrize("kind", KINDS)
def test_inline_policies(aws, kind):
    owner = make(aws, kind)
    put, get, names, delete = INLINE[kind]
    spaced = json.dumps(json.loads(READ), indent=4)
    for name in ["c", "a", "b"]:
        owner.do(put, PolicyName=name, PolicyDocument=READ)
    owner.do(put, PolicyName="a", PolicyDocument=spaced)
    got = owner.do(get, PolicyName="a")
    assert {k: got[k] for k in [*owner.named, "PolicyName"]} == owner.named | {"PolicyName": "a"}
    assert got["PolicyDocument"] == json.loads(READ)
    assert sorted(paged(aws.iam, names, "PolicyNames", **owner.named)) == ["a", "b", "c"]
    owner.do(delete, PolicyName="b")
    assert sorted(owner.do(names)["PolicyNames"]) == ["a", "c"]


@pytest.mark.parametrize("kind", KINDS)
def test_attached_policies(aws, kind):
    owner = make(aws, kind)
    attach, attached, detach = ATTACHED[kind]
    name = fresh("own")
    own = make_policy(aws, name, Path="/team/")
    for arn in [own, READ_ONLY, LAMBDA_LOGS, own]:  # Twice is once.
        owner.do(attach, PolicyArn=arn)
    listed = paged(aws.iam, attached, "AttachedPolicies", **owner.named)
    assert {a["PolicyArn"]: a["PolicyName"] for a in listed} == {
        own: name, READ_ONLY: "AmazonS3ReadOnlyAccess", LAMBDA_LOGS: "AWSLambdaBasicExecutionRole",
    }
    assert len(listed) == 3
    [below] = owner.do(attached, PathPrefix="/team/")["AttachedPolicies"]
    assert below == {"PolicyName": name, "PolicyArn": own}
    assert aws.iam.get_policy(PolicyArn=own)["Policy"]["AttachmentCount"] == 1
    owner.do(detach, PolicyArn=own)
    assert aws.iam.get_policy(PolicyArn=own)["Policy"]["AttachmentCount"] == 0
    assert {a["PolicyArn"] for a in owner.do(attached)["AttachedPolicies"]} == {READ_ONLY, LAMBDA_LOGS}


@pytest.mark.parametrize("kind", BOUNDED)
def test_permissions_boundaries(aws, kind):
    put, delete, get = BOUNDED[kind]
    first, second = make_policy(aws), make_policy(aws)
    owner = make(aws, kind, PermissionsBoundary=first)

    def boundary():
        return owner.do(get)[kind.capitalize()].get("PermissionsBoundary")

    def uses(arn):
        made = aws.iam.get_policy(PolicyArn=arn)["Policy"]
        return made["AttachmentCount"], made["PermissionsBoundaryUsageCount"]

    assert boundary() == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": first}
    assert uses(first) == (0, 1)
    owner.do(put, PermissionsBoundary=second)
    assert boundary()["PermissionsBoundaryArn"] == second
    assert (uses(first), uses(second)) == ((0, 0), (0, 1))
    with refused("DeleteConflict", "Cannot delete a policy attached to entities."):
        aws.iam.delete_policy(PolicyArn=second)
    owner.do(delete)
    assert boundary() is None
    aws.iam.delete_policy(PolicyArn=second)


def test_a_boundary_caps_what_policies_allow(aws):
    user = make(aws, "user")
    theirs = aws.as_(aws.iam.create_access_key(UserName=user.name)["AccessKey"])
    everything = make_policy(aws, document=policy({"Action": "*", "Resource": "*"}))
    user.do("attach_user_policy", PolicyArn=everything)
    theirs.iam.list_users()
    cap = make_policy(aws, document=policy({"Action": "iam:ListRoles", "Resource": "*"}))
    user.do("put_user_permissions_boundary", PermissionsBoundary=cap)
    theirs.iam.list_roles()
    with refused(
        "AccessDenied",
        f"User: {user.arn} is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::{ACCOUNT}:user/ "
        "because no permissions boundary allows the iam:ListUsers action",
    ):
        theirs.iam.list_users()
    user.do("delete_user_permissions_boundary")
    theirs.iam.list_users()


def test_tags_of_policies(aws):
    arn = make_policy(aws, Tags=tags(a="1"), Description="what it is for")
    aws.iam.tag_policy(PolicyArn=arn, Tags=tags(b="2", c="3"))
    assert {t["Key"] for t in paged(aws.iam, "list_policy_tags", "Tags", PolicyArn=arn)} == {"a", "b", "c"}
    aws.iam.untag_policy(PolicyArn=arn, TagKeys=["a", "c"])
    assert aws.iam.list_policy_tags(PolicyArn=arn)["Tags"] == tags(b="2")
    made = aws.iam.get_policy(PolicyArn=arn)["Policy"]
    assert (made["Tags"], made["Description"]) == (tags(b="2"), "what it is for")


def test_versions(aws):
    arn = make_policy(aws)
    for action in ["s3:PutObject", "s3:DeleteObject"]:
        aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy({"Action": action, "Resource": "*"}))
    default = aws.iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
    assert (default["IsDefaultVersion"], default["Document"]) == (True, json.loads(READ))
    listed = paged(aws.iam, "list_policy_versions", "Versions", PolicyArn=arn)
    assert [(v["VersionId"], v["IsDefaultVersion"]) for v in listed] == [("v3", False), ("v2", False), ("v1", True)]
    assert all("Document" not in version for version in listed)
    aws.iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    assert aws.iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"
    aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v3")
    aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    [left] = aws.iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert (left["VersionId"], left["IsDefaultVersion"]) == ("v2", True)


def test_lists_of_policies(aws):
    path = f"/{fresh('path')}/"
    unused, used, bounding = [make_policy(aws, Path=path) for _ in range(3)]
    user = make(aws, "user", PermissionsBoundary=bounding)
    user.do("attach_user_policy", PolicyArn=used)
    user.do("attach_user_policy", PolicyArn=LAMBDA_LOGS)

    def arns(**members):
        return [p["Arn"] for p in paged(aws.iam, "list_policies", "Policies", **members)]

    assert sorted(arns(Scope="Local", PathPrefix=path)) == sorted([unused, used, bounding])
    assert sorted(arns(Scope="Local", PathPrefix=path, OnlyAttached=True)) == sorted([used, bounding])
    assert arns(PathPrefix=path, PolicyUsageFilter="PermissionsPolicy") == [used]
    assert arns(PathPrefix=path, PolicyUsageFilter="PermissionsBoundary") == [bounding]
    assert arns(Scope="AWS", PathPrefix=path) == []
    assert arns(PathPrefix="/service-role/", OnlyAttached=True) == [LAMBDA_LOGS]
    awss, own, everything = arns(Scope="AWS", size=7), arns(Scope="Local", size=7), arns(size=7)
    assert READ_ONLY in awss and all(arn.startswith("arn:aws:iam::aws:policy/") for arn in awss)
    assert used in own and all(arn.startswith(f"arn:aws:iam::{ACCOUNT}:policy/") for arn in own)
    assert sorted(everything) == sorted(awss + own) and len(set(everything)) == len(everything)


def test_entities_of_a_policy(aws):
    arn, path = make_policy(aws), f"/{fresh('path')}/"
    role, user, group = [make(aws, kind, Path=path if kind == "group" else "/") for kind in KINDS]
    role.do("attach_role_policy", PolicyArn=arn)
    user.do("attach_user_policy", PolicyArn=arn)
    user.do("put_user_permissions_boundary", PermissionsBoundary=arn)  # Both uses: listed once.
    group.do("attach_group_policy", PolicyArn=arn)
    bounded = make(aws, "role", PermissionsBoundary=arn)
    members = {"PolicyRoles": "RoleName", "PolicyUsers": "UserName", "PolicyGroups": "GroupName"}

    def entities(**filters):
        pages = aws.iam.get_paginator("list_entities_for_policy").paginate(
            PolicyArn=arn, **filters, PaginationConfig={"PageSize": 2}
        )
        return sorted(item[name] for page in pages for member, name in members.items() for item in page[member])

    assert entities() == sorted([role.name, user.name, group.name, bounded.name])
    assert entities(EntityFilter="Role") == sorted([role.name, bounded.name])
    assert entities(EntityFilter="User") == [user.name]
    assert entities(EntityFilter="Group") == entities(PathPrefix=path) == [group.name]
    assert entities(PolicyUsageFilter="PermissionsBoundary") == sorted([user.name, bounded.name])
    assert entities(PolicyUsageFilter="PermissionsPolicy") == sorted([role.name, user.name, group.name])
    [shown] = aws.iam.list_entities_for_policy(PolicyArn=arn, EntityFilter="Group")["PolicyGroups"]
    assert shown == {"GroupName": group.name, "GroupId": group.shown["GroupId"]}
