"""Roles, policies, users and keys, and that they hold for administrative calls. Reference: identity-pools-iam 2, 3, 5.5."""

import json

import pytest

from aws import ACCOUNT, refused
from house import assumable_by, fresh, make_pool, policy

EVERYTHING = policy({"Action": "*", "Resource": "*"})


@pytest.fixture
def staff(aws):
    """A user without rights: (name, clients under an access key of theirs)."""
    name = fresh("staff")
    aws.iam.create_user(UserName=name)
    key = aws.iam.create_access_key(UserName=name)["AccessKey"]
    assert key["AccessKeyId"].startswith("AKIA") and key["Status"] == "Active"
    return name, aws.as_(key)


def test_an_issued_key_has_the_rights_of_its_user(aws, pool, staff, server):
    name, theirs = staff
    other = make_pool(server, aws)
    pool.user(), other.user()
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    caller = theirs.sts.get_caller_identity()
    assert (caller["Arn"], caller["UserId"][:4]) == (arn, "AIDA")

    def read(which):
        return theirs.idp.admin_get_user(UserPoolId=which.id, Username="ana@example.com")

    denial = (
        f"User: {arn} is not authorized to perform: cognito-idp:AdminGetUser on resource: {{}} "
        "because no identity-based policy allows the cognito-idp:AdminGetUser action"
    )
    with refused("AccessDeniedException", denial.format(pool.arn)):
        read(pool)
    aws.iam.put_user_policy(
        UserName=name, PolicyName="read",
        PolicyDocument=policy({"Action": "cognito-idp:AdminGetUser", "Resource": pool.arn}),
    )
    assert read(pool)["UserStatus"] == "CONFIRMED"
    with refused("AccessDeniedException", denial.format(other.arn)):
        read(other)
    with refused("AccessDeniedException"):
        theirs.idp.admin_delete_user(UserPoolId=pool.id, Username="ana@example.com")

    stop = policy({"Effect": "Deny", "Action": "*", "Resource": "*"})
    aws.iam.put_user_policy(UserName=name, PolicyName="stop", PolicyDocument=stop)
    with refused(
        "AccessDeniedException",
        f"User: {arn} is not authorized to perform: cognito-idp:AdminGetUser on resource: {pool.arn} "
        "with an explicit deny in an identity-based policy",
    ):
        read(pool)
    theirs.sts.get_caller_identity()  # No policy can forbid this one.


def test_keys_are_switched_off_and_deleted(aws, staff):
    name, theirs = staff
    [key] = aws.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    theirs.sts.get_caller_identity()
    aws.iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        theirs.sts.get_caller_identity()
    aws.iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Active")
    theirs.sts.get_caller_identity()
    with refused("DeleteConflict"):
        aws.iam.delete_user(UserName=name)
    aws.iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    # A deleted key stays known as deleted: it doesn't turn into the unknown key that dev takes for the administrator.
    with refused("InvalidClientTokenId", "The security token included in the request is invalid."):
        theirs.sts.get_caller_identity()
    aws.iam.delete_user(UserName=name)
    with refused("NoSuchEntity", f"The user with name {name} cannot be found."):
        aws.iam.get_user(UserName=name)


def test_a_wrong_secret_is_refused(aws, staff):
    name, _ = staff
    [key] = aws.iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
    forged = aws.as_({"AccessKeyId": key["AccessKeyId"], "SecretAccessKey": "x" * 40})
    sentence = (
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
        "Key and signing method. Consult the service documentation for details."
    )
    with refused("SignatureDoesNotMatch", sentence):
        forged.sts.get_caller_identity()
    with refused("InvalidSignatureException", sentence):
        forged.idp.list_user_pools(MaxResults=1)
    with refused("SignatureDoesNotMatch"):
        forged.s3.list_buckets()


def test_a_role_is_assumed_by_those_it_trusts(aws, staff):
    name, theirs = staff
    trusted, stranger = fresh("trusted"), fresh("stranger")
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    role = aws.iam.create_role(RoleName=trusted, AssumeRolePolicyDocument=assumable_by(arn))["Role"]
    assert (role["Arn"], role["RoleId"][:4]) == (f"arn:aws:iam::{ACCOUNT}:role/{trusted}", "AROA")
    aws.iam.create_user(UserName=f"{name}-other")
    other = aws.iam.create_role(RoleName=stranger, AssumeRolePolicyDocument=assumable_by(f"{arn}-other"))["Role"]
    aws.iam.put_role_policy(RoleName=trusted, PolicyName="all", PolicyDocument=EVERYTHING)

    assumed = theirs.sts.assume_role(RoleArn=role["Arn"], RoleSessionName="desk")
    session = aws.as_(assumed["Credentials"])
    assert session.sts.get_caller_identity()["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{trusted}/desk"
    session.idp.list_user_pools(MaxResults=1)
    with refused("AccessDenied") as caught:
        theirs.sts.assume_role(RoleArn=other["Arn"], RoleSessionName="desk")
    assert caught.value.response["Error"]["Message"].startswith(
        f"User: {arn} is not authorized to perform: sts:AssumeRole on resource: {other['Arn']}"
    )

    narrowed = theirs.sts.assume_role(
        RoleArn=role["Arn"], RoleSessionName="desk",
        Policy=policy({"Action": "cognito-idp:ListUserPools", "Resource": "*"}),
    )
    narrowed = aws.as_(narrowed["Credentials"])
    narrowed.idp.list_user_pools(MaxResults=1)
    with refused("AccessDenied") as caught:
        narrowed.iam.list_roles()
    assert "because no session policy allows the iam:ListRoles action" in caught.value.response["Error"]["Message"]


def test_managed_policies_have_versions_and_attachments(aws, staff):
    name, theirs = staff
    made = aws.iam.create_policy(PolicyName=fresh("lists"), PolicyDocument=EVERYTHING)["Policy"]
    arn = made["Arn"]
    aws.iam.attach_user_policy(UserName=name, PolicyArn=arn)
    theirs.iam.list_roles()
    narrow = policy({"Action": "cognito-idp:ListUserPools", "Resource": "*"})
    version = aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=narrow, SetAsDefault=True)["PolicyVersion"]
    assert version["VersionId"] == "v2"
    theirs.idp.list_user_pools(MaxResults=1)
    with refused("AccessDenied"):
        theirs.iam.list_roles()
    document = aws.iam.get_policy_version(PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"]
    assert document == json.loads(narrow)

    with refused("DeleteConflict", "Cannot delete a policy attached to entities."):
        aws.iam.delete_policy(PolicyArn=arn)
    aws.iam.detach_user_policy(UserName=name, PolicyArn=arn)
    with refused("AccessDeniedException"):
        theirs.idp.list_user_pools(MaxResults=1)
    aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    aws.iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity"):
        aws.iam.get_policy(PolicyArn=arn)


def test_awss_own_policies_can_be_attached(aws, staff):
    name, theirs = staff
    aws.iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonCognitoReadOnly")
    theirs.idp.list_user_pools(MaxResults=1)
    with refused("AccessDeniedException"):
        theirs.idp.create_user_pool(PoolName="no")
    attached = aws.iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]
    assert [a["PolicyName"] for a in attached] == ["AmazonCognitoReadOnly"]


def test_roles_are_kept_and_deleted_in_order(aws):
    name = fresh("worker")
    document = assumable_by(f"arn:aws:iam::{ACCOUNT}:root")
    aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, Path="/team/", MaxSessionDuration=7200,
                        Tags=[{"Key": "team", "Value": "blue"}])
    with refused("EntityAlreadyExists", f"Role with name {name} already exists."):
        aws.iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    role = aws.iam.get_role(RoleName=name)["Role"]
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/team/{name}"
    assert role["AssumeRolePolicyDocument"] == json.loads(document)
    assert (role["MaxSessionDuration"], role["Tags"]) == (7200, [{"Key": "team", "Value": "blue"}])

    aws.iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=EVERYTHING)
    assert aws.iam.list_role_policies(RoleName=name)["PolicyNames"] == ["all"]
    assert aws.iam.get_role_policy(RoleName=name, PolicyName="all")["PolicyDocument"] == json.loads(EVERYTHING)
    assert aws.iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"] == []
    with refused("DeleteConflict", "Cannot delete entity, must delete policies first."):
        aws.iam.delete_role(RoleName=name)
    aws.iam.delete_role_policy(RoleName=name, PolicyName="all")
    aws.iam.delete_role(RoleName=name)
    with refused("NoSuchEntity", f"The role with name {name} cannot be found."):
        aws.iam.get_role(RoleName=name)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("no json", None),
        (json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]}),
         "Policy statement must contain actions."),
        (json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*"}]}),
         "Policy statement must contain resources."),
    ],
)
def test_a_malformed_policy_is_not_kept(aws, document, sentence):
    with refused("MalformedPolicyDocument", sentence):
        aws.iam.create_policy(PolicyName=fresh("bad"), PolicyDocument=document)
