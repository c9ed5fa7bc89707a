"""Custom senders: a handler under awslambdaric that decrypts by AWS's Encryption SDK for Python. Reference: user-pools 16.3."""

import json
import sys
import time
from pathlib import Path

import pytest

from aws import Aws
from house import FLOWS, PASSWORD, make_pool
from poolhouse import Server, run

HANDLERS = Path(__file__).parent / "functions"
FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:senders"
KEY = "arn:aws:kms:us-east-1:000000000000:key/senders"
SENDER = {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}
BOTH = {"CustomEmailSender": SENDER, "CustomSMSSender": SENDER, "KMSKeyID": KEY}
PHONE = "+12065550100"


class Post:
    """A server whose pools' senders run here, and what these have sent."""

    def __init__(self, folder):
        self.folder, self.sent, self.opened = folder, folder / "sent", folder / "open"
        data = folder / "data"
        run("init", "--data", data)
        (folder / "key.json").write_text(run("kms", "export", "--data", data, "--key-id", KEY))
        # Apart: what changes in a function's folder starts it anew.
        (folder / "function").mkdir()
        (folder / "function/senders.py").write_text((HANDLERS / "senders.py").read_text())
        environment = {"KEY_FILE": folder / "key.json", "SENT": self.sent, "OPEN": self.opened}
        listed = ", ".join(f'{name} = "{path}"' for name, path in environment.items())
        command = json.dumps([sys.executable, "-m", "awslambdaric", "senders.handler"])
        file = folder / "poolhouse.toml"
        file.write_text(
            f'[[function]]\nname = "senders"\ncommand = {command}\ndirectory = "{folder}/function"\nenvironment = {{ {listed} }}\n')
        self.server = Server("dev", "--config", str(file), data=data)

    def received(self, source, within=60):
        """The code that the handler was told last, by this name."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            lines = self.sent.read_text().splitlines() if self.sent.exists() else []
            if lines and (last := json.loads(lines[-1]))["source"] == source:
                self.sent.unlink()
                return last
            time.sleep(0.05)
        raise AssertionError(f"no {source}:\n{self.server.output}")


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    post = Post(tmp_path_factory.mktemp("senders"))
    with post.server:
        yield post


@pytest.fixture(scope="module")
def pool(post):
    settings = {"AutoVerifiedAttributes": ["email"], "LambdaConfig": BOTH}
    return make_pool(post.server, Aws(post.server.url), **settings)


def test_codes_come_by_the_handler_and_count(post, pool):
    pool.sign_up("ana@example.com")
    told = post.received("CustomEmailSender_SignUp")
    assert told["to"]["email"] == "ana@example.com" and told["to"]["cognito:user_status"] == "UNCONFIRMED"
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="ana@example.com")
    pool.confirm("ana@example.com", post.received("CustomEmailSender_ResendCode")["code"])
    tokens = pool.tokens("ana@example.com")

    pool.idp.forgot_password(ClientId=pool.client_id, Username="ana@example.com")
    code = post.received("CustomEmailSender_ForgotPassword")["code"]
    pool.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username="ana@example.com", ConfirmationCode=code, Password="Another-Horse-9")

    pool.idp.update_user_attributes(
        AccessToken=tokens["AccessToken"], UserAttributes=[{"Name": "email", "Value": "new@example.com"}])
    told = post.received("CustomEmailSender_UpdateUserAttribute")
    assert told["to"]["email"] == "new@example.com"
    pool.idp.verify_user_attribute(AccessToken=tokens["AccessToken"], AttributeName="email", Code=told["code"])
    pool.idp.get_user_attribute_verification_code(AccessToken=tokens["AccessToken"], AttributeName="email")
    post.received("CustomEmailSender_VerifyUserAttribute")


def test_an_invitation_by_text_message_is_escaped(post, pool):
    pool.idp.admin_create_user(
        UserPoolId=pool.id, Username="ben", TemporaryPassword="Less<Than>9&", DesiredDeliveryMediums=["SMS"],
        UserAttributes=[{"Name": "phone_number", "Value": PHONE}])
    told = post.received("CustomSMSSender_AdminCreateUser")
    assert told["code"] == "Less&lt;Than&gt;9&amp;" and told["to"]["phone_number"] == PHONE


def test_a_code_of_a_sign_in(post, pool):
    settings = {
        "AutoVerifiedAttributes": ["email"], "LambdaConfig": BOTH,
        "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
    }
    pool = make_pool(post.server, pool.aws, client={"ExplicitAuthFlows": [*FLOWS, "ALLOW_USER_AUTH"]}, **settings)
    pool.sign_up("ana@example.com")
    pool.confirm("ana@example.com", post.received("CustomEmailSender_SignUp")["code"])
    asked = pool.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_AUTH",
        AuthParameters={"USERNAME": "ana@example.com", "PREFERRED_CHALLENGE": "EMAIL_OTP"})
    code = post.received("CustomEmailSender_Authentication")["code"]
    answer = pool.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="EMAIL_OTP", Session=asked["Session"],
        ChallengeResponses={"USERNAME": "ana@example.com", "EMAIL_OTP_CODE": code})
    assert answer["AuthenticationResult"]["AccessToken"]


def test_the_doors_of_dev_show_what_was_told(post, pool):
    pool.sign_up("seen@example.com")
    code = post.received("CustomEmailSender_SignUp")["code"]
    note = post.server.inbox("seen@example.com")[0]
    assert note["subject"] == "CustomEmailSender_SignUp" and note["code"] == code
    newest = post.server.door("triggers.json")[0]
    assert newest["trigger"] == "CustomEmailSender" and newest["error"] is None
    assert newest["event"]["request"]["code"] != code
    assert code not in "\n".join(line for line in post.server.said if "CustomEmailSender" in line)


@pytest.mark.timeout(180)
def test_what_a_handler_did_not_take_outlives_kill_9(post, pool):
    pool.idp.sign_up(
        ClientId=pool.client_id, Username="late@example.com", Password=PASSWORD, ClientMetadata={"post": "closed"},
        UserAttributes=[{"Name": "email", "Value": "late@example.com"}])
    deadline = time.monotonic() + 30
    while "a function will be told again" not in post.server.output:
        assert time.monotonic() < deadline, post.server.output
        time.sleep(0.05)
    post.server.kill()
    post.opened.touch()
    post.server.start()
    told = post.received("CustomEmailSender_SignUp", within=120)
    pool.aws = Aws(post.server.url)
    pool.confirm("late@example.com", told["code"])


def test_the_key_is_the_keyrings_and_an_arns(post):
    data = post.folder / "data"
    export = lambda key_id: json.loads(run("kms", "export", "--data", data, "--key-id", key_id))
    one, other = export(KEY), export(f"{KEY}-2")
    assert (one["format"], one["key_id"]) == ("poolhouse-kms-1", KEY)
    assert one == export(KEY) and one["keys"][0]["key"] != other["keys"][0]["key"]
    assert one["keys"][0]["key"] not in post.server.output
