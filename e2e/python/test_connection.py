"""One connection, many requests: what is refused early must not disturb the next. RFC 9112 9.3."""

from aws import refused
from house import fresh


def test_a_refused_upload_leaves_the_next_request_alone(aws):
    bucket = fresh("in-step")
    aws.s3.create_bucket(Bucket=bucket)
    for _ in range(300):
        # boto3 waits for `100 Continue` before it sends the body; the refusal comes first.
        with refused("NoSuchKey"):
            aws.s3.put_object(Bucket=bucket, Key="missing", Body=b"x", IfMatch='"abc"')
        assert aws.s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_any_key_may_be_stored(aws):
    bucket = fresh("issuer")
    aws.s3.create_bucket(Bucket=bucket)
    keys = [".well-known/jwks.json", ".well-known/openid-configuration", "_poolhouse/health", "oauth2/token"]
    for key in keys:
        aws.s3.put_object(Bucket=bucket, Key=key, Body=b"{}")
        assert aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"{}"
        assert aws.s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == 2
    assert [found["Key"] for found in aws.s3.list_objects_v2(Bucket=bucket)["Contents"]] == sorted(keys)
