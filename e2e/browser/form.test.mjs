// A browser uploads by an HTML form, as pages do that were given one by their backend: the fields are signed there, the person
// chooses the file, the bucket sends the browser back.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";

import { REGION, clients, fresh } from "../node/house.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";

const AWS = createRequire(import.meta.url)("aws-sdk");
let server, admin, pages, origin, browser, html;

before(async () => {
  server = await Poolhouse.start();
  admin = clients(server.url);
  pages = createServer((_, response) => response.setHeader("content-type", "text/html").end(html));
  await new Promise((listening) => pages.listen(0, "127.0.0.1", listening));
  origin = `http://127.0.0.1:${pages.address().port}`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  pages?.close();
  await server?.stop();
});

/** Fields as the older SDK signs them; the key, of which only the beginning is fixed, is not one of them. */
async function signed(Bucket, Fields, Conditions) {
  await admin.iam.createUser({ UserName: Bucket });
  await admin.iam.attachUserPolicy({ UserName: Bucket, PolicyArn: "arn:aws:iam::aws:policy/AmazonS3FullAccess" });
  const { AccessKey } = await admin.iam.createAccessKey({ UserName: Bucket });
  const s3 = new AWS.S3({
    endpoint: server.url, region: REGION, s3ForcePathStyle: true, signatureVersion: "v4",
    accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey,
  });
  return s3.createPresignedPost({ Bucket, Fields, Conditions });
}

test("a file goes from a page's form into the bucket and the browser comes back", async () => {
  const bucket = fresh("form");
  await admin.s3.createBucket({ Bucket: bucket });
  const back = `${origin}/done?from=form`;
  const { url, fields } = await signed(
    bucket,
    { success_action_redirect: back, "x-amz-meta-note": "grüße" },
    [["starts-with", "$key", "in/"]],
  );
  const inputs = Object.entries({ ...fields, key: "in/${filename}" }).map(([name, value]) => `<input type="hidden" name="${name}" value='${value}'>`);
  html = `<!doctype html><meta charset="utf-8"><title>app</title>
    <form action="${url}" method="post" enctype="multipart/form-data">${inputs.join("")}
    <input type="file" name="file"><input type="submit" name="submit" value="Upload"></form>`;
  const { page, faults, close } = await open(browser, SCREENS.desk, [origin, server.url]);
  await page.goto(origin);
  await page.setInputFiles("input[type=file]", { name: "früh ling.txt", mimeType: "text/plain", buffer: Buffer.from("grün") });
  await page.click("input[type=submit]");
  await page.waitForURL((address) => address.pathname === "/done");
  const came = new URL(page.url()).searchParams;
  assert.deepEqual(faults, []);
  await close();
  const got = await admin.s3.getObject({ Bucket: bucket, Key: "in/früh ling.txt" });
  assert.equal(await got.Body.transformToString(), "grün");
  assert.deepEqual(
    [came.get("from"), came.get("bucket"), came.get("key"), came.get("etag")],
    ["form", bucket, "in/früh ling.txt", got.ETag],
  );
});
