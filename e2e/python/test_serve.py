"""The profile for production: everything verified, no test doors. Keys come from `poolhouse admin create-access-key`."""

import json
import urllib.error

import pytest

from aws import Aws, refused
from house import fresh, make_pool
from poolhouse import Server, http, run

INVALID = "The security token included in the request is invalid."


@pytest.fixture(scope="module")
def storage(tmp_path_factory):
    """What `poolhouse init` makes: a data folder and, outside of it, the keyring."""
    folder = tmp_path_factory.mktemp("serve")
    flags = ["--keyring", str(folder / "keyring")]
    run("init", "--data", folder / "data", *flags)
    return folder / "data", flags


@pytest.fixture(scope="module")
def server(storage):
    data, flags = storage
    with Server("serve", *flags, "--public-url", "https://id.example.com", data=data) as server:
        yield server


@pytest.fixture(scope="module")
def administrator(server, storage):
    data, flags = storage
    return Aws(server.url, json.loads(run("admin", "create-access-key", "--data", data, *flags)))


def test_an_unknown_key_is_nobody(server):
    nobody = Aws(server.url)
    with refused("UnrecognizedClientException", INVALID):
        nobody.idp.list_user_pools(MaxResults=1)
    with refused("InvalidClientTokenId", INVALID):
        nobody.sts.get_caller_identity()
    with refused("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."):
        nobody.s3.list_buckets()


@pytest.mark.parametrize("door", ["inbox", "inbox.json", "reset", "clock"])
def test_the_doors_of_dev_do_not_exist(server, door):
    for data in (None, b"{}"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            http(f"{server.url}/_poolhouse/{door}", data=data)
        assert caught.value.code == 404


def test_health_is_told(server):
    with http(f"{server.url}/_poolhouse/health") as answer:
        assert answer.status == 200


def test_addresses_of_version_2_are_for_dev_or_for_who_asks_for_them(server, storage, administrator):
    bucket = fresh("old")
    administrator.s3.create_bucket(Bucket=bucket)
    administrator.s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    old = administrator.client("s3", signature_version="s3", s3={"addressing_style": "path"})
    url = old.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "k"})
    with pytest.raises(urllib.error.HTTPError) as caught:
        http(url)
    assert caught.value.code == 400 and b"Please use AWS4-HMAC-SHA256." in caught.value.read()


def test_an_issued_key_administers(server, administrator):
    pool = make_pool(server, administrator, AutoVerifiedAttributes=[])
    pool.user("ana")
    tokens = pool.tokens("ana")
    claims = pool.claims(tokens["IdToken"])
    assert (claims["cognito:username"], claims["iss"]) == ("ana", f"https://id.example.com/{pool.id}")
    bucket = fresh("serve")
    administrator.s3.create_bucket(Bucket=bucket)
    with refused("AccessDenied", "Access Denied"):
        administrator.anonymous_s3.list_objects_v2(Bucket=bucket)


def test_without_a_way_to_send_nobody_is_signed_up(server, administrator):
    pool = make_pool(server, administrator)
    with refused("CodeDeliveryFailureException"):
        pool.sign_up()
    with refused("UserNotFoundException", "User does not exist."):
        pool.status()


def test_a_key_made_beside_the_running_server_counts_within_a_second(server, storage):
    data, flags = storage
    key = json.loads(run("admin", "create-access-key", "--data", data, *flags))
    assert set(key) == {"AccessKeyId", "SecretAccessKey"}
    made = Aws(server.url, key)
    made.idp.list_user_pools(MaxResults=1)
    forged = Aws(server.url, key | {"SecretAccessKey": "x" * 40})
    with refused("InvalidSignatureException"):
        forged.idp.list_user_pools(MaxResults=1)


def test_another_keyring_or_a_second_process_does_not_start(server, storage, tmp_path):
    data, flags = storage

    def fails(*flags):
        other = Server("serve", *flags, data=data)
        with pytest.raises(AssertionError, match="before it listened"):
            other.start()
        return other.output.lower()

    assert "another poolhouse runs on the data folder" in fails(*flags)
    other = tmp_path / "other"
    run("init", "--data", tmp_path / "elsewhere", "--keyring", other)
    server.stop()
    assert "keyring" in fails("--keyring", str(other))
    server.start()


def test_users_outlive_a_restart(server, administrator):
    pool = make_pool(server, administrator, AutoVerifiedAttributes=[])
    pool.user("ana")
    refresh = pool.tokens("ana")["RefreshToken"]
    server.stop()
    server.start()
    pool.refresh(refresh)
    pool.tokens("ana")
