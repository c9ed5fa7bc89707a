// The device grant (RFC 8628) by openid-client, with somebody who enters the code at a browser of theirs.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as client from "openid-client";

import { CALLBACK, Visitor, makeClient, makeHosted } from "./hosted.mjs";
import { PASSWORD, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
const execute = [client.allowInsecureRequests];
let server, hosted;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server, { pool: { UserPoolTags: { "poolhouse:device-grant": "on" } } });
  await makeUser(hosted, EMAIL);
});
after(() => server?.stop());

async function device(settings = {}) {
  const { ClientId, ClientSecret, ClientName } = await makeClient(hosted, settings);
  const config = await client.discovery(new URL(hosted.issuer), ClientId, ClientSecret, undefined, { execute });
  assert.ok(config.serverMetadata().device_authorization_endpoint);
  return { config, name: ClientName };
}

/** The page that asks whether the device is allowed. */
async function asked(visitor, address) {
  const page = await visitor.open(address);
  assert.ok(page.html, `no page, but ${page.left}`);
  const login = await visitor.submit(page, {});
  return login.html.includes("device_allow") ? login : visitor.submit(login, { username: EMAIL, password: PASSWORD });
}

for (const [kind, settings] of [["a public client", {}], ["one with a secret", { GenerateSecret: true }]]) {
  test(`a device of ${kind} is allowed, and goes on by its refresh token`, async () => {
    const { config, name } = await device(settings);
    const codes = await client.initiateDeviceAuthorization(config, { scope: "openid email" });
    const polling = client.pollDeviceAuthorizationGrant(config, codes);
    const visitor = new Visitor();
    const page = await asked(visitor, codes.verification_uri_complete);
    for (const shown of [codes.user_code, name, EMAIL]) assert.ok(page.html.includes(shown), `${shown} is not shown`);
    const done = await visitor.submit(page, { answer: "yes" });
    assert.equal(done.title, "Device connected");

    const tokens = await polling;
    assert.equal(tokens.claims().email, EMAIL);
    const userInfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.equal(userInfo.email, EMAIL);
    assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token)).access_token);
    await assert.rejects(client.pollDeviceAuthorizationGrant(config, { ...codes, interval: 0 }), { error: "invalid_grant" });

    // Signed in already: asked all the same. And what is typed is not what is shown.
    const again = await client.initiateDeviceAuthorization(config, { scope: "openid" });
    const denied = client.pollDeviceAuthorizationGrant(config, again);
    const form = await visitor.open(again.verification_uri);
    const allow = await visitor.submit(form, { user_code: ` ${again.user_code.toLowerCase().replace("-", "")} ` });
    assert.ok(allow.html.includes(again.user_code), allow.said);
    await Promise.all([assert.rejects(denied, { error: "access_denied" }), visitor.submit(allow, { answer: "no" })]);
  });
}

test("a code is its client's alone", async () => {
  const [mine, other] = [await device(), await device()];
  const codes = await client.initiateDeviceAuthorization(mine.config, { scope: "openid" });
  await assert.rejects(client.pollDeviceAuthorizationGrant(other.config, { ...codes, interval: 0 }), { error: "invalid_grant" });
  assert.equal(new URL(codes.verification_uri).origin, server.url);
  assert.notEqual(new URL(codes.verification_uri).origin, new URL(CALLBACK).origin);
});
