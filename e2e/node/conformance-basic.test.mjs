// The modules of the OpenID conformance suite's plans Basic OP and Form Post OP, under their names, against a pool of the certification
// profile (docs/oauth.md). What the suite would only warn of is said beside. Reference: oauth-and-federation 16.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { CLAIMS, EMAIL, Provider, now } from "./certification.mjs";
import { CALLBACK, formOf, makeClient } from "./hosted.mjs";

let op;
before(async () => {
  op = await Provider.start();
});
after(() => op?.stop());

/** The family of errors by which a silent request ends (OIDC Core 3.1.2.6). */
const NOT_SILENT = ["login_required", "interaction_required", "account_selection_required", "consent_required"];

/** A JWS that nobody signed. */
const unsigned = (claims) => [{ alg: "none" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".") + ".";

/** A second request at the same browser, of which the person sees nothing. */
async function silently(ask, first, more) {
  const again = await op.tokens(ask(more), first.visitor);
  assert.equal(again.asked, false);
  assert.deepEqual([again.claims.sub, again.claims.auth_time], [first.claims.sub, first.claims.auth_time]);
  return again;
}

/** A second request at the same browser, for which the person signs in anew. */
async function anew(ask, first, more) {
  const again = await op.tokens(ask(more), first.visitor);
  assert.equal(again.asked, true);
  assert.equal(again.claims.sub, first.claims.sub);
  assert.ok(again.claims.auth_time > first.claims.auth_time);
  return again;
}

const later = (ms) => new Promise((done) => setTimeout(done, ms));

/** Claims of scopes come from userInfo. That they stand in the ID token too is a warning, as on Cognito. */
async function scoped(ask, scopes) {
  const { access_token, claims } = await op.tokens(ask({ scope: ["openid", ...scopes].join(" ") }));
  const info = await op.userInfo(access_token, claims);
  for (const name of scopes.flatMap((scope) => CLAIMS[scope] ?? [])) assert.ok(name in info, name);
  for (const name of Object.entries(CLAIMS).flatMap(([scope, names]) => (scopes.includes(scope) ? [] : names))) {
    assert.ok(!(name in info), `${name} was not asked for`);
  }
}

/** A request that the app hears an error of, or the person sees one. */
async function refused(parameters, errors) {
  const { answer, page } = await op.authorize(parameters);
  if (answer) assert.ok(errors.includes(answer.error), JSON.stringify(answer));
  else assert.equal(page.status, 400);
  return { answer, page };
}

/** Nobody is sent to an address that the client has not listed. */
async function nowhere(parameters) {
  const { page } = await op.authorize(parameters);
  assert.equal(page.left, undefined);
  assert.equal(page.status, 400);
  assert.equal(page.said, "redirect_mismatch");
  assert.ok(!page.html.includes(parameters.redirect_uri));
}

/** `ask`: a request in the plan's response mode. */
const MODULES = {
  async "oidcc-server"(ask) {
    const { access_token, claims } = await op.tokens(ask());
    await op.userInfo(access_token, claims);
  },
  async "oidcc-response-type-missing"(ask) {
    await refused(ask({ response_type: undefined }), ["unsupported_response_type", "invalid_request"]);
  },
  async "oidcc-idtoken-signature"(ask) {
    // Of clients that register alone; every token of every module is verified by the key of its `kid`.
    const { id_token } = await op.tokens(ask());
    const { kid, alg } = JSON.parse(Buffer.from(id_token.split(".")[0], "base64url"));
    const { keys } = await op.keys();
    assert.deepEqual(keys.filter((key) => key.kid === kid).map((key) => key.alg), [alg]);
  },
  async "oidcc-userinfo-get"(ask) {
    const { access_token, claims } = await op.tokens(ask());
    await op.userInfo(access_token, claims);
  },
  async "oidcc-userinfo-post-header"(ask) {
    const { access_token, claims } = await op.tokens(ask());
    await op.userInfo(access_token, claims, { method: "POST", headers: { authorization: `Bearer ${access_token}` } });
  },
  async "oidcc-userinfo-post-body"(ask) {
    // Failing it would be a warning.
    const { access_token, claims } = await op.tokens(ask());
    await op.userInfo(access_token, claims, { method: "POST", body: new URLSearchParams({ access_token }) });
  },
  async "oidcc-ensure-request-without-nonce-succeeds-for-code-flow"(ask) {
    await op.tokens(ask({ nonce: undefined }));
  },
  "oidcc-scope-profile": (ask) => scoped(ask, ["profile"]),
  "oidcc-scope-email": (ask) => scoped(ask, ["email"]),
  // There is no such scope: it is overlooked. That its claim is missing is a warning.
  "oidcc-scope-address": (ask) => scoped(ask, ["address", "email"]),
  "oidcc-scope-phone": (ask) => scoped(ask, ["phone"]),
  "oidcc-scope-all": (ask) => scoped(ask, ["profile", "email", "address", "phone"]),
  async "oidcc-alternate-happy-flow"(ask) {
    const { access_token, claims } = await op.tokens(ask({ scope: "email openid" }));
    assert.equal((await op.userInfo(access_token, claims)).email, EMAIL);
  },
  async "oidcc-display-page"(ask) {
    await op.tokens(ask({ display: "page" }));
  },
  async "oidcc-display-popup"(ask) {
    await op.tokens(ask({ display: "popup" }));
  },
  async "oidcc-prompt-login"(ask) {
    const first = await op.tokens(ask());
    await later(1000);
    await anew(ask, first, { prompt: "login" });
  },
  async "oidcc-prompt-none-not-logged-in"(ask) {
    const { answer } = await op.authorize(ask({ prompt: "none" }));
    assert.ok(NOT_SILENT.includes(answer.error), JSON.stringify(answer));
    assert.equal(answer.code, undefined);
  },
  async "oidcc-prompt-none-logged-in"(ask) {
    await silently(ask, await op.tokens(ask()), { prompt: "none" });
  },
  async "oidcc-max-age-1"(ask) {
    const first = await op.tokens(ask());
    await later(2100);
    const { claims } = await anew(ask, first, { max_age: "1" });
    assert.ok(now() - claims.auth_time < 60);
  },
  async "oidcc-max-age-10000"(ask) {
    const first = await op.tokens(ask({ max_age: "10000" }));
    await silently(ask, first, { max_age: "10000" });
  },
  async "oidcc-ensure-request-with-unknown-parameter-succeeds"(ask) {
    await op.tokens(ask({ extra: "foobar" }));
  },
  async "oidcc-id-token-hint"(ask) {
    const first = await op.tokens(ask());
    await silently(ask, first, { prompt: "none", id_token_hint: first.id_token });
  },
  async "oidcc-login-hint"(ask) {
    const parameters = ask({ login_hint: EMAIL });
    const page = await op.visitor().open(op.url(parameters));
    assert.equal(formOf(page).carried.username, EMAIL);
    await op.tokens(parameters);
  },
  async "oidcc-ui-locales"(ask) {
    // A language that the pages have is theirs; of one that they have not nobody hears.
    const { html } = await op.visitor().open(op.url(ask({ ui_locales: "de" })));
    assert.match(html, /<html[^>]* lang="de"/);
    await op.tokens(ask({ ui_locales: "se" }));
  },
  async "oidcc-claims-locales"(ask) {
    await op.tokens(ask({ claims_locales: "se" }));
  },
  async "oidcc-ensure-request-with-acr-values-succeeds"(ask) {
    // That the answer's level is none of these is a warning: the pool's levels have other names.
    const { claims } = await op.tokens(ask({ acr_values: "1 2" }));
    assert.ok(op.metadata.acr_values_supported.includes(claims.acr));
  },
  async "oidcc-codereuse"(ask) {
    const { code } = await op.tokens(ask());
    const { status, body } = await op.trade(code);
    assert.deepEqual([status, body.error], [400, "invalid_grant"]);
  },
  async "oidcc-codereuse-30seconds"(ask) {
    const { code, access_token } = await op.tokens(ask());
    await op.server.advance(30);
    const { status, body } = await op.trade(code);
    assert.deepEqual([status, body.error], [400, "invalid_grant"]);
    // That the first one's tokens live on would be a warning.
    const dead = await op.json(op.metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${access_token}` } });
    assert.equal(dead.status, 401);
  },
  async "oidcc-ensure-registered-redirect-uri"(ask) {
    await nowhere(ask({ redirect_uri: `${CALLBACK}/unregistered-${randomBytes(4).toString("hex")}` }));
  },
  async "oidcc-ensure-post-request-succeeds"(ask) {
    const { asked } = await op.tokens(ask(), op.visitor(), { posted: true });
    assert.equal(asked, true);
  },
  async "oidcc-server-client-secret-post"(ask) {
    const { code } = await op.code(ask());
    const { ClientId: client_id, ClientSecret: client_secret } = op.client;
    const tokens = op.good(await op.trade(code, { client_id, client_secret }, {}));
    assert.ok(tokens.id_token);
  },
  async "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported"(ask) {
    await refused(ask({ request_uri: "https://app.example.com/request.jwt" }), ["request_uri_not_supported"]);
  },
  async "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported"(ask) {
    const { state, nonce, ...outside } = ask();
    const request = unsigned({ ...outside, state, nonce });
    await refused({ ...outside, state, request }, ["request_not_supported"]);
  },
  async "oidcc-claims-essential"(ask) {
    // That it is missing would be a warning: whoever asks for openid alone is told all that the client may read.
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { access_token, claims: about } = await op.tokens(ask({ claims }));
    assert.ok((await op.userInfo(access_token, about)).name);
  },
  async "oidcc-ensure-request-object-with-redirect-uri"(ask) {
    const elsewhere = ask({ redirect_uri: "https://elsewhere.example.com/" });
    const { page } = await refused(ask({ request: unsigned(elsewhere) }), ["request_not_supported"]);
    assert.ok(!page.left?.includes("elsewhere"));
    await nowhere({ ...elsewhere, request: unsigned(ask()) });
  },
  async "oidcc-refresh-token"(ask) {
    const first = await op.tokens(ask());
    const grant = { grant_type: "refresh_token", refresh_token: first.refresh_token };
    const others = await op.token(grant, op.basic(op.other));
    assert.deepEqual([others.status, others.body.error], [400, "invalid_grant"]);
    await later(1000);
    const second = op.good(await op.token({ ...grant, scope: "openid email phone profile" }));
    assert.notEqual(second.access_token, first.access_token);
    // OIDC Core 12.2: the same of whom and for whom, another time; a nonce that is there is the first one's.
    const claims = await op.idToken(second.id_token, { ...second, nonce: decoded(second.id_token).nonce });
    assert.ok([undefined, first.claims.nonce].includes(claims.nonce));
    for (const name of ["iss", "sub", "aud", "auth_time"]) assert.equal(claims[name], first.claims[name], name);
    assert.ok(claims.iat > first.claims.iat);
    assert.equal(decoded(second.access_token).scope, decoded(first.access_token).scope, "not widened");
  },
  async "oidcc-ensure-request-with-valid-pkce-succeeds"(ask) {
    const code_verifier = randomBytes(32).toString("base64url");
    const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
    const { code } = await op.code(ask({ code_challenge, code_challenge_method: "S256" }));
    op.good(await op.trade(code, { code_verifier }));
  },
};

const decoded = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

const PLANS = { "oidcc-basic-certification-test-plan": {}, "oidcc-formpost-basic-certification-test-plan": { response_mode: "form_post" } };
for (const [plan, mode] of Object.entries(PLANS)) {
  describe(plan, () => {
    for (const [name, module] of Object.entries(MODULES)) test(name, () => module((more) => op.request({ ...mode, ...more })));
  });
}

// Of the dynamic plan what needs no registration.
describe("oidcc-dynamic-certification-test-plan", () => {
  const listed = `${CALLBACK}?foo=bar`;
  let ask;
  before(async () => {
    const { ClientId: client_id } = await makeClient(op.hosted, { CallbackURLs: [CALLBACK, listed] });
    ask = (redirect_uri) => op.request({ client_id, redirect_uri });
  });

  test("oidcc-redirect-uri-query-OK", async () => {
    const { answer, page } = await op.authorize(ask(listed));
    assert.ok(page.left.startsWith(`${listed}&`));
    assert.deepEqual([answer.foo, answer.error], ["bar", undefined]);
  });
  test("oidcc-redirect-uri-query-mismatch", () => nowhere(ask(`${CALLBACK}?foo=other`)));
  test("oidcc-redirect-uri-query-added", () => nowhere(ask(`${listed}&more=1`)));
  test("oidcc-redirect-uri-regfrag", async () => {
    const made = makeClient(op.hosted, { CallbackURLs: [`${CALLBACK}#fragment`] });
    await assert.rejects(made, { name: "InvalidParameterException" });
  });
});
