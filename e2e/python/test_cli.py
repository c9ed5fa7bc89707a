"""The AWS CLI, pointed here by AWS_ENDPOINT_URL alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aws import ACCOUNT
from house import PASSWORD, fresh
from poolhouse import CLEAN

CLI = Path(sys.executable).with_name("aws")


@pytest.fixture(scope="module")
def aws_cli(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")

    def call(*arguments, credentials=None, fails=False):
        keys = credentials or {"AccessKeyId": "test", "SecretKey": "test"}
        env = CLEAN | {
            "HOME": str(home), "AWS_ENDPOINT_URL": server.url, "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "",
            "AWS_MAX_ATTEMPTS": "1",
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": keys["SecretKey"],
            **({"AWS_SESSION_TOKEN": keys["SessionToken"]} if "SessionToken" in keys else {}),
        }
        done = subprocess.run([sys.executable, CLI, *arguments], env=env, capture_output=True, text=True, timeout=60)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        if fails:
            return done.stderr.strip()
        return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout

    return call


def test_the_walk_of_the_guides(server, aws_cli):
    pool = aws_cli("cognito-idp", "create-user-pool", "--pool-name", "cli", "--auto-verified-attributes", "email")
    pool_id = pool["UserPool"]["Id"]
    client = aws_cli(
        "cognito-idp", "create-user-pool-client", "--user-pool-id", pool_id, "--client-name", "cli",
        "--explicit-auth-flows", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    )["UserPoolClient"]["ClientId"]
    sign_up = aws_cli(
        "cognito-idp", "sign-up", "--client-id", client, "--username", "cli@example.com", "--password", PASSWORD,
        "--user-attributes", "Name=email,Value=cli@example.com",
    )
    assert sign_up["UserConfirmed"] is False
    aws_cli(
        "cognito-idp", "confirm-sign-up", "--client-id", client, "--username", "cli@example.com",
        "--confirmation-code", server.code("cli@example.com"),
    )
    tokens = aws_cli(
        "cognito-idp", "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH",
        "--auth-parameters", f"USERNAME=cli@example.com,PASSWORD={PASSWORD}",
    )["AuthenticationResult"]
    user = aws_cli("cognito-idp", "get-user", "--access-token", tokens["AccessToken"])
    assert {"Name": "sub", "Value": sign_up["UserSub"]} in user["UserAttributes"]
    listed = aws_cli("cognito-idp", "list-users", "--user-pool-id", pool_id, "--filter", 'email = "cli@example.com"')
    assert [found["UserStatus"] for found in listed["Users"]] == ["CONFIRMED"]

    said = aws_cli(
        "cognito-idp", "initiate-auth", "--client-id", client, "--auth-flow", "USER_PASSWORD_AUTH",
        "--auth-parameters", "USERNAME=cli@example.com,PASSWORD=Wrong-Horse-9", fails=True,
    )
    assert said.endswith(
        "An error occurred (NotAuthorizedException) when calling the InitiateAuth operation: "
        "Incorrect username or password."
    )


def test_files_go_to_a_bucket_and_back(aws_cli, tmp_path):
    bucket = fresh("cli-bucket")
    (tmp_path / "site/docs").mkdir(parents=True)
    (tmp_path / "site/index.html").write_text("<p>home")
    (tmp_path / "site/docs/a b.txt").write_text("docs")
    os.utime(tmp_path / "site/docs/a b.txt", (0, 1e9))  # A bucket knows whole seconds: a file of this one may look newer.
    (tmp_path / "large").write_bytes(b"0123456789abcdef" * 600_000)  # 9.6 MB: goes up in parts.

    assert f"make_bucket: {bucket}" in aws_cli("s3", "mb", f"s3://{bucket}")
    aws_cli("s3", "sync", str(tmp_path / "site"), f"s3://{bucket}/site")
    aws_cli("s3", "cp", str(tmp_path / "large"), f"s3://{bucket}/large")
    listed = aws_cli("s3", "ls", f"s3://{bucket}", "--recursive")
    assert sorted(line.split(maxsplit=3)[3] for line in listed.splitlines()) == ["large", "site/docs/a b.txt", "site/index.html"]
    assert "PRE site/" in aws_cli("s3", "ls", f"s3://{bucket}/")

    aws_cli("s3", "cp", f"s3://{bucket}/large", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (tmp_path / "large").read_bytes()
    aws_cli("s3", "cp", f"s3://{bucket}/large", f"s3://{bucket}/copy")
    (tmp_path / "site/index.html").unlink()
    said = aws_cli("s3", "sync", str(tmp_path / "site"), f"s3://{bucket}/site", "--delete")
    assert "delete: " in said and "upload: " not in said
    aws_cli("s3", "rm", f"s3://{bucket}", "--recursive")
    assert aws_cli("s3", "ls", f"s3://{bucket}", "--recursive", fails=False).strip() == ""
    assert f"remove_bucket: {bucket}" in aws_cli("s3", "rb", f"s3://{bucket}")


def test_a_visitors_credentials_and_their_limits(aws_cli, walk):
    token = walk.pool.tokens()["IdToken"]
    identity = aws_cli(
        "cognito-identity", "get-id", "--identity-pool-id", walk.id, "--logins", f"{walk.pool.provider}={token}"
    )["IdentityId"]
    credentials = aws_cli(
        "cognito-identity", "get-credentials-for-identity", "--identity-id", identity,
        "--logins", f"{walk.pool.provider}={token}",
    )["Credentials"]
    caller = aws_cli("sts", "get-caller-identity", credentials=credentials)
    assert caller["Arn"].startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/")
    aws_cli("s3", "ls", f"s3://{walk.bucket}/{identity}/", credentials=credentials, fails=True)  # Empty: exit code 1.
    aws_cli("s3api", "put-object", "--bucket", walk.bucket, "--key", f"{identity}/x", credentials=credentials)
    assert "x" in aws_cli("s3", "ls", f"s3://{walk.bucket}/{identity}/", credentials=credentials)
    said = aws_cli("s3", "ls", f"s3://{walk.bucket}/other/", credentials=credentials, fails=True)
    assert said.endswith(
        "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: "
        f"User: {caller['Arn']} is not authorized to perform: s3:ListBucket on resource: "
        f'"arn:aws:s3:::{walk.bucket}" because no identity-based policy allows the s3:ListBucket action'
    )


def test_the_administrator_of_dev(aws_cli):
    assert aws_cli("sts", "get-caller-identity")["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/poolhouse-dev"


def test_a_pools_second_factors_are_set(aws_cli):
    pool = aws_cli("cognito-idp", "create-user-pool", "--pool-name", fresh("factors"))["UserPool"]["Id"]
    answer = aws_cli(
        "cognito-idp", "set-user-pool-mfa-config", "--user-pool-id", pool, "--mfa-configuration", "OPTIONAL",
        "--software-token-mfa-configuration", "Enabled=true",
    )
    assert answer == {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
    assert aws_cli("cognito-idp", "get-user-pool-mfa-config", "--user-pool-id", pool) == answer
