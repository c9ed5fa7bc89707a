"""Second factors: authenticator apps, codes by text message and mail, what pools and users say of them. Reference: user-pools 6."""

import json
import time

import pyotp
import pytest
from pycognito import Cognito
from pycognito.exceptions import SMSMFAChallengeException, SoftwareTokenMFAChallengeException

from aws import Aws, refused
from house import PASSWORD, make_pool

SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "harbour"}
SENDER = {
    "EmailSendingAccount": "DEVELOPER", "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com",
}
PHONE = "+15551230000"


def configure(pool, mode, **factors):
    return pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, MfaConfiguration=mode, **factors)


@pytest.fixture
def secured(own_server):
    """A pool with every factor, on a server whose clock the test moves."""
    pool = make_pool(own_server, Aws(own_server.url), SmsConfiguration=SMS, EmailConfiguration=SENDER)
    configure(
        pool, "OPTIONAL", SmsMfaConfiguration={"SmsAuthenticationMessage": "Enter {####}"},
        SoftwareTokenMfaConfiguration={"Enabled": True}, EmailMfaConfiguration={"Subject": "Harbour"},
    )
    pool.user(phone_number=PHONE)
    return pool


class Apps:
    """Authenticator apps, by the server's clock."""

    def __init__(self, server):
        self.server, self.ahead = server, 0

    def code(self, secret):
        return pyotp.TOTP(secret).at(time.time() + self.ahead)

    def wrong(self, secret):
        return f"{(int(self.code(secret)) + 1) % 10**6:06}"

    def next_code(self, secret):
        """That of the next step: a code counts once."""
        self.server.advance(seconds=30)
        self.ahead += 30
        return self.code(secret)


@pytest.fixture
def apps(own_server):
    return Apps(own_server)


def begin(pool):
    return pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana@example.com", "PASSWORD": PASSWORD},
    )


def respond(pool, challenge, **responses):
    return pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName=challenge["ChallengeName"], Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "ana@example.com"} | responses,
    )


def enrol(pool, token, apps):
    """Registers an app; returns its secret."""
    secret = pool.idp.associate_software_token(AccessToken=token)["SecretCode"]
    verified = pool.idp.verify_software_token(
        AccessToken=token, UserCode=apps.code(secret), FriendlyDeviceName="phone"
    )
    assert verified["Status"] == "SUCCESS"
    return secret


def test_a_pools_factors_are_set_and_read(pool):
    assert pool.idp.get_user_pool_mfa_config(UserPoolId=pool.id)["MfaConfiguration"] == "OFF"
    wanted = {
        "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True},
        "WebAuthnConfiguration": {"RelyingPartyId": "example.com", "UserVerification": "required"},
    }
    for answer in (
        pool.idp.set_user_pool_mfa_config(UserPoolId=pool.id, **wanted),
        pool.idp.get_user_pool_mfa_config(UserPoolId=pool.id),
    ):
        assert {name: answer[name] for name in answer if name != "ResponseMetadata"} == wanted
    with refused(
        "InvalidParameterException",
        "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration.",
    ):
        configure(pool, "ON")


def test_an_app_is_enrolled_preferred_asked_for_and_deleted(secured, apps):
    token = secured.tokens()["AccessToken"]
    secret = enrol(secured, token, apps)
    with refused("EnableSoftwareTokenMFAException", "Code mismatch and fail enable Software Token MFA"):
        other = secured.idp.associate_software_token(AccessToken=token)["SecretCode"]
        secured.idp.verify_software_token(AccessToken=token, UserCode=apps.wrong(other))

    preferred = {"Enabled": True, "PreferredMfa": True}
    secured.idp.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=preferred)
    user = secured.idp.get_user(AccessToken=token)
    assert user["UserMFASettingList"] == ["SOFTWARE_TOKEN_MFA"]
    assert user["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"
    for factors in (secured.idp.get_user_auth_factors(AccessToken=token), secured.admin("admin_get_user_auth_factors")):
        assert factors["ConfiguredUserAuthFactors"] == ["PASSWORD", "SOFTWARE_TOKEN"]
        assert factors["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"

    right = apps.next_code(secret)
    challenge = begin(secured)
    assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert challenge["ChallengeParameters"]["FRIENDLY_DEVICE_NAME"] == "phone"
    with refused("CodeMismatchException", "Invalid code received for user"):
        respond(secured, challenge, SOFTWARE_TOKEN_MFA_CODE=apps.wrong(secret))
    assert respond(secured, challenge, SOFTWARE_TOKEN_MFA_CODE=right)["AuthenticationResult"]["AccessToken"]
    with refused("ExpiredCodeException", "Your software token has already been used once."):
        respond(secured, begin(secured), SOFTWARE_TOKEN_MFA_CODE=right)

    secured.admin("admin_delete_software_token")
    assert "UserMFASettingList" not in secured.admin("admin_get_user")
    assert "AuthenticationResult" in begin(secured)


def test_factors_are_turned_on_by_administrators_and_chosen_at_sign_in(own_server, secured):
    on = {"Enabled": True}
    secured.admin("admin_set_user_mfa_preference", SMSMfaSettings=on, EmailMfaSettings=on)
    listed = secured.admin("admin_get_user")
    assert listed["UserMFASettingList"] == ["SMS_MFA", "EMAIL_OTP"] and "PreferredMfaSetting" not in listed
    challenge = begin(secured)
    assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_CHOOSE"]) == ["SMS_MFA", "EMAIL_OTP"]
    chosen = respond(secured, challenge, ANSWER="EMAIL_OTP")
    assert chosen["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "a***@e***"
    done = respond(secured, chosen, EMAIL_OTP_CODE=own_server.code("ana@example.com"))
    token = done["AuthenticationResult"]["AccessToken"]

    # The older form knows text messages alone.
    secured.idp.set_user_settings(AccessToken=token, MFAOptions=[])
    assert secured.admin("admin_get_user")["UserMFASettingList"] == ["EMAIL_OTP"]
    by_text = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]
    secured.admin("admin_set_user_settings", MFAOptions=by_text)
    assert secured.admin("admin_get_user")["MFAOptions"] == by_text


def test_whoever_has_none_sets_an_app_up_where_everybody_needs_one(own_pool, apps):
    own_pool.user()
    configure(own_pool, "ON", SoftwareTokenMfaConfiguration={"Enabled": True})
    challenge = begin(own_pool)
    assert challenge["ChallengeName"] == "MFA_SETUP"
    assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    associated = own_pool.idp.associate_software_token(Session=challenge["Session"])
    secret = associated["SecretCode"]
    verified = own_pool.idp.verify_software_token(Session=associated["Session"], UserCode=apps.code(secret))
    done = respond(own_pool, challenge | {"Session": verified["Session"]})
    assert done["AuthenticationResult"]["IdToken"]
    assert begin(own_pool)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_pycognito_enrols_an_app_and_signs_in_by_both(own_server, secured, apps):
    client = Cognito(
        secured.id, secured.client_id, username="ana@example.com", user_pool_region="us-east-1",
        boto3_client_kwargs={"endpoint_url": own_server.url},
    )
    client.authenticate(password=PASSWORD)
    secret = client.associate_software_token()
    assert client.verify_software_token(apps.code(secret), "phone")
    client.set_user_mfa_preference(False, True, "SOFTWARE_TOKEN")
    with pytest.raises(SoftwareTokenMFAChallengeException):
        client.authenticate(password=PASSWORD)
    client.respond_to_software_token_mfa_challenge(apps.next_code(secret))
    assert client.get_user().email == "ana@example.com"

    client.set_user_mfa_preference(True, True, "SMS")
    with pytest.raises(SMSMFAChallengeException):
        client.authenticate(password=PASSWORD)
    client.respond_to_sms_mfa_challenge(own_server.code(PHONE))
    assert client.get_user().email == "ana@example.com"
