"""A trigger that writes down each event as it came and answers so that the call goes on. recorder.mjs is the same for Node."""

import json
import os


def handler(event, context):
    with open(os.environ["RECORD"], "a") as file:
        file.write(json.dumps(event) + "\n")
    answer = ANSWERS.get(event["triggerSource"])
    if answer:
        event["response"] = answer(event["request"])
    return event


def define(request):
    if not request["session"] and request["userAttributes"].get("nickname") == "texted":
        return {"challengeName": "SMS_MFA", "issueTokens": False, "failAuthentication": False}
    last = request["session"][-1] if request["session"] else {"challengeName": None, "challengeResult": False}
    if last["challengeName"] == "SRP_A":
        return {"challengeName": "PASSWORD_VERIFIER", "issueTokens": False, "failAuthentication": False}
    if last["challengeName"] == "CUSTOM_CHALLENGE" and last["challengeResult"]:
        return {"issueTokens": True, "failAuthentication": False}
    return {"challengeName": "CUSTOM_CHALLENGE", "issueTokens": False, "failAuthentication": False}


def create(request):
    return {
        "publicChallengeParameters": {"riddle": "what has an eye"},
        "privateChallengeParameters": {"answer": "a needle"},
        "challengeMetadata": "RIDDLE",
    }


def verify(request):
    return {"answerCorrect": request["challengeAnswer"] == request["privateChallengeParameters"]["answer"]}


def migrate(request):
    attributes = {"email": "old@example.com", "email_verified": "true"}
    return {"userAttributes": attributes, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}


def migrate_and_greet(request):
    return {"userAttributes": {"email": "old@example.com", "email_verified": "true"}}


ANSWERS = {
    "DefineAuthChallenge_Authentication": define,
    "CreateAuthChallenge_Authentication": create,
    "VerifyAuthChallengeResponse_Authentication": verify,
    "UserMigration_Authentication": migrate,
    "UserMigration_ForgotPassword": migrate_and_greet,
}
