// Passkeys: Chromium and its virtual authenticators make and use them; the JavaScript SDK carries what they answer, or Amplify in the
// page itself.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { PASSWORD, makePool, makeUser, signIn } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";
import { serve } from "./modules.mjs";

const INTERNAL = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
const USB = { ...INTERNAL, transport: "usb" };
let server, pages, origin, browser, pool;

before(async () => {
  server = await Poolhouse.start();
  pages = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>app</title>"));
  await new Promise((listening) => pages.listen(0, "127.0.0.1", listening));
  // Its name makes it a place where browsers let passkeys be used without TLS.
  origin = `http://localhost:${pages.address().port}`;
  browser = await launch();
  const SignInPolicy = { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] };
  pool = await makePool(server, { Policies: { SignInPolicy } });
  const { UserPoolClient } = await pool.admin.idp.createUserPoolClient({
    UserPoolId: pool.userPoolId,
    ClientName: "passkeys",
    ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  pool.clientId = UserPoolClient.ClientId;
  await configure("preferred");
});
after(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

const configure = (UserVerification) =>
  pool.admin.idp.setUserPoolMfaConfig({
    UserPoolId: pool.userPoolId,
    WebAuthnConfiguration: { RelyingPartyId: "localhost", UserVerification },
  });

/** A page of the app, or of another, on a device of its own. */
async function device(authenticator, app = origin) {
  const { page, faults, close } = await open(browser, SCREENS.desk, [app, server.url]);
  await page.goto(app);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { ...authenticator, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    page,
    verifies: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
    create: (options) =>
      page.evaluate(async (options) => {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
        return (await navigator.credentials.create({ publicKey })).toJSON();
      }, options),
    use: (options) =>
      page.evaluate(async (options) => {
        const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
        return (await navigator.credentials.get({ publicKey })).toJSON();
      }, options),
    async close() {
      assert.deepEqual(faults, []);
      await close();
    },
  };
}

async function register(phone, AccessToken) {
  const { CredentialCreationOptions } = await pool.admin.idp.startWebAuthnRegistration({ AccessToken });
  const Credential = await phone.create(CredentialCreationOptions);
  await pool.admin.idp.completeWebAuthnRegistration({ AccessToken, Credential });
}

/** The challenge of a sign-in, and its options. */
async function asked(USERNAME) {
  const challenge = await pool.admin.idp.initiateAuth({
    ClientId: pool.clientId,
    AuthFlow: "USER_AUTH",
    AuthParameters: { USERNAME, PREFERRED_CHALLENGE: "WEB_AUTHN" },
  });
  assert.equal(challenge.ChallengeName, "WEB_AUTHN");
  return { challenge, options: JSON.parse(challenge.ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS) };
}

const answer = (USERNAME, { ChallengeName, Session }, credential) =>
  pool.admin.idp.respondToAuthChallenge({
    ClientId: pool.clientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME, CREDENTIAL: JSON.stringify(credential) },
  });

test("a passkey is registered, signs in, is listed and deleted", async () => {
  const email = "ana@example.com";
  await makeUser(pool, email);
  const { AccessToken } = await signIn(pool, email, PASSWORD);
  const phone = await device(INTERNAL);
  await register(phone, AccessToken);
  // The device has one already.
  await assert.rejects(register(phone, AccessToken), /InvalidStateError/);

  for (let use = 0; use < 2; use++) {
    const { challenge, options } = await asked(email);
    const { AuthenticationResult } = await answer(email, challenge, await phone.use(options));
    const { Username } = await pool.admin.idp.getUser({ AccessToken: AuthenticationResult.AccessToken });
    assert.ok(Username);
  }
  // The phone finds the passkey by itself, too.
  const { challenge, options } = await asked(email);
  await answer(email, challenge, await phone.use({ ...options, allowCredentials: [] }));

  const key = await device(USB);
  await register(key, AccessToken);
  const { Credentials } = await pool.admin.idp.listWebAuthnCredentials({ AccessToken });
  const described = Credentials.map((one) => [one.RelyingPartyId, one.AuthenticatorAttachment, one.AuthenticatorTransports]);
  assert.deepEqual(described, [["localhost", "platform", ["internal"]], ["localhost", "cross-platform", ["usb"]]]);
  const second = await asked(email);
  await answer(email, second.challenge, await key.use(second.options));

  await pool.admin.idp.deleteWebAuthnCredential({ AccessToken, CredentialId: Credentials[1].CredentialId });
  const third = await asked(email);
  assert.deepEqual(third.options.allowCredentials.map(({ id }) => id), [Credentials[0].CredentialId]);
  const gone = await key.use({ ...third.options, allowCredentials: [] });
  await assert.rejects(answer(email, third.challenge, gone), { name: "NotAuthorizedException" });
  await phone.close();
  await key.close();
});

test("a user who is not verified is refused where that is required", async () => {
  const email = "ben@example.com";
  await makeUser(pool, email);
  const { AccessToken } = await signIn(pool, email, PASSWORD);
  const phone = await device(INTERNAL);
  await register(phone, AccessToken);
  await configure("required");
  const { challenge, options } = await asked(email);
  assert.equal(options.userVerification, "required");
  await phone.verifies(false);
  await assert.rejects(phone.use(options), /NotAllowedError/);
  const unverified = await phone.use({ ...options, userVerification: "discouraged" });
  await assert.rejects(answer(email, challenge, unverified), { name: "NotAuthorizedException" });
  await phone.verifies(true);
  await answer(email, challenge, await phone.use(options));
  await configure("preferred");
  await phone.close();
});

test("Amplify registers a passkey and signs in with it", async () => {
  const username = "eve@example.com";
  await makeUser(pool, username);
  const app = await serve('import { Amplify } from "aws-amplify"; import * as auth from "aws-amplify/auth"; globalThis.app = { Amplify, auth };');
  const phone = await device(INTERNAL, `http://localhost:${app.address().port}`);
  await phone.page.waitForFunction(() => globalThis.app);
  const { userPoolId, clientId } = pool;
  const Cognito = { userPoolId, userPoolClientId: clientId, userPoolEndpoint: server.url };
  const seen = await phone.page.evaluate(
    async ({ Cognito, username, password }) => {
      const { Amplify, auth } = app;
      Amplify.configure({ Auth: { Cognito } });
      const by = (preferredChallenge) => ({ authFlowType: "USER_AUTH", preferredChallenge });
      const first = await auth.signIn({ username, password, options: by("PASSWORD_SRP") });
      await auth.associateWebAuthnCredential();
      const { credentials } = await auth.listWebAuthnCredentials();
      await auth.signOut();

      const second = await auth.signIn({ username, options: by("WEB_AUTHN") });
      const { username: name } = await auth.getCurrentUser();
      await auth.signOut();
      const chosen = await auth.signIn({ username, options: { authFlowType: "USER_AUTH" } });
      const third = await auth.confirmSignIn({ challengeResponse: "WEB_AUTHN" });
      await auth.deleteWebAuthnCredential(credentials[0]);
      const left = await auth.listWebAuthnCredentials();
      const { nextStep, isSignedIn } = chosen;
      return {
        signedIn: [first, second, third].map((result) => result.isSignedIn), name, credentials,
        asked: [isSignedIn, nextStep.signInStep, nextStep.availableChallenges], left: left.credentials,
      };
    },
    { Cognito, username, password: PASSWORD },
  );
  assert.deepEqual(seen.signedIn, [true, true, true]);
  assert.ok(seen.name);
  assert.equal(seen.credentials[0].relyingPartyId, "localhost");
  assert.deepEqual(seen.asked, [false, "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION", ["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"]]);
  assert.deepEqual(seen.left, []);
  await phone.close();
  app.close();
});
