"""What the tests of IAM's operations share: an entity of each kind, and lists read page by page."""

from dataclasses import dataclass
from typing import Any

from aws import ACCOUNT
from house import assumable_by, fresh, policy

ROOT = f"arn:aws:iam::{ACCOUNT}:root"
TRUST = assumable_by(ROOT)
READ = policy({"Action": "s3:GetObject", "Resource": "*"})
KINDS = ["role", "user", "group"]


@dataclass
class Entity:
    """A role, a user or a group: for what IAM has under a name of its own for each kind."""

    iam: Any
    kind: str
    name: str
    shown: dict

    @property
    def arn(self):
        return self.shown["Arn"]

    @property
    def named(self):
        return {f"{self.kind.capitalize()}Name": self.name}

    def do(self, operation, **members):
        return getattr(self.iam, operation)(**self.named, **members)


def make(aws, kind, name=None, **members):
    name = name or fresh(kind)
    if kind == "role":
        made = aws.iam.create_role(RoleName=name, **{"AssumeRolePolicyDocument": TRUST} | members)["Role"]
    elif kind == "user":
        made = aws.iam.create_user(UserName=name, **members)["User"]
    else:
        made = aws.iam.create_group(GroupName=name, **members)["Group"]
    return Entity(aws.iam, kind, name, made)


def make_policy(aws, name=None, document=READ, **members):
    """Its ARN."""
    return aws.iam.create_policy(PolicyName=name or fresh("policy"), PolicyDocument=document, **members)["Policy"]["Arn"]


def paged(client, operation, member, size=2, **members):
    """All items of a list, by boto3's own paginator, in pages that must be full but for the last."""
    pages = client.get_paginator(operation).paginate(**members, PaginationConfig={"PageSize": size})
    lists = [page.get(member, []) for page in pages]
    assert all(len(items) == size for items in lists[:-1]) and len(lists[-1]) <= size, lists
    return [item for items in lists for item in items]


def tags(**values):
    return [{"Key": key, "Value": value} for key, value in values.items()]
