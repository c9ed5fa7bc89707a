// Clients that show who they are by what they sign (private_key_jwt), and tokens that are bound to a key (DPoP): openid-client 6, and
// oauth4webapi beneath it. docs/oauth.md

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import * as oauth from "oauth4webapi";
import * as client from "openid-client";

import { CALLBACK, Visitor, makeClient, makeHosted } from "./hosted.mjs";
import { PASSWORD, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
const execute = [client.allowInsecureRequests];
const insecure = { [oauth.allowInsecureRequests]: true };
const SCOPE = "photos/read";
let server, published, keys, fetched;

before(async () => {
  server = await Poolhouse.start("dev", "--allow-private-upstreams");
  [keys, fetched] = [[], 0];
  published = createServer((_, response) => {
    fetched += 1;
    response.setHeader("content-type", "application/jwk-set+json").end(JSON.stringify({ keys }));
  });
  await new Promise((resolve) => published.listen(0, "127.0.0.1", resolve));
});
after(async () => {
  published?.close();
  await server?.stop();
});

/** A pool that has both on, with what its tags say besides. */
async function made(tags = {}, pool = {}) {
  const UserPoolTags = { "poolhouse:private-key-jwt": "on", "poolhouse:dpop": "on", "poolhouse:par": "on", "poolhouse:introspection": "on", ...tags };
  const hosted = await makeHosted(server, { pool: { UserPoolTags, ...pool } });
  await hosted.admin.idp.createResourceServer({
    UserPoolId: hosted.userPoolId,
    Identifier: "photos",
    Name: "photos",
    Scopes: [{ ScopeName: "read", ScopeDescription: "r" }],
  });
  await makeUser(hosted, EMAIL);
  return hosted;
}

/** A client for itself whose keys a tag has: an address, or one. */
async function machine(hosted, value) {
  const { ClientId } = await makeClient(hosted, {
    GenerateSecret: true,
    AllowedOAuthFlows: ["client_credentials"],
    AllowedOAuthScopes: [SCOPE],
    CallbackURLs: undefined,
    LogoutURLs: undefined,
  });
  const { UserPool } = await hosted.admin.idp.describeUserPool({ UserPoolId: hosted.userPoolId });
  await hosted.admin.idp.tagResource({ ResourceArn: UserPool.Arn, Tags: { [`poolhouse:client-keys:${ClientId}`]: value } });
  return ClientId;
}

const jwk = async ({ publicKey }, more = {}) => {
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", publicKey);
  return { kty, crv, x, y, n, e, ...more };
};

const discovered = (hosted, id, authentication) =>
  client.discovery(new URL(hosted.issuer), id, undefined, authentication, { execute });

/** What somebody who signs in gets. */
async function signedIn(hosted, config, options, { par = false } = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const parameters = {
    redirect_uri: CALLBACK,
    scope: "openid email",
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  };
  const url = par
    ? await client.buildAuthorizationUrlWithPAR(config, parameters, options)
    : client.buildAuthorizationUrl(config, parameters);
  const left = await new Visitor().signIn(url, EMAIL);
  return client.authorizationCodeGrant(config, new URL(left), { pkceCodeVerifier, expectedState }, undefined, options);
}

const confirmed = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url")).cnf;

for (const algorithm of ["ES256", "Ed25519"]) {
  test(`a client shows its one key: ${algorithm}`, async () => {
    const hosted = await made();
    const pair = await oauth.generateKeyPair(algorithm, { extractable: true });
    const id = await machine(hosted, JSON.stringify(await jwk(pair)));
    const config = await discovered(hosted, id, client.PrivateKeyJwt(pair.privateKey));
    const tokens = await client.clientCredentialsGrant(config, { scope: SCOPE });
    assert.equal(tokens.token_type, "bearer");
    assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true);
    const stranger = await oauth.generateKeyPair(algorithm);
    const other = await discovered(hosted, id, client.PrivateKeyJwt(stranger.privateKey));
    await assert.rejects(client.clientCredentialsGrant(other, { scope: SCOPE }), { error: "invalid_client" });
  });
}

test("a client publishes its keys, and the next ones", async () => {
  const hosted = await made();
  const [first, second] = [await oauth.generateKeyPair("PS256"), await oauth.generateKeyPair("RS256")];
  keys = [await jwk(first, { kid: "1", alg: "PS256", use: "sig" })];
  const id = await machine(hosted, `http://127.0.0.1:${published.address().port}/jwks`);
  const by = (key, kid) => discovered(hosted, id, client.PrivateKeyJwt({ key, kid }));
  const old = await by(first.privateKey, "1");
  for (let i = 0; i < 3; i++) await client.clientCredentialsGrant(old, { scope: SCOPE });
  assert.equal(fetched, 1);
  keys.push(await jwk(second, { kid: "2", alg: "RS256" }));
  const next = await by(second.privateKey, "2");
  await assert.rejects(client.clientCredentialsGrant(next, { scope: SCOPE }), { error: "invalid_client" });
  assert.equal(fetched, 1, "asked less than a minute ago");
});

test("a client registers its keys, and its user is signed in by them", async () => {
  const hosted = await made({}, { DcrConfiguration: { OpenDcrEnabled: true } });
  const pair = await oauth.generateKeyPair("RS256");
  const metadata = {
    redirect_uris: [CALLBACK],
    client_name: "Self made",
    token_endpoint_auth_method: "private_key_jwt",
    jwks: { keys: [await jwk(pair)] },
  };
  const authentication = client.PrivateKeyJwt(pair.privateKey);
  const config = await client.dynamicClientRegistration(new URL(hosted.issuer), metadata, authentication, { execute });
  assert.equal(config.clientMetadata().client_secret, undefined);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const parameters = {
    redirect_uri: CALLBACK,
    scope: "openid email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  };
  const visitor = new Visitor();
  const page = await visitor.open(await client.buildAuthorizationUrlWithPAR(config, parameters));
  const asked = await visitor.submit(page, { username: EMAIL, password: PASSWORD });
  const { left } = await visitor.submit(asked, { answer: "yes" });
  const tokens = await client.authorizationCodeGrant(config, new URL(left), { pkceCodeVerifier });
  assert.ok(tokens.refresh_token);
  assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token)).access_token);
});

for (const [title, tags] of [
  ["tokens are bound to a key", {}],
  ["tokens are bound to a key, by proofs that repeat nonces", { "poolhouse:dpop-nonce": "required" }],
  ["where it is required tokens are bound to a key", { "poolhouse:dpop": "required" }],
]) {
  test(title, async () => {
    const hosted = await made(tags);
    const config = await discovered(hosted, hosted.clientId, client.None());
    const pair = await client.randomDPoPKeyPair("ES256");
    const DPoP = client.getDPoPHandle(config, pair);
    const tokens = await signedIn(hosted, config, { DPoP });
    assert.equal(tokens.token_type, "dpop");
    const bound = confirmed(tokens.access_token);
    assert.equal(bound.jkt, await DPoP.calculateThumbprint());
    const { email } = await client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck, { DPoP });
    assert.equal(email, EMAIL);
    const { status, headers } = await fetch(config.serverMetadata().userinfo_endpoint, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    assert.equal(status, 401);
    assert.match(headers.get("www-authenticate"), /^DPoP error="invalid_token"/);

    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    assert.deepEqual(confirmed(renewed.access_token), bound);
    const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair("Ed25519"));
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: other }), { error: "invalid_grant" });
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token));
  });
}

test("a pushed request of a client with keys is bound to a key", async () => {
  const hosted = await made({ "poolhouse:dpop-nonce": "required" });
  const pair = await oauth.generateKeyPair("ES384", { extractable: true });
  const { ClientId } = await makeClient(hosted);
  const { UserPool } = await hosted.admin.idp.describeUserPool({ UserPoolId: hosted.userPoolId });
  const Tags = { [`poolhouse:client-keys:${ClientId}`]: JSON.stringify(await jwk(pair)) };
  await hosted.admin.idp.tagResource({ ResourceArn: UserPool.Arn, Tags });
  const config = await discovered(hosted, ClientId, client.PrivateKeyJwt(pair.privateKey));
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
  const tokens = await signedIn(hosted, config, { DPoP }, { par: true });
  assert.equal(confirmed(tokens.access_token).jkt, await DPoP.calculateThumbprint());
  const told = await client.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([told.token_type, told.cnf], ["DPoP", confirmed(tokens.access_token)]);
});

test("oauth4webapi: a machine's token is bound, and a nonce is asked for once", async () => {
  const hosted = await made({ "poolhouse:dpop-nonce": "required" });
  const pair = await oauth.generateKeyPair("ES256", { extractable: true });
  const id = await machine(hosted, JSON.stringify(await jwk(pair)));
  const issuer = new URL(hosted.issuer);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  assert.ok(as.dpop_signing_alg_values_supported.includes("ES256"));
  const app = { client_id: id };
  const DPoP = oauth.DPoP(app, await oauth.generateKeyPair("ES256"));
  const asked = async () => {
    const options = { DPoP, ...insecure };
    const response = await oauth.clientCredentialsGrantRequest(as, app, oauth.PrivateKeyJwt(pair.privateKey), { scope: SCOPE }, options);
    return oauth.processClientCredentialsResponse(as, app, response);
  };
  await assert.rejects(asked(), (error) => oauth.isDPoPNonceError(error));
  for (let i = 0; i < 2; i++) {
    const tokens = await asked();
    assert.equal(tokens.token_type, "dpop");
    assert.equal(confirmed(tokens.access_token).jkt, await DPoP.calculateThumbprint());
  }
});
