"""Objects by boto3. Reference: identity-pools-iam 11."""

import io

import pytest

from aws import Aws, refused
from house import digest, fresh

PART = 5 * 1024 * 1024


@pytest.fixture
def bucket(aws):
    name = fresh("objects")
    aws.s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def s3(aws):
    return aws.s3


def test_an_object_comes_back_as_it_was_put(s3, bucket):
    key, body = "folder/ä b+c%.txt", b"some bytes"
    put = s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="text/plain", Metadata={"who": "ana"},
                        CacheControl="no-cache", ChecksumAlgorithm="SHA256")
    assert put["ETag"] == f'"{digest(body)}"'
    got = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    assert got["Body"].read() == body
    assert (got["ContentType"], got["Metadata"], got["CacheControl"]) == ("text/plain", {"who": "ana"}, "no-cache")
    assert got["ChecksumSHA256"] == put["ChecksumSHA256"]
    head = s3.head_object(Bucket=bucket, Key=key)
    assert (head["ContentLength"], head["ETag"]) == (len(body), put["ETag"])
    assert s3.list_objects_v2(Bucket=bucket)["Contents"][0]["Key"] == key


def test_parts_of_an_object_and_conditions_on_it(s3, bucket):
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")["ETag"]
    part = s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")
    assert (part["Body"].read(), part["ContentRange"]) == (b"234", "bytes 2-4/10")
    assert s3.get_object(Bucket=bucket, Key="k", Range="bytes=-3")["Body"].read() == b"789"
    with refused("InvalidRange"):
        s3.get_object(Bucket=bucket, Key="k", Range="bytes=10-")
    with refused("304"):
        s3.get_object(Bucket=bucket, Key="k", IfNoneMatch=etag)
    with refused("PreconditionFailed"):
        s3.get_object(Bucket=bucket, Key="k", IfMatch='"other"')
    with refused("PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key="k", Body=b"", IfNoneMatch="*")


def test_what_is_not_there_is_named(s3, bucket):
    with refused("NoSuchKey", "The specified key does not exist."):
        s3.get_object(Bucket=bucket, Key="none")
    with refused("404"):
        s3.head_object(Bucket=bucket, Key="none")
    with refused("NoSuchBucket", "The specified bucket does not exist"):
        s3.list_objects_v2(Bucket="no-such-bucket")
    s3.delete_object(Bucket=bucket, Key="none")


def test_copies_keep_or_replace_their_metadata(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"x", Metadata={"n": "1"})
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    s3.copy_object(Bucket=bucket, Key="c", CopySource={"Bucket": bucket, "Key": "a"}, Metadata={"n": "2"},
                   MetadataDirective="REPLACE")
    assert [s3.head_object(Bucket=bucket, Key=key)["Metadata"] for key in "bc"] == [{"n": "1"}, {"n": "2"}]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
def test_lists_come_in_pages_and_folders(s3, bucket, operation):
    keys = sorted(f"{folder}/{n}" for folder in ("a", "b") for n in range(5)) + ["top"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    pages = list(s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": 3}))
    assert len(pages) == 4
    assert [found["Key"] for page in pages for found in page["Contents"]] == keys

    folders = getattr(s3, operation)(Bucket=bucket, Delimiter="/")
    assert [prefix["Prefix"] for prefix in folders["CommonPrefixes"]] == ["a/", "b/"]
    assert [found["Key"] for found in folders["Contents"]] == ["top"]
    assert [found["Key"] for found in getattr(s3, operation)(Bucket=bucket, Prefix="b/")["Contents"]] == keys[5:10]


def test_many_are_deleted_at_once(s3, bucket):
    for n in range(3):
        s3.put_object(Bucket=bucket, Key=str(n), Body=b"")
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "0"}, {"Key": "2"}, {"Key": "none"}]})
    assert sorted(deleted["Key"] for deleted in answer["Deleted"]) == ["0", "2", "none"]
    assert [found["Key"] for found in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["1"]


def test_a_large_object_goes_up_in_parts(s3, bucket):
    body = bytes(range(256)) * (PART // 256) + b"tail"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big", ContentType="image/png")["UploadId"]
    parts = []
    for number, chunk in enumerate([body[:PART], body[PART:]], start=1):
        etag = s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=number, Body=chunk)["ETag"]
        parts.append({"PartNumber": number, "ETag": etag})
    listed = s3.list_parts(Bucket=bucket, Key="big", UploadId=upload)["Parts"]
    assert [part["Size"] for part in listed] == [PART, 4]
    done = s3.complete_multipart_upload(Bucket=bucket, Key="big", UploadId=upload, MultipartUpload={"Parts": parts})
    assert done["ETag"].endswith('-2"')
    got = s3.get_object(Bucket=bucket, Key="big")
    assert (got["Body"].read(), got["ContentType"]) == (body, "image/png")

    # The high-level upload streams with a checksum behind the body.
    s3.upload_fileobj(io.BytesIO(body), bucket, "big2")
    assert s3.head_object(Bucket=bucket, Key="big2")["ContentLength"] == len(body)


def test_an_abandoned_upload_leaves_nothing(s3, bucket):
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(Bucket=bucket, Key="big", UploadId=upload)
    with refused("NoSuchUpload"):
        s3.list_parts(Bucket=bucket, Key="big", UploadId=upload)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_damaged_body_is_refused(s3, bucket):
    with refused("BadDigest"):
        s3.put_object(Bucket=bucket, Key="k", Body=b"abc", ChecksumSHA256="A" * 43 + "=")
    with refused("NoSuchKey"):
        s3.get_object(Bucket=bucket, Key="k")


def test_buckets_through_their_life(s3, aws):
    name = fresh("bucket")
    north = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=north)
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == "eu-west-1"
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "eu-west-1"
    assert name in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    with refused("BucketAlreadyOwnedByYou"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=north)
    s3.put_object(Bucket=name, Key="k", Body=b"")
    with refused("BucketNotEmpty"):
        s3.delete_bucket(Bucket=name)
    s3.delete_object(Bucket=name, Key="k")
    s3.delete_bucket(Bucket=name)
    with refused("404"):
        s3.head_bucket(Bucket=name)
    with refused("InvalidBucketName"):
        s3.create_bucket(Bucket="under_score")


def test_a_bucket_is_made_in_its_clients_region(server, s3):
    north = Aws(server.url, region="eu-west-1").s3
    illegal = "The {} location constraint is incompatible for the region specific endpoint this request was sent to."
    for configuration, named in [({}, "unspecified"), ({"LocationConstraint": "us-west-2"}, "us-west-2")]:
        with refused("IllegalLocationConstraintException", illegal.format(named)):
            north.create_bucket(Bucket=fresh("bucket"), CreateBucketConfiguration=configuration)
    # The endpoint of us-east-1 is the global one.
    east, west = fresh("bucket"), fresh("bucket")
    s3.create_bucket(Bucket=east)
    s3.create_bucket(Bucket=east)
    s3.create_bucket(Bucket=west, CreateBucketConfiguration={"LocationConstraint": "EU"})
    with refused("BucketAlreadyOwnedByYou"):
        s3.create_bucket(Bucket=west)
    assert s3.get_bucket_location(Bucket=east).get("LocationConstraint") is None
    assert s3.get_bucket_location(Bucket=west)["LocationConstraint"] == "EU"
    for read in (s3.head_bucket, s3.list_objects, s3.list_objects_v2):
        answered = read(Bucket=west)["ResponseMetadata"]["HTTPHeaders"]
        assert answered["x-amz-bucket-region"] == "eu-west-1"
    assert north.head_bucket(Bucket=west)["BucketArn"] == f"arn:aws:s3:::{west}"

    listed = {bucket["Name"]: bucket for bucket in s3.list_buckets(BucketRegion="eu-west-1")["Buckets"]}
    assert east not in listed
    assert (listed[west]["BucketRegion"], listed[west]["BucketArn"]) == ("eu-west-1", f"arn:aws:s3:::{west}")
    with refused("InvalidArgument"):
        s3.list_buckets(BucketRegion="atlantis-1")
