"""Every trigger, told whole: the events that each call causes, in order, as they reach a handler under each of Lambda's runtime
clients. Reference: user-pools 16.1 to 16.3. The table is in events_of_accounts, events_of_sign_in and events_of_senders."""

import json
import sys
from pathlib import Path

import pytest

import events_of_accounts  # noqa: F401
import events_of_senders  # noqa: F401
import events_of_sign_in  # noqa: F401
from aws import Aws
from poolhouse import ROOT, Server
from told import ROWS, Told

FUNCTIONS = Path(__file__).parent / "functions"
RUNTIMES = {
    "awslambdaric": [sys.executable, "-m", "awslambdaric", "recorder.handler"],
    "aws-lambda-ric": ["node", str(ROOT / "e2e/node_modules/aws-lambda-ric/index.mjs"), "recorder.handler"],
}


@pytest.fixture(scope="module", params=RUNTIMES)
def stage(request, tmp_path_factory):
    """A server whose function `recorder` runs under one of the runtimes, and the file that it writes to."""
    folder = tmp_path_factory.mktemp("stage")
    record, file = folder / "events", folder / "poolhouse.toml"
    file.write_text(f"""
[[function]]
name = "recorder"
command = {json.dumps(RUNTIMES[request.param])}
directory = "{FUNCTIONS}"
environment = {{ RECORD = "{record}" }}
""")
    with Server("dev", "--config", str(file)) as server:
        yield server, Aws(server.url), record


@pytest.mark.parametrize("name", ROWS)
def test_events(stage, name):
    call, settings = ROWS[name]
    told = Told(*stage, **settings)
    expected = call(told)
    # As text, so that neither `true` and 1 nor "true" are one.
    assert text(told.heard(len(expected))) == text(expected)


def text(events):
    return json.dumps(events, indent=1, sort_keys=True)
