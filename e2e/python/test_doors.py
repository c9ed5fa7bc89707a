"""What dev opens for tests: the inbox, the clock, the reset; and https on the same port."""

import ssl
import urllib.request

import pytest

from aws import Aws, refused
from house import PASSWORD, make_pool
from poolhouse import Server, http

MEMBERS = {"id", "at", "channel", "to", "subject", "body", "code", "link", "pool_id"}


def test_the_inbox_lists_mail_and_text_messages_newest_first(own_server):
    pool = make_pool(
        own_server, Aws(own_server.url), AutoVerifiedAttributes=["email", "phone_number"],
        SmsConfiguration={"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"},
    )
    pool.sign_up("ana@example.com")
    pool.sign_up("ben", phone_number="+15555550100")
    messages = own_server.inbox()
    assert [(message["channel"], message["to"]) for message in messages] == [
        ("sms", "+15555550100"), ("email", "ana@example.com"),
    ]
    assert all(set(message) == MEMBERS for message in messages)
    assert own_server.inbox("ana@example.com") == messages[1:]
    pool.idp.confirm_sign_up(
        ClientId=pool.client_id, Username="ben", ConfirmationCode=own_server.code("+15555550100")
    )
    assert pool.attributes("ben")["phone_number_verified"] == "true"


def test_the_inbox_is_a_page_to_people_and_json_to_programs(own_server):
    make_pool(own_server, Aws(own_server.url)).sign_up("ana@example.com")
    with http(f"{own_server.url}/_poolhouse/inbox", headers={"accept": "text/html"}) as page:
        assert page.headers["content-type"].startswith("text/html")
        assert b"ana@example.com" in page.read()
    with http(f"{own_server.url}/_poolhouse/inbox.json") as answer:
        assert answer.headers["content-type"].startswith("application/json")


def test_a_reset_server_is_as_freshly_started(own_server):
    aws = Aws(own_server.url)
    pool = make_pool(own_server, aws)
    pool.user()
    aws.s3.create_bucket(Bucket="before")
    aws.s3.put_object(Bucket="before", Key="k", Body=b"x")
    aws.iam.create_user(UserName="staff")
    own_server.advance(days=400)
    own_server.reset()

    assert aws.idp.list_user_pools(MaxResults=60)["UserPools"] == []
    assert aws.iam.list_users()["Users"] == []
    assert own_server.inbox() == []
    with refused("NoSuchBucket"):
        aws.s3.list_objects_v2(Bucket="before")
    # The clock is back: the tokens of a new pool live for their hour, and the day is today's.
    pool = make_pool(own_server, aws)
    pool.user()
    claims = pool.claims(pool.tokens()["IdToken"])
    assert claims["exp"] - claims["iat"] == 3600


def test_a_reset_demo_is_seeded_again():
    with Server("demo") as demo:
        aws = Aws(demo.url)
        pools = lambda: [(pool["Id"], pool["Name"]) for pool in aws.idp.list_user_pools(MaxResults=60)["UserPools"]]
        seeded = pools()
        make_pool(demo, aws)
        demo.reset()
        assert pools() == seeded and len(seeded) == 1


def test_https_is_on_the_same_port_with_a_ca_of_its_own(own_server):
    url = own_server.url.replace("http://127.0.0.1", "https://localhost")
    authority = own_server.data / "ca.pem"
    aws = Aws(url, verify=str(authority))
    pool = make_pool(own_server, aws)
    # The doors are asked by http, as before.
    pool.user()
    assert pool.claims(pool.tokens(password=PASSWORD)["IdToken"])["iss"] == f"{url}/{pool.id}"

    trusting = ssl.create_default_context(cafile=authority)
    with urllib.request.urlopen(f"{url}/{pool.id}/.well-known/openid-configuration", context=trusting) as answer:
        assert answer.status == 200
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(url, context=ssl.create_default_context())
