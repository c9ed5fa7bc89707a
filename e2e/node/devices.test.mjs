// Remembered devices: amazon-cognito-identity-js and Amplify 6 keep a device's secret and prove it at the next sign-in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { Amplify } from "aws-amplify";
import { fetchAuthSession, fetchDevices, forgetDevice, rememberDevice, signIn, signOut } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";

import { PASSWORD, makePool, makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

// Amplify names a device by its browser, which Node 20 is none.
globalThis.navigator ??= { userAgent: "Node" };

let server, pool;

before(async () => {
  server = await Poolhouse.start();
  pool = await makePool(server, {
    DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
  });
});
after(() => server.stop());

/** Where a browser keeps tokens and the device's secret. */
function storage() {
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
    clear: () => kept.clear(),
  };
}

const answered = (start) => new Promise((resolve, reject) => start({ onSuccess: resolve, onFailure: reject }));

async function devicesOf(Username) {
  const { Devices } = await pool.admin.idp.adminListDevices({ UserPoolId: pool.userPoolId, Username });
  return Devices;
}

test("amazon-cognito-identity-js: a remembered device proves itself", async () => {
  const address = "browser@example.com";
  await makeUser(pool, address);
  const Storage = storage();
  const settings = { UserPoolId: pool.userPoolId, ClientId: pool.clientId, endpoint: server.url, Storage };
  const calls = [];
  const user = () => {
    const Pool = new CognitoUserPool(settings);
    const request = Pool.client.request.bind(Pool.client);
    Pool.client.request = (operation, params, done) =>
      request(operation, params, (error, data) => {
        calls.push(error?.name ?? error?.code ?? params.ChallengeName ?? operation);
        done(error, data);
      });
    return new CognitoUser({ Username: address, Pool, Storage });
  };
  const enter = (me) =>
    new Promise((resolve, reject) =>
      me.authenticateUser(new AuthenticationDetails({ Username: address, Password: PASSWORD }), {
        onSuccess: (session, asks) => resolve({ session, asks }),
        onFailure: reject,
      }),
    );

  const me = user();
  const first = await enter(me);
  assert.equal(first.asks, true, "the user is to be asked whether the device is remembered");
  assert.equal(await answered((callbacks) => me.setDeviceStatusRemembered(callbacks)), "SUCCESS");
  const { Device } = await answered((callbacks) => me.getDevice(callbacks));
  assert.equal(first.session.getAccessToken().payload.device_key, Device.DeviceKey);
  const { Devices } = await answered((callbacks) => me.listDevices(10, null, callbacks));
  assert.deepEqual(Devices.map((device) => device.DeviceKey), [Device.DeviceKey]);

  calls.length = 0;
  const again = user();
  const second = await enter(again);
  assert.deepEqual(calls, ["InitiateAuth", "PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER"]);
  assert.equal(second.session.getAccessToken().payload.device_key, Device.DeviceKey);
  assert.equal((await devicesOf(address)).length, 1);
  const renewed = await new Promise((resolve, reject) =>
    again.refreshSession(second.session.getRefreshToken(), (error, session) => (error ? reject(error) : resolve(session))),
  );
  assert.equal(renewed.getAccessToken().payload.device_key, Device.DeviceKey);

  // Forgotten elsewhere: the client forgets it too, and is handed another.
  await pool.admin.idp.adminForgetDevice({ UserPoolId: pool.userPoolId, Username: address, DeviceKey: Device.DeviceKey });
  calls.length = 0;
  const third = user();
  await enter(third);
  assert.deepEqual(calls, ["InitiateAuth", "ResourceNotFoundException", "PASSWORD_VERIFIER", "ConfirmDevice"]);
  assert.equal(await answered((callbacks) => third.setDeviceStatusNotRemembered(callbacks)), "SUCCESS");
  assert.equal(await answered((callbacks) => third.forgetDevice(callbacks)), "SUCCESS");
  assert.deepEqual(await devicesOf(address), []);
});

test("Amplify: a remembered device proves itself, by SRP and by password", async () => {
  const username = "amplify@example.com";
  await makeUser(pool, username);
  const Storage = storage();
  Amplify.configure({
    Auth: { Cognito: { userPoolId: pool.userPoolId, userPoolClientId: pool.clientId, userPoolEndpoint: server.url } },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(
    Object.fromEntries(Object.entries(Storage).map(([name, act]) => [name, async (...given) => act(...given)])),
  );
  const deviceKey = async () => (await fetchAuthSession()).tokens.accessToken.payload.device_key;

  assert.ok((await signIn({ username, password: PASSWORD })).isSignedIn);
  const key = await deviceKey();
  await rememberDevice();
  assert.deepEqual((await fetchDevices()).map((device) => device.id), [key]);
  for (const authFlowType of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    await signOut();
    assert.ok((await signIn({ username, password: PASSWORD, options: { authFlowType } })).isSignedIn, authFlowType);
    assert.equal(await deviceKey(), key);
  }
  const refreshed = await fetchAuthSession({ forceRefresh: true });
  assert.equal(refreshed.tokens.accessToken.payload.device_key, key);
  assert.equal((await devicesOf(username)).length, 1, "no sign-in was handed another");
  await forgetDevice();
  assert.deepEqual(await devicesOf(username), []);
  await signOut();
  assert.ok((await signIn({ username, password: PASSWORD })).isSignedIn);
  assert.notEqual(await deviceKey(), key);
});
