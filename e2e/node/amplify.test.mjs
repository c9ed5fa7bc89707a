// Amplify 6, configured for an endpoint of one's own: sign-up, SRP sign-in, tokens, credentials, refresh, guest.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { Amplify } from "aws-amplify";
import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resetPassword,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";

import { PASSWORD, clients, makeUser, makeWalk } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const kept = new Map();
let server, walk;
let count = 0;
const address = () => `amplify${++count}@example.com`;

before(async () => {
  server = await Poolhouse.start();
  walk = await makeWalk(server, { UsernameAttributes: ["email"] });
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: walk.userPoolId,
        userPoolClientId: walk.clientId,
        identityPoolId: walk.identityPoolId,
        allowGuestAccess: true,
        userPoolEndpoint: server.url,
        identityPoolEndpoint: server.url,
      },
    },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (name) => kept.get(name) ?? null,
    setItem: async (name, value) => void kept.set(name, value),
    removeItem: async (name) => void kept.delete(name),
    clear: async () => kept.clear(),
  });
});
after(() => server.stop());
beforeEach(() => signOut());

async function signedIn() {
  const username = address();
  await makeUser(walk, username);
  const { isSignedIn } = await signIn({ username, password: PASSWORD });
  assert.ok(isSignedIn);
  return username;
}

const asSdk = ({ accessKeyId, secretAccessKey, sessionToken }) =>
  clients(server.url, { accessKeyId, secretAccessKey, sessionToken });

test("sign-up, code, SRP sign-in", async () => {
  const username = address();
  const made = await signUp({ username, password: PASSWORD, options: { userAttributes: { email: username } } });
  assert.equal(made.isSignUpComplete, false);
  assert.equal(made.nextStep.signUpStep, "CONFIRM_SIGN_UP");
  assert.equal(made.nextStep.codeDeliveryDetails.destination, "a***@e***");
  const early = await signIn({ username, password: PASSWORD });
  assert.equal(early.nextStep.signInStep, "CONFIRM_SIGN_UP");
  const done = await confirmSignUp({ username, confirmationCode: await server.code(username) });
  assert.equal(done.isSignUpComplete, true);

  assert.equal((await signIn({ username, password: PASSWORD })).nextStep.signInStep, "DONE");
  const user = await getCurrentUser();
  assert.equal(user.userId, made.userId);
  assert.equal(user.signInDetails.authFlowType, "USER_SRP_AUTH");
  assert.deepEqual(await fetchUserAttributes(), { sub: made.userId, email: username, email_verified: "true" });
});

test("a sign-up can sign in by itself", async () => {
  const username = address();
  await signUp({
    username,
    password: PASSWORD,
    options: { userAttributes: { email: username }, autoSignIn: { enabled: true } },
  });
  const { nextStep } = await confirmSignUp({ username, confirmationCode: await server.code(username) });
  assert.equal(nextStep.signUpStep, "COMPLETE_AUTO_SIGN_IN");
  assert.ok((await autoSignIn()).isSignedIn);
});

test("a wrong password is refused by AWS's name and sentence", async () => {
  const username = address();
  await makeUser(walk, username);
  await assert.rejects(signIn({ username, password: "Wrong-Horse-9" }), {
    name: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
});

test("a session has tokens, an identity and credentials of the signed-in role", async () => {
  const username = await signedIn();
  const session = await fetchAuthSession();
  assert.equal(session.tokens.idToken.payload.email, username);
  assert.equal(session.tokens.accessToken.payload.client_id, walk.clientId);
  assert.equal(session.userSub, session.tokens.idToken.payload.sub);
  assert.match(session.identityId, /^us-east-1:[0-9a-f-]{36}$/);

  const { s3, sts } = asSdk(session.credentials);
  assert.match((await sts.getCallerIdentity({})).Arn, /\/walk-authenticated-\d+\//);
  await s3.putObject({ Bucket: walk.bucket, Key: `${session.identityId}/x`, Body: "x" });
  await assert.rejects(s3.putObject({ Bucket: walk.bucket, Key: "other/x", Body: "x" }), { name: "AccessDenied" });
});

test("a forced refresh brings new tokens of the same sign-in", async () => {
  await signedIn();
  const before = await fetchAuthSession();
  const renewed = await fetchAuthSession({ forceRefresh: true });
  assert.notEqual(renewed.tokens.accessToken.toString(), before.tokens.accessToken.toString());
  assert.equal(renewed.tokens.idToken.payload.origin_jti, before.tokens.idToken.payload.origin_jti);
  assert.equal(renewed.identityId, before.identityId);
  assert.notEqual(renewed.credentials.accessKeyId, before.credentials.accessKeyId);
});

test("signing out revokes; signing out everywhere ends every browser", async () => {
  await signedIn();
  const here = await fetchAuthSession();
  await signOut();
  const ended = { name: "NotAuthorizedException", message: "Access Token has been revoked" };
  const read = (session) => walk.admin.idp.getUser({ AccessToken: session.tokens.accessToken.toString() });
  await assert.rejects(read(here), ended);
  await assert.rejects(getCurrentUser(), { name: "UserUnAuthenticatedException" });

  await signedIn();
  const everywhere = await fetchAuthSession();
  await signOut({ global: true });
  await assert.rejects(read(everywhere), ended);
});

test("a guest has an identity and the guest role", async () => {
  const session = await fetchAuthSession();
  assert.equal(session.tokens, undefined);
  const { sts, s3 } = asSdk(session.credentials);
  assert.match((await sts.getCallerIdentity({})).Arn, /\/walk-unauthenticated-\d+\//);
  await assert.rejects(s3.listObjectsV2({ Bucket: walk.bucket }), { name: "AccessDenied" });
  assert.equal((await fetchAuthSession()).identityId, session.identityId);
});

test("an invited user chooses a password", async () => {
  const username = address();
  await walk.admin.idp.adminCreateUser({
    UserPoolId: walk.userPoolId,
    Username: username,
    TemporaryPassword: "Temporary-1",
    MessageAction: "SUPPRESS",
    UserAttributes: [{ Name: "email", Value: username }, { Name: "email_verified", Value: "true" }],
  });
  const challenge = await signIn({ username, password: "Temporary-1" });
  assert.equal(challenge.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED");
  assert.ok((await confirmSignIn({ challengeResponse: PASSWORD })).isSignedIn);
});

test("a forgotten password is set by a code", async () => {
  const username = address();
  await makeUser(walk, username);
  const { nextStep } = await resetPassword({ username });
  assert.equal(nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
  const confirmationCode = await server.code(username);
  await confirmResetPassword({ username, confirmationCode, newPassword: "Better-Horse-10" });
  assert.ok((await signIn({ username, password: "Better-Horse-10" })).isSignedIn);
});
