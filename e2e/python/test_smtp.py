"""Mail that really leaves: a real SMTP server on loopback takes it."""

import email
import json
import queue
import re
from email import policy

import pytest
from aiosmtpd.controller import Controller

from aws import Aws
from house import PASSWORD, make_pool
from poolhouse import Server, run


class Mailbox:
    def __init__(self):
        self.taken = queue.Queue()

    async def handle_DATA(self, server, session, envelope):
        self.taken.put((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
        return "250 Taken"


class AnyPort(Controller):
    """Port 0 is made the real one before the controller connects to itself."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mailbox():
    controller = AnyPort(Mailbox(), hostname="127.0.0.1", port=0)
    controller.start()
    controller.handler.flags = ["--smtp-host", "127.0.0.1", "--smtp-port", str(controller.port), "--smtp-encryption", "none"]
    yield controller.handler
    controller.stop()


@pytest.mark.timeout(60)
def test_the_code_arrives_by_smtp(mailbox, tmp_path):
    storage = ["--data", str(tmp_path / "data"), "--keyring", str(tmp_path / "keyring")]
    run("init", *storage)
    key = json.loads(run("admin", "create-access-key", *storage))
    flags = ["--keyring", str(tmp_path / "keyring"), "--public-url", "https://id.example.com",
             "--smtp-from", "Poolhouse <no-reply@example.com>", *mailbox.flags]
    with Server("serve", *flags, data=tmp_path / "data") as server:
        pool = make_pool(server, Aws(server.url, key))
        pool.sign_up("ana@example.com", PASSWORD)
        recipients, message = mailbox.taken.get(timeout=40)
        assert recipients == ["ana@example.com"] and message["To"] == "ana@example.com"
        assert message["From"] == "Poolhouse <no-reply@example.com>"
        assert message["Subject"] == "Your verification code"
        body = message.get_body(("html", "plain")).get_content()
        code = re.search(r"\b\d{6}\b", body)[0]
        pool.confirm(code=code)
        pool.tokens()
