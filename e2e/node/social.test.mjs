// Signing in by Google, Facebook, Amazon and Apple: servers of ours that speak their endpoints as those document them stand in their
// places, by the settings that are there for it.

import assert from "node:assert/strict";
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { decodeJwt } from "jose";

import { CALLBACK, Visitor, formOf, makeClient, makeHosted } from "./hosted.mjs";
import { fresh } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";
import { amazon, apple, facebook, google } from "./social.mjs";

const PERSON = { sub: "10769150350006150715Ab", name: "Ana Lima", email: "ana@example.com", postal_code: "1000-001" };

let folder, server, hosted;
const stands = {};

before(async () => {
  for (const [name, make] of Object.entries({ google, facebook, amazon, apple })) stands[name] = await make({ ...PERSON });
  folder = await mkdtemp(join(tmpdir(), "poolhouse-social."));
  const settings = join(folder, "poolhouse.toml");
  await writeFile(settings, SETTINGS(stands));
  server = await Poolhouse.start("dev", "--config", settings);
  hosted = await makeHosted(server);
});
after(async () => {
  await server?.stop();
  for (const stand of Object.values(stands)) stand.close();
  await rm(folder, { recursive: true, force: true });
});

/** The settings that put them in the places of the real ones. */
const SETTINGS = ({ google, facebook, amazon, apple }) =>
  Object.entries({
    google: [google, { authorize_url: "/o/oauth2/v2/auth", token_url: "/oauth2/v4/token", attributes_url: "/v1/people/me", jwks_uri: "/oauth2/v3/certs" }],
    facebook: [facebook, { authorize_url: "/dialog/oauth", token_url: "/oauth/access_token", attributes_url: "/me" }],
    amazon: [amazon, { authorize_url: "/ap/oa", token_url: "/auth/o2/token", attributes_url: "/user/profile" }],
    apple: [apple, { authorize_url: "/auth/authorize", token_url: "/auth/token", jwks_uri: "/auth/keys" }],
  })
    .map(([name, [{ url }, paths]]) => [`[social.${name}]`, ...Object.entries(paths).map(([key, path]) => `${key} = "${url}${path}"`), ""].join("\n"))
    .join("\n");

async function providerOf(ProviderName, ProviderDetails, AttributeMapping) {
  const { idp } = hosted.admin;
  await idp.createIdentityProvider({ UserPoolId: hosted.userPoolId, ProviderName, ProviderType: ProviderName, ProviderDetails, AttributeMapping });
  const { ClientId } = await makeClient(hosted, { SupportedIdentityProviders: ["COGNITO", ProviderName] });
  return { ClientId, ProviderName };
}

const begin = ({ ClientId, ProviderName }, more = {}) =>
  `${hosted.at}/oauth2/authorize?${new URLSearchParams({ response_type: "code", client_id: ClientId, redirect_uri: CALLBACK, scope: "openid email profile", state: "st ate", identity_provider: ProviderName, ...more })}`;

/** To the provider, where somebody is signed in, and back to the app: its parameters. */
async function walk(where, visitor = new Visitor()) {
  const { left } = await visitor.open(begin(where));
  assert.ok(left, "it leads to the provider");
  const answer = await fetch(left, { redirect: "manual" });
  const location = answer.headers.get("location");
  const returned = location ? await visitor.open(location.replace(/#.*/, "")) : await posted(visitor, left, await answer.text());
  assert.ok(returned.left?.startsWith(CALLBACK), returned.left ?? returned.said ?? returned.html);
  return Object.fromEntries(new URL(returned.left).searchParams);
}

/** A form that a page elsewhere sends by itself, and the page of ours that goes on. */
async function posted(visitor, url, html) {
  const { action, carried } = formOf({ url, html });
  const page = await visitor.open(action, new URLSearchParams(carried));
  if (page.left) return page;
  const [, next] = page.html.match(/http-equiv="refresh" content="0;url=([^"]+)"/) ?? assert.fail(page.html);
  return visitor.open(new URL(next.replaceAll("&amp;", "&"), action).href);
}

async function tokens({ ClientId }, code) {
  const body = new URLSearchParams({ grant_type: "authorization_code", client_id: ClientId, code, redirect_uri: CALLBACK });
  const response = await fetch(`${hosted.at}/oauth2/token`, { method: "POST", body });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

/** Signs in twice, and looks at who that is. */
async function comes(where, { subject = PERSON.sub, email = PERSON.email, attributes = {} } = {}) {
  const { code, state } = await walk(where);
  assert.equal(state, "st ate");
  const { id_token } = await tokens(where, code);
  const claims = decodeJwt(id_token);
  const name = `${where.ProviderName.toLowerCase()}_${subject.toLowerCase()}`;
  assert.equal(claims["cognito:username"].toLowerCase(), name);
  assert.equal(claims.email, email);
  assert.deepEqual(claims["cognito:groups"], [`${hosted.userPoolId}_${where.ProviderName}`]);
  const [identity] = claims.identities;
  assert.equal(identity.userId, subject);
  assert.equal(identity.providerName, where.ProviderName);
  assert.equal(identity.providerType, where.ProviderName);
  assert.equal(identity.primary, "true");
  const user = await hosted.admin.idp.adminGetUser({ UserPoolId: hosted.userPoolId, Username: claims["cognito:username"] });
  assert.equal(user.UserStatus, "EXTERNAL_PROVIDER");
  const has = Object.fromEntries(user.UserAttributes.map(({ Name, Value }) => [Name, Value]));
  for (const [name, value] of Object.entries(attributes)) assert.equal(has[name], value, name);
  const again = await walk(where);
  assert.equal(decodeJwt((await tokens(where, again.code)).id_token).sub, claims.sub, "the same user");
  return claims;
}

test("Google", async () => {
  const { app } = stands.google;
  const where = await providerOf("Google", { client_id: app.id, client_secret: app.secret, authorize_scopes: "openid email profile" }, { email: "email", email_verified: "email_verified", name: "name" });
  await comes(where, { attributes: { email_verified: "true", name: PERSON.name } });
  assert.equal(stands.google.asked.scope, "openid email profile");
  assert.equal(stands.google.asked.redirect_uri, `${hosted.at}/oauth2/idpresponse`);
});

test("Facebook, which is no OpenID provider", async () => {
  const { app } = stands.facebook;
  const where = await providerOf("Facebook", { client_id: app.id, client_secret: app.secret, authorize_scopes: "public_profile,email", api_version: "v17.0" }, { email: "email", name: "name" });
  await comes(where, { attributes: { email_verified: "false", name: PERSON.name } });
});

test("Amazon", async () => {
  const { app } = stands.amazon;
  const where = await providerOf("LoginWithAmazon", { client_id: app.id, client_secret: app.secret, authorize_scopes: "profile postal_code" }, { email: "email", name: "name", address: "postal_code" });
  await comes(where, { attributes: { address: PERSON.postal_code } });
});

test("Apple, which posts a form and says the name once", async () => {
  const { app, team, keyId, privateKey } = stands.apple;
  const details = { client_id: app.id, team_id: team, key_id: keyId, private_key: privateKey, authorize_scopes: "email name" };
  const where = await providerOf("SignInWithApple", details, { email: "email", given_name: "firstName", family_name: "lastName" });
  await comes(where, { attributes: { given_name: "Ana", family_name: "Lima" } });
});

test("somebody else's subject at one provider is nobody at another", async () => {
  const users = await hosted.admin.idp.listUsers({ UserPoolId: hosted.userPoolId });
  assert.equal(users.Users.length, 4);
  assert.equal(new Set(users.Users.map(({ Username }) => Username)).size, 4);
});

test("what a provider refuses comes to the app in its words", async () => {
  const { ClientId } = await makeClient(hosted, { SupportedIdentityProviders: ["COGNITO", "LoginWithAmazon"] });
  const visitor = new Visitor();
  const { left } = await visitor.open(begin({ ClientId, ProviderName: "LoginWithAmazon" }));
  const { state, redirect_uri } = Object.fromEntries(new URL(left).searchParams);
  const cancelled = await visitor.open(`${redirect_uri}?${new URLSearchParams({ error: "access_denied", error_description: "The user denied it", state })}`);
  const parameters = Object.fromEntries(new URL(cancelled.left).searchParams);
  assert.deepEqual(parameters, { error_description: "The user denied it", state: "st ate", error: "access_denied" });

  const second = await visitor.open(begin({ ClientId, ProviderName: "LoginWithAmazon" }));
  const returned = new URL(second.left).searchParams;
  const wrong = await visitor.open(`${redirect_uri}?${new URLSearchParams({ code: fresh("wrong"), state: returned.get("state") })}`);
  const said = new URL(wrong.left).searchParams;
  assert.equal(said.get("error"), "invalid_request");
  assert.match(said.get("error_description"), /^LoginWithAmazon Error - 400 invalid_grant /);
});
