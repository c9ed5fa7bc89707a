"""What a bucket is set to: who may read it, from which pages, as which website. Reference: identity-pools-iam 11.2, 11.4, 11.5."""

import urllib.error

import pytest

from aws import refused
from house import fresh, policy
from poolhouse import http


@pytest.fixture
def bucket(aws):
    name = fresh("settings")
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_object(Bucket=name, Key="index.html", Body=b"<p>home", ContentType="text/html")
    return name


def make_public(s3, bucket):
    s3.delete_public_access_block(Bucket=bucket)
    read = {"Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(read))


def fetch(url, **headers):
    """(status, headers, body) of a plain request."""
    method = headers.pop("method", "GET")
    try:
        with http(url, headers={name.replace("_", "-"): value for name, value in headers.items()}, method=method) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_the_world_reads_what_a_policy_opens(aws, bucket):
    with refused("AccessDenied", "Access Denied"):
        aws.anonymous_s3.get_object(Bucket=bucket, Key="index.html")
    read = {"Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    with refused("AccessDenied"):  # New buckets block public policies.
        aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy(read))
    make_public(aws.s3, bucket)
    assert aws.anonymous_s3.get_object(Bucket=bucket, Key="index.html")["Body"].read() == b"<p>home"
    with refused("AccessDenied", "Access Denied"):
        aws.anonymous_s3.put_object(Bucket=bucket, Key="x", Body=b"")
    with refused("AccessDenied", "Access Denied"):
        aws.anonymous_s3.list_objects_v2(Bucket=bucket)
    aws.s3.delete_bucket_policy(Bucket=bucket)
    with refused("AccessDenied"):
        aws.anonymous_s3.get_object(Bucket=bucket, Key="index.html")


def test_a_policy_denies_the_administrators_user_too(aws, bucket):
    name = fresh("staff")
    aws.iam.create_user(UserName=name)
    aws.iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy({"Action": "*", "Resource": "*"}))
    theirs = aws.as_(aws.iam.create_access_key(UserName=name)["AccessKey"])
    get = lambda: theirs.s3.get_object(Bucket=bucket, Key="index.html")
    get()
    arn = theirs.sts.get_caller_identity()["Arn"]
    deny = {"Effect": "Deny", "Principal": {"AWS": arn}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy(deny))
    with refused(
        "AccessDenied",
        f'User: {arn} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::{bucket}/index.html" '
        "with an explicit deny in a resource-based policy",
    ):
        get()


def test_cors_is_answered_as_configured(server, aws, bucket):
    make_public(aws.s3, bucket)
    url = f"{server.url}/{bucket}/index.html"
    page = "https://app.example.com"
    preflight = {"method": "OPTIONS", "Origin": page, "Access_Control_Request_Method": "PUT",
                 "Access_Control_Request_Headers": "content-type,x-amz-date"}
    status, _, body = fetch(url, **preflight)
    assert status == 403 and b"CORSResponse: CORS is not enabled for this bucket." in body

    rule = {"AllowedOrigins": [page], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"],
            "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 600}
    aws.s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    assert aws.s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == [rule]
    status, headers, _ = fetch(url, **preflight)
    assert status == 200
    assert headers["access-control-allow-origin"] == page
    assert set(headers["access-control-allow-methods"].replace(" ", "").split(",")) == {"GET", "PUT"}
    assert headers["access-control-max-age"] == "600"
    assert "x-amz-date" in headers["access-control-allow-headers"]

    status, headers, body = fetch(url, Origin=page)
    assert (status, body, headers["access-control-allow-origin"]) == (200, b"<p>home", page)
    assert headers["access-control-expose-headers"] == "ETag"
    status, headers, _ = fetch(url, Origin="https://evil.example.com")
    assert status == 200 and headers["access-control-allow-origin"] is None
    status, _, body = fetch(url, **preflight | {"Origin": "https://evil.example.com"})
    assert status == 403 and b"This CORS request is not allowed." in body


def test_a_website_has_an_index_and_an_error_page(server, aws, bucket):
    make_public(aws.s3, bucket)
    aws.s3.put_object(Bucket=bucket, Key="docs/index.html", Body=b"<p>docs", ContentType="text/html")
    aws.s3.put_object(Bucket=bucket, Key="error.html", Body=b"<p>lost", ContentType="text/html")
    aws.s3.put_bucket_website(
        Bucket=bucket,
        WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
    )
    site = {"Host": f"{bucket}.s3-website-us-east-1.amazonaws.com"}
    assert fetch(f"{server.url}/", **site)[::2] == (200, b"<p>home")
    assert fetch(f"{server.url}/docs/", **site)[::2] == (200, b"<p>docs")
    status, _, body = fetch(f"{server.url}/nowhere", **site)
    assert (status, body) == (404, b"<p>lost") or (status, body) == (403, b"<p>lost")
    assert fetch(f"{server.url}/", method="PUT", **site)[0] == 405


def test_settings_that_are_not_there_say_so_as_aws_does(aws, bucket):
    s3 = aws.s3
    for read, code in [
        (s3.get_bucket_policy, "NoSuchBucketPolicy"),
        (s3.get_bucket_cors, "NoSuchCORSConfiguration"),
        (s3.get_bucket_website, "NoSuchWebsiteConfiguration"),
        (s3.get_bucket_tagging, "NoSuchTagSet"),
        (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
        (s3.get_bucket_replication, "ReplicationConfigurationNotFoundError"),
        (s3.get_object_lock_configuration, "ObjectLockConfigurationNotFoundError"),
    ]:
        with refused(code):
            read(Bucket=bucket)
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=bucket)
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "BucketOwner"
    assert "Status" not in s3.get_bucket_accelerate_configuration(Bucket=bucket)
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"][0]["Permission"] == "FULL_CONTROL"
    assert s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]


def test_tags_of_a_bucket_and_of_an_object(aws, bucket):
    tags = {"TagSet": [{"Key": "team", "Value": "blue"}]}
    aws.s3.put_bucket_tagging(Bucket=bucket, Tagging=tags)
    assert aws.s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == tags["TagSet"]
    aws.s3.delete_bucket_tagging(Bucket=bucket)
    with refused("NoSuchTagSet"):
        aws.s3.get_bucket_tagging(Bucket=bucket)
