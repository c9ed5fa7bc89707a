// A person is in the middle of signing in while the server is killed (`kill -9`): what it acknowledged holds, and what was spent stays spent.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as client from "openid-client";

import { CALLBACK, Visitor, makeClient, makeHosted } from "./hosted.mjs";
import { PASSWORD, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
const OWN_SENDER = {
  EmailSendingAccount: "DEVELOPER",
  SourceArn: "arn:aws:ses:us-east-1:000000000000:identity/no-reply@example.com",
};
let server, hosted, config;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server, { pool: { EmailConfiguration: OWN_SENDER } });
  await makeUser(hosted, EMAIL);
  const { ClientId } = await makeClient(hosted);
  const execute = [client.allowInsecureRequests];
  config = await client.discovery(new URL(hosted.issuer), ClientId, undefined, client.None(), { execute });
});
after(() => server?.stop());

async function begun() {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: "openid email",
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
  });
  return { url, kept: { pkceCodeVerifier, expectedState } };
}

const trade = (answer, kept) => client.authorizationCodeGrant(config, new URL(answer), kept);
const isInvalidGrant = (error) => error.error === "invalid_grant";

test("between every two steps of a sign-in", async () => {
  const { url, kept } = await begun();
  const visitor = new Visitor();
  const first = await visitor.open(url);
  await server.crash();
  const { left } = await visitor.submit(first, { username: EMAIL, password: PASSWORD });
  assert.ok(left?.startsWith(CALLBACK));
  await server.crash();
  const tokens = await trade(left, kept);
  assert.equal(tokens.claims().email, EMAIL);
  await server.crash();

  // The code is spent, and telling so ends what came of it.
  await assert.rejects(trade(left, kept), isInvalidGrant);
  await server.crash();
  await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), isInvalidGrant);

  // The browser is known still.
  const again = await begun();
  const known = await visitor.open(again.url);
  assert.equal((await trade(known.left, again.kept)).claims().sub, tokens.claims().sub);
});

test("between a challenge and its answer", async () => {
  const { idp } = hosted.admin;
  await idp.setUserPoolMfaConfig({
    UserPoolId: hosted.userPoolId,
    MfaConfiguration: "OPTIONAL",
    EmailMfaConfiguration: { Message: "{####}", Subject: "Your code" },
  });
  await idp.adminSetUserMFAPreference({
    UserPoolId: hosted.userPoolId,
    Username: EMAIL,
    EmailMfaSettings: { Enabled: true, PreferredMfa: true },
  });
  const { url, kept } = await begun();
  const visitor = new Visitor();
  const asked = await visitor.submit(await visitor.open(url), { username: EMAIL, password: PASSWORD });
  assert.match(asked.html ?? "", /autocomplete="one-time-code"/);
  await server.crash();
  const code = await server.code(EMAIL);
  const { left } = await visitor.submit(asked, { code });
  assert.ok(left?.startsWith(CALLBACK));
  assert.ok((await trade(left, kept)).access_token);
  await server.crash();
  const replayed = await new Visitor().submit(asked, { code });
  assert.equal(replayed.left, undefined);
});
