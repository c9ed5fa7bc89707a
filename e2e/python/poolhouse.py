"""The program under test as a process: how it is started, stopped and killed, and the doors of its dev profile."""

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("POOLHOUSE_BIN", ROOT / "target/debug/poolhouse"))
START_SECONDS = 60
STOP_SECONDS = 60

# Nothing of the caller's own AWS settings reaches the program or a client.
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "POOLHOUSE_"))}

# The log's line of a call that was answered, which is told at `debug`. Where POOLHOUSE_COVERAGE names a folder, what clients
# were answered goes into the record of the run there, in the words of testkit/src/record.rs.
LOGGED = {"POOLHOUSE_LOG_LEVEL": "info,server::aws=debug"}
ANSWERED = re.compile(r' ok service="([\w-]+)" operation="(\w+)"')
RECORD = os.environ.get("POOLHOUSE_COVERAGE")


class Server:
    """One process on a free port of loopback. Use it as a context: it is stopped at the end and its folder removed."""

    def __init__(self, profile="dev", *flags, data=None, keep=False, env=None, wrapper=(), port=0):
        self.profile, self.flags, self.wrapper = profile, flags, wrapper
        self.env = CLEAN | LOGGED | (env or {})
        self.data = Path(data) if data else Path(tempfile.mkdtemp(prefix="poolhouse-e2e."))
        self.keep = keep or data is not None
        self.port = port
        self.said = []
        self.process = self.reader = None

    def start(self):
        # Of this process alone: what an earlier one left unread is not its own.
        lines = queue.Queue()
        command = [*self.wrapper, str(BINARY), self.profile, "--listen", f"127.0.0.1:{self.port}", "--data", str(self.data)]
        self.process = subprocess.Popen(
            [*command, *self.flags],
            env=self.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout, lines), daemon=True)
        self.reader.start()
        self.url = self._address(lines)
        self.port = urllib.parse.urlsplit(self.url).port
        return self

    def _read(self, stdout, lines):
        for line in stdout:
            if answered := ANSWERED.search(line):
                record(*answered.groups())
            self.said.append(line.rstrip())
            lines.put(line)
        lines.put(None)

    def _address(self, lines):
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                line = lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                self.kill()
                raise AssertionError(f"no address within {START_SECONDS} s:\n{self.output}") from None
            if line is None:
                raise AssertionError(f"ended with {self.process.wait()} before it listened:\n{self.output}")
            if line.startswith("listening http"):
                return line.split()[1].strip()

    @property
    def output(self):
        return "\n".join(self.said)

    def stop(self):
        """A graceful stop by the process's own id; anything but a clean end is a failure."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {STOP_SECONDS} s after SIGTERM:\n{self.output}") from None
        self.reader.join()
        assert code == 0, f"ended with {code} after SIGTERM:\n{self.output}"

    def kill(self):
        """`kill -9`."""
        self.process.kill()
        self.process.wait()
        self.reader.join()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            if not self.keep:
                shutil.rmtree(self.data, ignore_errors=True)

    # The doors of dev.

    def inbox(self, to=None):
        """Messages, newest first."""
        query = f"?to={urllib.parse.quote(to)}" if to else ""
        return self.door(f"inbox{query}")

    def code(self, to):
        """The code in the newest message to an address."""
        messages = self.inbox(to)
        assert messages, f"no message to {to}"
        return messages[0]["code"]

    def advance(self, **how_long):
        """Moves the server's `now`: `advance(hours=1)`."""
        units = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        self.door("clock", {"advance_seconds": sum(units[unit] * count for unit, count in how_long.items())})

    def reset(self):
        self.door("reset", {})

    def door(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"accept": "application/json", "content-type": "application/json"}
        with http(f"{self.url}/_poolhouse/{path}", data=data, headers=headers) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def record(service, operation):
    if RECORD:
        with open(f"{RECORD}/clients.{os.getpid()}", "a") as file:
            file.write(f"{service} {operation} ok\n")


def http(url, data=None, headers=None, method=None):
    """A plain request; raises urllib.error.HTTPError for what is not 2xx."""
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30)


def run(*arguments, env=None, check=True):
    """One of the program's commands that end by themselves. Returns what it printed on standard output."""
    done = subprocess.run(
        [str(BINARY), *map(str, arguments)], env=CLEAN | (env or {}), stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=60,
    )
    assert not check or done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout
