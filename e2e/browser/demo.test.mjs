// The demo page in Chromium, as a visitor walks it, with the code read from the inbox.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { PASSWORD } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open, picture } from "./chromium.mjs";

const STRANGER = "us-east-1:00000000-0000-4000-8000-000000000000";
let server, browser, address;

before(async () => {
  server = await Poolhouse.start("demo");
  address = await server.said(/Demo page +(http:\S+)/);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The page and short words for what a visitor does on it; `prepare(page)` comes before it is asked for. */
async function visit(screen, prepare) {
  const opened = await open(browser, SCREENS[screen], [new URL(address).origin, server.url]);
  const { page } = opened;
  const part = (name) => page.locator(`[data-test=${name}]`);
  const said = async (name, kind) => {
    const notice = part(name).locator(`.notice[data-kind=${kind}]`);
    await notice.waitFor().catch(async () => {
      assert.fail(`${name} should say ${kind}, it says: ${(await part(name).textContent()) || "nothing"}`);
    });
    return notice.textContent();
  };
  const fill = (name, value) => part(name).fill(value);
  const press = (name) => part(name).click();
  await prepare?.(page);
  await page.goto(address);
  return { ...opened, part, said, fill, press };
}

async function signUp({ fill, press, part }, email) {
  await fill("sign-up-email", email);
  await fill("sign-up-password", PASSWORD);
  await press("sign-up-submit");
  await part("confirm-code").waitFor();
}

async function signIn({ fill, press, part }, email) {
  await fill("sign-in-email", email);
  await fill("sign-in-password", PASSWORD);
  await press("sign-in-submit");
  await part("get-credentials").waitFor();
}

async function refusedAtTheDoors({ press, said }) {
  const sentences = { "try-list": "s3:ListBucket", "try-read": "s3:GetObject", "try-write": "s3:PutObject" };
  for (const [button, action] of Object.entries(sentences)) {
    await press(button);
    const text = await said("doors-result", "refused");
    assert.match(text, /AccessDenied/);
    assert.match(text, new RegExp(`is not authorized to perform: ${action} on resource`));
    assert.match(text, new RegExp(`because no identity-based policy allows the ${action} action`));
  }
}

for (const screen of Object.keys(SCREENS)) {
  test(`a visitor walks from sign-up to a file in the bucket, at the ${screen}`, async () => {
    const email = `ana.${screen}@example.com`;
    const visitor = await visit(screen);
    const { page, part, said, fill, press } = visitor;
    await part("sign-up-email").waitFor();
    await picture(page, `demo-${screen}-1-start`);

    await signUp(visitor, email);
    assert.match(await part("confirm-sent").textContent(), /a\*\*\*@e\*\*\*/);
    await fill("confirm-code", "000000");
    await press("confirm-submit");
    const wrong = await said("confirm-result", "error");
    assert.match(wrong, /CodeMismatchException.*Invalid verification code provided, please try again\./);
    await picture(page, `demo-${screen}-2-wrong-code`);
    await press("resend");
    await said("confirm-result", "ok");
    await fill("confirm-code", await server.code(email));
    await press("confirm-submit");
    await said("sign-in-result", "ok");

    await fill("sign-in-password", "Wrong-Horse-9");
    await press("sign-in-submit");
    assert.match(await said("sign-in-result", "error"), /NotAuthorizedException.*Incorrect username or password\./);
    await signIn(visitor, email);

    const claim = (token, name) => part(token).locator(`[data-claim=${name}] dd > code`).textContent();
    const sub = await claim("id-token", "sub");
    assert.match(sub, /^[0-9a-f-]{36}$/);
    assert.equal(await claim("id-token", "email"), email);
    await press("tab-access-token");
    assert.equal(await claim("access-token", "sub"), sub);
    assert.equal(await claim("access-token", "token_use"), "access");
    await press("refresh");
    await said("tokens-result", "ok");
    await picture(page, `demo-${screen}-3-tokens`);

    await press("get-credentials");
    const credential = (name) => part("credentials").locator(`[data-test=${name}]`).textContent();
    await part("credentials").locator("[data-test=access-key-id]").waitFor();
    assert.match(await credential("access-key-id"), /^ASIA[A-Z0-9]{16}$/);
    assert.match(await credential("expiration"), /\((59|60) min\)/);
    const identity = await credential("identity-id");
    await part("no-files").waitFor();
    assert.equal(await part("prefix").textContent(), `${identity}/`);

    await part("upload").setInputFiles({ name: "hello world.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await said("bucket-result", "ok");
    const file = part("files").locator('li[data-name="hello world.txt"]');
    await file.waitFor();
    const download = page.waitForEvent("download");
    await file.locator("[data-test=download]").click();
    assert.equal((await download).suggestedFilename(), "hello world.txt");
    await press("list");
    await file.waitFor();

    assert.equal(await part("door").inputValue(), `${STRANGER}/`);
    await refusedAtTheDoors(visitor);
    await picture(page, `demo-${screen}-4-doors`);
    await file.locator("[data-test=delete]").click();
    await part("no-files").waitFor();

    await press("sign-out");
    assert.match(await said("sign-in-result", "ok"), /Signed out/);
    await picture(page, `demo-${screen}-5-signed-out`);
    assert.deepEqual(visitor.faults, []);
    await visitor.close();
  });

  test(`nothing runs out of the page, at the ${screen}`, async () => {
    const visitor = await visit(screen);
    await visitor.part("sign-up-email").waitFor();
    const { width, full } = await visitor.page.evaluate(() => ({
      width: document.documentElement.clientWidth,
      full: document.documentElement.scrollWidth,
    }));
    assert.ok(full <= width, `the page is ${full} wide on a screen of ${width}`);
    await visitor.close();
  });
}

/** An account whose address is proven, and the walk at its sign-in. */
async function confirmed(visitor, email) {
  await signUp(visitor, email);
  await visitor.fill("confirm-code", await server.code(email));
  await visitor.press("confirm-submit");
  await visitor.said("sign-in-result", "ok");
}

const atLogin = ({ page }) => page.waitForURL(/\/_login\/poolhouse-demo\/login\?/);

for (const screen of Object.keys(SCREENS)) {
  test(`a visitor goes to the bucket by hosted login and out again, at the ${screen}`, async () => {
    const email = `eve.${screen}@example.com`;
    const visitor = await visit(screen);
    const { page, part, said, press } = visitor;
    await confirmed(visitor, email);
    await picture(page, `demo-${screen}-7-two-ways`);

    await press("hosted-login");
    await atLogin(visitor);
    const asked = new URL(page.url()).searchParams;
    assert.deepEqual([asked.get("redirect_uri"), asked.get("code_challenge_method")], [address, "S256"]);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await part("get-credentials").waitFor();
    assert.equal(page.url(), address, "neither code nor state stays in the address");
    assert.equal(await part("signed-in-as").textContent(), email);
    await part("calls").locator('[data-operation="oauth2/token"][data-status="200"]').waitFor();
    const claim = (token, name) => part(token).locator(`[data-claim=${name}] dd > code`).textContent();
    assert.equal(await claim("id-token", "nonce"), asked.get("nonce"));
    await press("tab-access-token");
    assert.equal(await claim("access-token", "scope"), asked.get("scope"));
    await picture(page, `demo-${screen}-8-tokens-by-hosted-login`);
    await press("refresh");
    await said("tokens-result", "ok");

    await press("get-credentials");
    await part("no-files").waitFor();
    await press("upload-note");
    await said("bucket-result", "ok");
    await page.reload();
    await part("files").locator("li").waitFor();

    await press("sign-out");
    assert.match(await said("sign-in-result", "ok"), /Signed out.*the login page has forgotten this browser/);
    assert.equal(page.url(), address);
    await picture(page, `demo-${screen}-9-signed-out-of-both`);
    await press("hosted-login");
    await atLogin(visitor);
    await page.getByLabel("Password").waitFor();
    assert.deepEqual(visitor.faults, []);
    await visitor.close();
  });
}

test("the address of hosted login that the screen has leads to the login page and signed in to the demo", async () => {
  const email = "fay@example.com";
  const visitor = await visit("desk");
  const { page, part } = visitor;
  await confirmed(visitor, email);
  await page.goto(await server.said(/Hosted login +(http:\S+)/));
  await atLogin(visitor);
  await page.goBack();
  await part("sign-in-password").waitFor();
  assert.equal(page.url(), address, "nobody who goes back is sent there again");
  await page.goForward();
  await atLogin(visitor);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await part("get-credentials").waitFor();
  assert.equal(page.url(), address);
  assert.equal(await part("signed-in-as").textContent(), email);
  await page.reload();
  await part("get-credentials").waitFor();
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});

test("what hosted login refuses is shown, and only to who has asked", async () => {
  const misspelt = async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), scopes: ["openid", "harbour"] } });
  const visitor = await visit("desk", (page) => page.route("**/config.json", misspelt));
  const { page, press, said } = visitor;
  await press("open-sign-in");
  await press("hosted-login");
  assert.match(await said("sign-in-result", "error"), /invalid_/);
  assert.equal(page.url(), address);
  await picture(page, "demo-desk-10-refused-by-hosted-login");
  for (const answer of ["error=access_denied&error_description=Call%20this%20number", "code=1c2d3e&state=4f5a6b"]) {
    await page.goto(`${address}?${answer}`);
    assert.match(await said("sign-in-result", "error"), /^Not asked for/);
    assert.equal(page.url(), address);
  }
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});

test("a guest gets keys that open what the guest role opens", async () => {
  const visitor = await visit("desk");
  const { part, press, said, page } = visitor;
  await press("get-guest");
  await part("guest-credentials").locator("[data-test=identity-id]").waitFor();
  await press("guest-read");
  await said("guest-result", "ok");
  for (const button of ["guest-list", "guest-write"]) {
    await press(button);
    assert.match(await said("guest-result", "refused"), /AccessDenied.*is not authorized to perform/);
  }
  await picture(page, "demo-desk-6-guest");
  assert.deepEqual(visitor.faults, []);
  await visitor.close();
});

test("nothing offers itself before the page can do it", async () => {
  const visitor = await visit("desk", (page) => page.route("**/config.json", () => {}));
  const shown = await visitor.page.locator("main button, main input, main .to-guest").all();
  assert.ok(shown.length > 10);
  for (const control of shown) assert.equal(await control.isVisible(), false, await control.getAttribute("data-test"));
  await visitor.close();
});

test("a visitor who comes back is still signed in, until signed out elsewhere", async () => {
  const email = "ben@example.com";
  const visitor = await visit("desk");
  const { page, part, press } = visitor;
  await confirmed(visitor, email);
  await signIn(visitor, email);
  await page.reload();
  await part("get-credentials").waitFor();
  assert.equal(await part("signed-in-as").textContent(), email);
  await press("sign-out-top");
  await visitor.said("sign-in-result", "ok");
  await page.reload();
  await part("sign-in-password").waitFor();
  await visitor.close();
});
