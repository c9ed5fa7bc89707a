"""What IAM refuses, by code, status and sentence. Reference: identity-pools-iam 3.3, 7."""

import pytest

from aws import ACCOUNT, refused
from house import fresh, policy
from iam_entities import KINDS, READ, TRUST, make, make_policy, tags

ABSENT = f"arn:aws:iam::{ACCOUNT}:policy/absent"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
INLINE = {"PolicyName": "p", "PolicyDocument": READ}

# What each operation needs besides the name of one who is not there.
OF_ABSENT = {
    "role": {
        "get_role": {}, "delete_role": {}, "list_role_policies": {}, "list_attached_role_policies": {},
        "list_role_tags": {}, "list_instance_profiles_for_role": {}, "delete_role_permissions_boundary": {},
        "update_role": {"Description": "x"}, "update_role_description": {"Description": "x"},
        "update_assume_role_policy": {"PolicyDocument": TRUST}, "put_role_policy": INLINE,
        "get_role_policy": {"PolicyName": "p"}, "delete_role_policy": {"PolicyName": "p"},
        "attach_role_policy": {"PolicyArn": READ_ONLY}, "detach_role_policy": {"PolicyArn": READ_ONLY},
        "put_role_permissions_boundary": {"PermissionsBoundary": READ_ONLY},
        "tag_role": {"Tags": tags(a="1")}, "untag_role": {"TagKeys": ["a"]},
    },
    "user": {
        "get_user": {}, "delete_user": {}, "list_user_policies": {}, "list_attached_user_policies": {},
        "list_user_tags": {}, "list_groups_for_user": {}, "delete_user_permissions_boundary": {},
        "create_access_key": {}, "list_access_keys": {}, "update_user": {"NewPath": "/x/"}, "put_user_policy": INLINE,
        "get_user_policy": {"PolicyName": "p"}, "delete_user_policy": {"PolicyName": "p"},
        "attach_user_policy": {"PolicyArn": READ_ONLY}, "detach_user_policy": {"PolicyArn": READ_ONLY},
        "put_user_permissions_boundary": {"PermissionsBoundary": READ_ONLY},
        "tag_user": {"Tags": tags(a="1")}, "untag_user": {"TagKeys": ["a"]},
        "delete_access_key": {"AccessKeyId": "AKIAAAAAAAAAAAAAAAAA"},
        "update_access_key": {"AccessKeyId": "AKIAAAAAAAAAAAAAAAAA", "Status": "Inactive"},
    },
    "group": {
        "get_group": {}, "delete_group": {}, "list_group_policies": {}, "list_attached_group_policies": {},
        "update_group": {"NewPath": "/x/"}, "put_group_policy": INLINE,
        "get_group_policy": {"PolicyName": "p"}, "delete_group_policy": {"PolicyName": "p"},
        "attach_group_policy": {"PolicyArn": READ_ONLY}, "detach_group_policy": {"PolicyArn": READ_ONLY},
        "add_user_to_group": {"UserName": "nobody"}, "remove_user_from_group": {"UserName": "nobody"},
    },
    "policy": {
        "get_policy": {}, "delete_policy": {}, "list_policy_versions": {}, "list_policy_tags": {},
        "list_entities_for_policy": {}, "create_policy_version": {"PolicyDocument": READ},
        "get_policy_version": {"VersionId": "v1"}, "delete_policy_version": {"VersionId": "v1"},
        "set_default_policy_version": {"VersionId": "v1"}, "tag_policy": {"Tags": tags(a="1")},
        "untag_policy": {"TagKeys": ["a"]},
    },
}


@pytest.mark.parametrize(("kind", "operation"), [(kind, name) for kind, names in OF_ABSENT.items() for name in names])
def test_who_is_not_there(aws, kind, operation):
    if kind == "policy":
        named, sentence = {"PolicyArn": ABSENT}, f"Policy {ABSENT} was not found."
    else:
        named, sentence = {f"{kind.capitalize()}Name": "absent"}, f"The {kind} with name absent cannot be found."
    with refused("NoSuchEntity", sentence) as caught:
        getattr(aws.iam, operation)(**named, **OF_ABSENT[kind][operation])
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize("kind", KINDS)
def test_policies_that_are_not_there(aws, kind):
    owner = make(aws, kind)
    for operation in ["get", "delete"]:
        with refused("NoSuchEntity", f"The {kind} policy with name p cannot be found."):
            owner.do(f"{operation}_{kind}_policy", PolicyName="p")
    with refused("NoSuchEntity", f"Policy {ABSENT} does not exist or is not attachable."):
        owner.do(f"attach_{kind}_policy", PolicyArn=ABSENT)
    for arn in [ABSENT, READ_ONLY]:  # The second is there, but not attached.
        with refused("NoSuchEntity", f"Policy {arn} was not found."):
            owner.do(f"detach_{kind}_policy", PolicyArn=arn)
    if kind == "group":
        with refused("NoSuchEntity", "The user with name absent cannot be found."):
            aws.iam.add_user_to_group(GroupName=owner.name, UserName="absent")
        return
    with refused("NoSuchEntity", f"Scope ARN: {ABSENT} does not exist or is not attachable."):
        owner.do(f"put_{kind}_permissions_boundary", PermissionsBoundary=ABSENT)
    with refused("NoSuchEntity", f"{kind.capitalize()} {owner.name} does not have a permissions boundary."):
        owner.do(f"delete_{kind}_permissions_boundary")
    with refused("NoSuchEntity", f"Scope ARN: {ABSENT} does not exist or is not attachable."):
        make(aws, kind, name=f"{owner.name}-2", PermissionsBoundary=ABSENT)
    with refused("NoSuchEntity", f"The {kind} with name {owner.name}-2 cannot be found."):
        getattr(aws.iam, f"get_{kind}")(**{f"{kind.capitalize()}Name": f"{owner.name}-2"})


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_taken_whatever_their_case(aws, kind):
    taken, other = make(aws, kind, Path="/a/"), make(aws, kind)
    for name in [taken.name, taken.name.upper()]:
        sentence = f"{kind.capitalize()} with name {name} already exists."
        with refused("EntityAlreadyExists", sentence) as caught:
            make(aws, kind, name=name)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
        if kind != "role":
            with refused("EntityAlreadyExists", sentence):
                other.do(f"update_{kind}", **{f"New{kind.capitalize()}Name": name})
    assert other.do(f"get_{kind}")[kind.capitalize()]["Arn"] == other.arn


def test_names_of_policies_are_taken_on_every_path(aws):
    name = fresh("policy")
    make_policy(aws, name)
    with refused("EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed."):
        make_policy(aws, name, Path="/elsewhere/")


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_something_stays(aws, kind):
    owner = make(aws, kind)

    def stays(first):
        with refused("DeleteConflict", f"Cannot delete entity, must {first} first.") as caught:
            owner.do(f"delete_{kind}")
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409

    owner.do(f"attach_{kind}_policy", PolicyArn=READ_ONLY)
    stays("detach all policies")
    owner.do(f"detach_{kind}_policy", PolicyArn=READ_ONLY)
    owner.do(f"put_{kind}_policy", **INLINE)
    stays("delete policies")
    owner.do(f"delete_{kind}_policy", PolicyName="p")
    if kind == "user":
        key = owner.do("create_access_key")["AccessKey"]["AccessKeyId"]
        stays("delete access keys")
        owner.do("delete_access_key", AccessKeyId=key)
    if kind != "role":
        other = make(aws, "user" if kind == "group" else "group")
        membership = owner.named | other.named
        aws.iam.add_user_to_group(**membership)
        stays({"user": "remove user from groups", "group": "remove users from group"}[kind])
        aws.iam.remove_user_from_group(**membership)
    owner.do(f"delete_{kind}")
    with refused("NoSuchEntity"):
        owner.do(f"get_{kind}")


def test_policies_that_are_in_use_stay(aws):
    arn, user = make_policy(aws), make(aws, "user")
    user.do("attach_user_policy", PolicyArn=arn)
    with refused("DeleteConflict", "Cannot delete a policy attached to entities."):
        aws.iam.delete_policy(PolicyArn=arn)
    user.do("detach_user_policy", PolicyArn=arn)
    aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=READ)
    with refused("DeleteConflict", "This policy has more than one version. Before you delete a policy, you must delete "
                 "the policy's versions. The default version is deleted with the policy."):
        aws.iam.delete_policy(PolicyArn=arn)
    with refused("DeleteConflict", "Cannot delete the default version of a policy."):
        aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    aws.iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    for operation in [aws.iam.get_policy_version, aws.iam.delete_policy_version, aws.iam.set_default_policy_version]:
        with refused("NoSuchEntity", f"Policy {arn} version v2 does not exist or is not attachable."):
            operation(PolicyArn=arn, VersionId="v2")
    aws.iam.delete_policy(PolicyArn=arn)


def test_awss_policies_are_nobodys_to_change(aws):
    caller = aws.sts.get_caller_identity()["Arn"]
    for call, operation, members in [
        (aws.iam.delete_policy, "DeletePolicy", {}),
        (aws.iam.create_policy_version, "CreatePolicyVersion", {"PolicyDocument": READ}),
        (aws.iam.delete_policy_version, "DeletePolicyVersion", {"VersionId": "v1"}),
        (aws.iam.set_default_policy_version, "SetDefaultPolicyVersion", {"VersionId": "v1"}),
    ]:
        sentence = f"User: {caller} is not authorized to perform: iam:{operation} on resource: policy {READ_ONLY}"
        with refused("AccessDenied", sentence):
            call(PolicyArn=READ_ONLY, **members)


def test_quotas_of_attachments_and_groups(aws):
    arns = [make_policy(aws) for _ in range(11)]
    for kind in KINDS:
        owner = make(aws, kind)
        for arn in arns[:10]:
            owner.do(f"attach_{kind}_policy", PolicyArn=arn)
        with refused("LimitExceeded", f"Cannot exceed quota for PoliciesPer{kind.capitalize()}: 10") as caught:
            owner.do(f"attach_{kind}_policy", PolicyArn=arns[10])
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
        owner.do(f"attach_{kind}_policy", PolicyArn=arns[0])
        assert len(owner.do(f"list_attached_{kind}_policies")["AttachedPolicies"]) == 10
    user, groups = make(aws, "user"), [make(aws, "group") for _ in range(11)]
    for group in groups[:10]:
        group.do("add_user_to_group", UserName=user.name)
    with refused("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10"):
        groups[10].do("add_user_to_group", UserName=user.name)


@pytest.mark.parametrize(("kind", "most"), [("user", 2048), ("group", 5120), ("role", 10240)])
def test_quotas_of_inline_policies(aws, kind, most):
    owner = make(aws, kind)

    def put(name, length):
        """Counted without blanks; some are put in."""
        bare = len("".join(READ.split())) - 1
        document = READ.replace('"*"', '"arn:aws:s3:::' + "x" * (length - bare - len("arn:aws:s3:::")) + '"  ')
        owner.do(f"put_{kind}_policy", PolicyName=name, PolicyDocument=document)

    put("first", most - 200)
    put("second", 200)
    with refused("LimitExceeded", f"Maximum policy size of {most} bytes exceeded for {kind} {owner.name}"):
        put("second", 201)
    with refused("LimitExceeded"):
        put("third", 100)
    owner.do(f"delete_{kind}_policy", PolicyName="second")
    put("first", most)


def test_other_quotas(aws):
    arn, user = make_policy(aws), make(aws, "user")
    for _ in range(4):
        aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=READ)
    with refused("LimitExceeded", "A managed policy can have up to 5 versions. Before you create a new version, you must "
                 "delete an existing version."):
        aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=READ)
    for _ in range(2):
        user.do("create_access_key")
    with refused("LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"):
        user.do("create_access_key")
    fifty = {f"k{n}": "" for n in range(50)}
    for tag, named in [(aws.iam.tag_user, user.named), (aws.iam.tag_policy, {"PolicyArn": arn})]:
        tag(**named, Tags=tags(**fifty))
        with refused("LimitExceeded", "Cannot exceed quota for TagsPerResource: 50"):
            tag(**named, Tags=tags(one="more"))
        tag(**named, Tags=tags(k0="again"))
    large = policy({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + "x" * 6144})
    with refused("LimitExceeded", "Cannot exceed quota for PolicySize: 6144"):
        make_policy(aws, document=large)
    long = policy({"Principal": {"Federated": "x" * 2048}, "Action": "sts:AssumeRole"})
    with refused("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048"):
        make(aws, "role", AssumeRolePolicyDocument=long)


def test_inputs_are_checked_before_anything(aws):
    twice = [{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}]
    sentence = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    for kind in ["role", "user"]:
        with refused("InvalidInput", sentence):
            make(aws, kind, Tags=twice)
    with refused("InvalidInput", sentence):
        make_policy(aws, Tags=twice)
    with refused("ValidationError", "1 validation error detected: Value at 'maxItems' failed to satisfy constraint: "
                 "Member must have value greater than or equal to 1"):
        aws.iam.list_roles(MaxItems=0)
    with refused("ValidationError", "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy "
                 "constraint: Member must have value greater than or equal to 3600"):
        make(aws, "role", MaxSessionDuration=60)
    for name in ["with blank", "a/b", "x" * 65]:
        with refused("ValidationError"):
            make(aws, "user", name=name)
    with refused("ValidationError"):
        make(aws, "group", Path="no-slashes")
    with refused("ValidationError", "Invalid Marker."):
        aws.iam.list_users(Marker="?")
