"""boto3 pointed at a server, and what its refusals must say."""

from contextlib import contextmanager
from functools import cached_property

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
ACCOUNT = "000000000000"

# One session for all: it reads the service models once.
_SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)

# What is refused is to be seen as the server said it, at once and unchecked by the client.
_PLAIN = {"retries": {"total_max_attempts": 1}, "parameter_validation": False}


class Aws:
    """Clients of one caller. Without credentials it is the unknown key `test`, in dev the administrator."""

    def __init__(self, url, credentials=None, region=REGION, verify=None):
        """`verify`: the file of the certificate authority that https is trusted by."""
        self.url, self.region, self.verify = url, region, verify
        self._keys = {}
        if credentials:
            self._keys = {
                "aws_access_key_id": credentials["AccessKeyId"],
                # Identity pools say SecretKey where STS and IAM say SecretAccessKey.
                "aws_secret_access_key": credentials.get("SecretKey") or credentials["SecretAccessKey"],
                "aws_session_token": credentials.get("SessionToken"),
            }

    def client(self, service, **config):
        return _SESSION.client(
            service, endpoint_url=self.url, region_name=self.region, verify=self.verify,
            config=Config(**_PLAIN | config), **self._keys,
        )

    @cached_property
    def idp(self):
        return self.client("cognito-idp")

    @cached_property
    def identity(self):
        return self.client("cognito-identity")

    @cached_property
    def iam(self):
        return self.client("iam")

    @cached_property
    def sts(self):
        return self.client("sts")

    @cached_property
    def s3(self):
        return self.client("s3", signature_version="s3v4")

    @cached_property
    def anonymous_s3(self):
        return self.client("s3", signature_version=UNSIGNED)

    def as_(self, credentials):
        """The same server under other credentials."""
        return Aws(self.url, credentials, self.region)


@contextmanager
def refused(code, message=None):
    """The call inside must be refused with this error; `message` is the whole sentence, or a compiled pattern of it."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    if message is None:
        return
    said = error["Message"]
    assert message.fullmatch(said) if hasattr(message, "fullmatch") else said == message, said
