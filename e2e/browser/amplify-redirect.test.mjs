// Amplify 6 by hosted login: signInWithRedirect and signOut. It asks by https whatever is configured, so the page's server is dev's
// https side, on the same port; the domain is named with its port and path.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { PASSWORD, makeUser } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open, trusting } from "./chromium.mjs";
import { bundled, serve } from "./modules.mjs";

const EMAIL = "ana@example.com";
const APP = `
  import { Amplify } from "aws-amplify";
  import * as auth from "aws-amplify/auth";
  import { Hub } from "aws-amplify/utils";
  import "aws-amplify/auth/enable-oauth-listener";
  const heard = [];
  Hub.listen("auth", ({ payload }) => heard.push(payload.event));
  Amplify.configure(globalThis.settings);
  globalThis.app = { auth, heard };`;
let server, hosted, app, browser, settings, home, secure;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server);
  await makeUser(hosted, EMAIL);
  app = await serve(await bundled(APP));
  home = `http://localhost:${app.address().port}/`;
  const { ClientId } = await makeClient(hosted, {
    // Amplify refreshes by the API, whoever signed in.
    ExplicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
    CallbackURLs: [home],
    LogoutURLs: [home],
    AllowedOAuthScopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
  });
  const { port } = new URL(server.url);
  secure = `https://localhost:${port}`;
  const oauth = {
    domain: `localhost:${port}/_login/${hosted.domain}`,
    scopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
    redirectSignIn: [home],
    redirectSignOut: [home],
    responseType: "code",
  };
  const Cognito = { userPoolId: hosted.userPoolId, userPoolClientId: ClientId, userPoolEndpoint: secure, loginWith: { oauth } };
  settings = { Auth: { Cognito } };
  browser = await launch(await trusting(server));
});
after(async () => {
  await browser?.close();
  app?.close();
  await server?.stop();
});

const left = (call) => call.catch((error) => assert.match(String(error), /context was destroyed|navigation/));

test("signInWithRedirect brings tokens, signOut ends the browser's session", async () => {
  const { page, faults, close } = await open(browser, SCREENS.desk, [new URL(home).origin, secure]);
  await page.addInitScript((settings) => (globalThis.settings = settings), settings);
  const ready = () => page.waitForFunction(() => globalThis.app);
  const atLogin = () => page.waitForURL(`${secure}/_login/${hosted.domain}/login?*`);
  const begin = () => Promise.all([atLogin(), left(page.evaluate(() => app.auth.signInWithRedirect({ customState: "back to page 7" })))]);
  await page.goto(home);
  await ready();
  await begin();
  await page.getByLabel("Username").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href.startsWith(home));
  await page.waitForFunction(() => globalThis.app?.heard.includes("customOAuthState"));

  const { tokens, attributes, user } = await page.evaluate(async () => {
    const { tokens } = await app.auth.fetchAuthSession();
    const [attributes, user] = await Promise.all([app.auth.fetchUserAttributes(), app.auth.getCurrentUser()]);
    return { tokens: { id: tokens.idToken.payload, access: tokens.accessToken.payload }, attributes, user };
  });
  assert.deepEqual([tokens.id.email, attributes.email, user.userId], [EMAIL, EMAIL, tokens.id.sub]);
  assert.equal(tokens.id.iss, `${secure}/${hosted.userPoolId}`);
  assert.match(tokens.access.scope, /aws\.cognito\.signin\.user\.admin/);
  const renewed = await page.evaluate(async () => (await app.auth.fetchAuthSession({ forceRefresh: true })).tokens.accessToken.payload);
  assert.equal(renewed.origin_jti, tokens.access.origin_jti);

  await Promise.all([page.waitForURL(home), left(page.evaluate(() => app.auth.signOut()))]);
  await ready();
  assert.equal(await page.evaluate(async () => (await app.auth.fetchAuthSession()).tokens), undefined);
  // Nobody is signed in at the domain either.
  await begin();
  await page.getByLabel("Username").waitFor();
  assert.deepEqual(faults, []);
  await close();
});
