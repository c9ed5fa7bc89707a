"""What a pool's functions are to be told: a pool whose every trigger is one recording function, and the events' shapes as
reference user-pools 16.1 and 16.3 have them."""

import base64
import json
import time

from house import FLOWS, PASSWORD, make_pool

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:recorder"
TRIGGERS = [
    "PreSignUp", "PostConfirmation", "CustomMessage", "PreAuthentication", "PostAuthentication", "DefineAuthChallenge",
    "CreateAuthChallenge", "VerifyAuthChallengeResponse", "UserMigration",
]
CLIENT = {"ExplicitAuthFlows": [*FLOWS, "ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH"]}

NAME, MAIL, PHONE = "ana", "ana@example.com", "+15551230000"
METADATA = {"from": "the test"}
# What Cognito says of one who is not known to have said anything.
NOT_APPLICABLE = "CLIENT_ID_NOT_APPLICABLE"
UNKNOWN_SDK = "aws-sdk-unknown-unknown"

VERSIONS = ["V1_0", "V2_0", "V3_0"]

# The table: name -> (call, settings of its pool). A call does what it must on a `Told` and returns the events that its last
# step is to have caused, in order.
ROWS = {}


def row(versions=("V1_0",), **settings):
    """Adds a row; one for each version of pre token generation."""

    def add(call):
        for version in versions:
            name = call.__name__ if len(versions) == 1 else f"{call.__name__}-{version}"
            assert name not in ROWS, name
            ROWS[name] = (call, {"version": version} | settings)
        return call

    return add


SENDER = {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}
SENDERS = {
    "CustomEmailSender": SENDER, "CustomSMSSender": SENDER, "KMSKeyID": "arn:aws:kms:us-east-1:000000000000:key/senders",
}


class Told:
    """One pool, the calls on it, and what its functions heard since `forget`."""

    def __init__(self, server, aws, record, version="V1_0", client=None, senders=False, **settings):
        """`record`: the file that the function writes to. `version`: that of pre token generation. `senders`: the function is
        told of what is to be sent, and of nothing else."""
        self.record, self.version = record, version
        config = dict.fromkeys(TRIGGERS, FUNCTION)
        config["PreTokenGenerationConfig"] = {"LambdaVersion": version, "LambdaArn": FUNCTION}
        config = SENDERS if senders else config
        self.pool = make_pool(server, aws, client=CLIENT | (client or {}), LambdaConfig=config, **settings)
        self.idp, self.server = self.pool.idp, server
        self.client = {"ClientId": self.pool.client_id}
        self.of_pool = {"UserPoolId": self.pool.id}
        self.forget()

    def forget(self):
        self._heard_before = len(self._lines())

    def heard(self, at_least=0):
        """Senders are told after the call was answered: waits for so many."""
        deadline = time.monotonic() + 30
        while len(self._lines()) - self._heard_before < at_least and time.monotonic() < deadline:
            time.sleep(0.05)
        return [opened(json.loads(line)) for line in self._lines()[self._heard_before:]]

    def _lines(self):
        return self.record.read_text().splitlines() if self.record.exists() else []

    # Who there is.

    def sign_up(self, name=NAME, **attributes):
        """Not confirmed; returns the `sub`."""
        return self.pool.sign_up(name, **{"email": MAIL} | attributes)["UserSub"]

    def member(self, **attributes):
        """A confirmed user with a verified mail address; the functions' events are forgotten. Returns the attributes that
        functions are told of them from then on."""
        sub = self.sign_up(**attributes)
        self.pool.confirm(NAME, self.server.code(MAIL))
        self.forget()
        flags = {"phone_number_verified": "false"} if "phone_number" in attributes else {}
        return self.confirmed(sub, **flags | attributes)

    @staticmethod
    def confirmed(sub, **more):
        user = {"sub": sub, "cognito:user_status": "CONFIRMED", "email": MAIL, "email_verified": "true"}
        return user | more

    def begin(self, flow="USER_PASSWORD_AUTH", metadata=METADATA, **parameters):
        """InitiateAuth."""
        parameters = {"USERNAME": NAME, "PASSWORD": PASSWORD} | parameters
        given = {name: value for name, value in parameters.items() if value is not None}
        return self.idp.initiate_auth(**self.client, AuthFlow=flow, AuthParameters=given, ClientMetadata=metadata)

    def answer(self, challenge, **responses):
        """RespondToAuthChallenge."""
        session = {"Session": challenge["Session"]} if "Session" in challenge else {}
        return self.idp.respond_to_auth_challenge(
            **self.client, **session, ChallengeName=challenge["ChallengeName"],
            ChallengeResponses={"USERNAME": NAME} | responses, ClientMetadata=METADATA,
        )

    # The events.

    def event(self, source, request, response=None, version="1", client=..., user=NAME, sdk=UNKNOWN_SDK):
        return {
            "version": version, "triggerSource": source, "region": "us-east-1", "userPoolId": self.pool.id, "userName": user,
            "callerContext": {"awsSdkVersion": sdk, "clientId": self.pool.client_id if client is ... else client},
            "request": request, "response": response or {},
        }

    def pre_sign_up(self, source, attributes, validation, **more):
        request = {"userAttributes": attributes, "validationData": validation, "clientMetadata": METADATA}
        preset = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}
        return self.event(source, request, preset, **more)

    def migration(self, source, request, user):
        preset = dict.fromkeys((
            "userAttributes", "forceAliasCreation", "enableSMSMFA", "finalUserStatus", "messageAction",
            "desiredDeliveryMediums",
        ))
        return self.event(f"UserMigration_{source}", request, preset, user=user)

    def post_confirmation(self, source, attributes, metadata=METADATA, **more):
        return self.event(source, {"userAttributes": attributes, "clientMetadata": metadata}, **more)

    def custom_message(self, source, attributes, metadata=METADATA, username=None, **more):
        request = {
            "userAttributes": attributes, "codeParameter": "{####}", "linkParameter": "{##Click Here##}",
            "usernameParameter": username, "clientMetadata": metadata,
        }
        return self.event(source, request, {"smsMessage": None, "emailMessage": None, "emailSubject": None}, **more)

    def pre_authentication(self, attributes, validation=METADATA, not_found=None, **more):
        request = {"userAttributes": attributes, "validationData": validation} | user_not_found(not_found)
        return self.event("PreAuthentication_Authentication", request, **more)

    def post_authentication(self, attributes, metadata=METADATA, new_device=False, **more):
        request = {"userAttributes": attributes, "newDeviceUsed": new_device, "clientMetadata": metadata}
        return self.event("PostAuthentication_Authentication", request, **more)

    def tokens(self, source, attributes, metadata=METADATA, groups=(), **more):
        """Pre token generation, in the version of the pool. `groups`: as they are called, and that with a role first."""
        configuration = {"groupsToOverride": sorted(groups), "iamRolesToOverride": [], "preferredRole": None}
        if groups:
            role = group_role(groups[0])
            configuration |= {"iamRolesToOverride": [role], "preferredRole": role}
        request = {"userAttributes": attributes, "groupConfiguration": configuration, "clientMetadata": metadata}
        details = "claimsOverrideDetails"
        if self.version != "V1_0":
            request["scopes"] = ["aws.cognito.signin.user.admin"]
            details = "claimsAndScopeOverrideDetails"
        return self.event(f"TokenGeneration_{source}", request, {details: None}, version=self.version[1], **more)

    def define(self, attributes, rounds, metadata=METADATA, not_found=None, **more):
        request = {"userAttributes": attributes, "session": rounds, "clientMetadata": metadata}
        preset = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
        return self.event(
            "DefineAuthChallenge_Authentication", request | user_not_found(not_found), preset, **more
        )

    def create(self, attributes, rounds, metadata=METADATA, not_found=None, **more):
        request = {
            "userAttributes": attributes, "challengeName": "CUSTOM_CHALLENGE", "session": rounds,
            "clientMetadata": metadata,
        }
        preset = {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None}
        return self.event(
            "CreateAuthChallenge_Authentication", request | user_not_found(not_found), preset, **more
        )

    def verify(self, attributes, answer, not_found=None, **more):
        request = {
            "userAttributes": attributes, "privateChallengeParameters": {"answer": "a needle"}, "challengeAnswer": answer,
            "clientMetadata": METADATA,
        }
        request |= user_not_found(not_found)
        return self.event("VerifyAuthChallengeResponse_Authentication", request, {"answerCorrect": None}, **more)


def opened(event):
    """The same with "encrypted" for what looks like a message of AWS's Encryption SDK, version 1, of suite 0x0378."""
    if "code" in event["request"]:
        message = base64.b64decode(event["request"]["code"], validate=True)
        assert message[:4] == b"\x01\x80\x03\x78", message[:4]
        event["request"]["code"] = "encrypted"
    return event


def user_not_found(told):
    """Said only where the client hides who there is."""
    return {} if told is None else {"userNotFound": told}


def group_role(group):
    return f"arn:aws:iam::000000000000:role/{group}"


def round_of(name, right=True, metadata=None):
    """A challenge that was answered, as define and create are told of it."""
    return {"challengeName": name, "challengeResult": right, "challengeMetadata": metadata}
