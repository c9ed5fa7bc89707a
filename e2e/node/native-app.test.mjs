// A native app as AppAuth has it (RFC 8252): the system's browser, an address on loopback or of the app's own scheme, PKCE, no secret.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import * as client from "openid-client";

import { Visitor, makeClient, makeHosted } from "./hosted.mjs";
import { makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
const OWN_SCHEME = "com.example.app:/cb";
let server, hosted, app, loopback, called;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server);
  await makeUser(hosted, EMAIL);
  app = createServer((request, response) => {
    called = request.url;
    response.end("You can close this window.");
  });
  await new Promise((listening) => app.listen(0, "127.0.0.1", listening));
  loopback = `http://127.0.0.1:${app.address().port}/cb`;
});
after(async () => {
  app?.close();
  await server?.stop();
});

async function configured() {
  const { ClientId } = await makeClient(hosted, {
    CallbackURLs: [loopback, OWN_SCHEME],
    LogoutURLs: [OWN_SCHEME],
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
  });
  const execute = [client.allowInsecureRequests];
  return client.discovery(new URL(hosted.issuer), ClientId, undefined, client.None(), { execute });
}

async function begun(config, redirect_uri) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: "openid profile",
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  return { url, kept: { pkceCodeVerifier, expectedState } };
}

test("the app listens on loopback for its answer", async () => {
  const config = await configured();
  const { url, kept } = await begun(config, loopback);
  await fetch(await new Visitor().signIn(url, EMAIL));
  const answer = await client.authorizationCodeGrant(config, new URL(called, loopback), kept);
  assert.ok(answer.refresh_token && answer.claims().sub);
});

test("the app is opened by a scheme of its own, and signs out by it", async () => {
  const config = await configured();
  const { url, kept } = await begun(config, OWN_SCHEME);
  const visitor = new Visitor();
  const left = await visitor.signIn(url, EMAIL);
  assert.match(left, /^com\.example\.app:\/cb\?code=[\w-]+&state=[\w-]+$/);
  const answer = await client.authorizationCodeGrant(config, new URL(left), kept);
  const renewed = await client.refreshTokenGrant(config, answer.refresh_token);
  assert.notEqual(renewed.refresh_token, answer.refresh_token);

  // The browser knows who it is the next time.
  const again = await begun(config, OWN_SCHEME);
  await client.authorizationCodeGrant(config, new URL((await visitor.open(again.url)).left), again.kept);
  // AppAuth's end-session request.
  const end = client.buildEndSessionUrl(config, { post_logout_redirect_uri: OWN_SCHEME, id_token_hint: renewed.id_token, state: "s" });
  assert.equal((await visitor.open(end)).left, `${OWN_SCHEME}?state=s`);
  assert.ok((await visitor.open((await begun(config, OWN_SCHEME)).url)).html);
});

test("forms of a page may lead to the app's scheme, and to no other", async () => {
  const config = await configured();
  const { url } = await begun(config, OWN_SCHEME);
  const page = await new Visitor().open(url);
  const policy = (await fetch(page.url)).headers.get("content-security-policy");
  assert.match(policy, /form-action 'self' https: [^;]* com\.example\.app:;/);
  const other = await begun(config, "com.example.other:/cb");
  assert.equal((await new Visitor().open(other.url)).said, "redirect_mismatch");
});

test("another port of loopback is another address", async () => {
  const config = await configured();
  const { url } = await begun(config, loopback.replace(/:\d+\//, ":1/"));
  assert.equal((await new Visitor().open(url)).said, "redirect_mismatch");
});
