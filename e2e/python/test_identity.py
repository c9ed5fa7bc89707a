"""From the ID token to credentials that open one's own part of a bucket. Reference: identity-pools-iam 1, 2.4, 15."""

from datetime import datetime, timedelta, timezone

import jwt
import pytest

from aws import ACCOUNT, Aws, refused
from house import fresh, make_pool, make_walk, policy, trust

ROLE_ERROR = "Invalid identity pool configuration. Check assigned IAM roles for this pool."


def test_a_login_is_always_the_same_identity(walk):
    first, second = walk.pool.tokens()["IdToken"], walk.pool.tokens()["IdToken"]
    identity = walk.identity(first)
    assert identity.startswith("us-east-1:")
    assert walk.identity(second) == identity
    # Amplify derives the provider's name from the issuer: the same pool, so the same identity.
    by_issuer = {walk.pool.issuer.removeprefix("http://"): second}
    assert walk.aws.identity.get_id(IdentityPoolId=walk.id, Logins=by_issuer)["IdentityId"] == identity


def test_credentials_are_a_session_of_the_role(walk):
    token = walk.pool.tokens()["IdToken"]
    credentials = walk.credentials(walk.identity(token), token)
    assert credentials["AccessKeyId"].startswith("ASIA") and len(credentials["AccessKeyId"]) == 20
    left = credentials["Expiration"] - datetime.now(timezone.utc)
    assert timedelta(minutes=59) < left <= timedelta(minutes=60, seconds=5)

    caller = walk.aws.as_(credentials).sts.get_caller_identity()
    role = walk.roles["authenticated"].rsplit("/", 1)[1]
    assert caller["Account"] == ACCOUNT
    assert caller["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/CognitoIdentityCredentials"
    assert caller["UserId"].startswith("AROA") and caller["UserId"].endswith(":CognitoIdentityCredentials")


def test_a_visitor_has_one_prefix_and_no_other(walk, visitor):
    identity, theirs = visitor
    key = f"{identity}/notes/hello world.txt"
    theirs.s3.put_object(Bucket=walk.bucket, Key=key, Body=b"hello")
    assert theirs.s3.get_object(Bucket=walk.bucket, Key=key)["Body"].read() == b"hello"
    listed = theirs.s3.list_objects_v2(Bucket=walk.bucket, Prefix=f"{identity}/")
    assert key in [found["Key"] for found in listed["Contents"]]

    user = f"User: {theirs.sts.get_caller_identity()['Arn']} is not authorized to perform:"
    reason = "because no identity-based policy allows the {0} action"

    def denied(action, resource):
        return refused("AccessDenied", f'{user} {action} on resource: "{resource}" {reason.format(action)}')

    bucket = f"arn:aws:s3:::{walk.bucket}"
    with denied("s3:PutObject", f"{bucket}/other/x"):
        theirs.s3.put_object(Bucket=walk.bucket, Key="other/x", Body=b"")
    with denied("s3:GetObject", f"{bucket}/other/x"):
        theirs.s3.get_object(Bucket=walk.bucket, Key="other/x")
    with denied("s3:DeleteObject", f"{bucket}/other/x"):
        theirs.s3.delete_object(Bucket=walk.bucket, Key="other/x")
    with denied("s3:ListBucket", bucket):
        theirs.s3.list_objects_v2(Bucket=walk.bucket)
    with denied("s3:ListBucket", bucket):
        theirs.s3.list_objects_v2(Bucket=walk.bucket, Prefix="other/")
    theirs.s3.delete_object(Bucket=walk.bucket, Key=key)


def test_a_guest_may_do_what_the_guest_role_allows(walk, guest):
    identity, theirs = guest
    walk.aws.s3.put_object(Bucket=walk.bucket, Key="public/about.txt", Body=b"about")
    assert theirs.s3.get_object(Bucket=walk.bucket, Key="public/about.txt")["Body"].read() == b"about"
    with refused("AccessDenied"):
        theirs.s3.put_object(Bucket=walk.bucket, Key=f"{identity}/x", Body=b"")
    assert walk.identity() != identity


def test_a_guest_is_held_by_the_session_policy(server, aws):
    walk = make_walk(server, aws, guest_policy=policy({"Action": "*", "Resource": "*"}))
    _, theirs = walk.enter_as_guest()
    theirs.s3.put_object(Bucket=walk.bucket, Key="anything", Body=b"")
    arn = theirs.sts.get_caller_identity()["Arn"]
    with refused("AccessDenied") as caught:
        theirs.iam.list_roles()
    message = caught.value.response["Error"]["Message"]
    assert message.startswith(f"User: {arn} is not authorized to perform: iam:ListRoles")
    assert message.endswith("because no session policy allows the iam:ListRoles action")


def test_no_guests_where_they_are_forbidden(server, aws):
    walk = make_walk(server, aws, guests=False)
    with refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."):
        walk.identity()


def test_a_guest_who_signs_in_keeps_the_identity(server, aws):
    walk = make_walk(server, aws)
    walk.pool.user()
    identity, _ = walk.enter_as_guest()
    token = walk.pool.tokens()["IdToken"]
    answer = aws.identity.get_credentials_for_identity(IdentityId=identity, Logins=walk.logins(token))
    assert answer["IdentityId"] == identity == walk.identity(token)
    with refused("NotAuthorizedException", f"Access to Identity '{identity}' is forbidden."):
        walk.credentials(identity)

    other, _ = walk.enter_as_guest()
    merged = aws.identity.get_credentials_for_identity(IdentityId=other, Logins=walk.logins(token))
    assert merged["IdentityId"] == identity
    with refused("NotAuthorizedException", f"Access to Identity '{other}' is forbidden."):
        walk.credentials(other)


def test_groups_choose_the_role(server, aws):
    walk = make_walk(server, aws)
    pool = walk.pool
    pool.user()
    roles = {}
    for name in ("editors", "readers"):
        made = aws.iam.create_role(RoleName=fresh(name), AssumeRolePolicyDocument=trust(walk.id, "authenticated"))
        roles[name] = made["Role"]["Arn"]
        pool.idp.create_group(UserPoolId=pool.id, GroupName=name, RoleArn=roles[name])
    mapping = {f"{pool.provider}:{pool.client_id}": {"Type": "Token", "AmbiguousRoleResolution": "Deny"}}
    aws.identity.set_identity_pool_roles(IdentityPoolId=walk.id, Roles=walk.roles, RoleMappings=mapping)

    pool.admin("admin_add_user_to_group", GroupName="editors")
    _, theirs = walk.enter()
    assert f":assumed-role/{roles['editors'].rsplit('/')[-1]}/" in theirs.sts.get_caller_identity()["Arn"]

    pool.admin("admin_add_user_to_group", GroupName="readers")
    with refused("NotAuthorizedException", "The ambiguous role mapping rules denied this request."):
        walk.enter()

    token = pool.tokens()["IdToken"]
    chosen = aws.identity.get_credentials_for_identity(
        IdentityId=walk.identity(token), Logins=walk.logins(token), CustomRoleArn=roles["readers"]
    )["Credentials"]
    assert f":assumed-role/{roles['readers'].rsplit('/')[-1]}/" in aws.as_(chosen).sts.get_caller_identity()["Arn"]


def test_a_role_that_does_not_trust_the_pool_is_not_taken(server, aws):
    walk = make_walk(server, aws)
    walk.pool.user()
    name = walk.roles["authenticated"].rsplit("/", 1)[1]
    stranger = "us-east-1:11111111-2222-4333-8444-555555555555"
    aws.iam.update_assume_role_policy(RoleName=name, PolicyDocument=trust(stranger, "authenticated"))
    with refused("InvalidIdentityPoolConfigurationException", ROLE_ERROR):
        walk.enter()
    aws.identity.set_identity_pool_roles(IdentityPoolId=walk.id, Roles={})
    with refused("InvalidIdentityPoolConfigurationException", ROLE_ERROR):
        walk.enter()


def test_the_classic_flow_goes_by_sts(server, aws):
    walk = make_walk(server, aws, AllowClassicFlow=True)
    walk.pool.user()
    token = walk.pool.tokens()["IdToken"]
    answer = aws.identity.get_open_id_token(IdentityId=walk.identity(token), Logins=walk.logins(token))
    claims = jwt.decode(answer["Token"], options={"verify_signature": False})
    assert (claims["aud"], claims["sub"]) == (walk.id, answer["IdentityId"])
    assert claims["amr"][0] == "authenticated"

    assumed = aws.sts.assume_role_with_web_identity(
        RoleArn=walk.roles["authenticated"], RoleSessionName="classic", WebIdentityToken=answer["Token"],
        DurationSeconds=900,
    )
    assert assumed["SubjectFromWebIdentityToken"] == answer["IdentityId"]
    assert assumed["AssumedRoleUser"]["Arn"].endswith("/classic")
    theirs = aws.as_(assumed["Credentials"])
    theirs.s3.put_object(Bucket=walk.bucket, Key=f"{answer['IdentityId']}/x", Body=b"")
    with refused("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity"):
        aws.sts.assume_role_with_web_identity(
            RoleArn=walk.roles["unauthenticated"], RoleSessionName="classic", WebIdentityToken=answer["Token"]
        )


def test_the_classic_flow_can_be_forbidden(server, aws):
    walk = make_walk(server, aws, AllowClassicFlow=False)
    with refused(
        "InvalidParameterException", "Basic (classic) flow is not enabled, please use enhanced flow."
    ):
        aws.identity.get_open_id_token(IdentityId=walk.identity())


def test_identity_pools_and_identities_are_administered(server, aws):
    walk = make_walk(server, aws, IdentityPoolTags={"team": "blue"})
    walk.pool.user()
    described = aws.identity.describe_identity_pool(IdentityPoolId=walk.id)
    assert described["IdentityPoolTags"] == {"team": "blue"}
    assert described["CognitoIdentityProviders"][0]["ClientId"] == walk.pool.client_id
    assert aws.identity.get_identity_pool_roles(IdentityPoolId=walk.id)["Roles"] == walk.roles

    identity, _ = walk.enter()
    stranger, _ = walk.enter_as_guest()
    listed = aws.identity.list_identities(IdentityPoolId=walk.id, MaxResults=10)["Identities"]
    assert {found["IdentityId"] for found in listed} == {identity, stranger}
    assert aws.identity.describe_identity(IdentityId=identity)["Logins"] == [walk.pool.provider]
    aws.identity.delete_identities(IdentityIdsToDelete=[stranger])
    with refused("ResourceNotFoundException", f"Identity '{stranger}' not found."):
        walk.credentials(stranger)

    members = {k: v for k, v in described.items() if k != "ResponseMetadata"}
    aws.identity.update_identity_pool(**members | {"AllowUnauthenticatedIdentities": False})
    with refused("NotAuthorizedException", "Unauthenticated access is not supported for this identity pool."):
        walk.identity()
    assert walk.id in [p["IdentityPoolId"] for p in aws.identity.list_identity_pools(MaxResults=60)["IdentityPools"]]
    aws.identity.delete_identity_pool(IdentityPoolId=walk.id)
    with refused("ResourceNotFoundException", f"IdentityPool '{walk.id}' not found."):
        walk.identity()


def test_revoked_sign_ins_are_refused_where_the_pool_asks(server, aws):
    walk = make_walk(server, aws)
    walk.pool.user()
    token = walk.pool.tokens()
    provider = {"ProviderName": walk.pool.provider, "ClientId": walk.pool.client_id, "ServerSideTokenCheck": True}
    aws.identity.update_identity_pool(
        IdentityPoolId=walk.id, IdentityPoolName="walk", AllowUnauthenticatedIdentities=True,
        CognitoIdentityProviders=[provider],
    )
    walk.identity(token["IdToken"])
    walk.pool.idp.global_sign_out(AccessToken=token["AccessToken"])
    with pytest.raises(aws.identity.exceptions.NotAuthorizedException):
        walk.identity(token["IdToken"])


def test_credentials_end_with_their_hour(own_server):
    aws = Aws(own_server.url)
    walk = make_walk(own_server, aws)
    walk.pool.user()
    identity, theirs = walk.enter()
    key = {"Bucket": walk.bucket, "Key": f"{identity}/x"}
    theirs.s3.put_object(**key, Body=b"")
    own_server.advance(hours=1, seconds=1)
    with refused("ExpiredToken", "The provided token has expired."):
        theirs.s3.get_object(**key)
    with refused("ExpiredToken", "The security token included in the request is expired"):
        theirs.sts.get_caller_identity()
    with refused("ExpiredTokenException", "The security token included in the request is expired"):
        theirs.idp.list_user_pools(MaxResults=1)
    _, renewed = walk.enter()
    renewed.s3.get_object(**key)


def test_another_pool_of_the_same_house_is_not_this_one(server, aws, walk):
    other = make_pool(server, aws)
    other.user()
    token = other.tokens()["IdToken"]
    with refused(
        "NotAuthorizedException",
        "Logins don't match. Please include at least one valid login for this identity or identity pool.",
    ):
        aws.identity.get_id(IdentityPoolId=walk.id, Logins={other.provider: token})
    with refused("NotAuthorizedException", "Invalid login token. Issuer doesn't match providerName"):
        walk.identity(token)


def test_an_identity_pool_keeps_its_tags(aws):
    identity = aws.identity
    pool = identity.create_identity_pool(
        IdentityPoolName=fresh("tagged"), AllowUnauthenticatedIdentities=True, IdentityPoolTags={"team": "red"}
    )["IdentityPoolId"]
    arn = f"arn:aws:cognito-identity:{aws.region}:{ACCOUNT}:identitypool/{pool}"
    identity.tag_resource(ResourceArn=arn, Tags={"stage": "dev", "team": "blue"})
    assert identity.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stage": "dev", "team": "blue"}
    identity.untag_resource(ResourceArn=arn, TagKeys=["team"])
    assert identity.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stage": "dev"}
