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


def test_a_challenge_outlives_kill_9(tmp_path):
    server = Server(data=tmp_path / "data").start()
    try:
        sms = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "harbour"}
        pool = make_pool(server, Aws(server.url), SmsConfiguration=sms, MfaConfiguration="ON")
        pool.user(phone_number="+15551230000")
        asked = pool.sign_in()
        assert asked["ChallengeName"] == "SMS_MFA"
        server.kill()
        server.start()
        idp = Aws(server.url).idp

        def answer():
            return idp.respond_to_auth_challenge(
                ClientId=pool.client_id, ChallengeName="SMS_MFA", Session=asked["Session"], ChallengeResponses={
                    "USERNAME": "ana@example.com", "SMS_MFA_CODE": server.code("+15551230000")})

        assert answer()["AuthenticationResult"]["RefreshToken"]
        server.kill()
        server.start()
        idp = Aws(server.url).idp
        with pytest.raises(idp.exceptions.NotAuthorizedException, match="can only be used once"):
            answer()
        server.stop()
    finally:
        if server.process.poll() is None:
            server.kill()


def content(key, n):
    """Differs from version to version in length and throughout; every fourth is small enough to need no file."""
    return f"{key} {n}\n".encode() * (3 if n % 4 == 3 else 700 + 37 * n % 4000)


class Overwriter:
    """Writes one key again and again, by a put or by parts, until the server dies; every fourth time it deletes it."""

    def __init__(self, bucket, key):
        self.bucket, self.key = bucket, key
        self.tried = self.acknowledged = 0

    def run(self, url):
        s3 = Aws(url).s3
        try:
            while True:
                self.tried += 1
                self.write(s3, self.tried)
                self.acknowledged = self.tried
        except (BotoCoreError, ClientError):
            return

    def write(self, s3, n):
        where = {"Bucket": self.bucket, "Key": self.key}
        if n % 4 == 0:
            s3.delete_object(**where)
        elif n % 4 == 1:
            upload = where | {"UploadId": s3.create_multipart_upload(**where)["UploadId"]}
            part = s3.upload_part(PartNumber=1, Body=content(self.key, n), **upload)
            s3.complete_multipart_upload(
                MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}, **upload
            )
        else:
            s3.put_object(Body=content(self.key, n), **where)

    def check(self, s3):
        """What is there is what was acknowledged last, or what was under way."""
        try:
            found = s3.get_object(Bucket=self.bucket, Key=self.key)
            body = found["Body"].read()
            assert found["ContentLength"] == len(body)
        except s3.exceptions.NoSuchKey:
            body = None
        may_be = {None if n % 4 == 0 else content(self.key, n) for n in (self.acknowledged, self.tried)}
        assert body in may_be, f"{self.key}: {(body or b'nothing')[:40]} after {self.acknowledged} of {self.tried}"
        # Goes on from what there is.
        self.acknowledged = self.tried


def files_of(data):
    return sum(1 for path in (data / "objects").rglob("*") if path.is_file())


@pytest.mark.timeout(300)
def test_objects_are_whole_after_kill_9(tmp_path):
    server = Server(data=tmp_path / "data").start()
    Aws(server.url).s3.create_bucket(Bucket="crashes")
    overwriters = [Overwriter("crashes", f"key{n}") for n in range(WRITERS)]
    try:
        for round in range(ROUNDS):
            before = [overwriter.acknowledged for overwriter in overwriters]
            writers = [threading.Thread(target=overwriter.run, args=(server.url,)) for overwriter in overwriters]
            for writer in writers:
                writer.start()
            # Each round at another moment of the writers' work.
            deadline = time.monotonic() + 30
            while any(o.acknowledged < n + 5 + round for o, n in zip(overwriters, before)) and time.monotonic() < deadline:
                time.sleep(0.003)
            server.kill()
            for writer in writers:
                writer.join()
            assert all(o.acknowledged > n for o, n in zip(overwriters, before))
            server.start()
            s3 = Aws(server.url).s3
            for overwriter in overwriters:
                overwriter.check(s3)
            listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket="crashes").get("Contents", [])]
            for key in listed:
                s3.head_object(Bucket="crashes", Key=key)
        # Uploads that the kills broke off end as a client would end them; then no file is left that no object names.
        for upload in s3.list_multipart_uploads(Bucket="crashes").get("Uploads", []):
            s3.abort_multipart_upload(Bucket="crashes", Key=upload["Key"], UploadId=upload["UploadId"])
        server.stop()
        server.start()
        there = Aws(server.url).s3.list_objects_v2(Bucket="crashes").get("Contents", [])
        assert files_of(server.data) == sum(1 for entry in there if entry["Size"] > 4096)
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
        s3 = pool.aws.s3
        s3.create_bucket(Bucket="synced")
        spans = []
        for n in range(10):
            begun = time.time()
            if n % 2:
                pool.sign_up(f"user{n}")
            else:
                s3.put_object(Bucket="synced", Key=f"small{n}", Body=b"held in its row")
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
