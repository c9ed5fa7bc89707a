// openid-client 6, and oauth4webapi beneath it, as a relying party: by http in dev, and by https with dev's certificate authority.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import * as oauth from "oauth4webapi";
import * as client from "openid-client";

import { CALLBACK, SIGNED_OUT, Visitor, makeClient, makeHosted, signIn } from "./hosted.mjs";
import { makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
let server, hosted;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server);
  await makeUser(hosted, EMAIL);
});
after(() => server.stop());

/** The library's view of one client, found by the issuer; signatures of ID tokens are verified too. */
async function discovered({ ClientId, ClientSecret }, authentication) {
  const insecure = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };
  return client.discovery(new URL(hosted.issuer), ClientId, ClientSecret, authentication, insecure);
}

const publicApp = async () => discovered({ ClientId: hosted.clientId }, client.None());

/** A request of the app, and what it keeps until its answer comes. */
async function begun(config, parameters = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid email",
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    ...parameters,
  });
  return { url, kept: { pkceCodeVerifier, expectedState, expectedNonce } };
}

async function tokens(config, visitor = new Visitor(), parameters = {}) {
  const { url, kept } = await begun(config, parameters);
  const called = await visitor.signIn(url, EMAIL);
  return client.authorizationCodeGrant(config, new URL(called), kept);
}

/** Somebody who has signed in at this browser already, or an error of the endpoint. */
async function silent(config, visitor, parameters = {}) {
  const { url, kept } = await begun(config, { prompt: "none", ...parameters });
  const { left, said } = await visitor.open(url);
  assert.ok(left, said);
  return client.authorizationCodeGrant(config, new URL(left), kept);
}

test("discovery says what the library asks for", async () => {
  const found = (await publicApp()).serverMetadata();
  assert.equal(found.issuer, hosted.issuer);
  assert.ok(found.supportsPKCE());
  for (const name of ["authorization", "token", "userinfo", "revocation", "end_session"]) {
    assert.ok(found[`${name}_endpoint`].startsWith(`${hosted.at}/`), name);
  }
});

test("a public client: code, PKCE, state, nonce, ID token, userInfo", async () => {
  const config = await publicApp();
  const answer = await tokens(config);
  const claims = answer.claims();
  assert.deepEqual([claims.iss, claims.aud, claims.email, claims.email_verified], [hosted.issuer, hosted.clientId, EMAIL, true]);
  assert.equal(answer.expires_in, 3600);
  const info = await client.fetchUserInfo(config, answer.access_token, claims.sub);
  assert.deepEqual(info, { sub: claims.sub, username: info.username, email: EMAIL, email_verified: "true" });
});

for (const [name, authentication] of Object.entries({ basic: client.ClientSecretBasic, post: client.ClientSecretPost })) {
  test(`a confidential client authenticates by client_secret_${name}`, async () => {
    const made = await makeClient(hosted, { GenerateSecret: true });
    const config = await discovered(made, authentication(made.ClientSecret));
    const first = await tokens(config);
    const second = await client.refreshTokenGrant(config, first.refresh_token);
    assert.equal(second.claims().sub, first.claims().sub);
    await client.tokenRevocation(config, first.refresh_token);

    const impostor = await discovered(made, authentication("wrong"));
    const { url, kept } = await begun(config);
    const called = new URL(await signIn(url, EMAIL));
    const refused = { error: "invalid_client", status: 400 };
    await assert.rejects(client.authorizationCodeGrant(impostor, called, kept), refused);
    // Somebody else's attempt has not burnt it.
    await client.authorizationCodeGrant(config, called, kept);
  });
}

test("a refresh without rotation brings no new refresh token, and keeps the sign-in's time", async () => {
  const config = await publicApp();
  const first = await tokens(config);
  const second = await client.refreshTokenGrant(config, first.refresh_token);
  assert.equal(second.refresh_token, undefined);
  assert.equal(second.claims().auth_time, first.claims().auth_time);
  assert.notEqual(second.access_token, first.access_token);
  await client.refreshTokenGrant(config, first.refresh_token);
});

test("a refresh with rotation brings one that takes the place of the first", async () => {
  const made = await makeClient(hosted, { RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 } });
  const config = await discovered(made, client.None());
  const first = await tokens(config);
  const second = await client.refreshTokenGrant(config, first.refresh_token);
  assert.ok(second.refresh_token && second.refresh_token !== first.refresh_token);
  await assert.rejects(client.refreshTokenGrant(config, first.refresh_token), { error: "invalid_grant" });
});

test("what is revoked refreshes no more, and userInfo says so by a challenge", async () => {
  const config = await publicApp();
  const answer = await tokens(config);
  await client.tokenRevocation(config, answer.refresh_token);
  await assert.rejects(client.refreshTokenGrant(config, answer.refresh_token), { error: "invalid_grant" });
  const { sub } = answer.claims();
  await assert.rejects(client.fetchUserInfo(config, answer.access_token, sub), (error) => {
    const [{ scheme, parameters }] = error.cause;
    return scheme === "bearer" && parameters.error === "invalid_token";
  });
  // A second time is no error (RFC 7009).
  await client.tokenRevocation(config, answer.refresh_token);
});

test("a code counts once", async () => {
  const config = await publicApp();
  const { url, kept } = await begun(config);
  const called = new URL(await signIn(url, EMAIL));
  const first = await client.authorizationCodeGrant(config, called, kept);
  await assert.rejects(client.authorizationCodeGrant(config, called, kept), { error: "invalid_grant" });
  await assert.rejects(client.refreshTokenGrant(config, first.refresh_token), { error: "invalid_grant" });
});

test("a code without its verifier is none", async () => {
  const config = await publicApp();
  const { url, kept } = await begun(config);
  const called = new URL(await signIn(url, EMAIL));
  const other = { ...kept, pkceCodeVerifier: client.randomPKCECodeVerifier() };
  await assert.rejects(client.authorizationCodeGrant(config, called, other), { error: "invalid_grant" });
  await assert.rejects(client.authorizationCodeGrant(config, called, kept), { error: "invalid_grant" });
});

test("prompt=none answers who has signed in, and nobody else", async () => {
  const config = await publicApp();
  const visitor = new Visitor();
  await assert.rejects(silent(config, visitor), { error: "login_required" });
  const first = (await tokens(config, visitor)).claims();
  const again = (await silent(config, visitor)).claims();
  assert.deepEqual([again.sub, again.auth_time], [first.sub, first.auth_time]);
  // Another client of the pool as well.
  const other = await discovered(await makeClient(hosted), client.None());
  assert.equal((await silent(other, visitor)).claims().sub, first.sub);
});

test("who has signed in is not asked again, but by prompt=login", async () => {
  const config = await publicApp();
  const visitor = new Visitor();
  await tokens(config, visitor);
  const quiet = await begun(config);
  const { left } = await visitor.open(quiet.url);
  await client.authorizationCodeGrant(config, new URL(left), quiet.kept);

  const asked = await visitor.open((await begun(config, { prompt: "login" })).url);
  assert.equal(asked.title, "Sign in");
  // Signing in anew is enough: it does not ask for ever.
  await tokens(config, visitor, { prompt: "login" });
});

test("max_age asks whoever signed in longer ago", async () => {
  const config = await publicApp();
  const visitor = new Visitor();
  const first = (await tokens(config, visitor)).claims();
  const young = await begun(config, { max_age: "600" });
  const { left } = await visitor.open(young.url);
  const checked = { ...young.kept, maxAge: 600 };
  assert.equal((await client.authorizationCodeGrant(config, new URL(left), checked)).claims().auth_time, first.auth_time);

  await new Promise((later) => setTimeout(later, 1100));
  await assert.rejects(silent(config, visitor, { max_age: "1" }), { error: "login_required" });
  const { url, kept } = await begun(config, { max_age: "1" });
  const called = new URL(await visitor.signIn(url, EMAIL));
  const { auth_time } = (await client.authorizationCodeGrant(config, called, { ...kept, maxAge: 1 })).claims();
  assert.ok(auth_time > first.auth_time);
});

test("an error is told to the app where the app is known, and else to the visitor", async () => {
  const config = await publicApp();
  const scope = await begun(config, { scope: "openid offline_access" });
  const { left } = await new Visitor().open(scope.url);
  assert.match(left, /^http:\/\/localhost:3000\/callback\?error_description=invalid_scope&state=[\w-]+&error=invalid_request$/);
  await assert.rejects(client.authorizationCodeGrant(config, new URL(left), scope.kept), {
    error: "invalid_request",
    error_description: "invalid_scope",
  });

  const elsewhere = await begun(config, { redirect_uri: "http://localhost:3000/callback/" });
  const page = await new Visitor().open(elsewhere.url);
  assert.deepEqual([page.status, page.said], [400, "redirect_mismatch"]);
  assert.ok(page.url.startsWith(`${hosted.at}/error?error=redirect_mismatch&client_id=${hosted.clientId}`));

  const implicit = await begun(config, { response_type: "token" });
  assert.match((await new Visitor().open(implicit.url)).left, /#error=unauthorized_client&state=/);
});

test("a state comes back as it was", async () => {
  const config = await publicApp();
  const visitor = new Visitor();
  await tokens(config, visitor);
  for (const state of ['a b&c=d+e%2B%"<ü>/?#', '{"to":"/page?x=1"}']) {
    const { url } = await begun(config, { state });
    for (const called of [await signIn(url, EMAIL), (await visitor.open(url)).left]) {
      assert.equal(new URL(called).searchParams.get("state"), state);
    }
  }
});

test("a wrong password is no way in", async () => {
  const config = await publicApp();
  const { url } = await begun(config);
  const visitor = new Visitor();
  const again = await visitor.submit(await visitor.open(url), { username: EMAIL, password: "Wrong-Horse-9" });
  assert.equal(again.said, "Incorrect username or password.");
  const { left } = await visitor.submit(again, { username: EMAIL, password: "Correct-Horse-9" });
  assert.ok(new URL(left).searchParams.get("code"));
});

test("RP-initiated logout ends the browser's session", async () => {
  const config = await publicApp();
  const visitor = new Visitor();
  const { id_token } = await tokens(config, visitor);
  const url = client.buildEndSessionUrl(config, {
    post_logout_redirect_uri: SIGNED_OUT,
    id_token_hint: id_token,
    state: "bye now",
  });
  const elsewhere = new URL(url);
  elsewhere.searchParams.set("post_logout_redirect_uri", "http://localhost:3000/other");
  assert.deepEqual((await visitor.open(elsewhere)).said, "redirect_mismatch");
  await silent(config, visitor);

  assert.equal((await visitor.open(url)).left, `${SIGNED_OUT}?state=bye+now`);
  await assert.rejects(silent(config, visitor), { error: "login_required" });
});

test("oauth4webapi alone takes the same answers", async () => {
  const insecure = { [oauth.allowInsecureRequests]: true };
  const issuer = new URL(hosted.issuer);
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  const app = { client_id: hosted.clientId };
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: app.client_id,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const called = new URL(await signIn(url, EMAIL));
  // No state was sent, so none comes back.
  assert.deepEqual([...called.searchParams.keys()], ["code"]);
  const parameters = oauth.validateAuthResponse(as, app, called, oauth.expectNoState);
  const response = await oauth.authorizationCodeGrantRequest(as, app, oauth.None(), parameters, CALLBACK, verifier, insecure);
  const result = await oauth.processAuthorizationCodeResponse(as, app, response, { requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, response, insecure);
  assert.equal(oauth.getValidatedIdTokenClaims(result).email, EMAIL);
});

test("by https, with dev's certificate authority", async () => {
  const issuer = hosted.issuer.replace("http://127.0.0.1", "https://localhost");
  // Node reads it once, when it starts.
  const program = `
    import * as client from "openid-client";
    import { CALLBACK, signIn } from "./hosted.mjs";
    const config = await client.discovery(new URL(${JSON.stringify(issuer)}), "${hosted.clientId}", undefined, client.None());
    client.enableNonRepudiationChecks(config);
    const url = client.buildAuthorizationUrl(config, { redirect_uri: CALLBACK, scope: "openid", state: "s" });
    const called = new URL(await signIn(url, "${EMAIL}"));
    const answer = await client.authorizationCodeGrant(config, called, { expectedState: "s" });
    console.log(JSON.stringify(answer.claims()));`;
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(server.data, "ca.pem"), NODE_NO_WARNINGS: "1" };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { env, cwd: import.meta.dirname });
  assert.equal(JSON.parse(stdout).iss, issuer);
});
