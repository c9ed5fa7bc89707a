// next-auth 4 and @auth/core, each with its Cognito provider and nothing but the issuer, behind a plain server in the place of Next.js.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { Auth } from "@auth/core";
import Cognito from "@auth/core/providers/cognito";
import nextAuth4 from "next-auth";
import nextAuth4Cognito from "next-auth/providers/cognito";

import { Visitor, makeClient, makeHosted } from "./hosted.mjs";
import { makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

// They are CommonJS, with their own notion of a default export.
const [nextAuth, nextAuthCognito] = [nextAuth4.default ?? nextAuth4, nextAuth4Cognito.default ?? nextAuth4Cognito];
const EMAIL = "ana@example.com";
const SECRET = "a secret of the app that signs its own cookies";
let server, hosted;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server);
  await makeUser(hosted, EMAIL);
});
after(() => server.stop());

async function listening(handler) {
  const app = createServer((request, response) => {
    const answer = new URL(request.url, "http://localhost").pathname === "/" ? response.end("home") : handler(request, response);
    Promise.resolve(answer).catch((error) => response.writeHead(500).end(String(error)));
  });
  await new Promise((listening) => app.listen(0, "127.0.0.1", listening));
  return { app, origin: `http://localhost:${app.address().port}` };
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The app's settings: what its tokens hold is shown in its session, as the guides have it. */
function settings(provider, mistakes, checks) {
  return {
    secret: SECRET,
    providers: [provider({ clientId: hosted.app.ClientId, clientSecret: hosted.app.ClientSecret, issuer: hosted.issuer, checks })],
    callbacks: {
      jwt: ({ token, account }) => (account ? { ...token, accessToken: account.access_token, refreshToken: account.refresh_token } : token),
      session: ({ session, token }) => ({ ...session, ...token }),
    },
    logger: { error: (...what) => mistakes.push(what), warn() {}, debug() {} },
  };
}

/** `next-auth` as an API route of Next.js, with what Next.js puts on its requests and answers. */
async function nextAuthApp(mistakes, checks) {
  const { app, origin } = await listening(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, origin);
    const cookies = (request.headers.cookie ?? "").split("; ").filter(Boolean).map((pair) => pair.split(/=(.*)/s));
    request.query = { ...Object.fromEntries(searchParams), nextauth: pathname.split("/").slice(3) };
    request.cookies = Object.fromEntries(cookies.map(([name, value]) => [name, decodeURIComponent(value)]));
    request.body = Object.fromEntries(new URLSearchParams((await body(request)).toString()));
    response.status = (code) => Object.assign(response, { statusCode: code });
    response.json = (value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    response.send = (value) => (typeof value === "string" ? response.end(value) : response.json(value));
    await nextAuth(request, response, settings(nextAuthCognito, mistakes, checks));
  });
  process.env.NEXTAUTH_URL = origin;
  return { app, origin, base: `${origin}/api/auth` };
}

/** `@auth/core`, which takes a Request and gives a Response. */
async function authCoreApp(mistakes, checks) {
  const { app, origin } = await listening(async (request, response) => {
    const { method, headers } = request;
    const asked = new Request(`${origin}${request.url}`, { method, headers, body: method === "POST" ? await body(request) : undefined });
    const answer = await Auth(asked, { ...settings(Cognito, mistakes, checks), trustHost: true });
    for (const [name, value] of answer.headers) response.appendHeader(name, value);
    response.writeHead(answer.status).end(await answer.text());
  });
  return { app, origin, base: `${origin}/auth` };
}

for (const [name, start] of [["next-auth 4", nextAuthApp], ["@auth/core", authCoreApp]]) {
  for (const checks of [undefined, ["pkce", "state", "nonce"]]) {
    test(`${name} signs in and out, checking ${checks ?? "what it does by default"}`, async () => {
      const mistakes = [];
      const { app, origin, base } = await start(mistakes, checks);
      try {
        hosted.app = await makeClient(hosted, { GenerateSecret: true, CallbackURLs: [`${base}/callback/cognito`] });
        const visitor = new Visitor();
        const asked = async (path) => JSON.parse((await visitor.open(`${base}/${path}`)).html);
        const post = async (path) => visitor.open(`${base}/${path}`, new URLSearchParams({ ...(await asked("csrf")), callbackUrl: origin }));

        const { left: authorize } = await post("signin/cognito");
        assert.ok(authorize?.startsWith(`${hosted.at}/oauth2/authorize?`), `${authorize} ${JSON.stringify(mistakes)}`);
        const home = await visitor.open(await visitor.signIn(authorize, EMAIL));
        assert.deepEqual([home.html, mistakes], ["home", []]);

        const session = await asked("session");
        assert.equal(session.user.email, EMAIL);
        assert.ok(session.sub && session.accessToken && session.refreshToken);

        await post("signout");
        assert.deepEqual(Object.keys((await asked("session")) ?? {}), []);
        // Of Cognito's session it knows nothing: the next sign-in asks nobody.
        const again = await post("signin/cognito");
        assert.equal((await visitor.open((await visitor.open(again.left)).left)).html, "home");
      } finally {
        app.close();
        app.closeAllConnections();
      }
    });
  }
}

test("an app hears of an error in OAuth's words", async () => {
  const mistakes = [];
  const { app, origin, base } = await nextAuthApp(mistakes);
  hosted.app = await makeClient(hosted, { GenerateSecret: true, AllowedOAuthScopes: ["openid"], CallbackURLs: [`${base}/callback/cognito`] });
  const visitor = new Visitor();
  const { csrfToken } = JSON.parse((await visitor.open(`${base}/csrf`)).html);
  const { left } = await visitor.open(`${base}/signin/cognito?scope=openid+email`, new URLSearchParams({ csrfToken, callbackUrl: origin }));
  const refused = await visitor.open(left);
  assert.match(refused.left, /\?error_description=invalid_scope&error=invalid_request$/);
  const told = await visitor.open(refused.left);
  assert.equal(new URL(told.url).pathname, "/api/auth/signin", told.url);
  assert.match(JSON.stringify(mistakes), /invalid_scope/);
  app.close();
  app.closeAllConnections();
});
