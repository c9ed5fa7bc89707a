"""Sign-ups that are confirmed by opening the link of a mail."""

import html
import re
import urllib.error

import pytest

from aws import Aws, refused
from house import PASSWORD, make_pool
from poolhouse import Server, http
from test_smtp import AnyPort, Mailbox

BY_LINK = {"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}}


def opened(link):
    """Status, headers and text of the page."""
    try:
        with http(link) as page:
            return page.status, page.headers, page.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def test_a_link_confirms_and_then_says_so(server, aws):
    pool = make_pool(server, aws, **BY_LINK)
    sent = pool.sign_up("ana@example.com")["CodeDeliveryDetails"]
    assert sent["DeliveryMedium"] == "EMAIL"
    with refused("UserNotConfirmedException"):
        pool.sign_in()
    mail = server.inbox("ana@example.com")[0]
    link = html.unescape(re.search(r'<a href="([^"]+)">Verify Email</a>', mail["body"])[1])
    assert link == mail["link"] and link.startswith(f"{server.url}/confirmUser?client_id={pool.client_id}&user_name=")

    status, headers, page = opened(link)
    assert status == 200 and "Your account is confirmed." in page
    assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers
    pool.tokens()
    assert pool.attributes()["email_verified"] == "true"
    for again in (link, link.replace("/confirmUser?", "/confirmuser/?")):
        status, _, page = opened(again)
        assert status == 200 and "was confirmed before" in page


def test_a_wrong_link_is_a_plain_page(server, aws):
    pool = make_pool(server, aws, **BY_LINK)
    pool.sign_up("ana@example.com")
    link = server.inbox("ana@example.com")[0]["link"]
    base, code = link.rsplit("=", 1)
    for wrong in (f"{base}={(int(code) + 1) % 1_000_000:06}", base + "=", link.replace(pool.client_id, "%3Cb%3E")):
        status, headers, page = opened(wrong)
        assert status == 400 and headers.get_content_type() == "text/html" and "<b>" not in page, wrong
    assert pool.status() == "UNCONFIRMED"


def test_a_late_link_is_refused_and_a_new_one_counts(own_server):
    pool = make_pool(own_server, Aws(own_server.url), **BY_LINK)
    pool.sign_up("ana@example.com")
    link = own_server.inbox("ana@example.com")[0]["link"]
    own_server.advance(hours=24)
    status, _, page = opened(link)
    assert status == 400 and "Invalid code provided, please request a code again." in page
    pool.idp.resend_confirmation_code(ClientId=pool.client_id, Username="ana@example.com")
    status, _, _ = opened(own_server.inbox("ana@example.com")[0]["link"])
    assert status == 200 and pool.status() == "CONFIRMED"


@pytest.mark.timeout(60)
def test_the_link_arrives_by_smtp():
    """As a mail program reads it: the address stands in an element, and leads to the configured name."""
    controller = AnyPort(Mailbox(), hostname="127.0.0.1", port=0)
    controller.start()
    flags = ["--smtp-host", "127.0.0.1", "--smtp-port", str(controller.port), "--smtp-encryption", "none",
             "--smtp-from", "no-reply@example.com"]
    try:
        with Server("dev", *flags) as server:
            pool = make_pool(server, Aws(server.url), **BY_LINK)
            pool.idp.sign_up(ClientId=pool.client_id, Username="<i>ana", Password=PASSWORD,
                             UserAttributes=[{"Name": "email", "Value": "ana@example.com"}])
            _, message = controller.handler.taken.get(timeout=40)
            assert message.get_content_type() == "text/html" and message["Subject"] == "Your verification link"
            [link] = re.findall(r'href="([^"]+)"', message.get_content())
            assert opened(html.unescape(link))[0] == 200
            pool.tokens("<i>ana")
    finally:
        controller.stop()
