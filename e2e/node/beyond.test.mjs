// What goes beyond Cognito (docs/oauth.md), by openid-client: it holds answers to `iss` where the discovery document promises it, pushes
// its requests, asks what tokens are worth, and registers itself.

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
  hosted = await makeHosted(server, {
    pool: {
      DcrConfiguration: { OpenDcrEnabled: true },
      UserPoolTags: {
        "poolhouse:iss": "on",
        "poolhouse:form-post": "on",
        "poolhouse:introspection": "on",
        "poolhouse:par": "on",
      },
    },
  });
  await makeUser(hosted, EMAIL);
});
after(() => server?.stop());

async function confidential() {
  const { ClientId, ClientSecret } = await makeClient(hosted, { GenerateSecret: true });
  return client.discovery(new URL(hosted.issuer), ClientId, ClientSecret, undefined, { execute });
}

/** A request, and what the answer is held to. */
async function begun(more = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const parameters = {
    redirect_uri: CALLBACK,
    scope: "openid email",
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...more,
  };
  return { parameters, kept: { pkceCodeVerifier, expectedState } };
}

test("a request is pushed, and its tokens are worth something until they are revoked", async () => {
  const config = await confidential();
  const { parameters, kept } = await begun();
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
  assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
  const visitor = new Visitor();
  const left = await visitor.signIn(url, EMAIL);
  const tokens = await client.authorizationCodeGrant(config, new URL(left), kept);
  assert.equal((await visitor.open(url)).status, 400, "a name is good once");

  const told = await client.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([told.active, told.iss, told.client_id], [true, hosted.issuer, config.clientMetadata().client_id]);
  assert.equal((await client.tokenIntrospection(config, tokens.refresh_token)).active, true);
  await client.tokenRevocation(config, tokens.refresh_token);
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    assert.deepEqual(await client.tokenIntrospection(config, token), { active: false });
  }
});

test("an answer of somebody else is not taken", async () => {
  const config = await confidential();
  const { parameters, kept } = await begun();
  const left = new URL(await new Visitor().signIn(client.buildAuthorizationUrl(config, parameters), EMAIL));
  assert.equal(left.searchParams.get("iss"), hosted.issuer);
  left.searchParams.set("iss", "https://id.example.com");
  await assert.rejects(client.authorizationCodeGrant(config, left, kept));
});

test("an answer is posted", async () => {
  const config = await confidential();
  const { parameters, kept } = await begun({ response_mode: "form_post" });
  const visitor = new Visitor();
  const page = await visitor.open(client.buildAuthorizationUrl(config, parameters));
  const { html } = await visitor.submit(page, { username: EMAIL, password: PASSWORD });
  const fields = [...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value.replaceAll("&#x2f;", "/")]);
  assert.match(html, /action="http:(\/|&#x2f;){2}localhost:3000/);
  const request = new Request(CALLBACK, { method: "POST", body: new URLSearchParams(fields) });
  const tokens = await client.authorizationCodeGrant(config, request, kept);
  assert.ok(tokens.id_token);
});

test("a client registers itself, and its user is asked", async () => {
  const metadata = { redirect_uris: [CALLBACK], client_name: "Self made" };
  const config = await client.dynamicClientRegistration(new URL(hosted.issuer), metadata, undefined, { execute });
  assert.ok(config.clientMetadata().client_secret);
  const { parameters, kept } = await begun();
  const visitor = new Visitor();
  const page = await visitor.open(client.buildAuthorizationUrl(config, parameters));
  const asked = await visitor.submit(page, { username: EMAIL, password: PASSWORD });
  assert.equal(asked.title, "Connect Self made?");
  const { left } = await visitor.submit(asked, { answer: "yes" });
  const tokens = await client.authorizationCodeGrant(config, new URL(left), kept);
  assert.equal(tokens.claims().email, EMAIL);
});
