// The account page in Chromium, as somebody walks it: signed in on the way, each thing changed, asked for a new sign-in where it is old.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { PASSWORD } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { Apps } from "../node/totp.mjs";
import { SCREENS, launch, open, picture } from "./chromium.mjs";
import { barriers, flaws } from "./looks.mjs";

const PHONE = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
const NEW = "An0ther-pass!";
const LATER = 301;
let server, browser, apps;

before(async () => {
  server = await Poolhouse.start();
  apps = new Apps(server);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A pool with all that an account may have, and Ana in it. */
async function pooled() {
  const SignInPolicy = { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] };
  const pool = { AutoVerifiedAttributes: ["email"], Policies: { SignInPolicy }, DeviceConfiguration: { DeviceOnlyRememberedOnUserPrompt: false } };
  const hosted = await makeHosted(server, { pool });
  const { idp } = hosted.admin;
  const { ClientId } = await makeClient(hosted, {
    ClientName: "Notes",
    AllowedOAuthScopes: ["openid", "aws.cognito.signin.user.admin"],
    ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    WriteAttributes: ["email", "name", "nickname"],
  });
  const of = { UserPoolId: hosted.userPoolId };
  await idp.setUserPoolMfaConfig({ ...of, MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } });
  const email = [
    { Name: "email", Value: "ana@example.com" },
    { Name: "email_verified", Value: "true" },
  ];
  await idp.adminCreateUser({ ...of, Username: "ana", UserAttributes: email, MessageAction: "SUPPRESS" });
  await idp.adminSetUserPassword({ ...of, Username: "ana", Password: PASSWORD, Permanent: true });
  return { ...hosted, clientId: ClientId, at: hosted.at.replace("127.0.0.1", "localhost") };
}

/** Ana at a browser. */
class Ana {
  static async at(hosted, screen = SCREENS.desk) {
    const ana = new Ana();
    Object.assign(ana, await open(browser, screen, [new URL(hosted.at).origin]), { hosted, password: PASSWORD, screen });
    const cdp = await ana.page.context().newCDPSession(ana.page);
    await cdp.send("WebAuthn.enable", { enableUI: false });
    await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { ...PHONE, automaticPresenceSimulation: true } });
    return ana;
  }

  go(section = "", more = "") {
    return this.page.goto(`${this.hosted.at}/account${section}?client_id=${this.hosted.clientId}${more}`);
  }

  async sees(title) {
    await this.page.getByRole("heading", { name: title, exact: true }).waitFor({ timeout: 10_000 }).catch(async () => {
      assert.fail(`expected ${title}, it is: ${await this.page.locator("body").innerText()}`);
    });
    if (await this.page.getByRole("link", { name: "Back to your account" }).count()) {
      assert.deepEqual([...(await flaws(this.page, { forFingers: this.screen === SCREENS.phone })), ...(await barriers(this.page))], []);
    }
  }

  press = (name) => this.page.getByRole("button", { name }).click();
  fill = (label, text) => this.page.getByLabel(label, { exact: true }).fill(text);

  async says(text) {
    const said = this.page.getByRole("status").or(this.page.locator("#error"));
    assert.equal((await said.first().innerText({ timeout: 10_000 })).trim(), text);
  }

  async signsIn() {
    await this.sees("Sign in");
    await this.fill("Username", "ana");
    await this.press("Continue");
    await this.sees("Enter your password");
    await this.fill("Password", this.password);
    await this.press("Sign in");
    await this.page.waitForLoadState();
    const offer = this.page.getByRole("button", { name: "Not now" });
    if (await offer.count()) await offer.click();
  }

  async done() {
    assert.deepEqual(this.faults, []);
    await this.close();
  }
}

const user = (hosted) => hosted.admin.idp.adminGetUser({ UserPoolId: hosted.userPoolId, Username: "ana" });
const attribute = async (hosted, name) => (await user(hosted)).UserAttributes.find(({ Name }) => Name === name)?.Value;

test("profile, address and password", async () => {
  const hosted = await pooled();
  const ana = await Ana.at(hosted);
  await ana.go();
  await ana.signsIn();
  await ana.sees("Your account");
  await picture(ana.page, "account");
  await ana.page.getByRole("link", { name: /^Profile/ }).click();
  await ana.sees("Profile");
  await ana.page.getByLabel(/^Full name/).fill("Ana Lind");
  await ana.press("Save");
  await ana.says("Your changes are saved.");
  assert.equal(await attribute(hosted, "name"), "Ana Lind");

  await ana.page.getByRole("link", { name: "Change" }).click();
  await ana.sees("Email address");
  await ana.fill("Email address", "bea@example.com");
  await ana.press("Save");
  await ana.sees("Check your email");
  await ana.fill("Code", await server.code("bea@example.com"));
  await ana.press("Continue");
  await ana.says("Your address is confirmed.");
  assert.equal(await attribute(hosted, "email"), "bea@example.com");

  // What is open too long asks for another sign-in, and comes back.
  await ana.go("/password");
  await ana.sees("Choose a new password");
  await apps.advance(LATER);
  await ana.fill("Current password", PASSWORD);
  await ana.fill("New password", NEW);
  await ana.fill("Repeat the new password", NEW);
  await ana.press("Save");
  await ana.signsIn();
  await ana.sees("Choose a new password");
  await ana.fill("Current password", PASSWORD);
  await ana.fill("New password", NEW);
  await ana.fill("Repeat the new password", NEW);
  await ana.press("Save");
  await ana.says("Your changes are saved.");
  await ana.done();
});

test("an authenticator app and passkeys, on a phone", async () => {
  const hosted = await pooled();
  const ana = await Ana.at(hosted, SCREENS.phone);
  await ana.go("/factors");
  await ana.signsIn();
  await ana.sees("Second steps and passkeys");
  await ana.press("Set up: Authenticator app");
  await ana.sees("Set up your authenticator app");
  await ana.page.getByText("Show secret key").click();
  const secret = await ana.page.locator("code").innerText();
  await ana.fill("Code", apps.code(secret));
  await ana.press("Continue");
  await ana.says("Your changes are saved.");
  assert.deepEqual((await user(hosted)).UserMFASettingList, ["SOFTWARE_TOKEN_MFA"]);
  await ana.press("Make new codes");
  await ana.sees("Recovery codes");
  assert.equal(await ana.page.locator("li code").count(), 10);
  await picture(ana.page, "account-recovery");
  await ana.page.getByRole("link", { name: "Back to your account" }).click();
  await ana.page.getByRole("link", { name: /^Second steps/ }).click();
  await ana.page.getByText("Codes left: 10").waitFor();
  assert.equal(await ana.page.locator("li code").count(), 0);
  await ana.press("Turn off: Authenticator app");
  await ana.says("Your changes are saved.");
  assert.equal((await user(hosted)).UserMFASettingList, undefined);

  await ana.press("Create a passkey");
  await ana.sees("Sign in faster next time");
  await ana.press("Create a passkey");
  await ana.says("Your changes are saved.");
  await ana.sees("Second steps and passkeys");
  await ana.press(/^Remove: /);
  await ana.says("Your changes are saved.");
  assert.equal(await ana.page.getByRole("button", { name: /^Remove: / }).count(), 0);
  await ana.done();
});

test("sessions and devices", async () => {
  const hosted = await pooled();
  await hosted.admin.idp.setUserPoolSessionConfiguration({
    UserPoolId: hosted.userPoolId,
    UserSessionTracking: "ENABLED",
    TokenSession: { MaxPerUser: 5 },
  });
  const [ana, other] = [await Ana.at(hosted), await Ana.at(hosted)];
  for (const one of [other, ana]) {
    await one.go("/sessions");
    await one.signsIn();
    await one.sees("Devices and sessions");
  }
  await picture(ana.page, "account-sessions");
  assert.equal(await ana.page.getByText("This browser").count(), 1);
  await ana.press(/^Sign out: /);
  await ana.says("Your changes are saved.");
  await other.go();
  await other.sees("Sign in");
  await ana.page.getByRole("button", { name: /^Forget: / }).first().click();
  await ana.says("Your changes are saved.");
  await ana.press("Sign out everywhere else");
  await ana.says("Your changes are saved.");
  await ana.go();
  await ana.press("Sign out");
  await ana.sees("You’re signed out");
  await ana.done();
  await other.done();
});

test("a copy of all, and the end", async () => {
  const hosted = await pooled();
  const ana = await Ana.at(hosted);
  await ana.go("/data", "&lang=de");
  await ana.page.getByRole("heading", { name: "Anmelden", exact: true }).waitFor();
  await ana.go("/data", "&lang=en");
  await ana.signsIn();
  await ana.sees("Your data");
  const [download] = await Promise.all([ana.page.waitForEvent("download"), ana.press("Download your data")]);
  assert.equal(download.suggestedFilename(), "account.json");
  const data = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(data.attributes.email, "ana@example.com");
  await ana.fill("Name of your account", "eve@example.com");
  await ana.press("Delete your account");
  await ana.says("That is not the name of this account.");
  await ana.fill("Name of your account", "ana@example.com");
  await ana.press("Delete your account");
  await ana.sees("Your account is deleted");
  await assert.rejects(user(hosted), { name: "UserNotFoundException" });
  await ana.done();
});
