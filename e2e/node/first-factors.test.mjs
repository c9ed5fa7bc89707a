// USER_AUTH with Amplify 6: every first factor that needs no browser, preferred or chosen, and what comes of a sign-up.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Amplify } from "aws-amplify";
import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  getCurrentUser,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";

import { PASSWORD, fresh, makePool } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const kept = new Map();
let server, pool;
let phones = 0;

before(async () => {
  server = await Poolhouse.start();
  pool = await makePool(server, {
    SmsConfiguration: { SnsCallerArn: "arn:aws:iam::000000000000:role/sms", ExternalId: "harbour" },
    Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP"] } },
  });
  const { UserPoolClient } = await pool.admin.idp.createUserPoolClient({
    UserPoolId: pool.userPoolId,
    ClientName: "choice",
    ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (name) => kept.get(name) ?? null,
    setItem: async (name, value) => void kept.set(name, value),
    removeItem: async (name) => void kept.delete(name),
    clear: async () => kept.clear(),
  });
  const ids = { userPoolId: pool.userPoolId, userPoolClientId: UserPoolClient.ClientId };
  Amplify.configure({ Auth: { Cognito: { ...ids, userPoolEndpoint: server.url } } });
});
after(() => server.stop());
beforeEach(() => kept.clear());

/** Confirmed, with a verified mail address and phone. */
async function someone() {
  const Username = fresh("somebody");
  const [email, phone] = [`${Username}@example.com`, `+1555000${String(++phones).padStart(4, "0")}`];
  const attributes = { email, email_verified: "true", phone_number: phone, phone_number_verified: "true" };
  const { idp } = pool.admin;
  const UserPoolId = pool.userPoolId;
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  await idp.adminCreateUser({ UserPoolId, Username, MessageAction: "SUPPRESS", UserAttributes });
  await idp.adminSetUserPassword({ UserPoolId, Username, Password: PASSWORD, Permanent: true });
  return { username: Username, email, phone };
}

const by = (preferredChallenge) => ({ authFlowType: "USER_AUTH", preferredChallenge });
const step = async (input) => (await input).nextStep;

test("a password that is preferred, in the clear and by SRP", async () => {
  const { username } = await someone();
  for (const preferred of ["PASSWORD", "PASSWORD_SRP"]) {
    const { isSignedIn } = await signIn({ username, password: PASSWORD, options: by(preferred) });
    assert.ok(isSignedIn, preferred);
    assert.equal((await getCurrentUser()).username, username);
    await signOut();
    const wrong = signIn({ username, password: "Wrong-Horse-9", options: by(preferred) });
    await assert.rejects(wrong, { name: "NotAuthorizedException" });
  }
});

test("codes that are preferred, by mail and text message", async () => {
  const { username, email, phone } = await someone();
  for (const [preferred, expected, address] of [
    ["EMAIL_OTP", "CONFIRM_SIGN_IN_WITH_EMAIL_CODE", email],
    ["SMS_OTP", "CONFIRM_SIGN_IN_WITH_SMS_CODE", phone],
  ]) {
    const { signInStep, codeDeliveryDetails } = await step(signIn({ username, options: by(preferred) }));
    assert.equal(signInStep, expected);
    assert.equal(codeDeliveryDetails.deliveryMedium, preferred === "EMAIL_OTP" ? "EMAIL" : "SMS");
    await assert.rejects(confirmSignIn({ challengeResponse: "00000000" }), { name: "CodeMismatchException" });
    const code = await server.code(address);
    assert.match(code, /^\d{8}$/);
    assert.ok((await confirmSignIn({ challengeResponse: code })).isSignedIn);
    await signOut();
  }
});

test("factors that are chosen among those there are", async () => {
  const { username, email } = await someone();
  const begin = () => step(signIn({ username, options: by(undefined) }));
  const offered = await begin();
  assert.equal(offered.signInStep, "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION");
  assert.deepEqual([...offered.availableChallenges].sort(), ["EMAIL_OTP", "PASSWORD", "PASSWORD_SRP", "SMS_OTP"]);
  const mailed = await step(confirmSignIn({ challengeResponse: "EMAIL_OTP" }));
  assert.equal(mailed.signInStep, "CONFIRM_SIGN_IN_WITH_EMAIL_CODE");
  assert.ok((await confirmSignIn({ challengeResponse: await server.code(email) })).isSignedIn);
  await signOut();
  for (const factor of ["PASSWORD", "PASSWORD_SRP"]) {
    await begin();
    const asked = await step(confirmSignIn({ challengeResponse: factor }));
    assert.equal(asked.signInStep, "CONFIRM_SIGN_IN_WITH_PASSWORD");
    assert.ok((await confirmSignIn({ challengeResponse: PASSWORD })).isSignedIn, factor);
    await signOut();
  }
});

test("who has just signed up, without a password, is signed in", async () => {
  const username = fresh("newcomer");
  const email = `${username}@example.com`;
  const { nextStep } = await signUp({
    username,
    options: { userAttributes: { email }, autoSignIn: { authFlowType: "USER_AUTH" } },
  });
  assert.equal(nextStep.signUpStep, "CONFIRM_SIGN_UP");
  const done = await confirmSignUp({ username, confirmationCode: await server.code(email) });
  assert.equal(done.nextStep.signUpStep, "COMPLETE_AUTO_SIGN_IN");
  assert.ok((await autoSignIn()).isSignedIn);
  assert.equal((await getCurrentUser()).username, username);
  await signOut();
});

test("who must set a new password is told so", async () => {
  const { username, email } = await someone();
  await pool.admin.idp.adminResetUserPassword({ UserPoolId: pool.userPoolId, Username: username });
  const { signInStep } = await step(signIn({ username, password: PASSWORD, options: by("PASSWORD") }));
  assert.equal(signInStep, "RESET_PASSWORD");
  await resetPassword({ username });
  const newPassword = "Another-Horse-9";
  await confirmResetPassword({ username, newPassword, confirmationCode: await server.code(email) });
  assert.ok((await signIn({ username, password: newPassword, options: by("PASSWORD_SRP") })).isSignedIn);
  await signOut();
});
