// Google, Facebook, Amazon and Apple as they document themselves, on loopback: each is strict about what it is asked, and one person
// is signed in at all of them.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";

import { SignJWT, exportJWK, importJWK, jwtVerify } from "jose";

const SIX_MONTHS = 15_777_000;

/** What an app has registered with one of them. */
const client = (id) => ({ id, secret: `secret of ${id}` });

/** One of them: `url`, what it was asked, and the person who is signed in there. */
class Provider {
  /** Paths, each with what answers it. */
  routes = {};
  /** What `/authorize` was asked last, and each call of the token endpoint. */
  asked;
  trades = [];
  #codes = new Map();

  constructor(app, person) {
    Object.assign(this, { app, person });
  }

  async listen() {
    this.server = createServer((request, response) => this.#answer(request, response).catch((error) => fail(response, 500, String(error))));
    await new Promise((listening) => this.server.listen(0, "127.0.0.1", listening));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const route = this.routes[`${request.method} ${pathname}`];
    if (!route) return fail(response, 404, `no ${request.method} ${pathname}`);
    const answer = await route({ query: Object.fromEntries(searchParams), form, headers: request.headers });
    const { status = 200, location, html, json } = answer;
    if (location) return response.writeHead(302, { location }).end();
    if (html) return response.writeHead(status, { "content-type": "text/html" }).end(html);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(json));
  }

  /** A code for what was asked, good once. */
  issue(query) {
    this.asked = query;
    assert.equal(query.response_type, "code");
    assert.equal(query.client_id, this.app.id);
    assert.ok(query.state && query.redirect_uri && query.scope, JSON.stringify(query));
    const code = randomUUID();
    this.#codes.set(code, query);
    return code;
  }

  /** What the code was given for; null where the request is not good. */
  redeem(given) {
    this.trades.push(given);
    const asked = this.#codes.get(given.code);
    this.#codes.delete(given.code);
    if (!asked || given.client_id !== this.app.id || given.redirect_uri !== asked.redirect_uri) return null;
    const { code_challenge: challenge, code_challenge_method: method } = asked;
    if (!challenge) return asked;
    const digest = createHash("sha256").update(given.code_verifier ?? "").digest("base64url");
    return method === "S256" && digest === challenge ? asked : null;
  }
}

const fail = (response, status, text) => response.writeHead(status, { "content-type": "text/plain" }).end(text);

const back = ({ redirect_uri, state }, parameters) => `${redirect_uri}?${new URLSearchParams({ state, ...parameters })}`;

/** A key of RSA that signs ID tokens, and the set that it is published in. */
async function signer() {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const kid = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
  const sign = (claims) => new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).setIssuedAt().setExpirationTime("1h").sign(privateKey);
  return { sign, keys: { keys: [jwk] } };
}

export async function google(person) {
  const provider = await new Provider(client("google-app.apps.googleusercontent.com"), person).listen();
  const { sign, keys } = await signer();
  provider.routes = {
    "GET /o/oauth2/v2/auth": ({ query }) => ({ location: back(query, { code: provider.issue(query), scope: query.scope, authuser: "0", prompt: "consent" }) }),
    "POST /oauth2/v4/token": async ({ form }) => {
      const asked = form.grant_type === "authorization_code" && form.client_secret === provider.app.secret && provider.redeem(form);
      if (!asked) return { status: 400, json: { error: "invalid_grant", error_description: "Bad Request" } };
      const { sub, email, name } = provider.person;
      // Google writes its name without the scheme, too.
      const claims = { iss: "accounts.google.com", aud: provider.app.id, azp: provider.app.id, sub, email, email_verified: true, name, nonce: asked.nonce };
      return { json: { access_token: "ya29.a0", expires_in: 3599, scope: asked.scope, token_type: "Bearer", id_token: await sign(claims) } };
    },
    "GET /oauth2/v3/certs": () => ({ json: keys }),
    "GET /v1/people/me": ({ headers }) => {
      assert.equal(headers.authorization, "Bearer ya29.a0");
      return { json: { resourceName: `people/${provider.person.sub}`, etag: "%EgMBAi4=" } };
    },
  };
  return provider;
}

export async function facebook(person) {
  const provider = await new Provider(client("1234567890123456"), person).listen();
  const refused = (message, code) => ({ status: 400, json: { error: { message, type: "OAuthException", code, fbtrace_id: "A1b2" } } });
  provider.routes = {
    "GET /dialog/oauth": ({ query }) => ({ location: `${back(query, { code: provider.issue(query) })}#_=_` }),
    "GET /oauth/access_token": ({ query }) =>
      query.client_secret === provider.app.secret && provider.redeem(query)
        ? { json: { access_token: "EAAB", token_type: "bearer", expires_in: 5183944 } }
        : refused("This authorization code has been used.", 100),
    "GET /me": ({ query, headers }) => {
      const token = query.access_token ?? headers.authorization?.replace("Bearer ", "");
      if (token !== "EAAB") return refused("Invalid OAuth access token.", 190);
      const all = { id: provider.person.sub, ...provider.person };
      delete all.sub;
      const fields = (query.fields ?? "id,name").split(",").map((field) => field.trim());
      return { json: Object.fromEntries(["id", ...fields].filter((field) => all[field] !== undefined).map((field) => [field, all[field]])) };
    },
  };
  return provider;
}

export async function amazon(person) {
  const provider = await new Provider(client("amzn1.application-oa2-client.e2e"), person).listen();
  provider.routes = {
    "GET /ap/oa": ({ query }) => ({ location: back(query, { code: provider.issue(query), scope: query.scope }) }),
    "POST /auth/o2/token": ({ form }) =>
      form.grant_type === "authorization_code" && form.client_secret === provider.app.secret && provider.redeem(form)
        ? { json: { access_token: "Atza|e2e", refresh_token: "Atzr|e2e", token_type: "bearer", expires_in: 3600 } }
        : { status: 400, json: { error: "invalid_grant", error_description: "The request has an invalid grant parameter : code", request_id: randomUUID() } },
    "GET /user/profile": ({ headers, query }) => {
      const token = headers["x-amz-access-token"] ?? headers.authorization?.replace("Bearer ", "") ?? query.access_token;
      if (token !== "Atza|e2e") return { status: 400, json: { error: "invalid_token", error_description: "The access token is invalid" } };
      const { sub, name, email, postal_code } = provider.person;
      return { json: { user_id: sub, name, email, postal_code } };
    },
  };
  return provider;
}

/** `privateKey`: what Apple gives a developer to download, as PEM. */
export async function apple(person) {
  const provider = await new Provider({ id: "com.example.app.web" }, person).listen();
  const { sign, keys } = await signer();
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  provider.team = "A1B2C3D4E5";
  provider.keyId = "F6G7H8J9K0";
  provider.privateKey = own.privateKey.export({ type: "pkcs8", format: "pem" });
  const publicKey = await importJWK(await exportJWK(own.publicKey), "ES256");
  let isFirst = true;
  provider.routes = {
    "GET /auth/authorize": ({ query }) => {
      const fields = { state: query.state, code: provider.issue(query) };
      // Once in a life, and never in the token.
      if (isFirst && query.scope.includes("name")) fields.user = JSON.stringify({ name: { firstName: "Ana", lastName: "Lima" }, email: provider.person.email });
      isFirst = false;
      assert.equal(query.response_mode, "form_post", "Apple refuses name and email otherwise");
      const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}">`);
      return { html: `<!doctype html><form action="${query.redirect_uri}" method="post">${inputs.join("")}</form><script>document.forms[0].submit()</script>` };
    },
    "POST /auth/token": async ({ form }) => {
      const asked = provider.redeem(form);
      const { payload, protectedHeader } = await jwtVerify(form.client_secret, publicKey, { audience: "https://appleid.apple.com", issuer: provider.team, subject: provider.app.id });
      assert.equal(protectedHeader.kid, provider.keyId);
      assert.ok(payload.exp - payload.iat <= SIX_MONTHS, "longer than six months");
      if (!asked) return { status: 400, json: { error: "invalid_grant" } };
      const { sub, email } = provider.person;
      const claims = { iss: "https://appleid.apple.com", aud: provider.app.id, sub, email, email_verified: "true", nonce: asked.nonce, nonce_supported: true, auth_time: Math.floor(Date.now() / 1000) };
      return { json: { access_token: "a.e2e", token_type: "Bearer", expires_in: 3600, refresh_token: "r.e2e", id_token: await sign(claims) } };
    },
    "GET /auth/keys": () => ({ json: keys }),
  };
  return provider;
}
