"""Triggers as their authors write them, run by awslambdaric. What a user is called says what becomes of them."""

import os
import time

import boto3


def handler(event, context):
    name = event["userName"]
    if event["triggerSource"].startswith("PreSignUp_"):
        return pre_sign_up(name, event)
    if event["triggerSource"] in SIGN_IN:
        return SIGN_IN[event["triggerSource"]](event)
    if event["triggerSource"].startswith("CustomMessage_"):
        event["response"]["emailSubject"] = f"From {context.function_name}"
        event["response"]["emailMessage"] = "Say {####} at the door"
    return event


def pre_sign_up(name, event):
    response = event["response"]
    if name == "refused":
        raise ValueError("no entry for " + name)
    if name == "slow":
        time.sleep(1)
    if name == "hangs":
        time.sleep(60)
    if name == "dies":
        os._exit(3)
    if name == "list":
        return []
    if name == "wrong":
        response["autoConfirmUser"] = "yes"
    if name == "large":
        response["filler"] = "x" * (7 << 20)
    if name == "other":
        event["userName"] = "somebody else"
    if name.startswith("friend"):
        response["autoConfirmUser"] = True
    if name == "reads":
        # The SDK finds endpoint and credentials in the environment; what it may do is the role's.
        bucket = boto3.client("s3")
        bucket.get_object(Bucket="guests", Key="open/list")
        try:
            bucket.get_object(Bucket="guests", Key="closed/list")
        except bucket.exceptions.ClientError as error:
            raise PermissionError(error.response["Error"]["Code"]) from None
    return event


def before(event):
    if event["request"]["validationData"] == {"from": "the street"}:
        raise ValueError("not by this door")
    return event


def tokens(event):
    scopes = {"scopesToAdd": ["harbour/read"], "claimsToAddOrOverride": {"berth": 7}}
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "idTokenGeneration": {"claimsToAddOrOverride": {"groups": len(event["request"]["groupConfiguration"])}},
        "accessTokenGeneration": scopes,
    }
    return event


# Who is known elsewhere, by their passwords there.
ELSEWHERE = {"mover": "my 0ld secret", "forgetful": None}


def migrate(event):
    """A password is compared where one is given; who forgot theirs is known by name."""
    name = event["userName"]
    if name not in ELSEWHERE or event["request"].get("password") != ELSEWHERE[name]:
        raise LookupError("nobody of that name and password")
    event["response"]["userAttributes"] = {"email": f"{name}@example.com", "email_verified": "true"}
    event["response"]["finalUserStatus"] = "CONFIRMED" if ELSEWHERE[name] else "RESET_REQUIRED"
    event["response"]["messageAction"] = "SUPPRESS"
    return event


def define(event):
    rounds = event["request"]["session"]
    if event["userName"] == "texted" and not rounds:
        event["response"]["challengeName"] = "SMS_MFA"
        return event
    if rounds and rounds[-1]["challengeResult"]:
        event["response"]["issueTokens"] = True
    elif len(rounds) > 1:
        event["response"]["failAuthentication"] = True
    else:
        event["response"]["challengeName"] = "CUSTOM_CHALLENGE"
    return event


def create(event):
    event["response"]["publicChallengeParameters"] = {"riddle": "what has an eye"}
    event["response"]["privateChallengeParameters"] = {"answer": "a needle"}
    return event


def verify(event):
    request = event["request"]
    event["response"]["answerCorrect"] = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]
    return event


SIGN_IN = {
    "UserMigration_Authentication": migrate,
    "UserMigration_ForgotPassword": migrate,
    "PreAuthentication_Authentication": before,
    "TokenGeneration_Authentication": tokens,
    "DefineAuthChallenge_Authentication": define,
    "CreateAuthChallenge_Authentication": create,
    "VerifyAuthChallengeResponse_Authentication": verify,
}
