// Passkeys by the pages of hosted login, with Chromium's virtual authenticators: made where they are offered and at /passkeys/add, used
// by name, by what the browser fills in, and as both factors.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { PASSWORD } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";

const PHONE = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
const OFFER = "Sign in faster next time";
let server, browser, app, home;

before(async () => {
  server = await Poolhouse.start();
  app = createServer((_, response) => response.setHeader("content-type", "text/html").end('<!doctype html><link rel="icon" href="data:,"><h1>The app</h1>'));
  await new Promise((listening) => app.listen(0, "127.0.0.1", listening));
  home = `http://localhost:${app.address().port}/`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  app?.close();
  await server?.stop();
});

/** A pool with passkeys, and Ana in it. Its pages are by path on localhost, which is the relying party then. */
async function pooled(mfa) {
  const SignInPolicy = { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] };
  const hosted = await makeHosted(server, { pool: { Policies: { SignInPolicy } } });
  const ExplicitAuthFlows = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"];
  const { ClientId } = await makeClient(hosted, { CallbackURLs: [home], ExplicitAuthFlows });
  const { idp } = hosted.admin;
  const ana = { UserPoolId: hosted.userPoolId, Username: "ana" };
  await idp.adminCreateUser({ ...ana, MessageAction: "SUPPRESS" });
  await idp.adminSetUserPassword({ ...ana, Password: PASSWORD, Permanent: true });
  if (mfa) await idp.setUserPoolMfaConfig({ UserPoolId: hosted.userPoolId, ...mfa });
  return { ...hosted, clientId: ClientId, at: hosted.at.replace("127.0.0.1", "localhost") };
}

/** A browser of Ana's, with an authenticator that has these passkeys. */
class Visitor {
  static async at(hosted, credentials = [], authenticator = PHONE) {
    const visitor = new Visitor();
    Object.assign(visitor, await open(browser, SCREENS.desk, [new URL(hosted.at).origin, new URL(home).origin]), { hosted });
    visitor.cdp = await visitor.page.context().newCDPSession(visitor.page);
    await visitor.cdp.send("WebAuthn.enable", { enableUI: false });
    const options = { ...authenticator, automaticPresenceSimulation: true };
    const { authenticatorId } = await visitor.cdp.send("WebAuthn.addVirtualAuthenticator", { options });
    visitor.authenticator = { authenticatorId };
    for (const credential of credentials) await visitor.cdp.send("WebAuthn.addCredential", { ...visitor.authenticator, credential });
    return visitor;
  }

  begin(parameters = {}) {
    const query = new URLSearchParams({ response_type: "code", client_id: this.hosted.clientId, redirect_uri: home, scope: "openid", ...parameters });
    return this.page.goto(`${this.hosted.at}/oauth2/authorize?${query}`);
  }

  async sees(title) {
    await this.page.getByRole("heading", { name: title, exact: true }).waitFor({ timeout: 10_000 }).catch(async () => {
      assert.fail(`expected ${title}, it is: ${await this.page.locator("body").innerText()}`);
    });
  }

  press = (name) => this.page.getByRole("button", { name }).click();

  async name(name = "ana") {
    await this.page.getByLabel("Username").fill(name);
    await this.press("Continue");
  }

  async byPassword() {
    await this.name();
    await this.sees("Enter your password");
    await this.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await this.press("Sign in");
  }

  async arrives(query = "code=") {
    await this.page.waitForURL((url) => url.href.startsWith(`${home}?${query}`), { timeout: 10_000 }).catch(async () => {
      assert.fail(`no app, but ${await this.page.locator("body").innerText()}`);
    });
  }

  /** The page that the first form leads to. No second one leaves: the authenticator answers at once, and counts on. */
  refusal() {
    return new Promise((resolve) => {
      let asked = false;
      this.page.route("**/login?*", async (route) => {
        if (route.request().method() !== "POST") return route.continue();
        if (asked) return route.abort();
        asked = true;
        const response = await route.fetch({ maxRedirects: 0 });
        resolve(await response.text());
        return route.fulfill({ response });
      });
    });
  }

  /** What the authenticator has. */
  async credentials() {
    const { credentials } = await this.cdp.send("WebAuthn.getCredentials", this.authenticator);
    return credentials;
  }

  async done() {
    assert.deepEqual(this.faults, []);
    await this.close();
  }
}

/** A passkey of Ana's, made where it was offered. */
async function made(hosted) {
  const ana = await Visitor.at(hosted);
  await ana.begin();
  await ana.byPassword();
  await ana.sees(OFFER);
  await ana.press("Create a passkey");
  await ana.arrives();
  const credentials = await ana.credentials();
  assert.equal(credentials.length, 1);
  assert.equal(credentials[0].rpId, "localhost");
  await ana.done();
  return credentials;
}

test("one is made where it is offered, and used from the choice of ways", async () => {
  const hosted = await pooled();
  const credentials = await made(hosted);
  const ana = await Visitor.at(hosted);
  await ana.begin();
  await ana.name();
  await ana.sees("Choose how to sign in");
  for (const credential of credentials) await ana.cdp.send("WebAuthn.addCredential", { ...ana.authenticator, credential });
  await ana.press(/^Passkey/);
  await ana.arrives();
  await ana.done();
});

test("the browser finds it on the first page, and no name is typed", async () => {
  const hosted = await pooled();
  const credentials = await made(hosted);
  const ana = await Visitor.at(hosted, credentials);
  await ana.begin();
  await ana.arrives();
  const [{ signCount }] = await ana.credentials();
  assert.ok(signCount > credentials[0].signCount);
  await ana.done();
  // A copy of it that was made before has counted less.
  const copy = await Visitor.at(hosted, credentials);
  const refusal = copy.refusal();
  await copy.begin();
  assert.match(await refusal, /The passkey was not used\./);
  await copy.close();
});

test("whoever would rather not goes on, and an app sends them to make one later", async () => {
  const hosted = await pooled();
  const ana = await Visitor.at(hosted);
  const add = `${hosted.at}/passkeys/add?${new URLSearchParams({ client_id: hosted.clientId, redirect_uri: home })}`;
  await ana.page.goto(add);
  await ana.arrives("result=invalid_session");
  await ana.begin();
  await ana.byPassword();
  await ana.sees(OFFER);
  await ana.press("Not now");
  await ana.arrives();
  await ana.begin({ prompt: "login" });
  await ana.byPassword();
  await ana.arrives();
  await ana.page.goto(add);
  await ana.sees(OFFER);
  await ana.press("Create a passkey");
  await ana.arrives("result=success");
  // The device has one: the page says that no second was made.
  await ana.page.goto(add);
  await ana.press("Create a passkey");
  await ana.page.getByRole("alert").filter({ hasText: "The passkey was not created." }).waitFor({ timeout: 10_000 });
  await ana.done();
});

test("a passkey that verifies is both factors", async () => {
  const both = { RelyingPartyId: "localhost", FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION" };
  const hosted = await pooled({ MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true }, WebAuthnConfiguration: both });
  const credentials = await made(hosted);
  const ana = await Visitor.at(hosted, credentials);
  await ana.begin();
  await ana.arrives();
  await ana.done();
  // An authenticator that verifies nobody has nothing to answer with.
  const other = await Visitor.at(hosted, credentials, { ...PHONE, isUserVerified: false });
  await other.begin();
  await other.name();
  await other.press(/^Passkey/);
  await other.page.locator("[data-failed]").first().waitFor({ state: "attached", timeout: 10_000 });
  assert.ok(other.page.url().startsWith(hosted.at));
  await other.done();
});

test("without scripts the pages lead by other ways", async () => {
  const hosted = await pooled();
  await made(hosted);
  const { page, faults, close } = await open(browser, { ...SCREENS.desk, javaScriptEnabled: false }, [new URL(hosted.at).origin, new URL(home).origin]);
  const query = new URLSearchParams({ response_type: "code", client_id: hosted.clientId, redirect_uri: home, scope: "openid" });
  await page.goto(`${hosted.at}/login?${query}`);
  await page.getByLabel("Username").fill("ana");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: /^Passkey/ }).click();
  // Scripts are turned off so that Chromium still keeps what is for browsers without them from sight.
  assert.match(await page.locator("noscript").textContent(), /Passkeys need JavaScript\./);
  await page.getByRole("button", { name: "Try another way" }).click();
  await page.getByRole("button", { name: /^Password/ }).click();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.href.startsWith(`${home}?code=`), { timeout: 10_000 });
  assert.deepEqual(faults, []);
  await close();
});
