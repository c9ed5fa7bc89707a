// People sign in by another provider, in a real browser: the button, the provider's own pages (oidc-provider), back, and the app's tokens.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import Provider from "oidc-provider";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";

const FONTS = "https://fonts.googleapis.com";
const NAME = "Partner";
const US = { client_id: "poolhouse", client_secret: "a secret of the two", token_endpoint_auth_method: "client_secret_post" };
let server, hosted, partner, issuer, app, home, browser, clientId;

/** Listens first: the provider's name is its address. */
async function listening(handler) {
  const listener = createServer((request, response) => handler(request, response));
  await new Promise((ready) => listener.listen(0, "127.0.0.1", ready));
  return [listener, `http://127.0.0.1:${listener.address().port}`];
}

/** Whoever signs in there has an address of theirs. */
function provider(issuer, back) {
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  return new Provider(issuer, {
    clients: [{ ...US, redirect_uris: [back], grant_types: ["authorization_code"], response_types: ["code"] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: ["partner"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@partner.example`, email_verified: true }) }),
    jwks: { keys: [{ ...key, alg: "RS256", kid: "partner", use: "sig" }] },
  });
}

before(async () => {
  server = await Poolhouse.start("dev", "--allow-private-upstreams");
  hosted = await makeHosted(server);
  let answer = (_, response) => response.end();
  [partner, issuer] = await listening((request, response) => answer(request, response));
  answer = provider(issuer, `${hosted.at}/oauth2/idpresponse`).callback();
  [app, home] = await listening((_, response) => response.setHeader("content-type", "text/html").end("<title>app</title>"));
  await hosted.admin.idp.createIdentityProvider({
    UserPoolId: hosted.userPoolId,
    ProviderName: NAME,
    ProviderType: "OIDC",
    ProviderDetails: {
      client_id: US.client_id,
      client_secret: US.client_secret,
      authorize_scopes: "openid email",
      oidc_issuer: issuer,
      attributes_request_method: "GET",
    },
    AttributeMapping: { email: "email", email_verified: "email_verified" },
  });
  const client = { CallbackURLs: [`${home}/`], SupportedIdentityProviders: ["COGNITO", NAME] };
  clientId = (await makeClient(hosted, client)).ClientId;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  partner?.close();
  app?.close();
  await server?.stop();
});

const begin = () => {
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: `${home}/`,
    scope: "openid email",
    state: "s",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  return { verifier, url: `${hosted.at}/oauth2/authorize?${query}` };
};

/** The app's tokens, of the address that it was called at. */
async function tokens(page, verifier) {
  const code = new URL(page.url()).searchParams.get("code");
  assert.ok(code, page.url());
  const body = new URLSearchParams({
    grant_type: "authorization_code", client_id: clientId, code, redirect_uri: `${home}/`, code_verifier: verifier,
  });
  const answer = await fetch(`${hosted.at}/oauth2/token`, { method: "POST", body });
  assert.equal(answer.status, 200);
  const { id_token } = await answer.json();
  return JSON.parse(Buffer.from(id_token.split(".")[1], "base64url"));
}

test("a person goes to the provider and comes back to the app", async () => {
  const { page, faults, close } = await open(browser, SCREENS.desk, [server.url, issuer, home]);
  // The provider's own pages want a font.
  await page.route(`${FONTS}/**`, (route) => route.abort());
  const first = begin();
  await page.goto(first.url);
  await page.getByRole("link", { name: `Continue with ${NAME}` }).click();
  await page.locator("[name=login]").fill("ana");
  await page.locator("[name=password]").fill("any");
  await page.locator("[type=submit]").click();
  // It asks whether we may know.
  await page.locator("[type=submit]").click();
  await page.waitForURL((url) => url.origin === home);
  const claims = await tokens(page, first.verifier);
  // Cognito makes up a nonce where the app sent none.
  assert.ok(claims.nonce);
  assert.deepEqual([claims.email, claims.email_verified, claims["cognito:username"]], ["ana@partner.example", true, `${NAME}_ana`]);

  // The browser is signed in here: nobody is asked again.
  const second = begin();
  await page.goto(second.url);
  await page.waitForURL((url) => url.origin === home && url.searchParams.get("code"));
  assert.equal((await tokens(page, second.verifier)).sub, claims.sub);
  assert.deepEqual(faults.filter((fault) => fault !== `asked ${FONTS}`), []);
  await close();
});

test("a person who turns back at the provider is an error of the app's", async () => {
  const { page, close } = await open(browser, SCREENS.phone, [server.url, issuer, home]);
  await page.goto(begin().url);
  await page.getByRole("link", { name: `Continue with ${NAME}` }).click();
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.waitForURL((url) => url.origin === home);
  const told = new URL(page.url()).searchParams;
  assert.deepEqual([told.get("error"), told.get("state"), told.get("code")], ["access_denied", "s", null]);
  await close();
});
