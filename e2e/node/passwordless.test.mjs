// amazon-cognito-passwordless-auth: its client against the built program, and its handlers as local functions under aws-lambda-ric.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Passwordless } from "amazon-cognito-passwordless-auth";
import { getUser } from "amazon-cognito-passwordless-auth/cognito-api";
import { signOut } from "amazon-cognito-passwordless-auth/common";
import { requestSignInLink, signInWithLink } from "amazon-cognito-passwordless-auth/magic-link";
import { authenticateWithPlaintextPassword } from "amazon-cognito-passwordless-auth/plaintext";
import { refreshTokens } from "amazon-cognito-passwordless-auth/refresh";
import { stepUpAuthenticationWithSmsOtp } from "amazon-cognito-passwordless-auth/sms-otp-stepup";
import { authenticateWithSRP } from "amazon-cognito-passwordless-auth/srp";
import { retrieveTokens } from "amazon-cognito-passwordless-auth/storage";
import { build } from "esbuild";

import { PASSWORD, makePool } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";
import { Apps } from "./totp.mjs";

const HANDLER = fileURLToPath(new URL("functions/passwordless.mjs", import.meta.url));
const RUNTIME_CLIENT = fileURLToPath(new URL("../node_modules/aws-lambda-ric/index.mjs", import.meta.url));
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:passwordless";
const ROLE = "arn:aws:iam::000000000000:role/passwordless";
const FLOWS = ["USER_PASSWORD_AUTH", "USER_SRP_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"].map((flow) => `ALLOW_${flow}`);
const LINK_PAGE = "http://localhost:3000/welcome";
const PHONE = "+15551230000";

let folder, post, server, pool, location;
// What the application's functions sent: text messages by SNS, links by its own post.
const sent = { texts: [], links: [] };

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolhouse-e2e."));
  post = createServer(receive);
  await new Promise((listening) => post.listen(0, "127.0.0.1", listening));
  const address = `http://127.0.0.1:${post.address().port}`;
  const environment = {
    ALLOWED_ORIGINS: new URL(LINK_PAGE).origin,
    SMS_OTP_STEP_UP_ENABLED: "yes",
    CLIENT_METADATA_PERSISTED_KEYS: "signInMethod",
    AWS_ENDPOINT_URL_SNS: `${address}/sns`,
    LINKS_TO: `${address}/links`,
    LINKS_SECRET: "of the application",
  };
  const variables = Object.entries(environment).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  // Their package means them to be bundled: the CDK does it so.
  const outfile = join(folder, "passwordless.js");
  await build({ entryPoints: [HANDLER], outfile, bundle: true, platform: "node", logLevel: "error" });
  const file = join(folder, "poolhouse.toml");
  await writeFile(
    file,
    `[[function]]
name = "passwordless"
command = ["node", "${RUNTIME_CLIENT}", "passwordless.handler"]
directory = "${folder}"
role = "${ROLE}"
environment = { ${variables.join(", ")} }
`,
  );
  server = await Poolhouse.start("dev", "--config", file);
  pool = await makePool(server, { LambdaConfig: lambdas() });
  // Its credentials are for SNS; it is started as soon as the role is there.
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await pool.admin.iam.createRole({ RoleName: "passwordless", AssumeRolePolicyDocument });
  const { UserPoolClient } = await pool.admin.idp.createUserPoolClient({
    UserPoolId: pool.userPoolId,
    ClientName: "passwordless",
    ExplicitAuthFlows: FLOWS,
  });
  pool.clientId = UserPoolClient.ClientId;
});
after(async () => {
  await server?.stop();
  post?.close();
  await rm(folder, { recursive: true, force: true });
});

const lambdas = () => ({
  ...Object.fromEntries(
    ["PreSignUp", "DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse", "PreTokenGeneration"].map(
      (trigger) => [trigger, FUNCTION],
    ),
  ),
});

async function receive(request, response) {
  let body = "";
  for await (const part of request) body += part;
  if (request.url.startsWith("/sns")) {
    sent.texts.push(Object.fromEntries(new URLSearchParams(body)));
    response.end("<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
  } else {
    sent.links.push(body);
    response.end();
  }
}

/** A browser of its own for each test. */
beforeEach(() => {
  const kept = new Map();
  location = { href: LINK_PAGE };
  Passwordless.configure({
    cognitoIdpEndpoint: server.url,
    userPoolId: pool.userPoolId,
    clientId: pool.clientId,
    storage: {
      getItem: (name) => kept.get(name),
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    location,
    history: { pushState: (_data, _title, href) => (location.href = href) },
  });
});

/** Confirmed by the administrator, with a verified phone. */
async function member(Username) {
  const { idp } = pool.admin;
  const attributes = { email: `${Username}@example.com`, phone_number: PHONE, phone_number_verified: "true" };
  await idp.adminCreateUser({
    UserPoolId: pool.userPoolId,
    Username,
    MessageAction: "SUPPRESS",
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  });
  await idp.adminSetUserPassword({ UserPoolId: pool.userPoolId, Username, Password: PASSWORD, Permanent: true });
}

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

test("signs in by SRP, refreshes and signs out", async () => {
  await member("ana");
  const steps = [];
  const { signedIn } = authenticateWithSRP({ username: "ana", password: PASSWORD, statusCb: (step) => steps.push(step) });
  await signedIn;
  assert.deepEqual(steps, ["SIGNING_IN_WITH_PASSWORD", "SIGNED_IN_WITH_PASSWORD"]);
  const tokens = await retrieveTokens();
  assert.equal(tokens.username, "ana");
  assert.equal((await getUser({})).Username, "ana");
  const renewed = await refreshTokens({ tokens });
  assert.notEqual(renewed.accessToken, tokens.accessToken);
  await signOut().signedOut;
  assert.equal(await retrieveTokens(), undefined);
  await assert.rejects(refreshTokens({ tokens }), /revoked/);
});

test("signs in by a plain password, with an authenticator app and a first password", async () => {
  const username = "ben";
  const { idp } = pool.admin;
  await idp.adminCreateUser({ UserPoolId: pool.userPoolId, Username: username, TemporaryPassword: PASSWORD, MessageAction: "SUPPRESS" });
  const newPassword = async () => "Another-Horse-9";
  await authenticateWithPlaintextPassword({ username, password: PASSWORD, newPassword }).signedIn;
  const { accessToken } = await retrieveTokens();

  await idp.setUserPoolMfaConfig({
    UserPoolId: pool.userPoolId,
    MfaConfiguration: "OPTIONAL",
    SoftwareTokenMfaConfiguration: { Enabled: true },
  });
  const apps = new Apps(server);
  const { SecretCode } = await idp.associateSoftwareToken({ AccessToken: accessToken });
  await idp.verifySoftwareToken({ AccessToken: accessToken, UserCode: apps.code(SecretCode) });
  await idp.setUserMFAPreference({ AccessToken: accessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } });
  const code = await apps.nextCode(SecretCode);
  await authenticateWithPlaintextPassword({ username, password: await newPassword(), otpMfaCode: async () => code }).signedIn;
  assert.notEqual((await retrieveTokens()).accessToken, accessToken);
  await assert.rejects(authenticateWithPlaintextPassword({ username, password: "Wrong-Horse-9" }).signedIn, {
    name: "NotAuthorizedException",
    message: /Incorrect username or password/,
  });
});

test("signs in by a magic link, in the browser that asked and in another", async () => {
  await member("eve");
  await requestSignInLink({ username: "eve" }).signInLinkRequested;
  const [link] = sent.links;
  assert.ok(link.startsWith(`${LINK_PAGE}#`));
  location.href = link;
  const tokens = await signInWithLink().signedIn;
  assert.equal(tokens.username, "eve");
  // What it says of the sign-in, the package's own handler has put into the ID token.
  assert.equal(claims(tokens.idToken).sign_in_method, "MAGIC_LINK");
  assert.equal(location.href, LINK_PAGE);

  // Without the session of the request a new one is begun, and answered with the link.
  await signOut().signedOut;
  location.href = link;
  assert.equal((await signInWithLink().signedIn).username, "eve");

  // A link that was bent leads nowhere.
  await signOut().signedOut;
  location.href = `${link.slice(0, -4)}AAAA`;
  const steps = [];
  assert.equal(await signInWithLink({ statusCb: (step) => steps.push(step) }).signedIn, undefined);
  assert.deepEqual(steps, ["SIGNING_IN_WITH_LINK", "SIGNIN_LINK_EXPIRED"]);
});

test("steps up by a code in a text message, of which the second try is right", async () => {
  await member("kim");
  await authenticateWithSRP({ username: "kim", password: PASSWORD }).signedIn;
  const before = await retrieveTokens();
  const asked = [];
  const smsMfaCode = async (phone, attempt) => {
    asked.push([phone, attempt]);
    const code = sent.texts.at(-1).Message.match(/\d{6}$/)[0];
    return attempt === 1 ? String((Number(code) + 1) % 1_000_000).padStart(6, "0") : code;
  };
  const tokens = await stepUpAuthenticationWithSmsOtp({ username: "kim", smsMfaCode }).signedIn;
  assert.deepEqual(asked.map(([, attempt]) => attempt), [1, 2]);
  assert.ok(asked[0][0].endsWith("0000"));
  assert.equal(sent.texts.length, 1);
  assert.equal(sent.texts[0].PhoneNumber, PHONE);
  assert.equal(claims(tokens.idToken).sign_in_method, "SMS_OTP_STEPUP");
  assert.notEqual(tokens.accessToken, before.accessToken);

  // Somebody else's token is no ground to step up from.
  await member("leo");
  const right = async () => sent.texts.at(-1).Message.match(/\d{6}$/)[0];
  const stolen = stepUpAuthenticationWithSmsOtp({ username: "leo", smsMfaCode: right, accessToken: before.accessToken });
  await assert.rejects(stolen.signedIn, { name: "NotAuthorizedException" });
});
