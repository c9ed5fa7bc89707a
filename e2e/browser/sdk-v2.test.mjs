// The old aws-sdk v2 in a browser, as the guides still have it: CognitoIdentityCredentials, then the bucket. The page is of
// another origin than the server, so every call passes by its CORS answers.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { REGION, makeUser, makeWalk, signIn } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";

const SDK = createRequire(import.meta.url).resolve("aws-sdk/dist/aws-sdk.min.js");
const EMAIL = "ana@example.com";
let server, walk, pages, origin, browser;

before(async () => {
  server = await Poolhouse.start();
  walk = await makeWalk(server);
  await makeUser(walk, EMAIL);
  pages = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>app</title>"));
  await new Promise((listening) => pages.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${pages.address().port}`;
  await walk.admin.s3.putBucketCors({
    Bucket: walk.bucket,
    CORSConfiguration: {
      CORSRules: [{
        AllowedOrigins: [origin], AllowedMethods: ["GET", "PUT"], AllowedHeaders: ["*"], ExposeHeaders: ["ETag"],
      }],
    },
  });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

/** Runs `work(s3, credentials, bucket)` of the page with clients under the credentials of an identity. */
async function inPage(logins, work) {
  const { page, faults, close } = await open(browser, SCREENS.desk, [origin, server.url]);
  await page.goto(origin);
  await page.addScriptTag({ path: SDK });
  const settings = { region: REGION, endpoint: server.url, pool: walk.identityPoolId, bucket: walk.bucket, logins };
  const result = await page.evaluate(
    async ({ settings, source }) => {
      const { region, endpoint, pool, bucket, logins } = settings;
      AWS.config.update({ region, maxRetries: 0 });
      AWS.config.credentials = new AWS.CognitoIdentityCredentials({ IdentityPoolId: pool, Logins: logins }, { endpoint });
      await AWS.config.credentials.getPromise();
      const s3 = new AWS.S3({ endpoint, s3ForcePathStyle: true, signatureVersion: "v4" });
      return new Function(`return (${source})`)()(s3, AWS.config.credentials, bucket);
    },
    { settings, source: work.toString() },
  );
  assert.deepEqual(faults, []);
  await close();
  return result;
}

test("a signed-in visitor lists, writes and reads the own prefix and no other", async () => {
  const { IdToken } = await signIn(walk, EMAIL);
  const found = await inPage({ [walk.provider]: IdToken }, async (s3, credentials, Bucket) => {
    const Key = `${credentials.identityId}/from v2.txt`;
    const put = await s3.putObject({ Bucket, Key, Body: "v2" }).promise();
    const list = await s3.listObjectsV2({ Bucket, Prefix: `${credentials.identityId}/` }).promise();
    const got = await s3.getObject({ Bucket, Key }).promise();
    const refusal = await s3.listObjectsV2({ Bucket, Prefix: "other/" }).promise().catch((error) => error);
    return {
      etag: put.ETag,
      keys: list.Contents.map((object) => object.Key.split("/")[1]),
      body: got.Body.toString(),
      refusal: { code: refusal.code, message: refusal.message, status: refusal.statusCode },
      accessKeyId: credentials.accessKeyId,
    };
  });
  assert.match(found.accessKeyId, /^ASIA/);
  assert.match(found.etag, /^"[0-9a-f]{32}"$/);
  assert.deepEqual([found.keys, found.body], [["from v2.txt"], "v2"]);
  assert.deepEqual([found.refusal.code, found.refusal.status], ["AccessDenied", 403]);
  assert.match(found.refusal.message, /because no identity-based policy allows the s3:ListBucket action$/);
});

test("a guest keeps to the guest role", async () => {
  await walk.admin.s3.putObject({ Bucket: walk.bucket, Key: "public/about.txt", Body: "about" });
  const found = await inPage(undefined, async (s3, credentials, Bucket) => {
    const got = await s3.getObject({ Bucket, Key: "public/about.txt" }).promise();
    const refusal = await s3.putObject({ Bucket, Key: "public/x", Body: "" }).promise().catch((error) => error);
    return { body: got.Body.toString(), code: refusal.code };
  });
  assert.deepEqual(found, { body: "about", code: "AccessDenied" });
});
