"""Text messages that really leave: by the web API of a provider, which is an HTTP server of this test on loopback."""

import base64
import hashlib
import hmac
import json
import queue
import re
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from aws import Aws, refused
from house import PASSWORD, make_pool
from poolhouse import Server, run

NUMBER = "+12065550100"
TEXTS = {
    "AutoVerifiedAttributes": ["phone_number"],
    "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/texts", "ExternalId": "x"},
}


class Provider(ThreadingHTTPServer):
    """Takes requests down and answers each with the next of its statuses, the last one again and again."""

    def __init__(self, *statuses):
        super().__init__(("127.0.0.1", 0), Handler)
        self.statuses, self.taken = list(statuses), queue.Queue()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def next_status(self):
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.taken.put((self.path, self.headers, body))
        answer = json.dumps({"code": 21211, "message": f"The number {NUMBER} is not valid"}).encode()
        self.send_response(self.server.next_status())
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def provider():
    with Provider(201) as provider:
        yield provider


def serving(tmp_path, provider, **env):
    """A production server that sends by the provider, and a caller of it."""
    storage = ["--data", str(tmp_path / "data"), "--keyring", str(tmp_path / "keyring")]
    run("init", *storage)
    key = json.loads(run("admin", "create-access-key", *storage))
    env = {f"POOLHOUSE_{name}": value for name, value in env.items()}
    flags = ["--keyring", str(tmp_path / "keyring"), "--sms-url", provider.url]
    return Server("serve", *flags, data=tmp_path / "data", env=env), key


def sign_up(pool, name="ana", number=NUMBER):
    return pool.idp.sign_up(
        ClientId=pool.client_id, Username=name, Password=PASSWORD, UserAttributes=[{"Name": "phone_number", "Value": number}]
    )


@pytest.mark.timeout(90)
def test_a_code_arrives_by_twilios_api(provider, tmp_path):
    (tmp_path / "token").write_text("the token\n")
    server, key = serving(tmp_path, provider, SMS_PROVIDER="twilio", SMS_ACCOUNT="AC42", SMS_FROM="+12065550199",
                          SMS_TOKEN_FILE=str(tmp_path / "token"))
    with server:
        pool = make_pool(server, Aws(server.url, key), **TEXTS)
        sent = sign_up(pool)["CodeDeliveryDetails"]
        assert sent == {"AttributeName": "phone_number", "DeliveryMedium": "SMS", "Destination": "+*******0100"}
        path, headers, body = provider.taken.get(timeout=40)
        assert path == "/2010-04-01/Accounts/AC42/Messages.json"
        scheme, credentials = headers["authorization"].split()
        assert (scheme, base64.b64decode(credentials)) == ("Basic", b"AC42:the token")
        assert headers["content-type"] == "application/x-www-form-urlencoded"
        form = dict(urllib.parse.parse_qsl(body, strict_parsing=True))
        assert (form["To"], form["From"]) == (NUMBER, "+12065550199")
        pool.confirm("ana", code=re.fullmatch(r"Your confirmation code is (\d{6})", form["Body"])[1])
        pool.tokens("ana")
        assert pool.attributes("ana")["phone_number_verified"] == "true"
    assert provider.taken.empty(), "it was sent once"
    told(server, "the token", NUMBER, form["Body"])


@pytest.mark.timeout(90)
def test_a_code_arrives_at_a_receiver_of_json(provider, tmp_path):
    secret = "a secret of the receiver"
    server, key = serving(tmp_path, provider, SMS_PROVIDER="json", SMS_SECRET=secret, SMS_FROM="Poolhouse")
    with server:
        pool = make_pool(server, Aws(server.url, key), **TEXTS)
        sign_up(pool)
        _, headers, body = provider.taken.get(timeout=40)
        signed = dict(part.split("=") for part in headers["poolhouse-signature"].split(","))
        digest = hmac.new(secret.encode(), f"{signed['t']}.{body}".encode(), hashlib.sha256).hexdigest()
        assert hmac.compare_digest(digest, signed["v1"]) and abs(time.time() - int(signed["t"])) < 60
        message = json.loads(body)
        assert message == {"id": headers["idempotency-key"], "pool": pool.id, "to": NUMBER, "from": "Poolhouse",
                           "body": message["body"]}
        pool.confirm("ana", code=re.search(r"\d{6}", message["body"])[0])
        pool.tokens("ana")
    told(server, secret, NUMBER, message["body"])


@pytest.mark.timeout(120)
def test_what_is_refused_is_given_up_and_what_is_busy_is_tried_again(tmp_path):
    with Provider(400, 503, 200) as provider:
        server, key = serving(tmp_path, provider, SMS_PROVIDER="json", SMS_TOKEN="a bearer")
        with server:
            pool = make_pool(server, Aws(server.url, key), **TEXTS)
            sign_up(pool)
            _, headers, _ = provider.taken.get(timeout=40)
            assert headers["authorization"] == "Bearer a bearer"
            sign_up(pool, "ben", "+12065550101")
            _, first, body = provider.taken.get(timeout=40)
            # Half a minute later.
            _, again, same = provider.taken.get(timeout=60)
            assert (first["idempotency-key"], body) == (again["idempotency-key"], same)
            pool.confirm("ben", code=re.search(r"\d{6}", json.loads(same)["body"])[0])
        assert provider.taken.empty()
    assert "a message is given up error=the provider answered 400, code 21211" in server.output, server.output
    assert "a message will be tried again error=the provider answered 503" in server.output, server.output
    told(server, "a bearer", NUMBER, "+12065550101", "confirmation code")


def told(server, *secrets):
    """The log says nothing of these."""
    for secret in secrets:
        assert secret not in server.output, secret


def test_a_test_number_needs_no_provider_and_gets_nothing(tmp_path):
    """As a reviewer of an app signs in: in production, by a code that was agreed upon."""
    storage = ["--data", str(tmp_path / "data"), "--keyring", str(tmp_path / "keyring")]
    run("init", *storage)
    key = json.loads(run("admin", "create-access-key", *storage))
    env = {"POOLHOUSE_TEST_NUMBERS": f"{NUMBER}=135790"}
    with Server("serve", "--keyring", str(tmp_path / "keyring"), data=tmp_path / "data", env=env) as server:
        pool = make_pool(server, Aws(server.url, key), **TEXTS)
        sign_up(pool)
        with refused("CodeMismatchException"):
            pool.confirm("ana", code="135791")
        pool.confirm("ana", code="135790")
        pool.tokens("ana")
        with refused("CodeDeliveryFailureException"):
            sign_up(pool, "ben", "+12065550101")
    assert "there are test_numbers" in server.output
    told(server, "135790", NUMBER)


def test_a_fixed_code_is_for_dev_alone(tmp_path):
    with Server("dev", "--fixed-code", "246810") as server:
        pool = make_pool(server, Aws(server.url), **TEXTS)
        sign_up(pool)
        assert server.code(NUMBER) == "246810"
        pool.confirm("ana", code="246810")
    storage = ["--data", str(tmp_path / "data"), "--keyring", str(tmp_path / "keyring")]
    run("init", *storage)
    said = run("serve", "--listen", "127.0.0.1:0", *storage, env={"POOLHOUSE_FIXED_CODE": "246810"}, check=False)
    assert "listening" not in said


def test_a_pool_sends_no_more_than_it_may():
    with Server("dev", "--mails-per-day", "2", "--texts-per-hour", "1") as server:
        pool = make_pool(server, Aws(server.url), **TEXTS | {"AutoVerifiedAttributes": ["email", "phone_number"]})
        sign_up(pool)
        with refused("LimitExceededException", "Exceeded hourly SMS limit for the operation or the account."):
            sign_up(pool, "ben", "+12065550101")
        assert pool.status("ben") == "UNCONFIRMED"
        pool.sign_up("cy@example.com")
        pool.sign_up("dan@example.com")
        with refused("LimitExceededException", re.compile("Exceeded daily email limit for the operation or the account.*")):
            pool.sign_up("eve@example.com")
        server.advance(hours=24)
        pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="eve@example.com")
        pool.confirm("eve@example.com")
