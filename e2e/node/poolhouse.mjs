// The program under test as a process of its own, and the doors of its dev profile.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const BINARY = process.env.POOLHOUSE_BIN ?? fileURLToPath(new URL("../../target/debug/poolhouse", import.meta.url));
const START_MS = 60_000;
const STOP_MS = 60_000;

/** Nothing of the caller's own AWS settings reaches the program. */
export const CLEAN = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS|POOLHOUSE)_/.test(name)));

/**
 * The log's line of a call that was answered, which is told at `debug`. Where POOLHOUSE_COVERAGE names a folder, what clients
 * were answered goes into the record of the run there, in the words of testkit/src/record.rs.
 */
const LOGGED = { POOLHOUSE_LOG_LEVEL: "info,server::aws=debug" };
const ANSWERED = / ok service="([\w-]+)" operation="(\w+)"/;
const RECORD = process.env.POOLHOUSE_COVERAGE;

export class Poolhouse {
  #process;
  #command;
  #data;
  #log;
  output = [];

  /** Its data folder. */
  get data() {
    return this.#data;
  }

  /** Starts `poolhouse dev`, or another profile, on a free port of loopback. */
  static async start(profile = "dev", ...flags) {
    const server = new Poolhouse();
    server.#data = await mkdtemp(join(tmpdir(), "poolhouse-e2e."));
    server.#command = [profile, "--data", server.#data, ...flags];
    await server.#begin(0);
    return server;
  }

  async #begin(port) {
    const all = [...this.#command, "--listen", `127.0.0.1:${port}`];
    this.#process = spawn(BINARY, all, { env: { ...CLEAN, ...LOGGED }, stdio: ["ignore", "pipe", "pipe"] });
    this.#log = createInterface({ input: this.#process.stderr });
    this.#log.on("line", (line) => {
      const [, service, operation] = line.match(ANSWERED) ?? [];
      if (RECORD && operation) appendFileSync(`${RECORD}/clients.${process.pid}`, `${service} ${operation} ok\n`);
      this.output.push(line);
    });
    this.url = await this.#listening();
  }

  /** `kill -9`, and a new process with the same data at the same port. */
  async crash() {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await ended;
    await this.#begin(new URL(this.url).port);
  }

  #listening() {
    return new Promise((resolve, reject) => {
      const fail = (why) => {
        this.#process.kill("SIGKILL");
        reject(new Error(`${why}:\n${this.output.join("\n")}`));
      };
      const timer = setTimeout(fail, START_MS, "no address in time");
      this.#process.once("error", (error) => fail(error.message));
      this.#process.once("exit", (code) => fail(`ended with ${code}`));
      createInterface({ input: this.#process.stdout }).on("line", (line) => {
        this.output.push(line);
        const [, url] = line.match(/^listening (http:\S+)/) ?? [];
        if (!url) return;
        clearTimeout(timer);
        this.#process.removeAllListeners("exit");
        resolve(url);
      });
    });
  }

  /** A graceful stop; anything but a clean end is a failure. */
  async stop() {
    const read = once(this.#log, "close");
    const ended = this.#process.exitCode === null ? once(this.#process, "exit") : [this.#process.exitCode];
    this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), STOP_MS);
    const [code] = await ended;
    clearTimeout(timer);
    await read;
    await rm(this.#data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`ended with ${code} after SIGTERM:\n${this.output.join("\n")}`);
  }

  /** What the first line of the output says that matches, as soon as there is one: the pattern's first group. */
  async said(pattern) {
    for (const end = Date.now() + START_MS; Date.now() < end; ) {
      const found = this.output.map((line) => line.match(pattern)).find(Boolean);
      if (found) return found[1];
      await new Promise((later) => setTimeout(later, 20));
    }
    throw new Error(`${pattern} is not in:\n${this.output.join("\n")}`);
  }

  async inbox(to) {
    return this.#door(`inbox?to=${encodeURIComponent(to)}`);
  }

  /** The code in the newest message to an address. */
  async code(to) {
    const [message] = await this.inbox(to);
    if (!message) throw new Error(`no message to ${to}`);
    return message.code;
  }

  async advance(seconds) {
    await this.#door("clock", { advance_seconds: seconds });
  }

  async #door(path, body) {
    const response = await fetch(`${this.url}/_poolhouse/${path}`, {
      method: body ? "POST" : "GET",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text ? JSON.parse(text) : undefined;
  }
}
