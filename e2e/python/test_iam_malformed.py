"""Policy documents that IAM does not take, in its words. Reference: identity-pools-iam 3.3, 4.1."""

import json

import pytest

from aws import ACCOUNT, refused
from house import assumable_by, policy
from iam_entities import ROOT, TRUST, make, make_policy

REGIONAL = f"arn:aws:iam:us-east-1:{ACCOUNT}:role/x"
MALFORMED = {
    "{": "This policy contains invalid Json",
    json.dumps({"Version": "2013-10-17", "Statement": []}): "Syntax errors in policy.",
    policy({"Effect": "allow", "Action": "*", "Resource": "*"}): "The policy failed legacy parsing",
    policy({"Action": "*", "Resource": "arn:x:s3:::b"}): 'Partition "x" is not valid for resource "arn:x:s3:::b".',
    policy({"Action": "*", "Resource": "arn:aws:s3:us-east-1::b"}):
        "Resource arn:aws:s3:us-east-1::b can not contain region information.",
    json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}):
        "Policy document must be version 2012-10-17 or greater.",
    policy({"Action": "*", "Resource": "*", "Condition": {"NumericEquals": {"aws:x": "one"}}}):
        "The policy failed legacy parsing",
    policy({"Resource": "*"}): "Policy statement must contain actions.",
    policy({"Action": "*"}): "Policy statement must contain resources.",
    policy(*[{"Sid": "A", "Action": "*", "Resource": "*"}] * 2): "Statement IDs (SID) in a single policy must be unique.",
    policy({"Action": "GetObject", "Resource": "*"}):
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    policy({"Action": "s3:Get:Object", "Resource": "*"}): "Actions/Condition can contain only one colon.",
    policy({"Action": "*", "Resource": "*", "Principal": "*"}): "Policy document should not specify a principal.",
    policy({"Action": "*", "Resource": REGIONAL}): f"IAM resource {REGIONAL} cannot contain region information.",
}


@pytest.mark.parametrize("document", MALFORMED, ids=MALFORMED.get)
def test_malformed_policies_are_kept_nowhere(aws, document):
    arn, user = make_policy(aws), make(aws, "user")
    calls = [
        lambda: make_policy(aws, "malformed", document),
        lambda: aws.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document),
    ]
    if "Version" in document or document == "{":  # An inline policy may be of the older version.
        calls.append(lambda: user.do("put_user_policy", PolicyName="p", PolicyDocument=document))
    for call in calls:
        with refused("MalformedPolicyDocument", MALFORMED[document]) as caught:
            call()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert len(aws.iam.list_policy_versions(PolicyArn=arn)["Versions"]) == 1
    assert user.do("list_user_policies")["PolicyNames"] == []


def test_malformed_trust_policies_are_kept_nowhere(aws):
    role, gone = make(aws, "role"), make(aws, "user")
    gone.do("delete_user")
    for document, sentence in {
        assumable_by(gone.arn): f'Invalid principal in policy: "AWS":"{gone.arn}"',
        policy({"Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole", "Resource": "*"}): "Has prohibited field Resource",
        "[]": "Syntax errors in policy.",
        "{not json": "This policy contains invalid Json",
        policy({"Principal": {"Service": "lamda.amazonaws.com"}, "Action": "sts:AssumeRole"}):
            'Invalid principal in policy: "SERVICE":"lamda.amazonaws.com"',
    }.items():
        with refused("MalformedPolicyDocument", sentence):
            make(aws, "role", name=f"{role.name}-2", AssumeRolePolicyDocument=document)
        with refused("MalformedPolicyDocument", sentence):
            aws.iam.update_assume_role_policy(RoleName=role.name, PolicyDocument=document)
    assert aws.iam.get_role(RoleName=role.name)["Role"]["AssumeRolePolicyDocument"] == json.loads(TRUST)
    with refused("NoSuchEntity"):
        aws.iam.get_role(RoleName=f"{role.name}-2")
