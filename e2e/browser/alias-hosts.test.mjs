// A domain at AWS's own name, in a browser whose names lead here.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { clients } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { launch } from "./chromium.mjs";

const HOST = "app.auth.eu-west-1.amazoncognito.com";
const CALLBACK = "https://app.example.com/callback";
let server, browser;

before(async () => {
  server = await Poolhouse.start("dev", "--alias-hosts", "eu-west-1");
  browser = await launch(`--host-resolver-rules=MAP ${HOST} 127.0.0.1:${new URL(server.url).port}`);
});
after(async () => {
  await browser?.close();
  await server.stop();
});

test("Chromium opens the login page at the name that AWS gives a domain", async () => {
  const { idp } = clients(server.url, undefined, "eu-west-1");
  const { UserPool } = await idp.createUserPool({ PoolName: "app" });
  const { UserPoolClient } = await idp.createUserPoolClient({
    UserPoolId: UserPool.Id,
    ClientName: "app",
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid"],
    CallbackURLs: [CALLBACK],
    SupportedIdentityProviders: ["COGNITO"],
  });
  await idp.createUserPoolDomain({ UserPoolId: UserPool.Id, Domain: "app" });
  // Chromium keeps its trusted authorities in a store of the user's. That clients verify these names is seen in e2e/node.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const asked = new URLSearchParams({
    client_id: UserPoolClient.ClientId, response_type: "code", scope: "openid", redirect_uri: CALLBACK,
  });
  const answer = await page.goto(`https://${HOST}/oauth2/authorize?${asked}`);
  assert.equal(answer.status(), 200);
  assert.equal(new URL(page.url()).host, HOST);
  assert.equal(new URL(page.url()).pathname, "/login");
  assert.equal((await answer.securityDetails()).subjectName, "Poolhouse dev");
  await page.locator("form").first().waitFor();
  await context.close();
});
