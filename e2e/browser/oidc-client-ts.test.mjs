// oidc-client-ts 3 in a page of its own origin, with the issuer as its authority and nothing patched: sign-in and sign-out by redirect,
// renewal by refresh token and in a hidden frame.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { PASSWORD, makeUser } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";
import { bundled, serve } from "./modules.mjs";

const EMAIL = "ana@example.com";
const APP = `
  import { UserManager, WebStorageStateStore } from "oidc-client-ts";
  globalThis.manager = (settings) => new UserManager({ userStore: new WebStorageStateStore({ store: localStorage }), ...settings });
  if (parent !== window) manager({}).signinCallback();`;
let server, hosted, app, browser, settings, origins;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server);
  await makeUser(hosted, EMAIL);
  app = await serve(await bundled(APP));
  const home = `http://localhost:${app.address().port}/`;
  const { ClientId } = await makeClient(hosted, { CallbackURLs: [home], LogoutURLs: [home] });
  const authority = hosted.issuer.replace("127.0.0.1", "localhost");
  settings = { authority, client_id: ClientId, redirect_uri: home, post_logout_redirect_uri: home, scope: "openid email", loadUserInfo: true };
  origins = [new URL(home).origin, new URL(authority).origin];
  browser = await launch();
});
after(async () => {
  await browser?.close();
  app?.close();
  await server?.stop();
});

async function visit() {
  const opened = await open(browser, SCREENS.desk, origins);
  const { page } = opened;
  const atApp = async () => {
    await page.waitForURL((url) => url.origin === origins[0]);
    await page.waitForFunction(() => globalThis.manager);
  };
  /** Calls a method of the library in the page. */
  const call = (method, more = {}) =>
    page.evaluate(
      async ([method, settings]) => {
        const { access_token, refresh_token, profile } = (await manager(settings)[method]()) ?? {};
        return { access_token, refresh_token, profile };
      },
      [method, { ...settings, ...more }],
    );
  await page.goto(settings.redirect_uri);
  await atApp();
  return { ...opened, atApp, call };
}

async function signIn({ page, atApp, call }, more) {
  // What leaves the page never comes back to it.
  await Promise.all([page.waitForURL("**/login?*"), call("signinRedirect", more).catch(() => {})]);
  await page.getByLabel("Username").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await atApp();
  return call("signinCallback", more);
}

test("a page signs in, renews by the refresh token, and signs out", async () => {
  const visitor = await visit();
  const { page, call, atApp } = visitor;
  const first = await signIn(visitor);
  assert.deepEqual([first.profile.email, first.profile.iss], [EMAIL, settings.authority]);
  // Of userInfo.
  assert.ok(first.profile.username);
  const second = await call("signinSilent");
  assert.ok(second.refresh_token && second.access_token !== first.access_token);
  assert.equal(second.profile.sub, first.profile.sub);

  await Promise.all([page.waitForURL(settings.redirect_uri), call("signoutRedirect").catch(() => {})]);
  await atApp();
  await call("signoutCallback");
  await assert.rejects(call("signinSilent"), /login_required/);
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});

test("a page renews in a hidden frame, as long as the browser is signed in", async () => {
  const visitor = await visit();
  await signIn(visitor);
  // Without a refresh token the library asks with prompt=none.
  await visitor.page.evaluate(() => {
    const [[name, text]] = Object.entries(localStorage).filter(([name]) => name.startsWith("oidc.user:"));
    localStorage.setItem(name, JSON.stringify({ ...JSON.parse(text), refresh_token: undefined }));
  });
  const renewed = await visitor.call("signinSilent");
  assert.equal(renewed.profile.email, EMAIL);
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});

test("a page revokes what it has", async () => {
  const visitor = await visit();
  await signIn(visitor);
  await visitor.call("revokeTokens", { revokeTokenTypes: ["refresh_token"] });
  assert.equal((await visitor.call("getUser")).refresh_token, null);
  // Nor do the other tokens of the sign-in hold any more.
  const { access_token } = await visitor.call("getUser");
  const { status } = await fetch(`${hosted.at}/oauth2/userInfo`, { headers: { authorization: `Bearer ${access_token}` } });
  assert.equal(status, 401);
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});
