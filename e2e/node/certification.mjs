// A relying party that believes nothing: it judges an OpenID provider's answers as the modules of the OpenID conformance suite do.
// By https, with dev's certificate authority; a person is played by form posts. Reference: oauth-and-federation 16.

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import https from "node:https";
import { join } from "node:path";

import { createLocalJWKSet, jwtVerify } from "jose";

import { CALLBACK, Visitor, formOf, makeClient, makeHosted } from "./hosted.mjs";
import { PASSWORD } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

/** What differs between our clock and the server's, in seconds. */
const SKEW = 60;
/** Everything that OpenID Connect's scopes speak of. */
const PERSON = {
  name: "Ana Q. Public",
  given_name: "Ana",
  family_name: "Public",
  middle_name: "Q.",
  nickname: "Annie",
  preferred_username: "ana",
  profile: "https://example.com/ana",
  picture: "https://example.com/ana.png",
  website: "https://ana.example.com",
  gender: "female",
  birthdate: "1990-02-03",
  zoneinfo: "Europe/Lisbon",
  locale: "pt-PT",
  email: "ana@example.com",
  email_verified: "true",
  phone_number: "+12065550100",
  phone_number_verified: "true",
  address: "1 Harbour Street, Lisbon",
};
export const EMAIL = PERSON.email;
export const SCOPES = ["openid", "email", "phone", "profile"];

/** What the certification profile turns on. docs/oauth.md */
export const STRICT = {
  "poolhouse:openid": "strict",
  "poolhouse:unknown-scopes": "ignore",
  "poolhouse:form-post": "on",
  "poolhouse:iss": "on",
};

export class Provider {
  /** A pool with a person and two clients, in a server of its own. */
  static async start(tags = STRICT) {
    const provider = new Provider();
    provider.server = await Poolhouse.start();
    const client = { GenerateSecret: true, AllowedOAuthScopes: SCOPES };
    const hosted = await makeHosted(provider.server, { pool: { UserPoolTags: tags }, client });
    provider.hosted = hosted;
    const user = { UserPoolId: hosted.userPoolId, Username: EMAIL };
    const UserAttributes = Object.entries(PERSON).map(([Name, Value]) => ({ Name, Value }));
    await hosted.admin.idp.adminCreateUser({ ...user, UserAttributes, MessageAction: "SUPPRESS" });
    await hosted.admin.idp.adminSetUserPassword({ ...user, Password: PASSWORD, Permanent: true });
    provider.ca = await readFile(join(provider.server.data, "ca.pem"));
    provider.issuer = `https://localhost:${new URL(provider.server.url).port}/${hosted.userPoolId}`;
    provider.client = await makeClient(hosted, client);
    provider.other = await makeClient(hosted, client);
    const { status, body } = await provider.json(`${provider.issuer}/.well-known/openid-configuration`);
    assert.equal(status, 200);
    provider.metadata = body;
    return provider;
  }

  stop() {
    return this.server?.stop();
  }

  visitor() {
    return new Visitor(this.fetch);
  }

  /** As `fetch`, trusting dev's certificate authority alone. */
  fetch = (url, { method = "GET", headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const text = body?.toString();
      const form = text === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
      const request = https.request(url, { method, headers: { ...form, ...headers }, ca: this.ca }, async (answer) => {
        const chunks = [];
        for await (const chunk of answer) chunks.push(chunk);
        const pairs = answer.rawHeaders.flatMap((name, at, all) => (at % 2 ? [] : [[name, all[at + 1]]]));
        resolve(new Response(chunks.length ? Buffer.concat(chunks) : null, { status: answer.statusCode, headers: pairs }));
      });
      request.on("error", reject).end(text);
    });

  /** An answer in JSON, with its type. */
  async json(url, init) {
    const response = await this.fetch(url, init);
    const text = await response.text();
    const is_json = /^application\/json\b/.test(response.headers.get("content-type"));
    return { status: response.status, headers: response.headers, body: is_json && text ? JSON.parse(text) : text };
  }

  async keys() {
    return (await this.json(this.metadata.jwks_uri)).body;
  }

  /** An authorization request. `undefined` leaves a usual parameter out. */
  request(more = {}) {
    const usual = {
      client_id: this.client.ClientId,
      redirect_uri: CALLBACK,
      response_type: "code",
      scope: "openid",
      state: randomUUID(),
      nonce: randomUUID(),
    };
    const all = Object.entries({ ...usual, ...more }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(all);
  }

  url(parameters) {
    return `${this.metadata.authorization_endpoint}?${new URLSearchParams(parameters)}`;
  }

  /** Sends the visitor with a request. They sign in where they are asked to: `asked`. */
  async authorize(parameters, visitor = this.visitor(), { posted = false } = {}) {
    const { authorization_endpoint } = this.metadata;
    const opened = posted ? visitor.open(authorization_endpoint, new URLSearchParams(parameters)) : visitor.open(this.url(parameters));
    let page = await opened;
    const asked = Boolean(page.html?.includes('type="password"'));
    if (asked) page = await visitor.submit(page, { username: EMAIL, password: PASSWORD });
    return { asked, page, visitor, answer: this.answer(parameters, page) };
  }

  /** What the app hears, if it hears something: by the address, or by a form that the browser posts. */
  answer({ redirect_uri = CALLBACK, response_mode, state }, { left, html, url }) {
    let heard;
    if (response_mode === "form_post") {
      if (!html?.includes('id="answer"')) return undefined;
      const { action, carried } = formOf({ html, url });
      assert.equal(action, redirect_uri);
      heard = carried;
    } else {
      if (!left) return undefined;
      const { hash, searchParams } = new URL(left);
      assert.ok(left.startsWith(redirect_uri), left);
      assert.equal(hash, "");
      heard = Object.fromEntries(searchParams);
    }
    assert.equal(heard.state, state, "the state comes back");
    assert.equal(heard.iss, this.issuer, "RFC 9207");
    return heard;
  }

  /** A code, which is good. */
  async code(parameters, visitor, how) {
    const done = await this.authorize(parameters, visitor, how);
    const { code, error } = done.answer ?? assert.fail(done.page.said);
    assert.equal(error, undefined);
    assert.ok(code.length >= 16 && entropy(code) >= 96, code);
    return { ...done, code };
  }

  basic({ ClientId, ClientSecret } = this.client) {
    return { authorization: `Basic ${Buffer.from(`${ClientId}:${ClientSecret}`).toString("base64")}` };
  }

  token(parameters, headers = this.basic()) {
    return this.json(this.metadata.token_endpoint, { method: "POST", headers, body: new URLSearchParams(parameters) });
  }

  trade(code, { redirect_uri = CALLBACK, ...more } = {}, headers = this.basic()) {
    return this.token({ grant_type: "authorization_code", code, redirect_uri, ...more }, headers);
  }

  /** A sign-in and its tokens, judged. */
  async tokens(parameters, visitor, how) {
    const done = await this.code(parameters, visitor, how);
    const tokens = this.good(await this.trade(done.code));
    return { ...done, ...tokens, claims: await this.idToken(tokens.id_token, { ...tokens, nonce: parameters.nonce }) };
  }

  /** RFC 6749 section 5.1. */
  good({ status, headers, body }) {
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(headers.get("content-type"), /^application\/json/);
    assert.match(headers.get("cache-control"), /no-store/);
    assert.equal(headers.get("pragma"), "no-cache");
    assert.equal(body.token_type.toLowerCase(), "bearer");
    assert.ok(Number.isInteger(body.expires_in) && body.expires_in > 0);
    assert.ok(entropy(body.access_token) >= 96);
    return body;
  }

  /** OIDC Core 3.1.3.7 and 2. Its claims. */
  async idToken(token, { nonce, access_token } = {}) {
    const keys = createLocalJWKSet(await this.keys());
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer: this.issuer,
      audience: this.client.ClientId,
      clockTolerance: SKEW,
      requiredClaims: ["iss", "sub", "aud", "exp", "iat"],
    });
    assert.ok(protectedHeader.kid);
    assert.ok(Math.abs(payload.iat - now()) < SKEW);
    assert.match(payload.sub, /^[\x20-\x7e]{1,255}$/);
    assert.equal(payload.nonce, nonce);
    assert.ok(Number.isInteger(payload.auth_time));
    if (payload.azp !== undefined) assert.equal(payload.azp, this.client.ClientId);
    if (payload.acr !== undefined) assert.equal(typeof payload.acr, "string");
    if (payload.amr !== undefined) assert.ok(payload.amr.every((method) => typeof method === "string"));
    if (payload.at_hash !== undefined && access_token) {
      const half = createHash("sha256").update(access_token).digest().subarray(0, 16);
      assert.equal(payload.at_hash, half.toString("base64url"));
    }
    return payload;
  }

  /** OIDC Core 5.3.2 and 5.1. */
  async userInfo(access_token, { sub }, init = { headers: { authorization: `Bearer ${access_token}` } }) {
    const { status, headers, body } = await this.json(this.metadata.userinfo_endpoint, init);
    assert.equal(status, 200, JSON.stringify(body));
    assert.match(headers.get("content-type"), /^application\/json/);
    assert.equal(body.sub, sub);
    for (const [name, value] of Object.entries(body)) {
      const kind = KINDS[name] ?? "string";
      assert.equal(typeof value, kind, `${name} is no ${kind}: ${JSON.stringify(value)}`);
      assert.notEqual(value, "", name);
    }
    return body;
  }
}

/** Tokens are of the wall's clock, however dev's is moved. */
export const now = () => Date.now() / 1000;

/** OIDC Core 5.1: the rest are texts. */
const KINDS = { email_verified: "boolean", phone_number_verified: "boolean", updated_at: "number", address: "object" };

/** The claims that each scope brings (OIDC Core 5.4) of whom there is everything to know. */
export const CLAIMS = {
  profile: Object.keys(PERSON).filter((name) => !/^(email|phone|address)/.test(name)),
  email: ["email", "email_verified"],
  phone: ["phone_number", "phone_number_verified"],
};

/** Bits, as the suite measures them: how evenly a text uses its letters. */
export function entropy(text) {
  const counts = new Map();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return text.length * shares.reduce((sum, share) => sum - share * Math.log2(share), 0);
}
