"""Two nodes on one PostgreSQL: what one did, the other knows. The cluster is the test's own, on a socket in its folder."""

import glob
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

import pytest

from aws import Aws, refused
from house import fresh, make_pool
from poolhouse import Server, run

PROGRAMS = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))

pytestmark = pytest.mark.skipif(
    not PROGRAMS and os.environ.get("POOLHOUSE_REQUIRE_POSTGRES") != "1", reason="PostgreSQL is not installed"
)


@pytest.fixture(scope="module")
def database():
    """The URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="poolhouse-pg."))
    become = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "postgres")
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]

    def call(program, *arguments):
        done = subprocess.run(
            [*become, f"{PROGRAMS[-1]}/{program}", *arguments], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        assert done.returncode == 0, done.stderr

    data = folder / "data"
    call("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    call("pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start")
    yield f"postgres://postgres@{urllib.parse.quote(str(folder), safe='')}/postgres"
    call("pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def nodes(database, tmp_path_factory):
    """(server, clients of the administrator) of each of two nodes."""
    folder = tmp_path_factory.mktemp("nodes")
    storage = ["--database", database, "--keyring", str(folder / "keyring")]
    run("init", "--data", folder / "a", *storage)
    key = json.loads(run("admin", "create-access-key", "--data", folder / "a", *storage))
    flags = [*storage, "--public-url", "https://id.example.com"]
    with Server("serve", *flags, data=folder / "a") as a, Server("serve", *flags, data=folder / "b") as b:
        yield (a, Aws(a.url, key)), (b, Aws(b.url, key))


def test_what_one_node_did_the_other_knows(nodes):
    (a, at_a), (b, at_b) = nodes
    pool = make_pool(a, at_a, AutoVerifiedAttributes=[])
    pool.user("ana")
    pool.server, pool.aws = b, at_b
    tokens = pool.tokens("ana")
    assert pool.claims(tokens["IdToken"])["iss"] == f"https://id.example.com/{pool.id}"
    at_a.idp.get_user(AccessToken=tokens["AccessToken"])
    at_a.idp.global_sign_out(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        at_b.idp.get_user(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(tokens["RefreshToken"])


def test_a_changed_setting_holds_on_the_other_node_within_a_second(nodes):
    (a, at_a), (b, at_b) = nodes
    pool = make_pool(a, at_a, AutoVerifiedAttributes=[])
    pool.user("ana")
    pool.server, pool.aws = b, at_b
    pool.tokens("ana")
    at_a.idp.update_user_pool_client(
        UserPoolId=pool.id, ClientId=pool.client_id, ExplicitAuthFlows=["ALLOW_REFRESH_TOKEN_AUTH"]
    )
    changed = time.monotonic()
    with refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"):
        while time.monotonic() - changed < 2:
            asked = time.monotonic()
            pool.tokens("ana")
            assert asked - changed < 1, "the old setting still held after a second"


def test_a_challenge_of_one_node_is_answered_at_the_other(nodes):
    (a, at_a), (b, at_b) = nodes
    pool = make_pool(a, at_a, AutoVerifiedAttributes=[])
    pool.admin("admin_create_user", "ben", MessageAction="SUPPRESS", TemporaryPassword="Temporary-1")
    challenge = pool.sign_in("ben", "Temporary-1")
    answer = at_b.idp.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="NEW_PASSWORD_REQUIRED", Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "ben", "NEW_PASSWORD": "Correct-Horse-9"},
    )
    at_a.idp.get_user(AccessToken=answer["AuthenticationResult"]["AccessToken"])


def test_one_node_goes_on_when_the_other_is_killed(nodes):
    (a, at_a), (b, at_b) = nodes
    pool = make_pool(b, at_b, AutoVerifiedAttributes=[])
    b.kill()
    pool.server, pool.aws = a, at_a
    pool.user("ana")
    b.start()
    Aws(b.url).idp.get_user(AccessToken=pool.tokens("ana")["AccessToken"])


def test_a_domain_of_one_node_is_described_by_the_other_at_once(nodes):
    """What Terraform does through a load balancer: it sets up at one node and waits at another."""
    (a, at_a), (b, at_b) = nodes
    pool = make_pool(a, at_a, AutoVerifiedAttributes=[])
    named = {"UserPoolId": pool.id, "Domain": fresh("harbour")}
    # The other node has read the pool's settings, and keeps them.
    at_b.idp.describe_user_pool(UserPoolId=pool.id)

    def described():
        found = at_b.idp.describe_user_pool_domain(Domain=named["Domain"])["DomainDescription"]
        return found.get("Status"), found.get("ManagedLoginVersion")

    assert described() == (None, None)
    at_a.idp.create_user_pool_domain(**named)
    assert described() == ("ACTIVE", 1)
    at_a.idp.update_user_pool_domain(**named, ManagedLoginVersion=2)
    assert described() == ("ACTIVE", 2)
    at_a.idp.delete_user_pool_domain(**named)
    assert described() == (None, None)
