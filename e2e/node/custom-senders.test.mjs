// A custom sender in JavaScript: a webhook that decrypts its codes by @aws-crypto/client-node and a raw AES keyring.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import {
  CommitmentPolicy,
  MultiKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
  buildClient,
} from "@aws-crypto/client-node";

import { PASSWORD, makePool } from "./house.mjs";
import { BINARY, CLEAN, Poolhouse } from "./poolhouse.mjs";

const KEY = "arn:aws:kms:us-east-1:000000000000:key/senders";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:senders";
const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);

let folder, http, server, keyring;
const events = [];
const waiting = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolhouse-senders."));
  http = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      events.push(JSON.parse(Buffer.concat(parts)));
      response.writeHead(204).end();
      waiting.splice(0).forEach((tell) => tell());
    });
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  const config = join(folder, "poolhouse.toml");
  const url = `http://127.0.0.1:${http.address().port}/`;
  await writeFile(config, `[[function]]\narn = "${FUNCTION}"\nurl = "${url}"\nsecret = "a secret of this webhook"\n`);
  server = await Poolhouse.start("dev", "--config", config);
  const exported = execFileSync(BINARY, ["kms", "export", "--data", server.data, "--key-id", KEY], { env: CLEAN });
  keyring = keyringOf(JSON.parse(exported));
});

after(async () => {
  await server.stop();
  http.close();
  await rm(folder, { recursive: true });
});

/** Of the key file, as docs/custom-senders.md has it. */
function keyringOf({ keys }) {
  const wrappingSuite = RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING;
  const children = keys.map(({ namespace, name, key }) => {
    // The keyring wants bytes of their own, not a view of a pool's.
    const unencryptedMasterKey = Uint8Array.from(Buffer.from(key, "base64"));
    return new RawAesKeyringNode({ keyNamespace: namespace, keyName: name, unencryptedMasterKey, wrappingSuite });
  });
  return new MultiKeyringNode({ children });
}

async function event(source) {
  for (;;) {
    const at = events.findIndex(({ triggerSource }) => triggerSource === source);
    if (at >= 0) return events.splice(at, 1)[0];
    await new Promise((told) => waiting.push(told));
  }
}

async function codeOf({ request, userPoolId }) {
  const { plaintext, messageHeader } = await decrypt(keyring, Buffer.from(request.code, "base64"));
  assert.equal(messageHeader.encryptionContext["userpool-id"], userPoolId);
  return plaintext.toString();
}

test("a code that the handler decrypts confirms the sign-up", async () => {
  const CustomEmailSender = { LambdaVersion: "V1_0", LambdaArn: FUNCTION };
  const pool = await makePool(server, { LambdaConfig: { CustomEmailSender, KMSKeyID: KEY } });
  const [email, { idp }] = ["ana@example.com", pool.admin];
  const UserAttributes = [{ Name: "email", Value: email }];
  await idp.signUp({ ClientId: pool.clientId, Username: email, Password: PASSWORD, UserAttributes });
  const told = await event("CustomEmailSender_SignUp");
  assert.equal(told.request.type, "customEmailSenderRequestV1");
  const code = await codeOf(told);
  assert.equal(code, await server.code(email));
  await idp.confirmSignUp({ ClientId: pool.clientId, Username: email, ConfirmationCode: code });

  const another = { namespace: "poolhouse", name: `${KEY};keyring=1;`, key: Buffer.alloc(32, 7).toString("base64") };
  await assert.rejects(decrypt(keyringOf({ keys: [another] }), Buffer.from(told.request.code, "base64")));
});
