"""Fixtures: one dev server a module, pools of a test's own on it."""

import pytest

from aws import Aws
from house import make_pool, make_walk
from poolhouse import BINARY, Server


def pytest_sessionstart(session):
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: cargo build -p poolhouse", returncode=1)


@pytest.fixture(scope="module")
def server():
    with Server() as server:
        yield server


@pytest.fixture(scope="module")
def aws(server):
    return Aws(server.url)


@pytest.fixture
def own_server():
    """A server of the test's own: for tests that move its clock."""
    with Server() as server:
        yield server


@pytest.fixture
def own_pool(own_server):
    return make_pool(own_server, Aws(own_server.url))


@pytest.fixture
def pool(server, aws):
    return make_pool(server, aws)


@pytest.fixture(scope="module")
def walk(server, aws):
    """The set-up of the guides with one confirmed user, shared by a module: its tests must not change it."""
    walk = make_walk(server, aws)
    walk.pool.user()
    return walk


@pytest.fixture(scope="module")
def visitor(walk):
    """(identity id, clients) of the signed-in user."""
    return walk.enter()


@pytest.fixture(scope="module")
def guest(walk):
    return walk.enter_as_guest()
