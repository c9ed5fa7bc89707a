"""Sessions that a pool tracks. Reference: user-pools 15.2."""

import re

import pytest

from aws import refused
from house import FLOWS

REVOKED = ("NotAuthorizedException", "Access Token has been revoked")


@pytest.fixture
def tracked(pool):
    pool.user()
    pool.idp.set_user_pool_session_configuration(
        UserPoolId=pool.id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 2}
    )
    return pool


def listed(pool, tokens):
    return pool.idp.list_user_sessions(AccessToken=tokens["AccessToken"])["Sessions"]


def test_settings_of_pool_and_client(pool):
    get = pool.idp.get_user_pool_session_configuration
    assert get(UserPoolId=pool.id)["UserSessionTracking"] == "DISABLED"
    assert get(UserPoolId=pool.id)["TokenSession"] == {"MaxPerUser": 20}
    client = {"UserPoolId": pool.id, "ClientId": pool.client_id}
    set_client = pool.idp.set_user_pool_client_session_configuration
    with refused("InvalidParameterException", "User session tracking is not enabled for the user pool."):
        set_client(**client, SSOSession={"MaxValidityMinutes": 5})
    pool.idp.set_user_pool_session_configuration(
        UserPoolId=pool.id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": 3}
    )
    assert get(UserPoolId=pool.id)["TokenSession"] == {"MaxPerUser": 3}
    assert set_client(**client, SSOSession={"MaxValidityMinutes": 5})["SSOSession"] == {"MaxValidityMinutes": 5}
    pool.idp.update_user_pool_client(**client, ExplicitAuthFlows=FLOWS)
    assert pool.idp.get_user_pool_client_session_configuration(**client)["SSOSession"] == {"MaxValidityMinutes": 5}


def test_sessions_are_listed_and_revoked(tracked):
    first, second = tracked.tokens(), tracked.tokens()
    sessions = {session["IsCurrentSession"]: session for session in listed(tracked, second)}
    for session in sessions.values():
        assert re.fullmatch(r"tkn[a-z0-9]{25}", session["SessionId"])
        assert session.items() >= {
            "SessionType": "TOKEN", "ClientId": tracked.client_id, "LastIPAddress": "127.0.0.1",
        }.items()
        assert "Boto3" in session["DeviceType"]
    own, other = sessions[True]["SessionId"], sessions[False]["SessionId"]
    revoke = lambda id: tracked.idp.revoke_user_session(AccessToken=second["AccessToken"], SessionId=id)
    with refused("InvalidParameterException", "The session of the access token cannot be revoked."):
        revoke(own)
    revoke(other)
    with refused(*REVOKED):
        tracked.idp.get_user(AccessToken=first["AccessToken"])
    [left] = tracked.admin("admin_list_user_sessions")["Sessions"]
    assert left["SessionId"] == own
    tracked.admin("admin_revoke_user_session", SessionId=own, RevokeAssociatedSessions="LINKED")
    with refused(*REVOKED):
        tracked.idp.get_user(AccessToken=second["AccessToken"])


def test_the_least_recently_used_makes_room(tracked):
    first, second = tracked.tokens(), tracked.tokens()
    tracked.refresh(first["RefreshToken"])
    third = tracked.tokens()
    with refused(*REVOKED):
        tracked.idp.get_user(AccessToken=second["AccessToken"])
    tracked.idp.get_user(AccessToken=first["AccessToken"])
    assert len(listed(tracked, third)) == 2
