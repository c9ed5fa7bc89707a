// The bucket, by the AWS SDK's S3 client, with the credentials of an identity.

import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";

export class Bucket {
  #name;
  #client;

  constructor({ region, endpoint, bucket }, identity) {
    this.#name = bucket;
    this.#client = new S3Client({
      region,
      endpoint,
      forcePathStyle: true,
      credentials: () => identity.credentials(),
    });
  }

  /** One page of objects `{ Key, Size, LastModified }` and the token of the next page, if there is one. */
  async list(prefix, token) {
    const answer = await this.#send(ListObjectsV2Command, {
      Prefix: prefix,
      MaxKeys: 100,
      ContinuationToken: token,
    });
    return { objects: answer.Contents ?? [], next: answer.NextContinuationToken };
  }

  async put(key, file) {
    // Bytes rather than a stream: a browser can send a stream over HTTP/2 alone.
    const body = new Uint8Array(await file.arrayBuffer());
    await this.#send(PutObjectCommand, { Key: key, Body: body, ContentType: file.type || "application/octet-stream" });
  }

  async get(key) {
    const answer = await this.#send(GetObjectCommand, { Key: key });
    return new Blob([await answer.Body.transformToByteArray()], { type: answer.ContentType });
  }

  async delete(key) {
    await this.#send(DeleteObjectCommand, { Key: key });
  }

  #send(Command, input) {
    return this.#client.send(new Command({ Bucket: this.#name, ...input }));
  }
}
