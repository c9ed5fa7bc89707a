"""What is in the tokens, how long they count, how they end. Reference: user-pools 5.7, 8."""

import json
import re
import time

import jwt
import pytest

from aws import refused
from house import FLOWS, make_pool
from poolhouse import http

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def test_the_claims_of_both_tokens_are_cognitos(pool):
    sub = pool.user()
    before = int(time.time())
    tokens = pool.tokens()
    id_claims, access = pool.claims(tokens["IdToken"], audience=pool.client_id), pool.claims(tokens["AccessToken"])

    both = {"sub": sub, "iss": pool.issuer}
    assert id_claims.items() >= {
        **both, "aud": pool.client_id, "token_use": "id", "email": "ana@example.com", "email_verified": True,
    }.items()
    assert access.items() >= {
        **both, "client_id": pool.client_id, "token_use": "access", "scope": "aws.cognito.signin.user.admin",
    }.items()
    assert "aud" not in access and "email" not in access
    assert id_claims["cognito:username"] == access["username"]
    for claims in (id_claims, access):
        assert before - 2 <= claims["iat"] <= before + 10
        assert claims["exp"] == claims["iat"] + 3600
        assert claims["auth_time"] <= claims["iat"]
        assert all(UUID.fullmatch(claims[name]) for name in ("jti", "origin_jti", "event_id"))
    assert id_claims["origin_jti"] == access["origin_jti"]
    assert id_claims["jti"] != access["jti"]

    headers = [jwt.get_unverified_header(tokens[name]) for name in ("IdToken", "AccessToken")]
    assert [sorted(header) for header in headers] == [["alg", "kid"]] * 2
    assert headers[0]["kid"] != headers[1]["kid"]
    assert {header["kid"] for header in headers} == {key["kid"] for key in pool.keys()}


def test_a_refresh_keeps_the_sign_in_and_renews_the_rest(pool):
    pool.user()
    first = pool.tokens()
    pool.admin("admin_update_user_attributes", UserAttributes=[{"Name": "name", "Value": "Ana"}])
    second = pool.refresh(first["RefreshToken"])["AuthenticationResult"]
    assert "RefreshToken" not in second
    old, new = pool.claims(first["IdToken"]), pool.claims(second["IdToken"])
    assert [old[name] == new[name] for name in ("sub", "auth_time", "origin_jti", "event_id", "jti")] == [True] * 4 + [False]
    assert (old.get("name"), new["name"]) == (None, "Ana")
    pool.idp.get_user(AccessToken=second["AccessToken"])


def test_amplifys_way_of_refreshing(pool):
    pool.user()
    answer = pool.idp.get_tokens_from_refresh_token(
        ClientId=pool.client_id, RefreshToken=pool.tokens()["RefreshToken"]
    )
    result = answer["AuthenticationResult"]
    assert "RefreshToken" not in result
    pool.idp.get_user(AccessToken=result["AccessToken"])


def test_a_rotated_refresh_token_counts_once(pool):
    pool.user()
    pool.client(
        ExplicitAuthFlows=[flow for flow in FLOWS if "REFRESH" not in flow],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
    )
    first = pool.tokens()["RefreshToken"]
    renew = lambda token: pool.idp.get_tokens_from_refresh_token(ClientId=pool.client_id, RefreshToken=token)
    second = renew(first)["AuthenticationResult"]["RefreshToken"]
    assert second != first
    with refused("RefreshTokenReuseException"):
        renew(first)
    with pytest.raises(pool.idp.exceptions.ClientError):
        renew(second)  # Reuse ends the whole family.


def test_a_revoked_refresh_token_takes_its_access_tokens_along(pool):
    pool.user()
    ended, other = pool.tokens(), pool.tokens()
    pool.idp.revoke_token(Token=ended["RefreshToken"], ClientId=pool.client_id)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(ended["RefreshToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        pool.idp.get_user(AccessToken=ended["AccessToken"])
    pool.idp.get_user(AccessToken=other["AccessToken"])
    with refused("UnsupportedTokenTypeException"):
        pool.idp.revoke_token(Token=other["AccessToken"], ClientId=pool.client_id)


@pytest.mark.parametrize("by_administrator", [False, True])
def test_a_global_sign_out_ends_every_sign_in(pool, by_administrator):
    pool.user()
    here, there = pool.tokens(), pool.tokens()
    if by_administrator:
        pool.admin("admin_user_global_sign_out")
    else:
        pool.idp.global_sign_out(AccessToken=here["AccessToken"])
    for tokens in (here, there):
        with refused("NotAuthorizedException", "Access Token has been revoked"):
            pool.idp.get_user(AccessToken=tokens["AccessToken"])
        with refused("NotAuthorizedException", "Refresh Token has been revoked"):
            pool.refresh(tokens["RefreshToken"])
    pool.idp.get_user(AccessToken=pool.tokens()["AccessToken"])


def test_tokens_end_when_the_client_says(own_server, own_pool):
    own_pool.user()
    own_pool.client(
        AccessTokenValidity=5, IdTokenValidity=10, RefreshTokenValidity=2,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
    )
    tokens = own_pool.tokens()
    assert tokens["ExpiresIn"] == 300
    id_claims = own_pool.claims(tokens["IdToken"])
    assert id_claims["exp"] - id_claims["iat"] == 600

    own_server.advance(minutes=4)
    own_pool.idp.get_user(AccessToken=tokens["AccessToken"])
    own_server.advance(minutes=2)
    with refused("NotAuthorizedException", "Access Token has expired"):
        own_pool.idp.get_user(AccessToken=tokens["AccessToken"])
    own_pool.refresh(tokens["RefreshToken"])
    own_server.advance(hours=2)
    with refused("NotAuthorizedException", "Refresh Token has expired"):
        own_pool.refresh(tokens["RefreshToken"])


@pytest.mark.parametrize(
    ("mode", "issuer"),
    [
        ("request", "{url}/{pool}"),
        ("aws", "https://cognito-idp.us-east-1.amazonaws.com/{pool}"),
        ("aws-updated", "https://issuer-cognito-idp.us-east-1.amazonaws.com/{pool}"),
        ("https://id.example.com/{fresh}", "https://id.example.com/{fresh}"),
    ],
)
def test_the_issuer_is_as_the_pool_is_tagged(server, aws, mode, issuer):
    fresh = f"pool-{time.time_ns()}"
    pool = make_pool(server, aws, UserPoolTags={"poolhouse:issuer": mode.format(fresh=fresh)})
    pool.user()
    expected = issuer.format(url=server.url, pool=pool.id, fresh=fresh)
    tokens = pool.tokens()
    assert pool.claims(tokens["IdToken"])["iss"] == expected
    pool.idp.get_user(AccessToken=tokens["AccessToken"])

    document = discovery(pool)
    assert document["issuer"] == expected
    assert document["jwks_uri"].endswith("/.well-known/jwks.json")


def discovery(pool):
    with http(f"{pool.server.url}/{pool.id}/.well-known/openid-configuration") as answer:
        return json.load(answer)
