// amazon-cognito-identity-js: SRP as the browser apps of the guides do it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } from "amazon-cognito-identity-js";

import { PASSWORD, makePool, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

let server, pool;
let count = 0;

before(async () => {
  server = await Poolhouse.start();
  pool = await makePool(server);
});
after(() => server.stop());

/** Where a browser keeps the tokens: each test has browsers of its own. */
class Browser {
  #kept = new Map();
  getItem = (name) => this.#kept.get(name) ?? null;
  setItem = (name, value) => this.#kept.set(name, value);
  removeItem = (name) => this.#kept.delete(name);
  clear = () => this.#kept.clear();
}

function browser() {
  const Storage = new Browser();
  const theirs = new CognitoUserPool({ UserPoolId: pool.userPoolId, ClientId: pool.clientId, endpoint: server.url, Storage });
  return { pool: theirs, user: (Username) => new CognitoUser({ Username, Pool: theirs, Storage }) };
}

const email = () => `user${++count}@example.com`;

async function confirmed() {
  const address = email();
  await makeUser(pool, address);
  return address;
}

/** A call with a Node callback as a promise. */
const call = (start) => new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))));

function signIn(user, Password = PASSWORD) {
  return new Promise((resolve, reject) => {
    const details = new AuthenticationDetails({ Username: user.getUsername(), Password });
    user.authenticateUser(details, {
      onSuccess: (session) => resolve({ session }),
      onFailure: reject,
      newPasswordRequired: (attributes, required) => resolve({ attributes, required }),
    });
  });
}

const answered = (start) =>
  new Promise((resolve, reject) => start({ onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve }));

const refusal = (name, message) => (error) => {
  assert.deepEqual([error.name ?? error.code, error.message], [name, message]);
  return true;
};

test("sign-up, code, SRP sign-in, attributes", async () => {
  const address = email();
  const { pool: theirs, user } = browser();
  const attributes = [new CognitoUserAttribute({ Name: "email", Value: address })];
  const made = await call((done) => theirs.signUp(address, PASSWORD, attributes, [], done));
  assert.equal(made.userConfirmed, false);
  assert.equal(made.codeDeliveryDetails.Destination, "u***@e***");
  await assert.rejects(signIn(user(address)), refusal("UserNotConfirmedException", "User is not confirmed."));
  assert.equal(await call(async (done) => user(address).confirmRegistration(await server.code(address), false, done)), "SUCCESS");

  const me = user(address);
  const { session } = await signIn(me);
  assert.ok(session.isValid());
  assert.equal(session.getIdToken().payload.email, address);
  assert.equal(session.getAccessToken().payload.client_id, pool.clientId);
  const read = await call((done) => me.getUserAttributes(done));
  assert.deepEqual(
    Object.fromEntries(read.map(({ Name, Value }) => [Name, Value])),
    { sub: made.userSub, email: address, email_verified: "true" },
  );
});

test("SRP holds for many users, whose salts begin with any byte", async () => {
  for (let n = 0; n < 6; n += 1) {
    const { session } = await signIn(browser().user(await confirmed()));
    assert.ok(session.isValid());
  }
});

test("a wrong password and an unknown user are refused", async () => {
  const address = await confirmed();
  const wrong = refusal("NotAuthorizedException", "Incorrect username or password.");
  await assert.rejects(signIn(browser().user(address), "Wrong-Horse-9"), wrong);
  await assert.rejects(signIn(browser().user("nobody@example.com")), refusal("UserNotFoundException", "User does not exist."));
});

test("an invited user chooses a password", async () => {
  const address = email();
  await pool.admin.idp.adminCreateUser({
    UserPoolId: pool.userPoolId,
    Username: address,
    TemporaryPassword: "Temporary-1",
    MessageAction: "SUPPRESS",
    UserAttributes: [{ Name: "email", Value: address }, { Name: "email_verified", Value: "true" }],
  });
  const me = browser().user(address);
  const challenge = await signIn(me, "Temporary-1");
  assert.equal(challenge.attributes.email, address);
  assert.deepEqual(challenge.required, []);
  const session = await answered((callbacks) => me.completeNewPasswordChallenge(PASSWORD, { nickname: "An" }, callbacks));
  assert.equal(session.getIdToken().payload.nickname, "An");
  assert.ok((await signIn(browser().user(address))).session.isValid());
});

test("a password is changed, and recovered when forgotten", async () => {
  const address = await confirmed();
  const me = browser().user(address);
  await signIn(me);
  assert.equal(await call((done) => me.changePassword(PASSWORD, "Better-Horse-10", done)), "SUCCESS");
  await signIn(browser().user(address), "Better-Horse-10");

  const forgetful = browser().user(address);
  const sent = await answered((callbacks) => forgetful.forgotPassword(callbacks));
  assert.equal(sent.CodeDeliveryDetails.DeliveryMedium, "EMAIL");
  const code = await server.code(address);
  await answered((callbacks) => forgetful.confirmPassword(code, "Third-Horse-11", callbacks));
  await signIn(browser().user(address), "Third-Horse-11");
});

test("a session is renewed by its refresh token and found again", async () => {
  const address = await confirmed();
  const { pool: theirs, user } = browser();
  const me = user(address);
  const { session } = await signIn(me);
  const renewed = await call((done) => me.refreshSession(session.getRefreshToken(), done));
  assert.notEqual(renewed.getAccessToken().getJwtToken(), session.getAccessToken().getJwtToken());
  assert.equal(renewed.getIdToken().payload.auth_time, session.getIdToken().payload.auth_time);
  const found = await call((done) => theirs.getCurrentUser().getSession(done));
  assert.equal(found.getAccessToken().getJwtToken(), renewed.getAccessToken().getJwtToken());
});

test("signing out everywhere ends the other browsers too", async () => {
  const address = await confirmed();
  const [here, there] = [browser().user(address), browser().user(address)];
  const { session: ended } = await signIn(there);
  await signIn(here);
  assert.equal(await answered((callbacks) => here.globalSignOut(callbacks)), "SUCCESS");
  await assert.rejects(
    call((done) => there.getUserAttributes(done)),
    refusal("NotAuthorizedException", "Access Token has been revoked"),
  );
  await assert.rejects(
    call((done) => there.refreshSession(ended.getRefreshToken(), done)),
    refusal("NotAuthorizedException", "Refresh Token has been revoked"),
  );
});

test("signing out revokes the refresh token", async () => {
  const me = browser().user(await confirmed());
  const { session } = await signIn(me);
  await call((done) => me.signOut(() => done()));
  await assert.rejects(
    pool.admin.idp.getUser({ AccessToken: session.getAccessToken().getJwtToken() }),
    refusal("NotAuthorizedException", "Access Token has been revoked"),
  );
});
