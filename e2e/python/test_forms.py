"""Uploads from browsers: forms whose policy the server's own administrator, user or visitor signed. Reference:
identity-pools-iam 10; S3's guide, "Browser-based uploads using POST"."""

import urllib.error
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from unittest import mock

import pytest
from urllib3.filepost import encode_multipart_formdata

from house import fresh
from iam_entities import make
from poolhouse import http


@pytest.fixture(scope="module")
def bucket(aws):
    name = fresh("forms")
    aws.s3.create_bucket(Bucket=name)
    return name


@pytest.fixture(scope="module")
def signer(aws):
    """A user of IAM, whose signatures are verified."""
    user = make(aws, "user")
    user.do("attach_user_policy", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    key = aws.iam.create_access_key(UserName=user.name)["AccessKey"]
    return aws.as_(key)


def post(form, content=b"hello", file_name="n.txt", headers=None, **changes):
    fields = form["fields"] | changes
    parts = [(name, value) for name, value in fields.items() if value is not None]
    body, content_type = encode_multipart_formdata([*parts, ("file", (file_name, content, "text/plain"))])
    try:
        with http(form["url"], data=body, headers={"Content-Type": content_type} | (headers or {}), method="POST") as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, refusal.read()


def said(answer):
    status, _, body = answer
    error = ET.fromstring(body)
    return status, error.findtext("Code"), error.findtext("Message")


def test_a_form_stores_an_object(signer, bucket):
    form = signer.s3.generate_presigned_post(
        bucket, "up/${filename}", Fields={"Content-Type": "text/x-note", "x-amz-meta-author": "ana"},
        Conditions=[{"Content-Type": "text/x-note"}, {"x-amz-meta-author": "ana"}, ["content-length-range", 1, 10]],
    )
    status, headers, body = post(form)
    assert (status, body) == (204, b"")
    got = signer.s3.get_object(Bucket=bucket, Key="up/n.txt")
    assert (got["Body"].read(), got["ContentType"], got["Metadata"]) == (b"hello", "text/x-note", {"author": "ana"})
    assert headers["ETag"] == got["ETag"]
    assert said(post(form, b"more than ten"))[:2] == (400, "EntityTooLarge")
    assert said(post(form, b""))[:2] == (400, "EntityTooSmall")
    assert said(post(form, key="down/x")) == (
        403, "AccessDenied", 'Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "up/"]')
    assert said(post(form, acl="private")) == (403, "AccessDenied", "Invalid according to Policy: Extra input fields: acl")
    assert said(post(form, policy=form["fields"]["policy"][:-4]))[:2] == (403, "SignatureDoesNotMatch")
    listed = signer.s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert [entry["Key"] for entry in listed] == ["up/n.txt"]


def test_a_file_larger_than_any_buffer_passes_through(signer, bucket):
    form = signer.s3.generate_presigned_post(bucket, "large")
    content = bytes(range(256)) * (1 << 17)
    assert post(form, content)[0] == 204
    assert signer.s3.get_object(Bucket=bucket, Key="large")["Body"].read() == content


def test_the_answer_that_the_form_asks_for(signer, bucket):
    fields = {"success_action_status": "201"}
    form = signer.s3.generate_presigned_post(bucket, "a b", Fields=fields, Conditions=[fields])
    status, headers, body = post(form)
    root = ET.fromstring(body)
    assert (status, root.tag, root.findtext("Bucket"), root.findtext("Key")) == (201, "PostResponse", bucket, "a b")
    assert root.findtext("Location") == headers["Location"] == f"{form['url']}/a%20b"
    assert root.findtext("ETag") == headers["ETag"]


def test_a_visitor_may_hand_out_forms_for_the_own_folder(walk, visitor):
    identity, theirs = visitor
    form = theirs.s3.generate_presigned_post(walk.bucket, f"{identity}/${{filename}}")
    assert post(form)[0] == 204
    assert said(post(form, **{"x-amz-security-token": None}))[1] == "InvalidToken"
    form = theirs.s3.generate_presigned_post(walk.bucket, "other/${filename}")
    status, code, message = said(post(form))
    assert (status, code) == (403, "AccessDenied")
    assert "because no identity-based policy allows the s3:PutObject action" in message


def test_a_form_ends(signer, bucket):
    past = datetime.now(timezone.utc) - timedelta(minutes=10)
    with mock.patch("botocore.signers.get_current_datetime", return_value=past.replace(tzinfo=None)):
        form = signer.s3.generate_presigned_post(bucket, "k", ExpiresIn=60)
    assert said(post(form)) == (403, "AccessDenied", "Invalid according to Policy: Policy expired.")


def test_forms_of_version_2(signer, bucket):
    old = signer.client("s3", signature_version="s3", s3={"addressing_style": "path"})
    form = old.generate_presigned_post(bucket, "old/${filename}")
    assert "AWSAccessKeyId" in form["fields"]
    assert post(form)[0] == 204
    assert said(post(form, signature="AAAA"))[:2] == (403, "SignatureDoesNotMatch")


def test_a_key_that_was_never_issued_signs_for_pages_of_this_machine_only(aws, bucket):
    form = aws.s3.generate_presigned_post(bucket, "dev/${filename}")
    assert post(form, headers={"Origin": "http://localhost:3000"})[0] == 204
    assert said(post(form, headers={"Origin": "https://elsewhere.example"}))[:2] == (403, "InvalidAccessKeyId")
