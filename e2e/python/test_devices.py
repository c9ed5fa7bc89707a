"""Remembered devices, as boto3 and pycognito speak of them. Reference: user-pools 5.3, 5.7, 10."""

import pytest
from pycognito.aws_srp import AWSSRP, generate_hash_device

from aws import refused
from house import PASSWORD, make_pool

NO_DEVICE = ("ResourceNotFoundException", "Device does not exist.")


@pytest.fixture
def tracked(server, aws):
    pool = make_pool(server, aws, DeviceConfiguration={
        "ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True,
    })
    pool.user()
    return pool


def confirmed(pool, result, **more):
    """The device that a sign-in handed out, confirmed: (key, group key, password)."""
    made = result["NewDeviceMetadata"]
    password, verifier = generate_hash_device(made["DeviceGroupKey"], made["DeviceKey"])
    answer = pool.idp.confirm_device(
        AccessToken=result["AccessToken"], DeviceKey=made["DeviceKey"], DeviceSecretVerifierConfig=verifier, **more,
    )
    assert answer["UserConfirmationNecessary"] is True
    return made["DeviceKey"], made["DeviceGroupKey"], password


def attributes(device):
    return {a["Name"]: a["Value"] for a in device["DeviceAttributes"]}


def test_a_device_is_confirmed_remembered_and_forgotten(tracked):
    idp, result = tracked.idp, tracked.tokens()
    key, _, _ = confirmed(tracked, result, DeviceName="phone")
    token = {"AccessToken": result["AccessToken"]}
    assert tracked.claims(result["AccessToken"])["device_key"] == key
    assert idp.list_devices(**token)["Devices"] == []
    with refused(*NO_DEVICE):
        idp.get_device(**token, DeviceKey=key)
    idp.update_device_status(**token, DeviceKey=key, DeviceRememberedStatus="remembered")
    device = idp.get_device(**token, DeviceKey=key)["Device"]
    assert attributes(device).items() >= {
        "device_status": "valid", "device_name": "phone", "last_ip_used": "127.0.0.1",
        "dev:device_remembered_status": "remembered",
    }.items()
    assert [d["DeviceKey"] for d in idp.list_devices(**token, Limit=10)["Devices"]] == [key]

    assert tracked.admin("admin_get_device", DeviceKey=key)["Device"]["DeviceKey"] == key
    tracked.admin("admin_update_device_status", DeviceKey=key, DeviceRememberedStatus="not_remembered")
    [listed] = tracked.admin("admin_list_devices")["Devices"]
    assert attributes(listed)["dev:device_remembered_status"] == "not_remembered"
    idp.forget_device(**token, DeviceKey=key)
    with refused(*NO_DEVICE):
        idp.forget_device(**token, DeviceKey=key)
    second, _, _ = confirmed(tracked, tracked.tokens())
    tracked.admin("admin_forget_device", DeviceKey=second)
    assert tracked.admin("admin_list_devices")["Devices"] == []


def test_a_refresh_token_wants_its_device(tracked):
    result = tracked.tokens()
    key, _, _ = confirmed(tracked, result)
    renew = lambda **more: tracked.idp.get_tokens_from_refresh_token(
        ClientId=tracked.client_id, RefreshToken=result["RefreshToken"], **more
    )
    renewed = renew(DeviceKey=key)["AuthenticationResult"]
    assert tracked.claims(renewed["AccessToken"])["device_key"] == key
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        renew()
    with refused("NotAuthorizedException", "Invalid Refresh Token"):
        tracked.refresh(result["RefreshToken"])
    tracked.admin("admin_forget_device", DeviceKey=key)
    with refused("NotAuthorizedException", "Invalid Refresh Token."):
        renew(DeviceKey=key)


@pytest.mark.parametrize("n", range(8))
def test_pycognito_signs_in_from_a_remembered_device(tracked, n):
    """It sends no Session with the device's answers, which Cognito has come to want: the client below carries it."""
    names, client = [], tracked.aws.client("cognito-idp")
    carried = {}

    def carry(params, **_):
        names.append(params["ChallengeName"])
        if params["ChallengeName"].startswith("DEVICE_"):
            params["Session"] = carried["Session"]

    events = client.meta.events
    events.register("provide-client-params.cognito-idp.RespondToAuthChallenge", carry)
    events.register("after-call.cognito-idp.RespondToAuthChallenge", lambda parsed, **_: carried.update(parsed))

    def sign_in(**device):
        user = AWSSRP(
            username="ana@example.com", password=PASSWORD, pool_id=tracked.id, client_id=tracked.client_id,
            client=client, **device,
        )
        return user.authenticate_user()["AuthenticationResult"]

    first = sign_in()
    key, group, password = confirmed(tracked, first)
    tracked.idp.update_device_status(
        AccessToken=first["AccessToken"], DeviceKey=key, DeviceRememberedStatus="remembered"
    )
    device = {"device_key": key, "device_group_key": group, "device_password": password}
    names.clear()
    second = sign_in(**device)
    assert names == ["PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]
    assert "NewDeviceMetadata" not in second
    assert tracked.claims(second["AccessToken"])["device_key"] == key
    with refused("NotAuthorizedException", "Incorrect username or password."):
        sign_in(**device | {"device_password": "another"})
