"""Lambda triggers: a handler under awslambdaric as a local function, and a webhook. Reference: user-pools 16."""

import hashlib
import hmac
import json
import os
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

import house
from aws import Aws, refused
from house import make_pool
from poolhouse import Server

HANDLERS = Path(__file__).parent / "functions"
SECRET = "a secret of this webhook"
ROLE = "arn:aws:iam::000000000000:role/doorman"
PASSWORD = "Passw0rd!"


def arn(name):
    return f"arn:aws:lambda:us-east-1:000000000000:function:{name}"


class Webhook:
    """Checks each signature as its author would, and answers the event it was sent."""

    def __init__(self):
        self.seen, self.wrong = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.check(self.headers["poolhouse-signature"], body)
                event = json.loads(body)
                outer.seen.append(event)
                status = 403 if event["userName"] == "barred" else 200
                answer = json.dumps(event if status == 200 else {"errorMessage": "barred here"}).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/hook"

    def check(self, header, body):
        fields = dict(field.split("=", 1) for field in header.split(","))
        signed = fields["t"].encode() + b"." + body
        expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        fresh = abs(time.time() - int(fields["t"])) < 300
        if not (fresh and hmac.compare_digest(expected, fields["v1"])):
            self.wrong.append(header)

    def stop(self):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture(scope="module")
def webhook():
    webhook = Webhook()
    yield webhook
    webhook.stop()


@pytest.fixture(scope="module")
def server(webhook, tmp_path_factory):
    python = json.dumps([sys.executable, "-m", "awslambdaric", "app.handler"])
    folder = tmp_path_factory.mktemp("functions")
    (folder / "app.py").write_text((HANDLERS / "app.py").read_text())
    file = folder / "poolhouse.toml"
    file.write_text(f"""
[[function]]
name = "check"
command = {python}
directory = "{folder}"
processes = 2

[[function]]
name = "doorman"
command = {python}
directory = "{folder}"
role = "{ROLE}"

[[function]]
arn = "{arn("audit")}"
url = "{webhook.url}"
secret = "{SECRET}"
""")
    with Server("dev", "--config", str(file)) as server:
        server.folder = folder
        yield server


@pytest.fixture(scope="module")
def aws(server):
    return Aws(server.url)


def pool_with(server, aws, **lambdas):
    return make_pool(server, aws, LambdaConfig=lambdas)


@pytest.fixture(scope="module")
def checked(server, aws):
    return pool_with(server, aws, PreSignUp=arn("check"), CustomMessage=arn("check") + ":live")


def sign_up(aws, pool, name):
    mail = [{"Name": "email", "Value": f"{name}@example.com"}]
    return aws.idp.sign_up(ClientId=pool.client_id, Username=name, Password=PASSWORD, UserAttributes=mail)


def refusal(aws, pool, name):
    with pytest.raises(ClientError) as refused:
        sign_up(aws, pool, name)
    error = refused.value.response["Error"]
    with pytest.raises(aws.idp.exceptions.UserNotFoundException):
        aws.idp.admin_get_user(UserPoolId=pool.id, Username=name)
    return error["Code"], error["Message"]


def test_a_handler_confirms_and_words_the_mail(server, aws, checked):
    assert sign_up(aws, checked, "friend")["UserConfirmed"] is True
    assert sign_up(aws, checked, "guest")["UserConfirmed"] is False
    mail = server.inbox("guest@example.com")[0]
    assert mail["subject"] == "From check"
    assert re.fullmatch(r"Say \d{6} at the door", mail["body"])
    aws.idp.confirm_sign_up(ClientId=checked.client_id, Username="guest", ConfirmationCode=mail["code"])


def test_what_a_handler_refuses_or_garbles(aws, checked):
    unrecognizable = ("InvalidLambdaResponseException", "Unrecognizable lambda output")
    assert refusal(aws, checked, "refused") == (
        "UserLambdaValidationException", "PreSignUp failed with error no entry for refused.")
    assert refusal(aws, checked, "list") == unrecognizable
    assert refusal(aws, checked, "wrong") == unrecognizable
    assert refusal(aws, checked, "large") == unrecognizable
    assert refusal(aws, checked, "other") == (
        "InvalidLambdaResponseException", "Invalid user name. User name in Lambda mismatches the actual username.")
    code, message = refusal(aws, checked, "dies")
    assert code == "UserLambdaValidationException"
    assert re.fullmatch(r"PreSignUp failed with error RequestId: \S+ Error: Runtime exited with error: exit status 3\.", message)
    assert sign_up(aws, checked, "friend-after")["UserConfirmed"] is True


def test_a_handler_that_hangs_is_given_up(aws, checked):
    began = time.monotonic()
    assert refusal(aws, checked, "hangs") == (
        "UnexpectedLambdaException",
        "PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.",
    )
    assert 4.5 < time.monotonic() - began < 8
    assert sign_up(aws, checked, "friend-later")["UserConfirmed"] is True


def test_processes_work_beside_each_other(server, aws, checked):
    others = pool_with(server, aws, PreSignUp=arn("check"))
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(sign_up, aws, checked, "slow")
        second = pool.submit(sign_up, aws, others, "slow")
        assert first.result() and second.result()
    assert time.monotonic() - began < 1.9


def test_a_changed_file_is_what_runs(server, aws, checked):
    source = server.folder / "app.py"
    text = source.read_text()
    try:
        source.write_text(text.replace("From {context.function_name}", "Changed"))
        time.sleep(0.3)
        sign_up(aws, checked, "reader")
        assert server.inbox("reader@example.com")[0]["subject"] == "Changed"
    finally:
        source.write_text(text)


def test_a_role_says_what_a_handler_may(server, aws):
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::guests/open/*"}
    document = lambda statement: json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    aws.iam.create_role(RoleName="doorman", AssumeRolePolicyDocument=document(trust))
    aws.iam.put_role_policy(RoleName="doorman", PolicyName="read", PolicyDocument=document(may))
    s3 = aws.s3
    s3.create_bucket(Bucket="guests")
    for key in ["open/list", "closed/list"]:
        s3.put_object(Bucket="guests", Key=key, Body=b"ana")
    pool = pool_with(server, aws, PreSignUp=arn("doorman"))
    # The process could not be started before the role was there; it is, within seconds.
    deadline = time.monotonic() + 30
    while True:
        code, message = refusal(aws, pool, "reads")
        if "AccessDenied" in message or time.monotonic() > deadline:
            break
    assert (code, message) == ("UserLambdaValidationException", "PreSignUp failed with error AccessDenied.")
    assert sign_up(aws, pool, "friend-of-doorman")["UserConfirmed"] is True


def test_a_webhook_gets_signed_events(server, aws, webhook):
    pool = pool_with(server, aws, PreSignUp=arn("audit"))
    sign_up(aws, pool, "guest")
    event = webhook.seen[-1]
    assert (event["triggerSource"], event["userPoolId"], event["userName"]) == ("PreSignUp_SignUp", pool.id, "guest")
    assert refusal(aws, pool, "barred") == ("UserLambdaValidationException", "PreSignUp failed with error barred here.")
    assert webhook.wrong == []


def test_an_unknown_function_fails_at_use_and_the_log_says_what_to_do(server, aws):
    pool = pool_with(server, aws, PreSignUp=arn("nobody"))
    assert refusal(aws, pool, "guest") == (
        "UnexpectedLambdaException", "PreSignUp invocation failed due to error ResourceNotFoundException.")
    assert "name it in a [[function]]" in server.output


def test_the_door_lists_and_replays(server, aws, checked):
    sign_up(aws, checked, "seen")
    newest = server.door("triggers.json")[0]
    assert newest["event"]["userName"] == "seen" and newest["error"] is None
    again = server.door("triggers/replay", {"number": newest["number"]})
    assert again["answer"]["response"] == newest["answer"]["response"]
    assert server.door("triggers.json")[0]["number"] == newest["number"] + 1


def test_nothing_of_an_event_is_in_the_log(server):
    assert "example.com" not in server.output


def test_functions_end_with_the_server(tmp_path):
    (tmp_path / "app.py").write_text("import os\nopen('pid', 'w').write(str(os.getpid()))\ndef handler(e, c):\n    return e\n")
    file = tmp_path / "poolhouse.toml"
    command = json.dumps([sys.executable, "-m", "awslambdaric", "app.handler"])
    file.write_text(f'[[function]]\nname = "check"\ncommand = {command}\ndirectory = "{tmp_path}"\n')
    for end in ["stop", "kill"]:
        (tmp_path / "pid").unlink(missing_ok=True)
        with Server("dev", "--config", str(file)) as server:
            wait(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
            pid = int((tmp_path / "pid").read_text())
            # Until it asks for an event.
            time.sleep(1)
            getattr(server, end)()
            wait(lambda: not alive(pid))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat").read_text()
    return not stat.rsplit(") ", 1)[1].startswith("Z")


def wait(what):
    deadline = time.monotonic() + 20
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_handlers_at_sign_in(server, aws):
    flows = {"ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}
    lambdas = dict.fromkeys((
        "PreAuthentication", "PostAuthentication", "DefineAuthChallenge", "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
    ), arn("check"))
    lambdas["PreTokenGenerationConfig"] = {"LambdaVersion": "V2_0", "LambdaArn": arn("check")}
    pool = make_pool(server, aws, client=flows, LambdaConfig=lambdas)
    pool.user()
    parameters = {"USERNAME": "ana@example.com", "PASSWORD": house.PASSWORD}

    def begin(flow, parameters, **more):
        return aws.idp.initiate_auth(ClientId=pool.client_id, AuthFlow=flow, AuthParameters=parameters, **more)

    tokens = begin("USER_PASSWORD_AUTH", parameters)["AuthenticationResult"]
    access = pool.claims(tokens["AccessToken"])
    assert (access["berth"], access["scope"]) == (7, "aws.cognito.signin.user.admin harbour/read")
    assert pool.claims(tokens["IdToken"])["groups"] == 3
    with pytest.raises(aws.idp.exceptions.UserLambdaValidationException, match="not by this door"):
        begin("USER_PASSWORD_AUTH", parameters, ClientMetadata={"from": "the street"})

    def answer(asked, text):
        responses = {"USERNAME": asked["ChallengeParameters"]["USERNAME"], "ANSWER": text}
        return aws.idp.respond_to_auth_challenge(
            ClientId=pool.client_id, ChallengeName="CUSTOM_CHALLENGE", Session=asked["Session"],
            ChallengeResponses=responses)

    asked = begin("CUSTOM_AUTH", {"USERNAME": "ana@example.com"})
    assert asked["ChallengeParameters"]["riddle"] == "what has an eye"
    again = answer(asked, "a potato")
    assert answer(again, "a needle")["AuthenticationResult"]["RefreshToken"]
    wrong = answer(begin("CUSTOM_AUTH", {"USERNAME": "ana@example.com"}), "a potato")
    with pytest.raises(aws.idp.exceptions.NotAuthorizedException):
        answer(wrong, "a storm")


def test_a_handler_vouches_for_who_comes_and_for_who_forgot(server, aws):
    pool = pool_with(server, aws, UserMigration=arn("check"))
    tokens = pool.tokens("mover", "my 0ld secret")
    assert pool.claims(tokens["IdToken"])["email"] == "mover@example.com"
    assert pool.status("mover") == "CONFIRMED"
    unknown = f"Exception migrating user in app client {pool.client_id}"
    with refused("UserNotFoundException", unknown):
        pool.sign_in("forgetful", "a guess")

    def forgot(name):
        return aws.idp.forgot_password(ClientId=pool.client_id, Username=name)["CodeDeliveryDetails"]

    with refused("UserNotFoundException", unknown):
        forgot("stranger")
    assert forgot("forgetful") == {"AttributeName": "email", "DeliveryMedium": "EMAIL", "Destination": "f***@e***"}
    assert pool.status("forgetful") == "RESET_REQUIRED"
    [mail] = server.inbox("forgetful@example.com")
    aws.idp.confirm_forgot_password(
        ClientId=pool.client_id, Username="forgetful", ConfirmationCode=mail["code"], Password=PASSWORD)
    assert pool.tokens("forgetful", PASSWORD)["RefreshToken"]


def test_a_handler_asks_for_a_code_by_text_message(server, aws):
    flows = {"ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}
    lambdas = dict.fromkeys(("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"), arn("check"))
    texts = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "harbour"}
    pool = make_pool(server, aws, client=flows, LambdaConfig=lambdas, SmsConfiguration=texts)
    phone = "+15550104242"
    pool.user("texted", phone_number=phone)
    asked = aws.idp.initiate_auth(
        ClientId=pool.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": "texted"})
    assert asked["ChallengeName"] == "SMS_MFA"
    assert asked["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*******4242"
    code = server.code(phone)

    def answer(code):
        return aws.idp.respond_to_auth_challenge(
            ClientId=pool.client_id, ChallengeName="SMS_MFA", Session=asked["Session"],
            ChallengeResponses={"USERNAME": "texted", "SMS_MFA_CODE": code})

    with refused("CodeMismatchException", "Invalid code or auth state for the user."):
        answer(f"{(int(code) + 1) % 10**6:06}")
    tokens = answer(code)["AuthenticationResult"]
    assert pool.claims(tokens["IdToken"])["amr"] == ["sms"]
    with refused("NotAuthorizedException", "Invalid session for the user, session can only be used once."):
        answer(code)
