"""Signing in by every way, and refreshing: what each call tells functions. Reference: user-pools 5.9, 16.2, 16.3."""

import srp
from house import PASSWORD
from told import MAIL, METADATA, NAME, PHONE, VERSIONS, group_role, round_of, row

SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "harbour"}
DEVICES = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
BY_CODE = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
HIDING = {"PreventUserExistenceErrors": "ENABLED"}


def signed_in(told, user, **more):
    """A sign-in of one call, whose metadata is for pre authentication to validate and for nobody else."""
    return [
        told.pre_authentication(user),
        told.tokens("Authentication", user, metadata=None, **more),
        told.post_authentication(user, metadata=None),
    ]


@row(VERSIONS)
def sign_in_by_password(told):
    """In two groups, one of which has a role."""
    user = told.member()
    for group, role in {"staff": {"RoleArn": group_role("staff")}, "night": {}}.items():
        told.idp.create_group(**told.of_pool, GroupName=group, **role)
        told.idp.admin_add_user_to_group(**told.of_pool, GroupName=group, Username=NAME)
    told.begin()
    return signed_in(told, user, groups=["staff", "night"])


@row()
def sign_in_by_an_administrator(told):
    user = told.member()
    told.idp.admin_initiate_auth(
        **told.of_pool, **told.client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", ClientMetadata=METADATA,
        AuthParameters={"USERNAME": NAME, "PASSWORD": PASSWORD},
    )
    return signed_in(told, user)


@row()
def sign_in_by_an_sdk_that_names_itself(told):
    user = told.member()
    named = told.pool.aws.client("cognito-idp", user_agent="aws-sdk-nodejs/2.856.0 linux/v14.16.0 promise")
    named.initiate_auth(
        **told.client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": NAME, "PASSWORD": PASSWORD},
        ClientMetadata=METADATA,
    )
    events = signed_in(told, user)
    for event in events:
        event["callerContext"]["awsSdkVersion"] = "aws-sdk-nodejs-2.856.0"
    return events


@row()
def sign_in_by_srp(told):
    """The answer's metadata goes to what is told after it."""
    user = told.member()
    proof = srp.Proof(told.pool.id, PASSWORD)
    told.answer(**by_srp(told.begin("USER_SRP_AUTH", PASSWORD=None, SRP_A=proof.a), proof))
    return [told.pre_authentication(user), told.tokens("Authentication", user), told.post_authentication(user)]


def by_srp(challenge, proof):
    return {"challenge": challenge} | proof.answer(challenge["ChallengeParameters"])


@row(client=HIDING)
def a_beginning_where_users_are_hidden(told):
    """The function hears of nobody too, and whether there is somebody. SRP shows no password that could migrate them."""
    user = told.member()
    for name in [NAME, "nobody"]:
        told.begin("USER_SRP_AUTH", USERNAME=name, PASSWORD=None, SRP_A=srp.Proof(told.pool.id, PASSWORD).a)
    return [
        told.pre_authentication(user, not_found=False),
        told.pre_authentication({}, not_found=True, user="nobody"),
    ]


@row(VERSIONS)
def a_first_password_of_ones_own(told):
    told.idp.admin_create_user(
        **told.of_pool, Username=NAME, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": MAIL}, {"Name": "email_verified", "Value": "true"}],
    )
    told.forget()
    challenge = told.begin()
    told.answer(challenge, NEW_PASSWORD="Another-Horse-9")
    user = told.confirmed(told.pool.attributes(NAME)["sub"])
    return [
        told.pre_authentication(user | {"cognito:user_status": "FORCE_CHANGE_PASSWORD"}),
        told.tokens("NewPasswordChallenge", user),
        told.post_authentication(user),
    ]


@row(DeviceConfiguration=DEVICES)
def sign_in_from_a_new_device(told):
    user = told.member()
    told.begin()
    before, tokens, after = signed_in(told, user)
    after["request"]["newDeviceUsed"] = True
    return [before, tokens, after]


@row(VERSIONS, DeviceConfiguration=DEVICES)
def sign_in_from_a_remembered_device(told):
    user = told.member()
    result = told.begin()["AuthenticationResult"]
    device, verifier = srp.new_device(result["NewDeviceMetadata"])
    told.idp.confirm_device(
        AccessToken=result["AccessToken"], DeviceKey=device["DeviceKey"], DeviceSecretVerifierConfig=verifier
    )
    told.forget()
    proof = srp.DeviceProof(device)
    asked = told.begin(DEVICE_KEY=device["DeviceKey"])
    asked = told.answer(asked, DEVICE_KEY=device["DeviceKey"], SRP_A=proof.a)
    told.answer(asked, **proof.answer(asked["ChallengeParameters"]))
    return [
        told.pre_authentication(user),
        told.tokens("AuthenticateDevice", user),
        told.post_authentication(user),
    ]


@row(VERSIONS)
def refresh(told):
    """By its own operation the metadata is told, by InitiateAuth it is not."""
    user = told.member()
    token = told.begin()["AuthenticationResult"]["RefreshToken"]
    told.forget()
    told.begin("REFRESH_TOKEN_AUTH", USERNAME=None, PASSWORD=None, REFRESH_TOKEN=token)
    told.idp.get_tokens_from_refresh_token(**told.client, RefreshToken=token, ClientMetadata=METADATA)
    return [told.tokens("RefreshTokens", user, metadata=None), told.tokens("Authentication", user)]


@row(SmsConfiguration=SMS, MfaConfiguration="ON")
def a_second_factor_by_text_message(told):
    """The code's words are asked for by the call that sends it; a right code proves the phone number."""
    user = told.member(phone_number=PHONE)
    challenge = told.begin()
    told.answer(challenge, SMS_MFA_CODE=told.server.code(PHONE))
    return [
        told.pre_authentication(user),
        told.custom_message("CustomMessage_Authentication", user, metadata=None),
        told.tokens("Authentication", user | {"phone_number_verified": "true"}),
        told.post_authentication(user | {"phone_number_verified": "true"}),
    ]


@row(Policies=BY_CODE)
def a_code_by_mail_as_first_factor(told):
    user = told.member()
    challenge = told.begin("USER_AUTH", PASSWORD=None, PREFERRED_CHALLENGE="EMAIL_OTP")
    told.answer(challenge, EMAIL_OTP_CODE=told.server.code(MAIL))
    return [
        told.pre_authentication(user),
        told.custom_message("CustomMessage_Authentication", user, metadata=None),
        told.tokens("Authentication", user),
        told.post_authentication(user),
    ]


@row()
def a_custom_challenge(told):
    """The first answer is wrong."""
    user = told.member()
    asked = told.begin("CUSTOM_AUTH", PASSWORD=None)
    assert asked["ChallengeParameters"]["riddle"] == "what has an eye"
    again = told.answer(asked, ANSWER="a potato")
    told.answer(again, ANSWER="a needle")
    rounds = [round_of("CUSTOM_CHALLENGE", False, "RIDDLE"), round_of("CUSTOM_CHALLENGE", True, "RIDDLE")]
    return [
        told.pre_authentication(user),
        told.define(user, [], metadata=None),
        told.create(user, [], metadata=None),
        told.verify(user, "a potato"),
        told.define(user, rounds[:1]),
        told.create(user, rounds[:1]),
        told.verify(user, "a needle"),
        told.define(user, rounds),
        told.tokens("Authentication", user),
        told.post_authentication(user),
    ]


@row()
def a_custom_challenge_after_srp(told):
    user = told.member()
    proof = srp.Proof(told.pool.id, PASSWORD)
    asked = told.begin("CUSTOM_AUTH", PASSWORD=None, CHALLENGE_NAME="SRP_A", SRP_A=proof.a)
    asked = told.answer(**by_srp(asked, proof))
    told.answer(asked, ANSWER="a needle")
    rounds = [round_of("SRP_A"), round_of("PASSWORD_VERIFIER"), round_of("CUSTOM_CHALLENGE", True, "RIDDLE")]
    return [
        told.pre_authentication(user),
        told.define(user, rounds[:1], metadata=None),
        told.define(user, rounds[:2]),
        told.create(user, rounds[:2]),
        told.verify(user, "a needle"),
        told.define(user, rounds),
        told.tokens("Authentication", user),
        told.post_authentication(user),
    ]


@row(client=HIDING)
def a_custom_challenge_for_nobody(told):
    """Functions are asked as for a user and told that there is none; no answer gives tokens."""
    nobody = {"not_found": True, "user": "nobody"}
    asked = told.begin("CUSTOM_AUTH", USERNAME="nobody", PASSWORD=None)
    try:
        told.answer(asked, USERNAME="nobody", ANSWER="a needle")
    except told.idp.exceptions.NotAuthorizedException:
        pass
    return [
        told.pre_authentication({}, **nobody),
        told.define({}, [], metadata=None, **nobody),
        told.create({}, [], metadata=None, **nobody),
        told.verify({}, "a needle", **nobody),
        told.define({}, [round_of("CUSTOM_CHALLENGE", True, "RIDDLE")], **nobody),
    ]


@row(SmsConfiguration=SMS)
def a_code_that_the_functions_ask_for(told):
    """By its name; a challenge of their own follows."""
    user = told.member(phone_number=PHONE, nickname="texted")
    asked = told.begin("CUSTOM_AUTH", PASSWORD=None)
    asked = told.answer(asked, SMS_MFA_CODE=told.server.code(PHONE))
    told.answer(asked, ANSWER="a needle")
    reached = user | {"phone_number_verified": "true"}
    rounds = [round_of("SMS_MFA"), round_of("CUSTOM_CHALLENGE", True, "RIDDLE")]
    return [
        told.pre_authentication(user),
        told.define(user, [], metadata=None),
        told.custom_message("CustomMessage_Authentication", user, metadata=None),
        told.define(reached, rounds[:1]),
        told.create(reached, rounds[:1]),
        told.verify(reached, "a needle"),
        told.define(reached, rounds),
        told.tokens("Authentication", reached),
        told.post_authentication(reached),
    ]


@row()
def migration_at_sign_in(told):
    """Somebody is known elsewhere; from then on they are a user here."""
    told.begin(USERNAME="old")
    user = told.confirmed(told.pool.attributes("old")["sub"], email="old@example.com")
    request = {"password": PASSWORD, "validationData": METADATA, "clientMetadata": None, "userAttributes": None}
    known = {"email": "old@example.com", "email_verified": "true"}
    events = [told.pre_sign_up("PreSignUp_AdminCreateUser", known, METADATA), *signed_in(told, user)]
    events[0]["request"]["clientMetadata"] = None
    for event in events:
        event["userName"] = "old"
    return [told.migration("Authentication", request, "old"), *events]
