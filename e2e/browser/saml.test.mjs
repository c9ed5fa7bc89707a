// A provider of SAML on another site, in a real browser, by plain http as in development: its page posts the answer, and the cookie of the
// visit comes with it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { makeClient, makeHosted } from "../node/hosted.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { Idp } from "../node/saml.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";

const NAME = "Corporate";
let server, hosted, idp, app, home, browser, clientId;

before(async () => {
  idp = await Idp.start({ nameId: "ana@corp.example", attributes: { mail: "ana@corp.example" } });
  server = await Poolhouse.start("dev", "--allow-private-upstreams");
  hosted = await makeHosted(server);
  // Ports make no other site: names do.
  hosted.at = hosted.at.replace("127.0.0.1", "localhost");
  app = createServer((_, response) => response.setHeader("content-type", "text/html").end("<title>app</title>"));
  await new Promise((ready) => app.listen(0, "127.0.0.1", ready));
  home = `http://localhost:${app.address().port}/`;
  const provider = { ProviderName: NAME, ProviderType: "SAML", ProviderDetails: { MetadataFile: idp.metadata }, AttributeMapping: { email: "mail" } };
  await hosted.admin.idp.createIdentityProvider({ UserPoolId: hosted.userPoolId, ...provider });
  clientId = (await makeClient(hosted, { CallbackURLs: [home], SupportedIdentityProviders: ["COGNITO", NAME] })).ClientId;
  const metadata = await fetch(`${hosted.at}/saml2/metadata/${hosted.userPoolId}`);
  idp.trust(await metadata.text());
  browser = await launch();
});
after(async () => {
  await browser?.close();
  idp?.close();
  app?.close();
  await server?.stop();
});

test("by the button, the provider's page and its form to the app, and no second time to the provider", async () => {
  const origins = [new URL(hosted.at).origin, idp.url, new URL(home).origin];
  const { page, faults, close } = await open(browser, SCREENS.desk, origins);
  const query = new URLSearchParams({ response_type: "code", client_id: clientId, redirect_uri: home, scope: "openid email", state: "s" });
  await page.goto(`${hosted.at}/oauth2/authorize?${query}`);
  await page.getByRole("link", { name: `Continue with ${NAME}` }).click();
  await page.waitForURL(`${home}**`);
  const { searchParams } = new URL(page.url());
  assert.ok(searchParams.get("code"), page.url());
  assert.equal(searchParams.get("state"), "s");

  const asked = idp.asked.request.id;
  await page.goto(`${hosted.at}/oauth2/authorize?${query}`);
  await page.waitForURL(`${home}**`);
  assert.equal(idp.asked.request.id, asked);
  assert.deepEqual(faults, []);
  await close();
});
