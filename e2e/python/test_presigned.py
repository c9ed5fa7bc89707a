"""Addresses that carry their own signature. Reference: identity-pools-iam 10."""

import urllib.error
import urllib.parse
from datetime import datetime, timedelta, timezone
from unittest import mock

import pytest

from house import fresh
from poolhouse import http


@pytest.fixture(scope="module")
def bucket(aws):
    name = fresh("presigned")
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_object(Bucket=name, Key="a b.txt", Body=b"hello")
    return name


def sign(aws, operation, expires=60, **parameters):
    return aws.s3.generate_presigned_url(operation, Params=parameters, ExpiresIn=expires)


def refusal(url, **request):
    with pytest.raises(urllib.error.HTTPError) as caught:
        http(url, **request)
    return caught.value.code, caught.value.read().decode()


def test_an_address_gets_and_puts(walk, visitor):
    identity, theirs = visitor
    key = {"Bucket": walk.bucket, "Key": f"{identity}/from a link.txt"}
    with http(sign(theirs, "put_object", **key), data=b"by link", method="PUT") as answer:
        assert answer.status == 200
    with http(sign(theirs, "get_object", ResponseContentType="text/x-note", **key)) as answer:
        assert (answer.read(), answer.headers["content-type"]) == (b"by link", "text/x-note")


def test_an_address_opens_no_more_than_its_signer_may(walk, visitor):
    _, theirs = visitor
    status, body = refusal(sign(theirs, "get_object", Bucket=walk.bucket, Key="other/x"))
    assert status == 403 and "because no identity-based policy allows the s3:GetObject action" in body


def test_a_changed_address_is_refused(aws, visitor, walk):
    identity, theirs = visitor
    key = f"{identity}/a.txt"
    theirs.s3.put_object(Bucket=walk.bucket, Key=key, Body=b"")
    url = sign(theirs, "get_object", Bucket=walk.bucket, Key=key)
    for changed in (url.replace("a.txt", "b.txt"), url.replace("Expires=60", "Expires=61")):
        status, body = refusal(changed)
        assert status == 403 and "<Code>SignatureDoesNotMatch</Code>" in body
        assert "Check your key and signing method." in body


def test_an_address_ends(walk, visitor):
    """The wall clock judges signatures, so the address is one that was made long ago."""
    identity, theirs = visitor
    past = datetime.now(timezone.utc) - timedelta(minutes=10)
    with mock.patch("botocore.auth.get_current_datetime", return_value=past.replace(tzinfo=None)):
        url = sign(theirs, "get_object", expires=60, Bucket=walk.bucket, Key=f"{identity}/a.txt")
    stamp = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["X-Amz-Date"][0]
    assert stamp == f"{past:%Y%m%dT%H%M%SZ}"
    status, body = refusal(url)
    assert status == 403 and "<Message>Request has expired</Message>" in body


def test_an_address_for_longer_than_a_week_is_refused(walk, visitor):
    identity, theirs = visitor
    url = sign(theirs, "get_object", expires=604801, Bucket=walk.bucket, Key=f"{identity}/a.txt")
    status, body = refusal(url)
    assert status == 400 and "<Code>AuthorizationQueryParametersError</Code>" in body


def test_addresses_of_version_2(walk, visitor):
    """What boto3 makes for an endpoint of one's own unless it is told otherwise; with temporary credentials their token too."""
    identity, theirs = visitor
    old = theirs.client("s3", signature_version="s3", s3={"addressing_style": "path"})
    key = {"Bucket": walk.bucket, "Key": f"{identity}/old.txt"}
    made = lambda operation: old.generate_presigned_url(operation, Params=key, ExpiresIn=60)
    url = made("put_object")
    assert {"AWSAccessKeyId", "Signature", "Expires", "x-amz-security-token"} <= set(
        urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    )
    with http(url, data=b"old", method="PUT", headers={"Content-Type": ""}) as answer:
        assert answer.status == 200
    with http(made("get_object")) as answer:
        assert answer.read() == b"old"
    with http(made("head_object"), method="HEAD") as answer:
        assert answer.headers["content-length"] == "3"
    token = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["x-amz-security-token"][0]
    for changed, code in (
        (made("get_object").replace("old.txt", "new.txt"), "SignatureDoesNotMatch"),
        (made("get_object").replace(urllib.parse.quote(token, safe=""), "none"), "InvalidToken"),
        (made("delete_object"), None),
    ):
        method = "DELETE" if code is None else "GET"
        status, body = refusal(changed, method=method)
        assert status in (400, 403) and f"<Code>{code or 'InvalidRequest'}</Code>" in body, body
