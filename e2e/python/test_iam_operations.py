"""Roles, users and groups by boto3: members, names, tags, lists. Reference: identity-pools-iam 3.2, 7."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from aws import ACCOUNT, refused
from house import assumable_by, fresh, policy
from iam_entities import KINDS, TRUST, make, make_policy, paged, tags

TAGGED = {
    "role": ("tag_role", "list_role_tags", "untag_role"),
    "user": ("tag_user", "list_user_tags", "untag_user"),
}


@pytest.mark.parametrize("kind", TAGGED)
def test_tags(aws, kind):
    tag, listed, untag = TAGGED[kind]
    owner = make(aws, kind, Tags=tags(team="blue"))
    owner.do(tag, Tags=tags(Team="red", cost="7", empty=""))
    shown = paged(aws.iam, listed, "Tags", **owner.named)
    assert {t["Key"]: t["Value"] for t in shown} == {"Team": "red", "cost": "7", "empty": ""}  # Keys ignore case.
    owner.do(untag, TagKeys=["TEAM", "cost", "absent"])
    assert owner.do(listed)["Tags"] == tags(empty="")


def test_groups_and_their_members(aws):
    path = f"/{fresh('path')}/"
    group = make(aws, "group", Path=path)
    assert group.arn == f"arn:aws:iam::{ACCOUNT}:group{path}{group.name}"
    assert group.shown["GroupId"].startswith("AGPA")
    members = [make(aws, "user") for _ in range(5)]
    for user in members:
        group.do("add_user_to_group", UserName=user.name)
    aws.iam.add_user_to_group(GroupName=group.name, UserName=members[0].name)  # Twice is once.
    shown = aws.iam.get_group(GroupName=group.name)
    assert shown["Group"] == group.shown
    assert not shown["IsTruncated"]
    seen = paged(aws.iam, "get_group", "Users", GroupName=group.name)
    assert sorted(user["Arn"] for user in seen) == sorted(user.arn for user in members)

    others = [make(aws, "group", Path=path) for _ in range(2)]
    for other in others:
        aws.iam.add_user_to_group(GroupName=other.name, UserName=members[0].name)
    held = paged(aws.iam, "list_groups_for_user", "Groups", UserName=members[0].name)
    assert sorted(g["GroupName"] for g in held) == sorted(g.name for g in [group, *others])
    assert paged(aws.iam, "list_groups", "Groups", PathPrefix=path) == [
        g.shown for g in sorted([group, *others], key=lambda g: g.name)
    ]

    aws.iam.remove_user_from_group(GroupName=group.name, UserName=members[0].name)
    assert members[0].name not in {u["UserName"] for u in aws.iam.get_group(GroupName=group.name)["Users"]}
    assert len(aws.iam.list_groups_for_user(UserName=members[0].name)["Groups"]) == 2


def test_a_groups_policies_are_its_members(aws):
    group, user = make(aws, "group"), make(aws, "user")
    theirs = aws.as_(aws.iam.create_access_key(UserName=user.name)["AccessKey"])
    group.do("put_group_policy", PolicyName="inline", PolicyDocument=policy({"Action": "iam:ListRoles", "Resource": "*"}))
    managed = make_policy(aws, document=policy({"Action": "iam:ListUsers", "Resource": "*"}))
    group.do("attach_group_policy", PolicyArn=managed)
    with refused("AccessDenied"):
        theirs.iam.list_roles()
    group.do("add_user_to_group", UserName=user.name)
    theirs.iam.list_roles(), theirs.iam.list_users()
    group.do("detach_group_policy", PolicyArn=managed)
    with refused("AccessDenied"):
        theirs.iam.list_users()
    group.do("remove_user_from_group", UserName=user.name)
    with refused("AccessDenied"):
        theirs.iam.list_roles()


@pytest.mark.parametrize("kind", ["user", "group"])
def test_a_new_name_and_path(aws, kind):
    before, name = make(aws, kind, Path="/old/"), fresh("renamed")
    group = before if kind == "group" else make(aws, "group")
    user = before if kind == "user" else make(aws, "user")
    aws.iam.add_user_to_group(GroupName=group.name, UserName=user.name)
    if kind == "user":
        aws.iam.update_user(UserName=user.name, NewUserName=name, NewPath="/new/")
        after = aws.iam.get_user(UserName=name)["User"]
        assert [u["Arn"] for u in aws.iam.get_group(GroupName=group.name)["Users"]] == [after["Arn"]]
    else:
        aws.iam.update_group(GroupName=group.name, NewGroupName=name, NewPath="/new/")
        after = aws.iam.get_group(GroupName=name)["Group"]
        assert [g["Arn"] for g in aws.iam.list_groups_for_user(UserName=user.name)["Groups"]] == [after["Arn"]]
    noun = kind.capitalize()
    assert after == before.shown | {
        f"{noun}Name": name, "Path": "/new/", "Arn": f"arn:aws:iam::{ACCOUNT}:{kind}/new/{name}",
    }, "the id and the date stay"
    with refused("NoSuchEntity", f"The {kind} with name {before.name} cannot be found."):
        before.do(f"get_{kind}")


def test_roles_are_changed(aws):
    role = make(aws, "role", Description="first", MaxSessionDuration=7200)
    assert abs(role.shown["CreateDate"] - datetime.now(UTC)) < timedelta(minutes=5)

    def now():
        return aws.iam.get_role(RoleName=role.name)["Role"]

    aws.iam.update_role(RoleName=role.name, MaxSessionDuration=43200)
    assert (now()["Description"], now()["MaxSessionDuration"]) == ("first", 43200)
    aws.iam.update_role(RoleName=role.name, Description="second")
    assert (now()["Description"], now()["MaxSessionDuration"]) == ("second", 3600)
    answer = aws.iam.update_role_description(RoleName=role.name, Description="third")["Role"]
    assert answer["Description"] == "third"
    assert answer | {"RoleLastUsed": {}} == now()

    user = make(aws, "user")
    theirs = aws.as_(aws.iam.create_access_key(UserName=user.name)["AccessKey"])
    with refused("AccessDenied"):
        theirs.sts.assume_role(RoleArn=role.arn, RoleSessionName="desk")
    document = assumable_by(user.arn)
    aws.iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=document)
    aws.iam.update_role(RoleName=role.name, MaxSessionDuration=43200)
    assert now()["AssumeRolePolicyDocument"] == json.loads(document)
    session = theirs.sts.assume_role(RoleArn=role.arn, RoleSessionName="desk", DurationSeconds=43200)
    assert now()["RoleLastUsed"] == {}, "assumed is not used"
    aws.as_(session["Credentials"]).sts.get_caller_identity()
    used = now()["RoleLastUsed"]
    assert used["Region"] and abs(used["LastUsedDate"] - datetime.now(UTC)) < timedelta(minutes=5)


def test_lists_by_path(aws):
    path = f"/{fresh('path')}/"
    made = {kind: [make(aws, kind, Path=path) for _ in range(3)] for kind in ["role", "user"]}
    for kind, noun in {"role": "Roles", "user": "Users"}.items():
        listed = paged(aws.iam, {"role": "list_roles", "user": "list_users"}[kind], noun, PathPrefix=path)
        more = {"MaxSessionDuration": 3600} if kind == "role" else {}
        assert listed == [e.shown | more for e in sorted(made[kind], key=lambda e: e.name)]
    assert aws.iam.list_roles(PathPrefix=path + "nothing/")["Roles"] == []
    assert [r["AssumeRolePolicyDocument"] for r in aws.iam.list_roles(PathPrefix=path)["Roles"]] == [json.loads(TRUST)] * 3
    user = made["user"][0].name
    keys = {aws.iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"] for _ in range(2)}
    listed = paged(aws.iam, "list_access_keys", "AccessKeyMetadata", size=1, UserName=user)
    assert {key["AccessKeyId"] for key in listed} == keys
    assert all(key["UserName"] == user and key["Status"] == "Active" for key in listed)


def test_the_account_summary_counts(aws):
    before = aws.iam.get_account_summary()["SummaryMap"]
    for kind in KINDS:
        make(aws, kind)
    make_policy(aws)
    after = aws.iam.get_account_summary()["SummaryMap"]
    counted = {"Roles", "Users", "Groups", "Policies"}
    assert {name: n - before[name] for name, n in after.items() if n != before[name]} == dict.fromkeys(counted, 1)
    for quota, n in {"AccessKeysPerUserQuota": 2, "GroupsPerUserQuota": 10, "VersionsPerPolicyQuota": 5}.items():
        assert after[quota] == n


def test_the_caller_is_the_user_who_is_not_named(aws):
    user = make(aws, "user", Tags=tags(a="1"))
    theirs = aws.as_(aws.iam.create_access_key(UserName=user.name)["AccessKey"])
    user.do("put_user_policy", PolicyName="own", PolicyDocument=policy(
        {"Action": "iam:*", "Resource": f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"}
    ))
    assert theirs.iam.get_user()["User"] == user.shown
    [key] = theirs.iam.list_access_keys()["AccessKeyMetadata"]
    second = theirs.iam.create_access_key()["AccessKey"]
    assert second["UserName"] == user.name
    theirs.iam.update_access_key(AccessKeyId=second["AccessKeyId"], Status="Inactive")
    theirs.iam.delete_access_key(AccessKeyId=second["AccessKeyId"])
    assert theirs.iam.list_access_keys()["AccessKeyMetadata"] == [key]
    with refused("AccessDenied"):
        theirs.iam.get_user(UserName=make(aws, "user").name)
