// Every page of hosted login in Chromium with scripts off, by the keyboard alone. Where POOLHOUSE_PICTURES names a folder, each page is
// photographed there: at the desk and on a phone, light and dark.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { PASSWORD, fresh } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { Apps } from "../node/totp.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";

const PICTURES = process.env.POOLHOUSE_PICTURES;
const BETTER = "Better-Horse-10";
const SENDING = {
  SmsConfiguration: { SnsCallerArn: "arn:aws:iam::000000000000:role/sms", ExternalId: "harbour" },
  EmailConfiguration: { EmailSendingAccount: "DEVELOPER", SourceArn: "arn:aws:ses:us-east-1:000000000000:identity/example.com" },
};
let server, browser, app, home, apps;

before(async () => {
  server = await Poolhouse.start();
  apps = new Apps(server);
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

/** A pool at a domain, with second factors as they are given, and a client of the app. */
async function pooled(pool, { mfa, client, version } = {}) {
  const hosted = await makeHosted(server, { pool, version });
  if (mfa) await hosted.admin.idp.setUserPoolMfaConfig({ UserPoolId: hosted.userPoolId, ...mfa });
  const { ClientId } = await makeClient(hosted, { CallbackURLs: [home], LogoutURLs: [home], PreventUserExistenceErrors: "ENABLED", ...client });
  return { ...hosted, clientId: ClientId };
}

/** A user whom an administrator made. */
async function someone(hosted, attributes, { password = PASSWORD, isTemporary = false } = {}) {
  const { idp } = hosted.admin;
  const who = { UserPoolId: hosted.userPoolId, Username: attributes.email ?? fresh("somebody") };
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await idp.adminCreateUser({ ...who, MessageAction: "SUPPRESS", UserAttributes, TemporaryPassword: password });
  if (!isTemporary) await idp.adminSetUserPassword({ ...who, Password: password, Permanent: true });
  return who.Username;
}

/** Somebody at a keyboard, on the login page. `name` is what the pictures are called. */
class Visitor {
  #name;
  #shot = 0;

  static async at(hosted, name, parameters = {}) {
    const visitor = new Visitor();
    const screen = { ...SCREENS.desk, javaScriptEnabled: false };
    const opened = await open(browser, screen, [new URL(hosted.at).origin, new URL(home).origin]);
    Object.assign(visitor, opened, { hosted });
    visitor.#name = name;
    await visitor.begin(parameters);
    return visitor;
  }

  begin(parameters = {}) {
    const query = new URLSearchParams({ response_type: "code", client_id: this.hosted.clientId, redirect_uri: home, scope: "openid", ...parameters });
    return this.page.goto(`${this.hosted.at}/oauth2/authorize?${query}`);
  }

  /** The page that came of what was last sent, not the one before: two may look alike. */
  get #here() {
    return this.page.locator("html:not([data-left])");
  }

  /** Waits for a page by its title, and for what it says of an error. */
  async sees(title, said) {
    await this.#here.getByRole("heading", { name: title, exact: true }).waitFor({ timeout: 5000 }).catch(async () => {
      assert.fail(`expected ${title}, it is: ${await this.page.locator("body").innerText()}`);
    });
    const alert = this.#here.locator("[role=alert]:visible");
    assert.equal((await alert.count()) ? (await alert.innerText()).trim() : undefined, said);
    await this.#photograph(title);
  }

  async text() {
    return this.#here.locator("main").innerText();
  }

  fill = async (label, value) => {
    await this.#tabTo(this.#here.getByLabel(label, { exact: true }));
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.insertText(value);
  };

  enter = async () => {
    await this.page.locator("html").evaluate((html) => html.setAttribute("data-left", ""));
    await this.page.keyboard.press("Enter");
  };

  press = async (name) => {
    await this.#tabTo(this.#here.getByRole("button", { name }));
    await this.enter();
  };

  follow = async (name) => {
    await this.#tabTo(this.#here.getByRole("link", { name }));
    await this.enter();
  };

  async signsIn(username, password = PASSWORD) {
    await this.fill(/^(Username|Email address)$/, username);
    await this.fill("Password", password);
    await this.enter();
  }

  /** The app has been called, with a code. */
  async arrives() {
    await this.page.waitForURL((url) => url.href.startsWith(`${home}?code=`), { timeout: 5000 }).catch(async () => {
      assert.fail(`no app, but ${await this.page.locator("body").innerText()}`);
    });
  }

  async done() {
    assert.deepEqual(this.faults, []);
    await this.close();
  }

  async #tabTo(locator) {
    const isThere = () => locator.evaluate((element) => element === document.activeElement);
    await locator.waitFor();
    for (let press = 0; press < 60; press++) {
      if (await isThere()) return;
      await this.page.keyboard.press("Tab");
    }
    assert.fail(`the keyboard does not reach ${locator}`);
  }

  async #photograph(title) {
    if (!PICTURES) return;
    await mkdir(PICTURES, { recursive: true });
    const name = `${this.#name}-${++this.#shot}-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
    for (const [screen, { viewport }] of Object.entries(SCREENS)) {
      await this.page.setViewportSize(viewport);
      for (const colorScheme of ["light", "dark"]) {
        await this.page.emulateMedia({ colorScheme });
        await this.page.screenshot({ path: `${PICTURES}/${name}-${screen}-${colorScheme}.png`, fullPage: true });
      }
    }
    await this.page.setViewportSize(SCREENS.desk.viewport);
    await this.page.emulateMedia({ colorScheme: "light" });
  }
}

test("somebody signs up with a code by mail, and is signed in", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"], Schema: [{ Name: "given_name", Required: true, Mutable: true }] });
  const email = "ana@example.com";
  const ana = await Visitor.at(hosted, "sign-up");
  await ana.sees("Sign in");
  await ana.follow("Create one");
  await ana.sees("Create your account");
  await ana.fill("Email address", email);
  await ana.fill("First name", "Ana");
  await ana.fill("Password", "weak");
  await ana.press("Sign up");
  await ana.sees("Create your account", "The password does not meet the requirements.");
  assert.equal(await ana.page.getByLabel("First name").inputValue(), "Ana");
  await ana.fill("Password", PASSWORD);
  await ana.press("Sign up");
  await ana.sees("Confirm your account");
  assert.match(await ana.text(), /Enter the code we sent to a\*\*\*@e\*\*\*\./);
  await ana.fill("Code", "000000");
  await ana.enter();
  await ana.sees("Confirm your account", "That code is not right. Check it and try again.");
  assert.match(await ana.text(), /Enter the code we sent to a\*\*\*@e\*\*\*\./);
  await ana.press("Send a new code");
  await ana.sees("Confirm your account");
  assert.match(await ana.text(), /We sent you a new code\./);
  await ana.fill("Code", await server.code(email));
  await ana.enter();
  await ana.arrives();
  // The browser knows who it is.
  await ana.begin();
  await ana.arrives();
  await ana.page.goto(`${hosted.at}/login?${new URLSearchParams({ response_type: "code", client_id: hosted.clientId, redirect_uri: home })}`);
  await ana.sees("Welcome back");
  await ana.press(`Continue as ${email}`);
  await ana.arrives();

  await ana.page.goto(`${hosted.at}/logout?id_token_hint=`);
  await ana.sees("An error was encountered with the requested page.", "Required String parameter 'client_id' is not present");
  await ana.page.goto(`${hosted.at}/logout?${new URLSearchParams({ client_id: hosted.clientId, logout_uri: home })}`);
  await ana.page.waitForURL(home);
  await ana.begin();
  await ana.sees("Sign in");

  await ana.follow("Create one");
  await ana.fill("Email address", email);
  await ana.fill("First name", "Eve");
  await ana.fill("Password", PASSWORD);
  await ana.press("Sign up");
  await ana.sees("Create your account", "This username is taken.");
  await ana.done();
});

test("whoever left before the code came confirms at the sign-in", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"] });
  const email = "bob@example.com";
  await hosted.admin.idp.signUp({ ClientId: hosted.clientId, Username: email, Password: PASSWORD });
  const bob = await Visitor.at(hosted, "unconfirmed");
  await bob.signsIn(email);
  await bob.sees("Confirm your account", "This account is not confirmed yet.");
  await bob.fill("Code", await server.code(email));
  await bob.enter();
  await bob.sees("Your account is confirmed");
  await bob.follow("Continue");
  await bob.signsIn(email);
  await bob.arrives();
  await bob.done();
});

test("a forgotten password is chosen anew, with a code by mail", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"] });
  const email = "carol@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const carol = await Visitor.at(hosted, "forgot");
  await carol.signsIn(email, "Wrong-Horse-9");
  await carol.sees("Sign in", "Incorrect username or password.");
  // The name stays, and the password is typed anew.
  assert.ok(await carol.page.getByLabel("Password", { exact: true }).evaluate((element) => element === document.activeElement));
  await carol.follow("Forgot your password?");
  await carol.sees("Forgot your password?");
  await carol.fill("Email address", email);
  await carol.press("Send code");
  await carol.sees("Reset your password");
  assert.match(await carol.text(), /Enter the code we sent to c\*\*\*@e\*\*\*\./);
  const code = await server.code(email);
  await carol.fill("Code", code);
  await carol.fill("New password", BETTER);
  await carol.fill("Repeat the new password", `${BETTER}0`);
  await carol.enter();
  await carol.sees("Reset your password", "The two passwords are not the same.");
  assert.match(await carol.text(), /Enter the code we sent to c\*\*\*@e\*\*\*\./);
  assert.equal(await carol.page.getByLabel("Code").inputValue(), code);
  await carol.fill("Code", "000000");
  await carol.fill("New password", BETTER);
  await carol.fill("Repeat the new password", BETTER);
  await carol.enter();
  await carol.sees("Reset your password", "That code is not right. Check it and try again.");
  await carol.fill("Code", code);
  await carol.fill("New password", BETTER);
  await carol.fill("Repeat the new password", BETTER);
  await carol.enter();
  await carol.sees("Sign in");
  assert.match(await carol.text(), /Your password is changed\. Sign in with the new one\./);
  await carol.signsIn(email, BETTER);
  await carol.arrives();

  // Who is nobody is told the same.
  await carol.begin({ prompt: "login" });
  await carol.follow("Forgot your password?");
  await carol.fill("Email address", "nobody@example.com");
  await carol.press("Send code");
  await carol.sees("Reset your password");
  assert.match(await carol.text(), /Enter the code we sent to n\*\*\*@e\*\*\*\./);
  await carol.press("Back to sign in");
  await carol.done();
});

test("an authenticator app is set up on the way in, and asked for the next time", async () => {
  const { SmsConfiguration } = SENDING;
  const hosted = await pooled(
    { UsernameAttributes: ["email"], SmsConfiguration },
    { mfa: { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration: { Enabled: true }, SmsMfaConfiguration: { SmsConfiguration } } },
  );
  const email = "dan@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const dan = await Visitor.at(hosted, "totp");
  await dan.signsIn(email);
  await dan.sees("Add a second step");
  // Without a number there is no use in offering it.
  assert.equal(await dan.page.getByRole("button", { name: /^Code by text message/ }).count(), 0);
  await dan.press(/^Authenticator app/);
  await dan.sees("Set up your authenticator app");
  assert.ok(await dan.page.locator("figure svg").isVisible());
  const secret = async () => (await dan.page.locator("details.secret code").textContent()).trim();
  const first = await secret();
  await dan.fill("Code", "000000");
  await dan.enter();
  await dan.sees("Set up your authenticator app", "That code is not right. Check it and try again.");
  // Whoever mistypes does not have to begin anew in the app.
  assert.equal(await secret(), first);
  const link = await dan.page.getByRole("link", { name: "Open in authenticator app" }).getAttribute("href");
  assert.match(link, new RegExp(`^otpauth://totp/[^?]+:dan%40example%2Ecom[?]secret=${first}&issuer=`));
  await dan.fill("Code", apps.code(first));
  await dan.fill("Name for this authenticator (optional)", "Dan's phone");
  await dan.enter();
  await dan.arrives();

  await dan.begin({ prompt: "login" });
  await dan.signsIn(email);
  await dan.sees("Enter your code");
  await dan.fill("Code", "000000");
  await dan.enter();
  await dan.sees("Enter your code", "That code is not right. Check it and try again.");
  await dan.fill("Code", await apps.nextCode(first));
  await dan.enter();
  await dan.arrives();

  // Whoever takes too long begins anew.
  const slow = await someone(hosted, { email: "dora@example.com", email_verified: "true" });
  await dan.begin({ prompt: "login" });
  await dan.signsIn(slow);
  await dan.press(/^Authenticator app/);
  await dan.sees("Set up your authenticator app");
  await server.advance(200);
  await dan.fill("Code", "000000");
  await dan.enter();
  await dan.sees("Sign in", "Your session has expired. Sign in again.");
  await dan.done();
});

test("a second step is chosen, and its code comes by text message or by mail", async () => {
  const hosted = await pooled(SENDING, {
    mfa: {
      MfaConfiguration: "ON",
      SmsMfaConfiguration: { SmsConfiguration: SENDING.SmsConfiguration },
      EmailMfaConfiguration: {},
    },
  });
  const [email, phone] = ["erin@example.com", "+12065550100"];
  const username = await someone(hosted, { email, email_verified: "true", phone_number: phone, phone_number_verified: "true" });
  const both = { SMSMfaSettings: { Enabled: true }, EmailMfaSettings: { Enabled: true } };
  await hosted.admin.idp.adminSetUserMFAPreference({ UserPoolId: hosted.userPoolId, Username: username, ...both });
  const erin = await Visitor.at(hosted, "codes");
  await erin.signsIn(username);
  await erin.sees("Confirm it’s you");
  await erin.press(/^Code by text message/);
  await erin.sees("Check your phone");
  assert.match(await erin.text(), /Enter the code we sent to \+\*+0100\./);
  await erin.fill("Code", "000000");
  await erin.enter();
  await erin.sees("Check your phone", "That code is not right. Check it and try again.");
  assert.match(await erin.text(), /Enter the code we sent to \+\*+0100\./);
  await erin.fill("Code", await server.code(phone));
  await erin.enter();
  await erin.arrives();

  await erin.begin({ prompt: "login" });
  await erin.signsIn(username);
  await erin.press(/^Code by email/);
  await erin.sees("Check your email");
  await erin.fill("Code", await server.code(email));
  await erin.enter();
  await erin.arrives();

  await erin.begin({ prompt: "login" });
  await erin.signsIn(username);
  await erin.press(/^Code by email/);
  await erin.sees("Check your email");
  await erin.press("Back to sign in");
  await erin.sees("Sign in");
  await erin.signsIn(username);
  await erin.press(/^Code by email/);
  await erin.sees("Check your email");
  await server.advance(200);
  await erin.fill("Code", await server.code(email));
  await erin.enter();
  await erin.sees("Sign in", "Your session has expired. Sign in again.");
  await erin.signsIn(username);
  await erin.sees("Confirm it’s you");
  await erin.done();
});

test("a mail address is added for codes, where there is none", async () => {
  const { EmailConfiguration } = SENDING;
  const hosted = await pooled({ EmailConfiguration }, { mfa: { MfaConfiguration: "ON", EmailMfaConfiguration: {} } });
  const username = await someone(hosted, {});
  const email = "fay@example.com";
  const fay = await Visitor.at(hosted, "set-up-email");
  await fay.signsIn(username);
  await fay.sees("Add a second step");
  await fay.press(/^Code by email/);
  await fay.sees("Add your email address");
  await fay.fill("Email address", email);
  await fay.enter();
  await fay.sees("Check your email");
  await fay.fill("Code", await server.code(email));
  await fay.enter();
  await fay.arrives();
  await fay.done();
});

test("an invited user chooses a password and says what is missing", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"], Schema: [{ Name: "name", Required: true, Mutable: true }, { Name: "birthdate", Required: true, Mutable: true }] });
  const email = "gil@example.com";
  await someone(hosted, { email, email_verified: "true", birthdate: "2000-02-29" }, { password: "Temporary-1", isTemporary: true });
  const gil = await Visitor.at(hosted, "invited");
  await gil.signsIn(email, "Temporary-1");
  await gil.sees("Choose a new password");
  await gil.fill("New password", PASSWORD);
  await gil.fill("Repeat the new password", BETTER);
  await gil.fill("Full name", "Gil");
  await gil.enter();
  await gil.sees("Choose a new password", "The two passwords are not the same.");
  await gil.fill("New password", "weak");
  await gil.fill("Repeat the new password", "weak");
  await gil.enter();
  await gil.sees("Choose a new password", "The password does not meet the requirements.");
  assert.equal(await gil.page.getByLabel("Full name").inputValue(), "Gil");
  await gil.fill("New password", PASSWORD);
  await gil.fill("Repeat the new password", PASSWORD);
  await gil.enter();
  await gil.arrives();
  await gil.done();
});

test("a first factor is chosen: a code by mail in the place of a password", async () => {
  const hosted = await pooled(
    { ...SENDING, UsernameAttributes: ["email"], Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } } },
    { client: { ExplicitAuthFlows: ["ALLOW_USER_AUTH"] } },
  );
  const email = "hal@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const hal = await Visitor.at(hosted, "choice");
  await hal.fill("Email address", email);
  await hal.enter();
  await hal.sees("Choose how to sign in");
  await hal.press(/^Code by email/);
  await hal.sees("Check your email");
  await hal.press("Try another way");
  await hal.sees("Choose how to sign in");
  await hal.press(/^Password/);
  await hal.sees("Enter your password");
  await hal.fill("Password", "Wrong-Horse-9");
  await hal.enter();
  await hal.sees("Enter your password", "Incorrect username or password.");
  await hal.press("Try another way");
  await hal.press(/^Code by email/);
  await hal.fill("Code", "000000");
  await hal.enter();
  await hal.sees("Check your email", "That code is not right. Check it and try again.");
  await hal.press("Send a new code");
  await hal.sees("Check your email");
  assert.match(await hal.text(), /We sent you a new code\./);
  assert.ok(await hal.page.getByRole("button", { name: "Try another way" }).isVisible());
  await hal.fill("Code", await server.code(email));
  await hal.enter();
  await hal.arrives();

  await hal.begin({ prompt: "login", login_hint: email });
  await hal.enter();
  await hal.sees("Choose how to sign in");
  await hal.press(/^Password/);
  await hal.fill("Password", PASSWORD);
  await hal.enter();
  await hal.arrives();
  await hal.done();
});

test("a name is changed on the way, and a page is read in another language", async () => {
  const hosted = await pooled(
    { ...SENDING, UsernameAttributes: ["email"], Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] } } },
    { client: { ExplicitAuthFlows: ["ALLOW_USER_AUTH"] } },
  );
  const email = "ida@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const ida = await Visitor.at(hosted, "change", { login_hint: "ida@example.org" });
  await ida.enter();
  await ida.press("Change");
  await ida.sees("Sign in");
  // A form whose cookie is gone is not taken, but may be sent again.
  await ida.page.context().clearCookies();
  await ida.fill("Email address", email);
  await ida.enter();
  await ida.sees("Sign in", "This page has expired. Try again.");
  await ida.fill("Email address", email);
  await ida.enter();
  await ida.sees("Choose how to sign in");
  await ida.begin({ lang: "de" });
  await ida.sees("Anmelden");
  await ida.done();
});

test("a domain has a host of its own, where its pages are as well", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"] });
  const email = "lea@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const at = `http://${hosted.domain}.auth.us-east-1.localhost:${new URL(server.url).port}`;
  const lea = await Visitor.at({ ...hosted, at }, "host");
  await lea.signsIn(email);
  await lea.arrives();
  await lea.begin({ prompt: "none" });
  await lea.arrives();
  await lea.page.goto(`${at}/logout?${new URLSearchParams({ client_id: hosted.clientId, redirect_uri: home, response_type: "code" })}`);
  await lea.sees("Sign in");
  assert.equal(new URL(lea.page.url()).origin, at);
  await lea.done();
});

test("the browser lets a form lead to a native app", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"] }, { client: { CallbackURLs: ["com.example.app:/cb"] } });
  const email = "kim@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const kim = await Visitor.at(hosted, "native", { redirect_uri: "com.example.app:/cb" });
  // There is no such app here: the browser goes nowhere, but it would.
  const request = kim.page.waitForEvent("request", { predicate: (request) => request.url().startsWith("com.example.app:"), timeout: 5000 });
  await kim.signsIn(email);
  assert.match((await request).url(), /^com\.example\.app:\/cb\?code=[\w-]+$/);
  await kim.done();
});

test("the classic pages serve as well", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"] }, { version: 1 });
  const email = "jon@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const jon = await Visitor.at(hosted, "classic");
  await jon.sees("Sign in");
  await jon.signsIn(email, "Wrong-Horse-9");
  await jon.sees("Sign in", "Incorrect username or password.");
  await jon.signsIn(email);
  await jon.arrives();
  await jon.begin({ prompt: "login" });
  await jon.follow("Create one");
  await jon.sees("Create your account");
  await jon.page.goto(`${hosted.at}/logout?id_token_hint=x`);
  await jon.sees("An error was encountered with the requested page.", "The id_token_hint is not valid");
  await jon.done();
});

test("an app that registered itself is asked about, and told no or yes", async () => {
  const hosted = await pooled({
    UsernameAttributes: ["email"],
    DcrConfiguration: { OpenDcrEnabled: true, AllowedScopes: ["openid", "email"] },
  });
  const email = "mia@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const wanted = { client_name: "Küche \u202e& Café", redirect_uris: [home], token_endpoint_auth_method: "none", scope: "openid email" };
  const registered = await fetch(`${hosted.at}/oauth2/register`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(wanted) });
  const { client_id: clientId, ...rest } = await registered.json();
  assert.equal(registered.status, 201, JSON.stringify(rest));
  const asked = { scope: "openid email", code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" };
  const mia = await Visitor.at({ ...hosted, clientId }, "consent", asked);
  await mia.signsIn(email);
  await mia.sees("Connect \u2068Küche & Café\u2069?");
  const text = await mia.text();
  assert.match(text, new RegExp(`Your answer goes to ${new URL(home).host}`));
  assert.match(text, /See your email address/);
  await mia.press("Deny");
  await mia.page.waitForURL((url) => url.href.startsWith(`${home}?error=access_denied`));
  await mia.begin(asked);
  await mia.press("Allow");
  await mia.arrives();
  await mia.done();
});

test("an answer that is posted goes by a button where there are no scripts", async () => {
  const hosted = await pooled({ UsernameAttributes: ["email"], UserPoolTags: { "poolhouse:form-post": "on" } });
  const email = "nia@example.com";
  await someone(hosted, { email, email_verified: "true" });
  const nia = await Visitor.at(hosted, "form-post", { response_mode: "form_post" });
  await nia.signsIn(email);
  await nia.sees("One moment");
  const posted = nia.page.waitForRequest((request) => request.url() === home && request.method() === "POST");
  await nia.press("Continue");
  assert.match((await posted).postData(), /^code=[\w-]+/);
  await nia.page.getByRole("heading", { name: "The app" }).waitFor();
  await nia.done();
});

test("whoever lacks what the second step needs is told what to do", async () => {
  const { SmsConfiguration } = SENDING;
  const hosted = await pooled({ SmsConfiguration }, { mfa: { MfaConfiguration: "ON", SmsMfaConfiguration: { SmsConfiguration } } });
  const username = await someone(hosted, {});
  const ola = await Visitor.at(hosted, "no-phone");
  await ola.signsIn(username);
  await ola.sees("Add a second step");
  assert.match(await ola.text(), /your account has no phone number\. Ask an administrator to add it\./);
  await ola.press("Back to sign in");
  await ola.sees("Sign in");
  await ola.done();
});
