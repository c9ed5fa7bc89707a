// Custom challenges with amazon-cognito-identity-js and Amplify 6: a handler under aws-lambda-ric says what is asked.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { Amplify } from "aws-amplify";
import { confirmSignIn, fetchAuthSession, signIn, signOut } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";

import { PASSWORD, makePool, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:riddles";
const USERNAME = "ana@example.com";
const kept = new Map();
const storage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, value),
  removeItem: (name) => void kept.delete(name),
  clear: () => kept.clear(),
};
let folder, server, pool;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolhouse-e2e."));
  const file = join(folder, "poolhouse.toml");
  const command = ["node", path("../node_modules/aws-lambda-ric/index.mjs"), "recorder.handler"];
  await writeFile(
    file,
    `[[function]]
name = "riddles"
command = ${JSON.stringify(command)}
directory = "${path("../python/functions")}"
environment = { RECORD = "${join(folder, "events")}" }
`,
  );
  server = await Poolhouse.start("dev", "--config", file);
  const triggers = ["DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"];
  pool = await makePool(server, { LambdaConfig: Object.fromEntries(triggers.map((trigger) => [trigger, FUNCTION])) });
  const { UserPoolClient } = await pool.admin.idp.createUserPoolClient({
    UserPoolId: pool.userPoolId,
    ClientName: "custom",
    ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  pool.clientId = UserPoolClient.ClientId;
  await makeUser(pool, USERNAME);
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (name) => storage.getItem(name),
    setItem: async (name, value) => storage.setItem(name, value),
    removeItem: async (name) => storage.removeItem(name),
    clear: async () => storage.clear(),
  });
  Amplify.configure({
    Auth: {
      Cognito: { userPoolId: pool.userPoolId, userPoolClientId: pool.clientId, userPoolEndpoint: server.url },
    },
  });
});
after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => kept.clear());

/** Somebody in a browser of identity-js. */
function visitor() {
  const settings = { UserPoolId: pool.userPoolId, ClientId: pool.clientId, endpoint: server.url, Storage: storage };
  const user = new CognitoUser({ Username: USERNAME, Pool: new CognitoUserPool(settings), Storage: storage });
  user.setAuthenticationFlowType("CUSTOM_AUTH");
  return user;
}

/** Answers each riddle with the next of these; what was asked, and what came of it. */
const walked = (user, begin, answers) =>
  new Promise((resolve, reject) => {
    const asked = [];
    const turns = {
      onSuccess: (session) => resolve({ asked, session }),
      onFailure: reject,
      customChallenge: ({ riddle }) => {
        asked.push(riddle);
        user.sendCustomChallengeAnswer(answers.shift(), turns);
      },
    };
    begin(turns);
  });

test("identity-js answers a custom challenge, at the second try", async () => {
  const user = visitor();
  const details = new AuthenticationDetails({ Username: USERNAME });
  const { asked, session } = await walked(user, (turns) => user.initiateAuth(details, turns), ["a potato", "a needle"]);
  assert.deepEqual(asked, ["what has an eye", "what has an eye"]);
  assert.ok(session.isValid());
});

test("identity-js answers one after SRP", async () => {
  const begin = (user, password) => {
    const details = new AuthenticationDetails({ Username: USERNAME, Password: password });
    return walked(user, (turns) => user.authenticateUser(details, turns), ["a needle"]);
  };
  const { asked, session } = await begin(visitor(), PASSWORD);
  assert.deepEqual(asked, ["what has an eye"]);
  assert.ok(session.isValid());
  await assert.rejects(begin(visitor(), "Wrong-Horse-9"), { name: "NotAuthorizedException" });
});

for (const [authFlowType, password] of [["CUSTOM_WITHOUT_SRP", undefined], ["CUSTOM_WITH_SRP", PASSWORD]]) {
  test(`Amplify: ${authFlowType}`, async () => {
    const { nextStep } = await signIn({ username: USERNAME, password, options: { authFlowType } });
    assert.equal(nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE");
    assert.equal(nextStep.additionalInfo.riddle, "what has an eye");
    const again = await confirmSignIn({ challengeResponse: "a potato" });
    assert.equal(again.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE");
    assert.ok((await confirmSignIn({ challengeResponse: "a needle" })).isSignedIn);
    assert.ok((await fetchAuthSession()).tokens.accessToken);
    await signOut();
  });
}
