// The AWS SDK for JavaScript v3: its own error classes, fromCognitoIdentityPool against a bucket, presigned addresses.

import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { CognitoIdentityProvider, NotAuthorizedException } from "@aws-sdk/client-cognito-identity-provider";
import { GetObjectCommand, PutObjectCommand, S3 } from "@aws-sdk/client-s3";
import { fromCognitoIdentityPool } from "@aws-sdk/credential-providers";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

import { REGION, clients, makeUser, makeWalk, signIn } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
/** A file of some megabytes that is here anyway. */
const LARGE = createRequire(import.meta.url).resolve("aws-sdk/dist/aws-sdk.js");
let server, walk;

before(async () => {
  server = await Poolhouse.start();
  walk = await makeWalk(server);
  await makeUser(walk, EMAIL);
});
after(() => server.stop());

async function identity(logins) {
  const provide = fromCognitoIdentityPool({
    identityPoolId: walk.identityPoolId,
    logins,
    clientConfig: { region: REGION, endpoint: server.url },
  });
  const credentials = await provide();
  return { ...clients(server.url, provide), id: credentials.identityId, credentials };
}

const signedIn = async () => identity({ [walk.provider]: (await signIn(walk, EMAIL)).IdToken });

async function denied(call, sentence) {
  await assert.rejects(call, (error) => {
    assert.equal(error.name, "AccessDenied");
    assert.equal(error.$metadata.httpStatusCode, 403);
    assert.match(error.message, sentence);
    return true;
  });
}

test("a client without credentials signs in and reads the profile", async () => {
  const idp = new CognitoIdentityProvider({ endpoint: server.url, region: REGION });
  const tokens = await signIn({ admin: { idp }, clientId: walk.clientId }, EMAIL);
  const user = await idp.getUser({ AccessToken: tokens.AccessToken });
  assert.ok(user.UserAttributes.some(({ Name, Value }) => Name === "email" && Value === EMAIL));
  await assert.rejects(signIn({ admin: { idp }, clientId: walk.clientId }, EMAIL, "Wrong-Horse-9"), (error) => {
    assert.ok(error instanceof NotAuthorizedException);
    assert.equal(error.message, "Incorrect username or password.");
    assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/);
    return true;
  });
});

test("the ID token becomes credentials for one's own prefix", async () => {
  const me = await signedIn();
  const left = me.credentials.expiration - Date.now();
  assert.ok(left > 3_500_000 && left <= 3_605_000, `${left} ms`);
  const { Arn } = await me.sts.getCallerIdentity({});
  assert.match(Arn, /^arn:aws:sts::000000000000:assumed-role\/walk-authenticated-\d+\/CognitoIdentityCredentials$/);

  const mine = { Bucket: walk.bucket, Key: `${me.id}/hello.txt` };
  await me.s3.putObject({ ...mine, Body: "hello", ContentType: "text/plain" });
  const got = await me.s3.getObject(mine);
  assert.equal(await got.Body.transformToString(), "hello");
  assert.equal(got.ContentType, "text/plain");
  const list = await me.s3.listObjectsV2({ Bucket: walk.bucket, Prefix: `${me.id}/` });
  assert.deepEqual(list.Contents.map(({ Key }) => Key), [mine.Key]);

  const never = (action) => new RegExp(`because no identity-based policy allows the ${action} action$`);
  await denied(me.s3.putObject({ ...mine, Key: "other/x", Body: "" }), never("s3:PutObject"));
  await denied(me.s3.listObjectsV2({ Bucket: walk.bucket, Prefix: "other/" }), never("s3:ListBucket"));
});

test("a stream goes up in chunks with its checksum behind", async () => {
  const me = await signedIn();
  const mine = { Bucket: walk.bucket, Key: `${me.id}/stream` };
  await me.s3.putObject({ ...mine, Body: createReadStream(LARGE) });
  const got = await me.s3.getObject(mine);
  assert.ok((await readFile(LARGE)).equals(Buffer.from(await got.Body.transformToByteArray())));
});

test("a guest has the guest role", async () => {
  await walk.admin.s3.putObject({ Bucket: walk.bucket, Key: "public/about.txt", Body: "about" });
  const guest = await identity();
  const got = await guest.s3.getObject({ Bucket: walk.bucket, Key: "public/about.txt" });
  assert.equal(await got.Body.transformToString(), "about");
  await denied(guest.s3.listObjectsV2({ Bucket: walk.bucket }), /because no identity-based policy allows/);
});

test("a presigned address works without the SDK, a changed one does not", async () => {
  const me = await signedIn();
  const mine = { Bucket: walk.bucket, Key: `${me.id}/link.txt` };
  await me.s3.putObject({ ...mine, Body: "by link" });
  const s3 = new S3({ endpoint: server.url, region: REGION, forcePathStyle: true, credentials: me.credentials });
  const url = await getSignedUrl(s3, new GetObjectCommand(mine), { expiresIn: 60 });
  assert.equal(await (await fetch(url)).text(), "by link");
  const changed = await fetch(url.replace("link.txt", "other.txt"));
  assert.equal(changed.status, 403);
  assert.match(await changed.text(), /<Code>SignatureDoesNotMatch<\/Code>/);
});

test("what a presigned put says in its query is kept", async () => {
  const me = await signedIn();
  const mine = { Bucket: walk.bucket, Key: `${me.id}/described.txt` };
  const s3 = new S3({ endpoint: server.url, region: REGION, forcePathStyle: true, credentials: me.credentials });
  const put = new PutObjectCommand({ ...mine, Metadata: { berth: "7" }, ContentType: "text/x-note" });
  const url = await getSignedUrl(s3, put, { expiresIn: 60 });
  assert.match(url, /x-amz-meta-berth=7/);
  const headers = { "content-type": "text/x-note" };
  assert.equal((await fetch(url, { method: "PUT", body: "by link", headers })).status, 200);
  const found = await me.s3.headObject(mine);
  assert.deepEqual([found.Metadata, found.ContentType], [{ berth: "7" }, "text/x-note"]);
});

test("virtual-hosted addresses reach the same bucket", async () => {
  // *.localhost is loopback by its standard; Node asks the system's resolver, which may not know.
  const { hostname: address, port } = new URL(server.url);
  const lookup = (_, { all }, found) => (all ? found(null, [{ address, family: 4 }]) : found(null, address, 4));
  const s3 = new S3({
    endpoint: `http://localhost:${port}`,
    region: REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: { httpAgent: { lookup } },
  });
  await s3.putObject({ Bucket: walk.bucket, Key: "public/virtual.txt", Body: "virtual" });
  const got = await walk.admin.s3.getObject({ Bucket: walk.bucket, Key: "public/virtual.txt" });
  assert.equal(await got.Body.transformToString(), "virtual");
});
