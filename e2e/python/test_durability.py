"""What was acknowledged is there after `kill -9`, and it was on the disk before it was acknowledged."""

import itertools
import re
import shutil
import threading
import time

import pytest
from botocore.exceptions import BotoCoreError, ClientError

import srp
from aws import Aws
from house import PASSWORD, make_pool
from poolhouse import Server

ROUNDS = 5
WRITERS = 6


def sign_up_until_it_dies(url, client_id, names, acknowledged):
    idp = Aws(url).idp
    for name in names:
        try:
            idp.sign_up(ClientId=client_id, Username=name, Password=PASSWORD)
        except (BotoCoreError, ClientError):
            return
        acknowledged.append(name)


@pytest.mark.timeout(300)
def test_every_acknowledged_sign_up_outlives_kill_9(tmp_path):
    server = Server(data=tmp_path / "data").start()
    pool = make_pool(server, Aws(server.url), AutoVerifiedAttributes=[])
    everybody = set()
    try:
        for round in range(ROUNDS):
            acknowledged = []
            writers = [
                threading.Thread(
                    target=sign_up_until_it_dies,
                    args=(server.url, pool.client_id, (f"r{round}w{w}n{n}" for n in itertools.count()), acknowledged),
                )
                for w in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            enough = 10 * (round + 1)
            deadline = time.monotonic() + 30
            while len(acknowledged) < enough and time.monotonic() < deadline:
                time.sleep(0.005)
            server.kill()
            for writer in writers:
                writer.join()
            assert len(acknowledged) >= enough
            everybody |= set(acknowledged)

            server.start()
            pool.aws = Aws(server.url)
            pages = pool.idp.get_paginator("list_users").paginate(UserPoolId=pool.id)
            there = {user["Username"] for page in pages for user in page["Users"]}
            assert everybody <= there, f"lost in round {round}: {everybody - there}"
            # What came too late to be acknowledged is there whole or not at all.
            assert len(there - everybody) <= WRITERS * (round + 1)
            for name in (acknowledged[0], acknowledged[-1]):
                pool.admin("admin_confirm_sign_up", name)
                pool.tokens(name)
                srp.sign_in(pool.idp, pool.id, pool.client_id, name, PASSWORD)
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()


CALL = re.compile(r"^(?P<pid>\d+) +(?P<at>\d+\.\d+) (?P<rest>.*)$")
BEGUN = re.compile(r"^(?P<name>\w+)\((?P<first>[^,)]*)(?P<more>.*?)(?P<open> <unfinished \.\.\.>)?$")
RESUMED = re.compile(r"^<\.\.\. (?P<name>\w+) resumed>(?P<more>.*)$")


def system_calls(text):
    """(begun, ended, name, arguments) of the calls of a trace, with `strace -f` halves put together; times in seconds."""
    waiting = {}
    for line in text.splitlines():
        call = CALL.match(line)
        if not call:
            continue
        at, rest = float(call["at"]), call["rest"]
        if resumed := RESUMED.match(rest):
            begun = waiting.pop((call["pid"], resumed["name"]), None)
            if begun:
                yield begun[0], at, resumed["name"], begun[1] + resumed["more"]
        elif begun := BEGUN.match(rest):
            if begun["open"]:
                waiting[call["pid"], begun["name"]] = (at, rest)
            else:
                yield at, at, begun["name"], rest


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_a_sync_of_the_log_is_complete_before_each_answer(tmp_path):
    trace = tmp_path / "trace"
    watched = "trace=fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg"
    strace = ["strace", "-f", "-ttt", "-y", "-s", "64", "-e", watched, "-o", str(trace)]
    server = Server(data=tmp_path / "data", wrapper=strace).start()
    try:
        pool = make_pool(server, Aws(server.url), AutoVerifiedAttributes=[])
        marks = []
        for n in range(5):
            begun = time.time()
            pool.sign_up(f"user{n}")
            marks.append((begun, time.time()))
    finally:
        # The signal goes to strace, which hands it on.
        server.process.terminate()
        server.process.wait(20)

    calls = list(system_calls(trace.read_text()))
    log_writes = [c for c in calls if c[2].startswith("pwrite") and "-wal>" in c[3]]
    syncs = [c for c in calls if c[2] in ("fsync", "fdatasync") and "-wal>" in c[3]]
    answers = [c for c in calls if "HTTP/1.1 200" in c[3] and "socket" in c[3].lower() or "TCP" in c[3] and "HTTP/1.1 200" in c[3]]
    assert log_writes and syncs
    for begun, ended in marks:
        [answer] = [c for c in answers if begun <= c[0] <= ended]
        written = [c for c in log_writes if begun <= c[0] and c[1] <= answer[0]]
        assert written, "nothing went to the log before the answer"
        last = max(c[1] for c in written)
        synced = [c for c in syncs if last <= c[0] and c[1] <= answer[0]]
        assert synced, "the answer left before the log was on the disk"
