// Hosts of AWS that lead here: a program that knows nothing of this server. docs/alias-hosts.md.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { CLEAN, Poolhouse } from "./poolhouse.mjs";

const here = (name) => fileURLToPath(new URL(`network/${name}`, import.meta.url));
let server;

before(async () => (server = await Poolhouse.start("dev", "--alias-hosts", "eu-west-1")));
after(() => server.stop());

async function run(trusted) {
  const env = {
    ...CLEAN,
    AWS_HOSTS_AT: new URL(server.url).port,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    ...(trusted && { NODE_EXTRA_CA_CERTS: join(server.data, "ca.pem") }),
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", here("aws.mjs"), here("app.mjs"), "app"], { env });
  return JSON.parse(stdout);
}

test("an unmodified program finds everything at AWS's names, if it trusts the authority", async () => {
  await assert.rejects(run(false), /self-signed certificate|unable to (get|verify)/);
  const saw = await run(true);
  assert.equal(saw.iss, saw.issuer);
  assert.equal(saw.subjects[0], saw.subjects[1]);
  assert.match(saw.poolId, /^eu-west-1_/);
  const domain = "https://app.auth.eu-west-1.amazoncognito.com";
  assert.equal(saw.discovered.issuer, saw.issuer);
  assert.equal(saw.discovered.jwks_uri, `${saw.issuer}/.well-known/jwks.json`);
  assert.equal(saw.discovered.authorization_endpoint, `${domain}/oauth2/authorize`);
  assert.equal(saw.discovered.token_endpoint, `${domain}/oauth2/token`);
  assert.equal(saw.login.status, 200);
  assert.ok(saw.login.url.startsWith(`${domain}/login?`), saw.login.url);
  assert.match(saw.login.text, /<form/);
  assert.match(saw.identityId, /^eu-west-1:/);
  assert.equal(saw.object, "here");
  assert.equal(saw.account, "000000000000");
  assert.equal(saw.inbox.status, 400);
  assert.match(saw.inbox.text, /did not understand the operation/);
});
