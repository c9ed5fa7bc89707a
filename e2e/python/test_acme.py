"""Certificates by ACME, of an authority that connects to the server to prove each name."""

import json
import socket
import time

import pytest

from authority import Authority
from aws import Aws
from house import make_pool
from poolhouse import Server, run
from test_https_hosts import CUSTOM, curl

SECONDS = 60


def eventually(found):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if result := found():
            return result
        time.sleep(0.2)
    raise AssertionError("it did not come")


@pytest.fixture
def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def authority(tmp_path):
    with Authority(tmp_path) as authority:
        yield authority


def serve(tmp_path, authority, *flags, **more):
    data, keyring = tmp_path / "data", tmp_path / "keyring"
    run("init", "--data", data, "--keyring", keyring)
    flags = [
        "--keyring", str(keyring), "--public-url", "https://id.example.com", "--acme-enabled", "--acme-agree-to-terms",
        "--acme-directory", authority.directory, "--acme-ca-file", str(authority.ca_file), *flags,
    ]
    server = Server("serve", *flags, data=data, **more)
    admin = json.loads(run("admin", "create-access-key", "--data", data, "--keyring", keyring))
    return server, admin, ("--data", data, "--keyring", keyring)


def states(storage):
    lines = run("admin", "show-certificates", *storage).splitlines()
    return {line["Domain"]: line for line in map(json.loads, lines)}


def test_a_server_and_its_pools_domains_get_certificates(tmp_path, authority, free_port):
    authority.port = free_port
    server, admin, storage = serve(tmp_path, authority, "--acme-prefix-domains", port=free_port)
    with server:
        own = eventually(lambda: curl(server, "https://id.example.com/_poolhouse/health", authority.ca_file))
        assert own[0] == 200
        assert curl(server, "https://auth.shop.example/login", authority.ca_file) is None
        aws = Aws(f"https://127.0.0.1:{server.port}", admin, verify=False)
        pool = make_pool(server, aws, AutoVerifiedAttributes=[])
        pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain="auth.shop.example", CustomDomainConfig=CUSTOM)
        status, body = eventually(lambda: curl(server, "https://auth.shop.example/login", authority.ca_file))
        assert status == 400 and "<html" in body
        pool.idp.create_user_pool_domain(UserPoolId=pool.id, Domain="staff")
        prefix = "staff.auth.us-east-1.id.example.com"
        assert eventually(lambda: curl(server, f"https://{prefix}/login", authority.ca_file))[0] == 400
        assert curl(server, "https://nobody.example/", authority.ca_file) is None
        found = states(storage)
        assert set(found) == {"id.example.com", "auth.shop.example", prefix} == set(authority.ordered)
        assert all(line["Expires"] > line["NextOrder"] and not line["Failures"] for line in found.values())
        assert "PRIVATE" not in server.output and "BEGIN" not in server.output
        ordered = list(authority.ordered)

    # What came is kept: nothing is ordered anew.
    with server:
        assert curl(server, "https://auth.shop.example/login", authority.ca_file)[0] == 400
        aws = Aws(f"https://127.0.0.1:{server.port}", admin, verify=False)
        aws.client("cognito-idp").delete_user_pool_domain(UserPoolId=pool.id, Domain="auth.shop.example")
        assert curl(server, "https://auth.shop.example/login", authority.ca_file) is None
        eventually(lambda: "auth.shop.example" not in states(storage))
        assert authority.ordered == ordered


def test_names_are_proved_by_http_beside_https(tmp_path, authority, free_port):
    authority.http_port = free_port
    flags = ["--acme-challenge", "http-01", "--listen-http", f"127.0.0.1:{free_port}"]
    server, _, _ = serve(tmp_path, authority, *flags)
    with server:
        own = eventually(lambda: curl(server, "https://id.example.com/_poolhouse/health", authority.ca_file))
        assert own[0] == 200


def test_a_name_that_leads_elsewhere_says_so(tmp_path, authority, free_port):
    authority.port = free_port
    server, _, storage = serve(tmp_path, authority)
    with server:
        failed = eventually(lambda: (state := states(storage).get("id.example.com")) and state["Failures"] and state)
        assert "could not be proved" in failed["Error"] and failed["Expires"] is None
        assert curl(server, "https://id.example.com/", authority.ca_file) is None
    assert len(authority.ordered) == 1


def test_terms_are_agreed_to_in_so_many_words(tmp_path):
    data, keyring = tmp_path / "data", tmp_path / "keyring"
    run("init", "--data", data, "--keyring", keyring)
    server = Server("serve", "--keyring", str(keyring), "--acme-enabled", data=data)
    with pytest.raises(AssertionError, match="--acme-agree-to-terms"):
        server.start()
