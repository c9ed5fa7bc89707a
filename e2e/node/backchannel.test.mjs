// Back-channel logout: the modules of the OpenID conformance suite's plan by their names, with an app's server of our own that verifies what
// it is told by `jose`; and what becomes of it when the program is killed or the app's server is away.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { createRemoteJWKSet, jwtVerify } from "jose";
import * as client from "openid-client";

import { CALLBACK, SIGNED_OUT, Visitor, makeClient, makeHosted } from "./hosted.mjs";
import { PASSWORD, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const execute = [client.allowInsecureRequests];
let server, hosted, app, config;

/** An app's server: what it is told, and what it answers. */
class Hearing {
  status = 200;
  #told = [];
  #waiting = [];

  async begin() {
    this.server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += part;
      response.writeHead(this.status).end();
      this.#told.push({ method: request.method, type: request.headers["content-type"], body: new URLSearchParams(body) });
      this.#waiting.splice(0).forEach((wake) => wake());
    }).listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.uri = `http://127.0.0.1:${this.server.address().port}/backchannel?from=op`;
    return this;
  }

  async next() {
    while (!this.#told.length) await new Promise((resolve) => this.#waiting.push(resolve));
    return this.#told.shift();
  }
}

before(async () => {
  server = await Poolhouse.start("dev", "--allow-private-upstreams");
  hosted = await makeHosted(server);
  await makeUser(hosted, EMAIL);
  app = await new Hearing().begin();
  const { ClientId, ClientSecret } = await makeClient(hosted, { GenerateSecret: true });
  const { UserPool } = await hosted.admin.idp.describeUserPool({ UserPoolId: hosted.userPoolId });
  await hosted.admin.idp.tagResource({
    ResourceArn: UserPool.Arn,
    Tags: { [`poolhouse:backchannel-logout:${ClientId}`]: app.uri },
  });
  config = await client.discovery(new URL(hosted.issuer), ClientId, ClientSecret, undefined, { execute });
});
after(async () => {
  app?.server.close();
  await server?.stop();
});

async function signedIn(visitor, email = EMAIL) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const left = await visitor.signIn(url, email);
  return client.authorizationCodeGrant(config, new URL(left), { pkceCodeVerifier });
}

/** The claims of what the app was told. */
async function heard(tokens) {
  const payload = await verified();
  assert.deepEqual([payload.sub, payload.sid], [tokens.claims().sub, tokens.claims().sid]);
  return payload;
}

async function verified() {
  const { method, type, body } = await app.next();
  assert.deepEqual([method, type, [...body.keys()]], ["POST", "application/x-www-form-urlencoded", ["logout_token"]]);
  const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri));
  const { payload } = await jwtVerify(body.get("logout_token"), keys, {
    typ: "logout+jwt",
    algorithms: ["RS256"],
    issuer: hosted.issuer,
    audience: config.clientMetadata().client_id,
    requiredClaims: ["iat", "exp", "jti", "events", "sid", "sub"],
  });
  assert.deepEqual(payload.events, { [EVENT]: {} });
  assert.equal(payload.nonce, undefined);
  return payload;
}

test("oidcc-backchannel-logout-discovery-endpoint-verification", () => {
  const metadata = config.serverMetadata();
  assert.equal(metadata.backchannel_logout_supported, true);
  assert.equal(metadata.backchannel_logout_session_supported, true);
  assert.ok(new URL(metadata.end_session_endpoint));
});

test("oidcc-backchannel-rp-initiated-logout", async () => {
  const visitor = new Visitor();
  const tokens = await signedIn(visitor);
  assert.ok(tokens.claims().sid);
  const out = client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: SIGNED_OUT,
    state: "a-state",
  });
  const { left } = await visitor.open(out);
  assert.equal(left, `${SIGNED_OUT}?state=a-state`);
  await heard(tokens);
  const silent = await visitor.open(client.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: "openid", prompt: "none" }));
  assert.equal(new URL(silent.left).searchParams.get("error"), "login_required");
});

test("Cognito's logout, a disabled user and a deleted one are told too", async () => {
  const visitor = new Visitor();
  const tokens = await signedIn(visitor);
  const out = new URLSearchParams({ client_id: config.clientMetadata().client_id, logout_uri: SIGNED_OUT });
  await visitor.open(`${hosted.at}/logout?${out}`);
  const first = await heard(tokens);

  const more = await signedIn(new Visitor());
  const user = { UserPoolId: hosted.userPoolId, Username: EMAIL };
  await hosted.admin.idp.adminDisableUser(user);
  assert.notEqual((await heard(more)).jti, first.jti);
  await hosted.admin.idp.adminEnableUser(user);

  await makeUser(hosted, "ben@example.com");
  const last = await signedIn(new Visitor(), "ben@example.com");
  await hosted.admin.idp.adminDeleteUser({ ...user, Username: "ben@example.com" });
  await heard(last);
});

test("a client that registers itself says where it is told", async () => {
  const pool = { DcrConfiguration: { OpenDcrEnabled: true }, UserPoolTags: { "poolhouse:backchannel-logout": "on" } };
  const open = await makeHosted(server, { pool });
  await makeUser(open, EMAIL);
  const own = await new Hearing().begin();
  const wanted = {
    client_name: "Notes",
    redirect_uris: [CALLBACK],
    token_endpoint_auth_method: "none",
    backchannel_logout_uri: own.uri,
    backchannel_logout_session_required: true,
  };
  const made = await client.dynamicClientRegistration(new URL(open.issuer), wanted, client.None(), { execute });
  const { client_id, backchannel_logout_uri, backchannel_logout_session_required } = made.clientMetadata();
  assert.deepEqual([backchannel_logout_uri, backchannel_logout_session_required], [own.uri, true]);

  const visitor = new Visitor();
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const url = client.buildAuthorizationUrl(made, {
    redirect_uri: CALLBACK,
    scope: "openid",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  const question = await visitor.submit(await visitor.open(url), { username: EMAIL, password: PASSWORD });
  const { left } = await visitor.submit(question, { answer: "yes" });
  const tokens = await client.authorizationCodeGrant(made, new URL(left), { pkceCodeVerifier });
  await visitor.open(client.buildEndSessionUrl(made, { id_token_hint: tokens.id_token }));
  const { body } = await own.next();
  const keys = createRemoteJWKSet(new URL(made.serverMetadata().jwks_uri));
  const { payload } = await jwtVerify(body.get("logout_token"), keys, { issuer: open.issuer, audience: client_id });
  assert.equal(payload.sid, tokens.claims().sid);
  own.server.close();
});

test("what was not told when the program was killed is told after", async () => {
  const out = (tokens) => client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: SIGNED_OUT });
  const [first, second] = [new Visitor(), new Visitor()];
  const [before, after] = [await signedIn(first), await signedIn(second)];
  // The app is away, so that something is left to be told.
  app.status = 503;
  assert.equal((await first.open(out(before))).left, SIGNED_OUT);
  await app.next();
  await server.crash();
  app.status = 200;
  await server.advance(60);
  assert.equal((await second.open(out(after))).left, SIGNED_OUT);
  const told = [(await verified()).sid, (await verified()).sid];
  assert.deepEqual(told.sort(), [before.claims().sid, after.claims().sid].sort());
});
