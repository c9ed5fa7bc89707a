// The modules of the OpenID conformance suite's plan RP-Initiated Logout OP, under their names, against a pool of the certification
// profile (docs/oauth.md). Reference: oauth-and-federation 16.

import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { SignJWT, decodeJwt, decodeProtectedHeader } from "jose";

import { Provider } from "./certification.mjs";
import { SIGNED_OUT } from "./hosted.mjs";

let op;
before(async () => {
  op = await Provider.start();
});
after(() => op?.stop());

/** Somebody who has signed in. */
const signedIn = () => op.tokens(op.request());

const leave = ({ visitor }, parameters, init) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
  const { end_session_endpoint } = op.metadata;
  return init?.posted ? visitor.open(end_session_endpoint, query) : visitor.open(`${end_session_endpoint}?${query}`);
};

/** Whether the browser's session goes on. */
async function isIn({ visitor }) {
  const { answer } = await op.authorize(op.request({ prompt: "none" }), visitor);
  if (answer.error) assert.equal(answer.error, "login_required");
  return !answer.error;
}

/** What a good request says. */
const good = ({ id_token }) => ({ id_token_hint: id_token, post_logout_redirect_uri: SIGNED_OUT, state: randomUUID() });

/** An error is shown, nobody is sent anywhere, and nobody is signed out. */
async function refused(change) {
  const person = await signedIn();
  const parameters = { ...good(person), ...change(person) };
  for (const posted of [false, true]) {
    const page = await leave(person, parameters, { posted });
    assert.equal(page.left, undefined);
    assert.equal(page.status, 400);
    assert.ok(page.said);
  }
  assert.equal(await isIn(person), true);
}

/** The person is signed out, and reads so: without a hint of whose session it is they are asked before (section 2). */
async function said(parameters) {
  const person = await signedIn();
  const { id_token_hint, ...rest } = parameters(person);
  let page = await leave(person, { id_token_hint, ...rest });
  if (!id_token_hint) {
    assert.equal(page.title, "Sign out?");
    assert.equal(await isIn(person), true);
    page = await person.visitor.submit(page, { answer: "yes" });
  }
  assert.equal(page.left, undefined);
  assert.equal(page.status, 200);
  assert.equal(page.title, "You’re signed out");
  assert.equal(await isIn(person), false);
}

describe("oidcc-rp-initiated-logout-certification-test-plan", () => {
  test("oidcc-rp-initiated-logout", async () => {
    for (const posted of [false, true]) {
      const person = await signedIn();
      const parameters = good(person);
      const { left } = await leave(person, parameters, { posted });
      assert.equal(left, `${SIGNED_OUT}?state=${parameters.state}`);
      assert.equal(await isIn(person), false);
    }
  });
  test("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", () =>
    refused(() => ({ post_logout_redirect_uri: "https://elsewhere.example.com/" })));
  test("oidcc-rp-initiated-logout-modified-id-token-hint", () =>
    refused(({ id_token }) => {
      const none = Buffer.from(JSON.stringify({ ...decodeProtectedHeader(id_token), alg: "none" })).toString("base64url");
      return { id_token_hint: `${none}.${id_token.split(".")[1]}.` };
    }));
  test("oidcc-rp-initiated-logout-bad-id-token-hint", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const first = await signedIn();
    const forged = await new SignJWT(decodeJwt(first.id_token)).setProtectedHeader(decodeProtectedHeader(first.id_token)).sign(privateKey);
    await refused(() => ({ id_token_hint: forged }));
  });
  test("oidcc-rp-initiated-logout-no-id-token-hint", () => refused(() => ({ id_token_hint: undefined })));
  test("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", () =>
    refused(() => ({ post_logout_redirect_uri: `${SIGNED_OUT}?more=1` })));
  test("oidcc-rp-initiated-logout-no-state", async () => {
    const person = await signedIn();
    assert.equal((await leave(person, { ...good(person), state: undefined })).left, SIGNED_OUT);
    assert.equal(await isIn(person), false);
  });
  test("whoever has only a client is asked, and comes to its address", async () => {
    for (const posted of [false, true]) {
      const person = await signedIn();
      const { visitor } = person;
      const parameters = { client_id: op.client.ClientId, post_logout_redirect_uri: SIGNED_OUT, state: randomUUID() };
      const page = await leave(person, parameters, { posted });
      assert.equal(page.title, "Sign out?");
      assert.equal((await visitor.submit(page, { answer: "no" })).title, "You’re still signed in");
      assert.equal(await isIn(person), true);
      const { left } = await visitor.submit(await leave(person, parameters, { posted }), { answer: "yes" });
      assert.equal(left, `${SIGNED_OUT}?state=${parameters.state}`);
      assert.equal(await isIn(person), false);
    }
  });
  test("oidcc-rp-initiated-logout-no-params", () => said(() => ({})));
  test("oidcc-rp-initiated-logout-only-state", () => said(() => ({ state: randomUUID() })));
  test("oidcc-rp-initiated-logout-no-post-logout-redirect-uri", () => said(({ id_token }) => ({ id_token_hint: id_token, state: randomUUID() })));
});
