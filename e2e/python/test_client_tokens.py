"""Clients that change their secret, act for themselves and exchange tokens of users. Reference: user-pools 3.3, 15.4."""

import pytest
from botocore import UNSIGNED

from aws import refused
from house import FLOWS, fresh

ADMIN = "aws.cognito.signin.user.admin"


@pytest.fixture
def api(pool):
    """A pool with an API and Ana."""
    scopes = [{"ScopeName": name, "ScopeDescription": name} for name in ("read", "write")]
    pool.idp.create_resource_server(UserPoolId=pool.id, Identifier="orders", Name="Orders", Scopes=scopes)
    pool.user()
    return pool


def service(pool):
    made = pool.idp.create_user_pool_client(
        UserPoolId=pool.id, ClientName=fresh("service"), GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_CLIENT_TOKEN_AUTH"], AllowedOAuthScopes=["orders/read"],
    )["UserPoolClient"]
    return made["ClientId"], made["ClientSecret"]


def test_a_client_changes_its_secret(pool):
    pool.user()
    pool.client(GenerateSecret=True)
    named = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    added = pool.idp.add_user_pool_client_secret(**named)["ClientSecretDescriptor"]
    first, second = pool.secret, added["ClientSecretValue"]
    for pool.secret in (first, second):
        assert "AccessToken" in pool.tokens()
    listed = pool.idp.list_user_pool_client_secrets(**named)["ClientSecrets"]
    assert len(listed) == 2 and not any("ClientSecretValue" in secret for secret in listed)
    assert listed[1]["ClientSecretId"] == added["ClientSecretId"]
    with refused("LimitExceededException", "A user pool client cannot have more than 2 client secrets."):
        pool.idp.add_user_pool_client_secret(**named)

    pool.idp.delete_user_pool_client_secret(**named, ClientSecretId=listed[0]["ClientSecretId"])
    assert "AccessToken" in pool.tokens()
    pool.secret = first
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        pool.tokens()
    with refused("InvalidParameterException", "The last client secret of a user pool client cannot be deleted."):
        pool.idp.delete_user_pool_client_secret(**named, ClientSecretId=listed[1]["ClientSecretId"])


def test_a_client_acts_for_itself(api):
    client, secret = service(api)
    # A signature is looked at no more than its absence.
    for idp in (api.idp, api.aws.client("cognito-idp", signature_version=UNSIGNED)):
        result = idp.get_client_token(ClientId=client, Secret=secret)["ClientAuthenticationResult"]
        assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
        claims = api.claims(result["AccessToken"], issuer=api.issuer)
        assert (claims["sub"], claims["client_id"], claims["scope"]) == (client, client, "orders/read")
        assert (claims["token_use"], claims["version"]) == ("access", 2)
    with refused("InvalidParameterException", "Invalid scope requested: orders/write"):
        api.idp.get_client_token(ClientId=client, Secret=secret, Scopes=["orders/write"])
    with refused("NotAuthorizedException", "Invalid client or secret"):
        api.idp.get_client_token(ClientId=client, Secret="x" * 52)


def test_a_users_token_is_exchanged(api):
    agent, secret = service(api)
    actor = api.idp.get_client_token(ClientId=agent, Secret=secret)["ClientAuthenticationResult"]["AccessToken"]
    api.client(
        GenerateSecret=True, AllowedOAuthFlows=["code"], AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthScopes=[ADMIN],
        CallbackURLs=["https://app.example.com/"],
        ExplicitAuthFlows=[*FLOWS, "ALLOW_TOKEN_EXCHANGE_DELEGATION", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"],
    )
    tokens = api.tokens()
    asked = {
        "ClientId": api.client_id, "ClientSecret": api.secret, "SubjectToken": tokens["AccessToken"],
        "SubjectTokenType": "ACCESS_TOKEN",
    }
    unsigned = api.aws.client("cognito-idp", signature_version=UNSIGNED)
    answer = unsigned.get_derived_token(**asked, ActorToken=actor, ActorTokenType="ACCESS_TOKEN")
    assert (answer["IssuedTokenType"], answer["TokenType"], answer["Scopes"]) == ("ACCESS_TOKEN", "Bearer", [ADMIN])
    before, after = api.claims(tokens["AccessToken"]), api.claims(answer["IssuedToken"], issuer=api.issuer)
    assert after["act"] == {"sub": agent, "client_id": agent}
    assert all(after[name] == before[name] for name in ("sub", "username", "origin_jti", "auth_time"))
    assert after["exp"] <= before["exp"]
    assert api.idp.get_user(AccessToken=answer["IssuedToken"])["Username"] == after["username"]

    id_token = api.idp.get_derived_token(
        **asked | {"SubjectToken": tokens["IdToken"], "SubjectTokenType": "ID_TOKEN"}, RequestedTokenType="ID_TOKEN"
    )
    assert id_token["TokenType"] == "N_A"
    assert api.claims(id_token["IssuedToken"], audience=api.client_id)["email"] == "ana@example.com"

    with refused("NotAuthorizedException", "Invalid Subject Token"):
        api.idp.get_derived_token(**asked | {"SubjectToken": tokens["IdToken"]})
    api.admin("admin_user_global_sign_out")
    for token in (tokens["AccessToken"], answer["IssuedToken"]):
        with refused("NotAuthorizedException", "Subject Token has been revoked"):
            api.idp.get_derived_token(**asked | {"SubjectToken": token})
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        api.idp.get_user(AccessToken=answer["IssuedToken"])
