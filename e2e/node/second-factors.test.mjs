// Second factors with amazon-cognito-identity-js and Amplify 6: authenticator apps and codes, enrolled, chosen, asked for.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { Amplify } from "aws-amplify";
import {
  confirmSignIn,
  fetchAuthSession,
  fetchMFAPreference,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";

import { PASSWORD, fresh, makePool } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";
import { Apps } from "./totp.mjs";

const SENDING = {
  SmsConfiguration: { SnsCallerArn: "arn:aws:iam::000000000000:role/sms", ExternalId: "harbour" },
  EmailConfiguration: {
    EmailSendingAccount: "DEVELOPER",
    SourceArn: "arn:aws:ses:us-east-1:000000000000:identity/example.com",
  },
  AutoVerifiedAttributes: undefined,
};
const TOKEN = { SoftwareTokenMfaConfiguration: { Enabled: true } };
const EMAIL = { EmailMfaConfiguration: {} };
const EVERY = { ...TOKEN, ...EMAIL, SmsMfaConfiguration: {} };
const UNSENT = { ...SENDING, SmsConfiguration: undefined };

let server, apps;
const kept = new Map();
let phones = 0;

before(async () => {
  server = await Poolhouse.start();
  apps = new Apps(server);
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (name) => kept.get(name) ?? null,
    setItem: async (name, value) => void kept.set(name, value),
    removeItem: async (name) => void kept.delete(name),
    clear: async () => kept.clear(),
  });
});
after(() => server.stop());

/** A pool that asks for second factors so. */
async function pooled(MfaConfiguration, factors, settings = SENDING) {
  const pool = await makePool(server, settings);
  await pool.admin.idp.setUserPoolMfaConfig({ UserPoolId: pool.userPoolId, MfaConfiguration, ...factors });
  return pool;
}

/** A confirmed user of a name of their own, who has these attributes. */
async function someone(pool, attributes = {}) {
  const Username = fresh("somebody");
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await pool.admin.idp.signUp({ ClientId: pool.clientId, Username, Password: PASSWORD, UserAttributes });
  await pool.admin.idp.adminConfirmSignUp({ UserPoolId: pool.userPoolId, Username });
  return Username;
}

const phone = () => `+1555000${String(++phones).padStart(4, "0")}`;

/** In Amplify, which knows one pool at a time. */
function inAmplify(pool) {
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: pool.userPoolId, userPoolClientId: pool.clientId, userPoolEndpoint: server.url },
    },
  });
}

beforeEach(() => kept.clear());

// amazon-cognito-identity-js

class Browser {
  #kept = new Map();
  getItem = (name) => this.#kept.get(name) ?? null;
  setItem = (name, value) => this.#kept.set(name, value);
  removeItem = (name) => this.#kept.delete(name);
  clear = () => this.#kept.clear();
}

function visitor(pool, Username) {
  const Storage = new Browser();
  const Pool = new CognitoUserPool({ UserPoolId: pool.userPoolId, ClientId: pool.clientId, endpoint: server.url, Storage });
  return new CognitoUser({ Username, Pool, Storage });
}

/** Everything that a sign-in of this library may turn into. */
const turns = (resolve, reject) => ({
  onSuccess: (session) => resolve({ session }),
  onFailure: reject,
  totpRequired: (name) => resolve({ asked: name }),
  mfaRequired: (name, parameters) => resolve({ asked: name, parameters }),
  selectMFAType: (name, parameters) => resolve({ asked: name, parameters }),
  mfaSetup: (name, parameters) => resolve({ asked: name, parameters }),
});

const begun = (user) =>
  new Promise((resolve, reject) =>
    user.authenticateUser(new AuthenticationDetails({ Username: user.getUsername(), Password: PASSWORD }), turns(resolve, reject)),
  );

const call = (start) => new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));
const told = (start) => new Promise((resolve, reject) => start(turns(resolve, reject)));
const associated = (user) =>
  new Promise((resolve, reject) => user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject }));
const verified = (user, code) =>
  new Promise((resolve, reject) => user.verifySoftwareToken(code, "phone", { onSuccess: resolve, onFailure: reject }));

test("identity-js enrols an app, prefers it and is asked for it", async () => {
  const pool = await pooled("OPTIONAL", TOKEN, UNSENT);
  const name = await someone(pool);
  const user = visitor(pool, name);
  assert.ok((await begun(user)).session.isValid());
  const secret = await associated(user);
  await assert.rejects(verified(user, "000000"), { name: "EnableSoftwareTokenMFAException" });
  assert.equal((await verified(user, apps.code(secret))).Status, "SUCCESS");
  await call((done) => user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, done));
  const data = await call((done) => user.getUserData(done, { bypassCache: true }));
  assert.deepEqual([data.PreferredMfaSetting, data.UserMFASettingList], ["SOFTWARE_TOKEN_MFA", ["SOFTWARE_TOKEN_MFA"]]);

  const again = visitor(pool, name);
  assert.equal((await begun(again)).asked, "SOFTWARE_TOKEN_MFA");
  const code = await apps.nextCode(secret);
  await assert.rejects(told((turns) => again.sendMFACode("000000", turns, "SOFTWARE_TOKEN_MFA")), {
    name: "CodeMismatchException",
    message: "Invalid code received for user",
  });
  const { session } = await told((turns) => again.sendMFACode(code, turns, "SOFTWARE_TOKEN_MFA"));
  assert.ok(session.isValid());
});

test("identity-js is asked for a code by text message, and chooses among factors", async () => {
  const pool = await pooled("OPTIONAL", EVERY);
  const number = phone();
  const name = await someone(pool, { phone_number: number });
  const user = visitor(pool, name);
  await begun(user);
  await call((done) => user.setUserMfaPreference({ Enabled: true, PreferredMfa: true }, null, done));
  const texted = visitor(pool, name);
  const asked = await begun(texted);
  assert.equal(asked.asked, "SMS_MFA");
  assert.match(asked.parameters.CODE_DELIVERY_DESTINATION, /^\+\*+\d{4}$/);
  const code = await server.code(number);
  const { session } = await told((turns) => texted.sendMFACode(code, turns));
  assert.ok(session.isValid());

  const secret = await associated(texted);
  await verified(texted, apps.code(secret));
  await call((done) => texted.setUserMfaPreference({ Enabled: true, PreferredMfa: false }, { Enabled: true }, done));
  const both = visitor(pool, name);
  const choice = await begun(both);
  assert.equal(choice.asked, "SELECT_MFA_TYPE");
  assert.deepEqual(JSON.parse(choice.parameters.MFAS_CAN_CHOOSE), ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]);
  assert.equal((await told((turns) => both.sendMFASelectionAnswer("SOFTWARE_TOKEN_MFA", turns))).asked, "SOFTWARE_TOKEN_MFA");
  const done = await told(async (turns) => both.sendMFACode(await apps.nextCode(secret), turns, "SOFTWARE_TOKEN_MFA"));
  assert.ok(done.session.isValid());
});

test("identity-js sets an app up where everybody needs one", async () => {
  const pool = await pooled("ON", TOKEN, UNSENT);
  const user = visitor(pool, await someone(pool));
  assert.equal((await begun(user)).asked, "MFA_SETUP");
  const secret = await associated(user);
  assert.ok((await verified(user, apps.code(secret))).isValid());
});

// Amplify

const step = async (input) => (await input).nextStep;

test("Amplify enrols an app and is asked for it", async () => {
  const pool = await pooled("OPTIONAL", TOKEN, UNSENT);
  inAmplify(pool);
  const username = await someone(pool);
  assert.ok((await signIn({ username, password: PASSWORD })).isSignedIn);
  const { sharedSecret } = await setUpTOTP();
  await verifyTOTPSetup({ code: apps.code(sharedSecret) });
  await updateMFAPreference({ totp: "PREFERRED" });
  assert.deepEqual(await fetchMFAPreference(), { enabled: ["TOTP"], preferred: "TOTP" });
  await signOut();

  const { signInStep } = await step(signIn({ username, password: PASSWORD }));
  assert.equal(signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  await assert.rejects(confirmSignIn({ challengeResponse: "000000" }), { name: "CodeMismatchException" });
  assert.ok((await confirmSignIn({ challengeResponse: await apps.nextCode(sharedSecret) })).isSignedIn);
  assert.ok((await fetchAuthSession()).tokens.accessToken);
  await signOut();
});

test("Amplify is asked for codes by text message and mail, and chooses among all three", async () => {
  const pool = await pooled("OPTIONAL", EVERY);
  inAmplify(pool);
  const [number, email] = [phone(), `${fresh("amplify")}@example.com`];
  const username = await someone(pool, { phone_number: number, email });
  await signIn({ username, password: PASSWORD });
  await updateMFAPreference({ sms: "PREFERRED" });
  await signOut();
  const texted = await step(signIn({ username, password: PASSWORD }));
  assert.equal(texted.signInStep, "CONFIRM_SIGN_IN_WITH_SMS_CODE");
  assert.equal(texted.codeDeliveryDetails.deliveryMedium, "SMS");
  assert.ok((await confirmSignIn({ challengeResponse: await server.code(number) })).isSignedIn);

  await updateMFAPreference({ sms: "NOT_PREFERRED", email: "PREFERRED" });
  await signOut();
  const mailed = await step(signIn({ username, password: PASSWORD }));
  assert.equal(mailed.signInStep, "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
  assert.ok((await confirmSignIn({ challengeResponse: await server.code(email) })).isSignedIn);

  const { sharedSecret } = await setUpTOTP();
  await verifyTOTPSetup({ code: apps.code(sharedSecret) });
  await updateMFAPreference({ email: "NOT_PREFERRED", totp: "ENABLED" });
  assert.deepEqual((await fetchMFAPreference()).enabled, ["SMS", "TOTP", "EMAIL"]);
  await signOut();
  const choice = await step(signIn({ username, password: PASSWORD }));
  assert.equal(choice.signInStep, "CONTINUE_SIGN_IN_WITH_MFA_SELECTION");
  assert.deepEqual(choice.allowedMFATypes, ["SMS", "TOTP", "EMAIL"]);
  const chosen = await step(confirmSignIn({ challengeResponse: "TOTP" }));
  assert.equal(chosen.signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
  assert.ok((await confirmSignIn({ challengeResponse: await apps.nextCode(sharedSecret) })).isSignedIn);
  await signOut();
});

test("Amplify sets an app up where everybody needs one", async () => {
  const pool = await pooled("ON", TOKEN, UNSENT);
  inAmplify(pool);
  const next = await step(signIn({ username: await someone(pool), password: PASSWORD }));
  assert.equal(next.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
  const { sharedSecret } = next.totpSetupDetails;
  assert.ok((await confirmSignIn({ challengeResponse: apps.code(sharedSecret) })).isSignedIn);
  assert.deepEqual((await fetchMFAPreference()).enabled, ["TOTP"]);
  await signOut();
});

test("Amplify offers what can be set up", async () => {
  const pool = await pooled("ON", { ...TOKEN, ...EMAIL }, UNSENT);
  inAmplify(pool);
  const next = await step(signIn({ username: await someone(pool), password: PASSWORD }));
  assert.equal(next.signInStep, "CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION");
  assert.deepEqual(next.allowedMFATypes, ["TOTP", "EMAIL"]);
  const chosen = await step(confirmSignIn({ challengeResponse: "TOTP" }));
  assert.equal(chosen.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
  const code = apps.code(chosen.totpSetupDetails.sharedSecret);
  assert.ok((await confirmSignIn({ challengeResponse: code })).isSignedIn);
  await signOut();
});

test("Amplify sets codes by mail up by an address", async () => {
  const mailed = `${fresh("amplify")}@example.com`;
  const pool = await pooled("ON", { ...TOKEN, ...EMAIL }, UNSENT);
  inAmplify(pool);
  await signIn({ username: await someone(pool), password: PASSWORD });
  const chosen = await step(confirmSignIn({ challengeResponse: "EMAIL" }));
  assert.equal(chosen.signInStep, "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP");
  const asked = await step(confirmSignIn({ challengeResponse: mailed }));
  assert.equal(asked.signInStep, "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
  assert.ok((await confirmSignIn({ challengeResponse: await server.code(mailed) })).isSignedIn);
  await signOut();
});
