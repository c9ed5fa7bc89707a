"""Users and groups as an administrator keeps them. Reference: user-pools 4.5, 4.9, 4.10, 9."""

import pytest

from aws import refused
from house import PASSWORD


def names(answer):
    return sorted(user["Username"] for user in answer["Users"])


@pytest.fixture
def crowd(pool):
    """Three users made by the administrator; Cleo is disabled."""
    for name in ("ana", "ben", "cleo"):
        pool.admin(
            "admin_create_user", name, MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": f"{name}@example.com"},
                {"Name": "email_verified", "Value": "true"},
                {"Name": "given_name", "Value": name.title()},
            ],
        )
    pool.admin("admin_disable_user", "cleo")
    return pool


@pytest.mark.parametrize(
    ("filter", "found"),
    [
        ("", ["ana", "ben", "cleo"]),
        ('username = "ana"', ["ana"]),
        ('username ^= "b"', ["ben"]),
        ('email = "ana@example.com"', ["ana"]),
        ('email ^= "ana@"', ["ana"]),
        ('given_name^="Cl"', ["cleo"]),
        ('cognito:user_status = "force_change_password"', ["ana", "ben", "cleo"]),
        ('status = "Enabled"', ["ana", "ben"]),
        ('status = "Disabled"', ["cleo"]),
        ('email = "nobody@example.com"', []),
    ],
)
def test_a_filter_finds_its_users(crowd, filter, found):
    assert names(crowd.idp.list_users(UserPoolId=crowd.id, Filter=filter)) == found


@pytest.mark.parametrize("filter", ['email == "x"', "email = x", 'custom:team = "x"', 'email = "x" and name = "y"'])
def test_a_filter_outside_the_grammar_is_refused(crowd, filter):
    with refused("InvalidParameterException"):
        crowd.idp.list_users(UserPoolId=crowd.id, Filter=filter)


def test_pages_hold_every_user_once(crowd):
    pages = crowd.idp.get_paginator("list_users").paginate(
        UserPoolId=crowd.id, AttributesToGet=["email"], PaginationConfig={"PageSize": 1}
    )
    users = [user for page in pages for user in page["Users"]]
    assert sorted(user["Username"] for user in users) == ["ana", "ben", "cleo"]
    assert all([a["Name"] for a in user["Attributes"]] == ["email"] for user in users)
    with refused("InvalidParameterException", "One or more requested attributes do not exist."):
        crowd.idp.list_users(UserPoolId=crowd.id, AttributesToGet=["shoe_size"])


def test_an_administrator_changes_and_deletes_users(crowd):
    crowd.admin("admin_set_user_password", "ana", Password=PASSWORD, Permanent=True)
    assert crowd.status("ana") == "CONFIRMED"
    crowd.tokens("ana")

    crowd.admin("admin_update_user_attributes", "ana", UserAttributes=[{"Name": "nickname", "Value": "An"}])
    assert crowd.attributes("ana")["nickname"] == "An"
    crowd.admin("admin_delete_user_attributes", "ana", UserAttributeNames=["nickname"])
    assert "nickname" not in crowd.attributes("ana")

    with refused("InvalidPasswordException", "Password did not conform with password policy: Password not long enough"):
        crowd.admin("admin_set_user_password", "ana", Password="Short-1", Permanent=True)
    with refused("UsernameExistsException"):
        crowd.admin("admin_create_user", "ana")

    crowd.admin("admin_delete_user", "ana")
    with refused("UserNotFoundException", "User does not exist."):
        crowd.admin("admin_get_user", "ana")


def test_an_invitation_is_sent_again(server, pool):
    invite = lambda **more: pool.admin(
        "admin_create_user", "ben", DesiredDeliveryMediums=["EMAIL"],
        UserAttributes=[{"Name": "email", "Value": "ben@example.com"}], **more,
    )
    before = len(server.inbox("ben@example.com"))
    invite()
    invite(MessageAction="RESEND")
    first, second = reversed(server.inbox("ben@example.com")[: len(server.inbox("ben@example.com")) - before])
    assert "ben" in first["body"] and first["body"] != second["body"]
    pool.admin("admin_set_user_password", "ben", Password=PASSWORD, Permanent=True)
    with refused("UnsupportedUserStateException"):
        invite(MessageAction="RESEND")


def test_groups_through_their_nine_operations(crowd):
    idp, pool_id = crowd.idp, crowd.id
    role = "arn:aws:iam::000000000000:role/editors"
    idp.create_group(UserPoolId=pool_id, GroupName="readers", Precedence=10)
    made = idp.create_group(UserPoolId=pool_id, GroupName="editors", Precedence=1, RoleArn=role, Description="d")
    assert made["Group"].items() >= {
        "GroupName": "editors", "UserPoolId": pool_id, "Precedence": 1, "RoleArn": role, "Description": "d",
    }.items()
    with refused("GroupExistsException"):
        idp.create_group(UserPoolId=pool_id, GroupName="editors")
    idp.update_group(UserPoolId=pool_id, GroupName="editors", Description="They edit.")
    group = idp.get_group(UserPoolId=pool_id, GroupName="editors")["Group"]
    assert (group["Description"], group["Precedence"]) == ("They edit.", 1)
    assert sorted(g["GroupName"] for g in idp.list_groups(UserPoolId=pool_id)["Groups"]) == ["editors", "readers"]

    for name in ("readers", "editors", "editors"):
        crowd.admin("admin_add_user_to_group", "ana", GroupName=name)
    assert names(idp.list_users_in_group(UserPoolId=pool_id, GroupName="editors")) == ["ana"]
    mine = crowd.admin("admin_list_groups_for_user", "ana")["Groups"]
    assert sorted(g["GroupName"] for g in mine) == ["editors", "readers"]

    crowd.admin("admin_set_user_password", "ana", Password=PASSWORD, Permanent=True)
    tokens = crowd.tokens("ana")
    id_claims, access = crowd.claims(tokens["IdToken"]), crowd.claims(tokens["AccessToken"])
    assert id_claims["cognito:groups"] == access["cognito:groups"] == ["editors", "readers"]
    assert (id_claims["cognito:roles"], id_claims["cognito:preferred_role"]) == ([role], role)

    crowd.admin("admin_remove_user_from_group", "ana", GroupName="readers")
    idp.delete_group(UserPoolId=pool_id, GroupName="editors")
    assert crowd.admin("admin_list_groups_for_user", "ana")["Groups"] == []
    assert "cognito:groups" not in crowd.claims(crowd.tokens("ana")["IdToken"])
    with refused("ResourceNotFoundException", "Group not found."):
        idp.get_group(UserPoolId=pool_id, GroupName="editors")
