"""Signing in by password and by SRP. Reference: user-pools 3.2, 5, 17.2."""

import pytest

import srp
from aws import Aws, refused
from house import PASSWORD, make_pool, secret_hash

WRONG = ("NotAuthorizedException", "Incorrect username or password.")


def by_password(pool, username="ana@example.com", password=PASSWORD):
    return pool.sign_in(username, password)


def by_srp(pool, username="ana@example.com", password=PASSWORD):
    return srp.sign_in(pool.idp, pool.id, pool.client_id, username, password)


def by_administrator(pool, username="ana@example.com", password=PASSWORD):
    return pool.idp.admin_initiate_auth(
        UserPoolId=pool.id,
        ClientId=pool.client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )


WAYS = pytest.mark.parametrize("way", [by_password, by_srp, by_administrator])


@WAYS
def test_the_right_password_gives_tokens(pool, way):
    sub = pool.user()
    answer = way(pool)
    assert answer["ChallengeParameters"] == {}
    result = answer["AuthenticationResult"]
    assert (result["ExpiresIn"], result["TokenType"]) == (3600, "Bearer")
    assert result["RefreshToken"].count(".") == 4
    user = pool.idp.get_user(AccessToken=result["AccessToken"])
    attributes = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
    assert attributes == {"sub": sub, "email": "ana@example.com", "email_verified": "true"}


@WAYS
def test_a_wrong_password_is_refused(pool, way):
    pool.user()
    with refused(*WRONG):
        way(pool, password="Wrong-Horse-9")


@WAYS
def test_an_unknown_user_is_named_as_the_client_wants_it(pool, way):
    with refused("UserNotFoundException", "User does not exist."):
        way(pool, "nobody@example.com")
    pool.client(PreventUserExistenceErrors="ENABLED")
    with refused(*WRONG):
        way(pool, "nobody@example.com")


@WAYS
def test_an_unconfirmed_user_must_confirm_first(pool, way):
    pool.sign_up()
    with refused("UserNotConfirmedException", "User is not confirmed."):
        way(pool)


@WAYS
def test_a_disabled_user_stays_outside(pool, way):
    pool.user()
    pool.admin("admin_disable_user")
    with refused("NotAuthorizedException", "User is disabled."):
        way(pool)
    pool.admin("admin_enable_user")
    way(pool)


@WAYS
def test_the_first_sign_in_of_an_invited_user_sets_a_password(server, pool, way):
    pool.admin("admin_create_user", UserAttributes=[{"Name": "email", "Value": "ana@example.com"}],
               TemporaryPassword="Temporary-1", DesiredDeliveryMediums=["EMAIL"])
    assert "Temporary-1" in server.inbox("ana@example.com")[0]["body"]
    assert pool.status() == "FORCE_CHANGE_PASSWORD"

    challenge = way(pool, password="Temporary-1")
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    answer = {
        "ClientId": pool.client_id,
        "ChallengeName": "NEW_PASSWORD_REQUIRED",
        "Session": challenge["Session"],
        "ChallengeResponses": {"USERNAME": "ana@example.com", "NEW_PASSWORD": PASSWORD},
    }
    if way is by_administrator:
        result = pool.idp.admin_respond_to_auth_challenge(UserPoolId=pool.id, **answer)
    else:
        result = pool.idp.respond_to_auth_challenge(**answer)
    assert "AccessToken" in result["AuthenticationResult"]
    assert pool.status() == "CONFIRMED"
    by_srp(pool)


def test_srp_verifies_many_salts(pool):
    """Each password set draws a salt; proofs must hold whatever bytes it begins with."""
    pool.user()
    for n in range(8):
        password = f"Correct-Horse-{n}"
        pool.admin("admin_set_user_password", Password=password, Permanent=True)
        by_srp(pool, password=password)
    with refused(*WRONG):
        by_srp(pool, password=PASSWORD)


@pytest.mark.parametrize("a", ["0", f"{srp.N:x}", f"{2 * srp.N:x}"])
def test_an_srp_a_that_gives_the_key_away_is_refused(pool, a):
    pool.user()
    with pytest.raises(pool.idp.exceptions.ClientError) as caught:
        pool.idp.initiate_auth(
            ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH",
            AuthParameters={"USERNAME": "ana@example.com", "SRP_A": a},
        )
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_flow_that_the_client_lacks_is_refused(pool):
    pool.user()
    pool.client(ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"])
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        by_password(pool)
    with refused("InvalidParameterException", "USER_SRP_AUTH is not enabled for the client."):
        by_srp(pool)
    with refused("InvalidParameterException", "Auth flow not enabled for this client"):
        by_administrator(pool)


def test_a_client_with_a_secret_wants_its_hash(pool):
    pool.user()
    pool.client(GenerateSecret=True)
    with refused(
        "NotAuthorizedException",
        f"Client {pool.client_id} is configured with secret but SECRET_HASH was not received",
    ):
        by_srp(pool)
    right, pool.secret = pool.secret, "0" * 52
    with refused("NotAuthorizedException", f"Unable to verify secret hash for client {pool.client_id}"):
        by_password(pool)
    pool.secret = right
    refresh = pool.tokens()["RefreshToken"]
    renewed = pool.idp.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={
            "REFRESH_TOKEN": refresh, "SECRET_HASH": secret_hash("ana@example.com", pool.client_id, right),
        },
    )
    assert "AccessToken" in renewed["AuthenticationResult"]


def test_a_missing_parameter_is_named(pool):
    with refused("InvalidParameterException", "Missing required parameter USERNAME"):
        pool.idp.initiate_auth(
            ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"PASSWORD": PASSWORD}
        )


def test_wrong_passwords_lock_the_user_for_a_while(own_server, own_pool):
    own_pool.user()
    for _ in range(5):
        with refused(*WRONG):
            by_password(own_pool, password="Wrong-Horse-9")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        by_password(own_pool)
    own_server.advance(minutes=15)
    by_password(own_pool)


def test_an_invitation_ends_after_seven_days(own_server, own_pool):
    own_pool.admin("admin_create_user", MessageAction="SUPPRESS", TemporaryPassword="Temporary-1")
    own_server.advance(days=8)
    with refused(
        "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator."
    ):
        by_password(own_pool, password="Temporary-1")


def test_argon2_pools_refuse_srp(server, aws):
    without_srp = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}
    pool = make_pool(server, aws, without_srp, UserPoolTags={"poolhouse:password-store": "argon2id"})
    pool.user()
    by_password(pool)
    with refused(*WRONG):
        by_password(pool, password="Wrong-Horse-9")
    with refused("InvalidParameterException"):
        pool.client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])


def test_a_pool_lives_in_the_region_of_its_call(server):
    west = make_pool(server, Aws(server.url, region="eu-west-1"))
    assert west.id.startswith("eu-west-1_")
    west.user()
    assert west.claims(by_srp(west)["AuthenticationResult"]["IdToken"])["aud"] == west.client_id
