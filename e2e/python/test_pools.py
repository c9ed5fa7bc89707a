"""Pools and app clients. Reference: user-pools 2, 3, 14.7; `_custom_id_` pins the ids of committed settings."""

import pytest

from aws import ACCOUNT, refused
from house import fresh, make_pool


def test_a_fresh_pool_has_cognitos_defaults(aws):
    made = aws.idp.create_user_pool(PoolName="guests")["UserPool"]
    described = aws.idp.describe_user_pool(UserPoolId=made["Id"])["UserPool"]
    # Only the answer of the creation leaves out tags that were not sent.
    assert described == made | {"UserPoolTags": {}}
    assert described.items() >= {
        "Name": "guests",
        "Arn": f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{made['Id']}",
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "MfaConfiguration": "OFF",
        "EstimatedNumberOfUsers": 0,
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
        "UserPoolTier": "ESSENTIALS",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
    }.items()
    assert described["Policies"]["PasswordPolicy"] == {
        "MinimumLength": 8, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True,
        "RequireSymbols": True, "TemporaryPasswordValidityDays": 7,
    }
    schema = {attribute["Name"]: attribute for attribute in described["SchemaAttributes"]}
    assert schema["sub"]["Mutable"] is False and schema["email_verified"]["AttributeDataType"] == "Boolean"
    assert "AliasAttributes" not in described and "SmsConfiguration" not in described
    assert aws.idp.get_user_pool_mfa_config(UserPoolId=made["Id"])["MfaConfiguration"] == "OFF"


def test_an_update_keeps_each_half_of_the_policies(pool):
    def policies():
        now = pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Policies"]
        return now["PasswordPolicy"]["MinimumLength"], now["SignInPolicy"]["AllowedFirstAuthFactors"]

    update = lambda **changes: pool.idp.update_user_pool(UserPoolId=pool.id, **changes)
    factors = {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}
    update(Policies={"PasswordPolicy": {"MinimumLength": 14}, "SignInPolicy": factors})
    update(DeletionProtection="INACTIVE")
    assert policies() == (14, ["PASSWORD", "EMAIL_OTP"])
    update(Policies={"PasswordPolicy": {"MinimumLength": 15}})
    assert policies() == (15, ["PASSWORD", "EMAIL_OTP"])
    update(Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}})
    assert policies() == (15, ["PASSWORD"])


def test_an_update_replaces_what_it_leaves_out(pool):
    idp = pool.idp
    idp.update_user_pool(
        UserPoolId=pool.id, Policies={"PasswordPolicy": {"MinimumLength": 12}}, AutoVerifiedAttributes=["email"]
    )
    policy = idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["Policies"]["PasswordPolicy"]
    assert policy.items() >= {"MinimumLength": 12, "RequireSymbols": False}.items()
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        pool.sign_up(password="elevenchars")
    pool.sign_up(password="twelve chars")


def test_pools_are_listed_in_pages(aws):
    mine = {aws.idp.create_user_pool(PoolName=fresh("listed"))["UserPool"]["Id"] for _ in range(3)}
    pages = list(aws.idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))
    listed = [pool["Id"] for page in pages for pool in page["UserPools"]]
    assert len(pages) > 1 and len(listed) == len(set(listed)) and mine <= set(listed)


def test_a_deleted_pool_is_gone(pool):
    pool.user()
    pool.idp.update_user_pool(UserPoolId=pool.id, DeletionProtection="ACTIVE", AutoVerifiedAttributes=["email"])
    with refused("InvalidParameterException"):
        pool.idp.delete_user_pool(UserPoolId=pool.id)
    pool.idp.update_user_pool(UserPoolId=pool.id, DeletionProtection="INACTIVE", AutoVerifiedAttributes=["email"])
    pool.idp.delete_user_pool(UserPoolId=pool.id)
    with refused("ResourceNotFoundException", f"User pool {pool.id} does not exist."):
        pool.idp.describe_user_pool(UserPoolId=pool.id)
    with refused("ResourceNotFoundException", f"User pool client {pool.client_id} does not exist."):
        pool.tokens()


def test_ids_can_be_pinned(server, aws):
    pinned = {"UserPoolTags": {"_custom_id_": "us-east-1_Pinned123"}}
    pool = make_pool(server, aws, **pinned)
    assert pool.id == "us-east-1_Pinned123"
    with pytest.raises(aws.idp.exceptions.ClientError):
        make_pool(server, aws, **pinned)


def test_an_app_client_through_its_five_operations(pool):
    idp = pool.idp
    made = pool.client(ClientName="web", ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    described = idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])["UserPoolClient"]
    assert described == made
    assert described.items() >= {
        "ClientName": "web", "UserPoolId": pool.id, "RefreshTokenValidity": 30, "TokenValidityUnits": {},
        "AllowedOAuthFlowsUserPoolClient": False, "EnableTokenRevocation": True, "AuthSessionValidity": 3,
        "EnablePropagateAdditionalUserContextData": False,
    }.items()
    assert "ClientSecret" not in described and "CallbackURLs" not in described

    updated = idp.update_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"], ClientName="phone")
    assert updated["UserPoolClient"]["ClientName"] == "phone"
    assert "ExplicitAuthFlows" not in updated["UserPoolClient"]

    listed = idp.list_user_pool_clients(UserPoolId=pool.id, MaxResults=60)["UserPoolClients"]
    assert {"ClientId": made["ClientId"], "UserPoolId": pool.id, "ClientName": "phone"} in listed

    idp.delete_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])
    with refused("ResourceNotFoundException", f"User pool client {made['ClientId']} does not exist."):
        idp.describe_user_pool_client(UserPoolId=pool.id, ClientId=made["ClientId"])


def test_tags_are_the_pools_tags(pool):
    pool.idp.tag_resource(ResourceArn=pool.arn, Tags={"team": "blue", "stage": "test"})
    pool.idp.untag_resource(ResourceArn=pool.arn, TagKeys=["stage"])
    assert pool.idp.list_tags_for_resource(ResourceArn=pool.arn)["Tags"] == {"team": "blue"}
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["UserPoolTags"] == {"team": "blue"}


def test_what_is_not_here_says_so(aws):
    with refused("UnknownOperationException"):
        aws.idp.list_user_import_jobs(UserPoolId="us-east-1_Nothing00", MaxResults=5)
    with pytest.raises(Exception) as caught:
        aws.client("dynamodb").list_tables()
    assert "dynamodb" in str(caught.value).lower()
