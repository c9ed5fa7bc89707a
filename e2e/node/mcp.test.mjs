// The Model Context Protocol's own client against a protected server of the test's: all that it knows at first is the server's address.
// It finds the pool by the server's challenge, registers itself, signs its user in with PKCE, and calls with a token that is for this
// server alone.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { JwtVerifier } from "aws-jwt-verify";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";

import { CALLBACK, Visitor, makeHosted } from "./hosted.mjs";
import { makeUser } from "./house.mjs";
import { Poolhouse } from "./poolhouse.mjs";

const EMAIL = "ana@example.com";
const SCOPE = "notes/read";
let server, hosted, notes, other;

before(async () => {
  server = await Poolhouse.start();
  hosted = await makeHosted(server, {
    pool: { DcrConfiguration: { OpenDcrEnabled: true, AllowedScopes: ["openid", SCOPE] }, UserPoolTags: { "poolhouse:iss": "on" } },
  });
  await makeUser({ ...hosted, clientId: (await passwordClient()).ClientId }, EMAIL);
  await hosted.admin.idp.createResourceServer({
    UserPoolId: hosted.userPoolId,
    Identifier: "notes",
    Name: "Notes",
    Scopes: [{ ScopeName: "read", ScopeDescription: "Read notes" }],
  });
  [notes, other] = [await protectedServer(), await protectedServer()];
});
after(async () => {
  for (const one of [notes, other]) one?.close();
  await server?.stop();
});

async function passwordClient() {
  const { UserPoolClient } = await hosted.admin.idp.createUserPoolClient({ UserPoolId: hosted.userPoolId, ClientName: "sign-up" });
  return UserPoolClient;
}

/** The keys' library takes https alone by itself. */
const fetcher = { fetch: async (uri) => (await fetch(uri)).arrayBuffer() };

/** An MCP server as RFC 9728 and the protocol's authorization have it: it says who its authorization server is, and checks tokens. */
async function protectedServer() {
  const http = createServer();
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  const base = `http://localhost:${http.address().port}`;
  const resource = `${base}/mcp`;
  const verifier = JwtVerifier.create(
    { issuer: hosted.issuer, audience: resource, jwksUri: `${hosted.issuer}/.well-known/jwks.json` },
    { jwksCache: new SimpleJwksCache({ fetcher }) },
  );
  const metadata = { resource, authorization_servers: [hosted.issuer], scopes_supported: [SCOPE] };
  http.on("request", async (request, response) => {
    if (request.url.startsWith("/.well-known/oauth-protected-resource")) {
      return response.setHeader("content-type", "application/json").end(JSON.stringify(metadata));
    }
    if (request.url !== "/mcp") return response.writeHead(404).end();
    const [, token] = request.headers.authorization?.match(/^Bearer (.+)$/) ?? [];
    const claims = token && (await verifier.verify(token).catch(() => undefined));
    if (claims?.token_use !== "access" || !claims.scope.split(" ").includes(SCOPE)) {
      const where = `${base}/.well-known/oauth-protected-resource/mcp`;
      return response.writeHead(401, { "www-authenticate": `Bearer resource_metadata="${where}", scope="${SCOPE}"` }).end();
    }
    const mcp = new McpServer({ name: "notes", version: "1.0.0" });
    mcp.registerTool("whoami", { description: "Who calls" }, () => ({ content: [{ type: "text", text: claims.username }] }));
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    await mcp.connect(transport);
    await transport.handleRequest(request, response);
  });
  return { url: new URL(resource), resource, close: () => http.close() };
}

/** What an app keeps for the protocol's client, and whom it sends its user to. */
class Kept {
  redirectUrl = CALLBACK;
  clientMetadata = {
    client_name: "Notes Assistant",
    redirect_uris: [CALLBACK],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
  };
  clientInformation = () => this.client;
  saveClientInformation = (client) => void (this.client = client);
  tokens = () => this.held;
  saveTokens = (tokens) => void (this.held = tokens);
  redirectToAuthorization = (url) => void (this.sentTo = url);
  saveCodeVerifier = (verifier) => void (this.verifier = verifier);
  codeVerifier = () => this.verifier;
  state = () => "a-state";
}

const claimsOf = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

/** The user signs in and allows the app, as people do. Returns the address that the app is called at. */
async function allowed(url) {
  const visitor = new Visitor();
  const asked = await visitor.submit(await visitor.open(url), { username: EMAIL, password: "Correct-Horse-9" });
  assert.match(asked.title, /Connect Notes Assistant\?/);
  const { left } = await visitor.submit(asked, { answer: "yes" });
  return new URL(left);
}

/** A connected client of a protected server. */
async function connected({ url }, kept) {
  const client = new Client({ name: "assistant", version: "1.0.0" });
  const first = new StreamableHTTPClientTransport(url, { authProvider: kept });
  await assert.rejects(client.connect(first), UnauthorizedError);
  const called = await allowed(kept.sentTo);
  assert.equal(called.searchParams.get("state"), "a-state");
  assert.equal(called.searchParams.get("iss"), hosted.issuer);
  await first.finishAuth(called.searchParams.get("code"));
  const again = new Client({ name: "assistant", version: "1.0.0" });
  await again.connect(new StreamableHTTPClientTransport(url, { authProvider: kept }));
  return again;
}

const post = ({ url }, token) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
  });

test("a client that knows the server's address alone gets in", async () => {
  const kept = new Kept();
  const client = await connected(notes, kept);
  const { content } = await client.callTool({ name: "whoami", arguments: {} });
  const { sub, username, aud, scope, client_id } = claimsOf(kept.held.access_token);
  assert.deepEqual(content, [{ type: "text", text: username }]);
  assert.ok(sub);
  assert.equal(aud, notes.resource);
  assert.equal(scope, SCOPE);
  assert.equal(client_id, kept.client.client_id);
  const asked = kept.sentTo.searchParams;
  assert.equal(asked.get("resource"), notes.resource);
  assert.equal(asked.get("code_challenge_method"), "S256");
  await client.close();

  const { UserPoolClient } = await hosted.admin.idp.describeUserPoolClient({ UserPoolId: hosted.userPoolId, ClientId: client_id });
  assert.equal(UserPoolClient.ClientType, "DCR");
});

test("its token is renewed, for the same server", async () => {
  const kept = new Kept();
  await (await connected(notes, kept)).close();
  const before = kept.held;
  kept.held = { ...before, access_token: "x.y.z" };
  const client = new Client({ name: "assistant", version: "1.0.0" });
  await client.connect(new StreamableHTTPClientTransport(notes.url, { authProvider: kept }));
  await client.close();
  assert.notEqual(kept.held.refresh_token, before.refresh_token);
  assert.equal(claimsOf(kept.held.access_token).aud, notes.resource);
});

test("without a token, or with another server's, nobody gets in", async () => {
  const without = await post(notes);
  assert.equal(without.status, 401);
  assert.match(without.headers.get("www-authenticate"), /resource_metadata=/);
  const kept = new Kept();
  await (await connected(notes, kept)).close();
  assert.equal((await post(notes, kept.held.access_token)).status, 200);
  assert.equal((await post(other, kept.held.access_token)).status, 401);
});

test("who does not allow it is told so, and nothing is given", async () => {
  const kept = new Kept();
  const client = new Client({ name: "assistant", version: "1.0.0" });
  await assert.rejects(client.connect(new StreamableHTTPClientTransport(notes.url, { authProvider: kept })), UnauthorizedError);
  const visitor = new Visitor();
  const asked = await visitor.submit(await visitor.open(kept.sentTo), { username: EMAIL, password: "Correct-Horse-9" });
  const { left } = await visitor.submit(asked, { answer: "no" });
  const { searchParams } = new URL(left);
  assert.equal(searchParams.get("error"), "access_denied");
  assert.equal(searchParams.get("code"), null);
});
