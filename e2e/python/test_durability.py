"""What was acknowledged is there after `kill -9`, and it was on the disk before it was acknowledged."""

import itertools
import os
import re
import shutil
import signal
import threading
import time
from pathlib import Path

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


LINE = re.compile(r"(?P<thread>\d+) +(?P<at>\d+\.\d+) (?P<call>.*)")
RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<more>.*)")


def system_calls(text):
    """(begun, ended, text) of the calls of `strace -f -ttt`, the halves of interrupted ones put together; in seconds."""
    waiting = {}
    for line in map(LINE.fullmatch, text.splitlines()):
        if not line:
            continue
        thread, at, call = line["thread"], float(line["at"]), line["call"]
        if resumed := RESUMED.fullmatch(call):
            begun, first = waiting.pop(thread)
            yield begun, at, first + resumed["more"]
        elif call.endswith(" <unfinished ...>"):
            waiting[thread] = at, call.removesuffix(" <unfinished ...>")
        else:
            yield at, at, call


def child(process):
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
def test_a_sync_of_the_log_is_complete_before_each_answer(tmp_path):
    trace = tmp_path / "trace"
    watched = "trace=fsync,fdatasync,write,writev,pwrite64,pwritev,sendto,sendmsg"
    strace = ["strace", "-f", "-ttt", "-y", "-s", "64", "-e", watched, "-o", str(trace)]
    server = Server(data=tmp_path / "data", wrapper=strace).start()
    program = child(server.process)
    try:
        pool = make_pool(server, Aws(server.url), AutoVerifiedAttributes=[])
        spans = []
        for n in range(5):
            begun = time.time()
            pool.sign_up(f"user{n}")
            spans.append((begun, time.time()))
    finally:
        # strace itself holds signals back until the program has ended.
        os.kill(program, signal.SIGTERM)
        server.process.wait(20)

    calls = list(system_calls(trace.read_text()))
    writes = [call for call in calls if re.match(r"pwrite\w*\(\d+<[^>]*-wal>", call[2])]
    syncs = [call for call in calls if re.match(r"f(data)?sync\(\d+<[^>]*-wal>\) += 0", call[2])]
    for begun, ended in spans:
        [answered] = [at for at, _, call in calls if begun <= at <= ended and '"HTTP/1.1 200' in call]
        assert any(
            begun <= written[0] and written[1] <= synced[0] and synced[1] <= answered
            for written in writes
            for synced in syncs
        ), "the answer left before the log was on the disk"
