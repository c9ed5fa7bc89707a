// What a trigger's function says of a refusal is shown as text: on the page, and in the address that the app is called at. The functions
// are webhooks. Reference: oauth-and-federation 3.6, 17.3.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";

import { CALLBACK, Visitor, makeHosted } from "./hosted.mjs";
import { PASSWORD, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:gatekeeper";
const EMAIL = "ana@example.com";
const HOSTILE = `</p><img src=x onerror=alert(1)><script>alert("2")</script> {{ 7 * 7 }} & 'x'\r\nSet-Cookie: cognito=planted`;
const LambdaConfig = Object.fromEntries(
  ["PreSignUp", "PreAuthentication", "PreTokenGeneration", "PostConfirmation"].map((trigger) => [trigger, FUNCTION]),
);
let folder, hooks, server, hosted, refused;

before(async () => {
  hooks = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const event = JSON.parse(text);
    const fails = event.triggerSource.startsWith(refused);
    response.writeHead(fails ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(fails ? { errorMessage: HOSTILE } : event));
  }).listen(0, "127.0.0.1");
  await once(hooks, "listening");
  folder = await mkdtemp(join(tmpdir(), "poolhouse-e2e."));
  const file = join(folder, "poolhouse.toml");
  const url = `http://127.0.0.1:${hooks.address().port}/`;
  await writeFile(file, `[[function]]\narn = "${FUNCTION}"\nurl = "${url}"\nsecret = "at least sixteen characters"\n`);
  server = await Poolhouse.start("dev", "--config", file);
  hosted = await makeHosted(server, { pool: { LambdaConfig }, client: { AllowedOAuthFlows: ["code", "implicit"] } });
  await makeUser(hosted, EMAIL);
});
after(async () => {
  await server?.stop();
  hooks?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  refused = "nothing";
});

const request = (path, more = {}) =>
  `${hosted.at}${path}?${new URLSearchParams({ client_id: hosted.clientId, redirect_uri: CALLBACK, response_type: "code", scope: "openid", state: "s", ...more })}`;

/** The sentence stands on the page as a person is to read it, and as nothing else. */
function shown(page, trigger) {
  const sentence = `${trigger} failed with error ${HOSTILE}.`.replace(/\s+/g, " ");
  assert.ok(page.html, `no page, but ${page.left}`);
  assert.equal(page.said.replace(/\s+/g, " "), sentence);
  for (const part of ["<img", "onerror=alert(1)>", "<script>alert", " 49 "]) assert.ok(!page.html.includes(part), part);
}

test("on the page of a sign-up", async () => {
  refused = "PreSignUp";
  const visitor = new Visitor();
  const typed = { username: "eve", password: PASSWORD, "attribute.email": "eve@example.com" };
  shown(await visitor.submit(await visitor.open(request("/signup")), typed), "PreSignUp");
});

test("on the page of a sign-in", async () => {
  refused = "PreAuthentication";
  const visitor = new Visitor();
  shown(await visitor.submit(await visitor.open(request("/login")), { username: EMAIL, password: PASSWORD }), "PreAuthentication");
});

test("in the app's address", async () => {
  refused = "TokenGeneration";
  for (const response_type of ["code", "token"]) {
    const visitor = new Visitor();
    const page = await visitor.open(request("/login", { response_type }));
    const { left } = await visitor.submit(page, { username: EMAIL, password: PASSWORD });
    assert.match(left, /^[\x21-\x7e]+$/);
    const { searchParams, hash } = new URL(left);
    const heard = response_type === "code" ? searchParams : new URLSearchParams(hash.slice(1));
    assert.deepEqual([heard.get("error"), heard.get("state"), heard.get("code")], ["invalid_request", "s", null]);
    assert.equal(heard.get("error_description"), `PreTokenGeneration failed with error ${HOSTILE}. `);
  }
});
