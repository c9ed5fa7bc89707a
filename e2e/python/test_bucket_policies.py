"""Bucket policies: what S3 takes, how it keeps them, whom they mean. Reference: identity-pools-iam 2.3, 4.2, 11.1."""

import json

import pytest

from aws import ACCOUNT, refused
from house import fresh, policy

ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@pytest.fixture
def bucket(aws):
    name = fresh("policies")
    aws.s3.create_bucket(Bucket=name)
    aws.s3.put_object(Bucket=name, Key="k", Body=b"read")
    return name


def put(aws, bucket, **elements):
    elements = {"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"} | elements
    aws.s3.put_bucket_policy(Bucket=bucket, Policy=policy(elements))


def named(aws, bucket):
    """The principals that the policy reads back with."""
    return json.loads(aws.s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]["Principal"]["AWS"]


def remove(aws, user):
    for key in aws.iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        aws.iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    aws.iam.delete_user(UserName=user)


def test_a_user_of_an_old_name_is_not_meant(aws, bucket):
    name = fresh("reader")

    def make():
        made = aws.iam.create_user(UserName=name)["User"]
        return made, aws.as_(aws.iam.create_access_key(UserName=name)["AccessKey"])

    first, reader = make()
    put(aws, bucket, Principal={"AWS": first["Arn"]})
    assert named(aws, bucket) == first["Arn"]
    assert reader.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"read"

    remove(aws, name)
    second, reader = make()
    assert second["Arn"] == first["Arn"] and second["UserId"] != first["UserId"]
    with refused("AccessDenied", f'User: {second["Arn"]} is not authorized to perform: s3:GetObject on resource: '
                 f'"arn:aws:s3:::{bucket}/k" because no identity-based policy allows the s3:GetObject action'):
        reader.s3.get_object(Bucket=bucket, Key="k")
    assert named(aws, bucket) == first["UserId"]

    # Read back, a policy that names nobody can't be put again.
    with refused("MalformedPolicy", "Invalid principal in policy"):
        put(aws, bucket, Principal={"AWS": first["UserId"]})
    put(aws, bucket, Principal={"AWS": second["Arn"]})
    assert reader.s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"read"
    remove(aws, name)


def test_principals_read_back_in_normal_form(aws, bucket):
    put(aws, bucket, Principal={"AWS": [ACCOUNT, 111122223333]})
    assert named(aws, bucket) == [ROOT, "arn:aws:iam::111122223333:root"]
    me = aws.sts.get_caller_identity()["Arn"]
    oai = "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEFGHIJKL"
    put(aws, bucket, Principal={"AWS": [me, oai], "CanonicalUser": "0a" * 32, "Service": "cloudfront.amazonaws.com"})
    assert named(aws, bucket) == [me, oai]


def test_a_canonical_id_means_the_account(aws, bucket):
    name = fresh("denied")
    aws.iam.create_user(UserName=name)
    aws.iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy({"Action": "*", "Resource": "*"}))
    reader = aws.as_(aws.iam.create_access_key(UserName=name)["AccessKey"])
    reader.s3.get_object(Bucket=bucket, Key="k")
    own = aws.s3.list_buckets()["Owner"]["ID"]
    put(aws, bucket, Effect="Deny", Principal={"CanonicalUser": own})
    with refused("AccessDenied"):
        reader.s3.get_object(Bucket=bucket, Key="k")


@pytest.mark.parametrize(
    "elements, sentence",
    [
        ({"Action": "s3:GetObjct"}, "Policy has invalid action"),
        ({"Action": ["s3:GetObject", "s3:Fetch*Object"]}, "Policy has invalid action"),
        ({"Action": "s3:ListBucket"}, "Action does not apply to any resource(s) in statement"),
        ({"Action": ["s3:GetObject", "s3:GetBucketPolicy"]}, "Action does not apply to any resource(s) in statement"),
        ({"Resource": "arn:aws:s3:::elsewhere/*"}, "Policy has invalid resource"),
        ({"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody-is-called-so"}}, "Invalid principal in policy"),
        ({"Principal": None, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}},
         "Allow with NotPrincipal is not allowed."),
        ({"Condition": {"StringLike": {"s3:prefix": "a/*"}}},
         "Conditions do not apply to combination of actions and resources in statement"),
        ({"Condition": {"StringEquals": {"s3:x-acl": "private"}}}, "Policy has an invalid condition key"),
    ],
)
def test_what_can_mean_nothing_is_refused(aws, bucket, elements, sentence):
    elements = {"Principal": {"AWS": ROOT}} | elements
    with refused("MalformedPolicy", sentence):
        put(aws, bucket, **{name: value for name, value in elements.items() if value is not None})
    with refused("NoSuchBucketPolicy"):
        aws.s3.get_bucket_policy(Bucket=bucket)
