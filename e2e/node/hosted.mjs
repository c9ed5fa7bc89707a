// Hosted login as its visitors meet it: a pool with a domain and OAuth clients, and a browser without scripts that keeps cookies and
// fills in forms.

import assert from "node:assert/strict";

import { PASSWORD, fresh, makePool } from "./house.mjs";

export const CALLBACK = "http://localhost:3000/callback";
export const SIGNED_OUT = "http://localhost:3000/signed-out";

/**
 * A pool whose users sign in at a domain of its own; `app` is a public client. In dev the domain is a path, which needs neither DNS nor
 * a certificate for its name.
 */
export async function makeHosted(server, { pool = {}, client = {}, version = 2 } = {}) {
  const made = await makePool(server, pool);
  const domain = fresh("login");
  await made.admin.idp.createUserPoolDomain({ UserPoolId: made.userPoolId, Domain: domain, ManagedLoginVersion: version });
  const hosted = { ...made, domain, issuer: `${server.url}/${made.userPoolId}`, at: `${server.url}/_login/${domain}` };
  const { ClientId } = await makeClient(hosted, client);
  return { ...hosted, clientId: ClientId };
}

/** An app client for the code flow, of the pool. */
export async function makeClient({ admin, userPoolId }, settings = {}) {
  const { UserPoolClient } = await admin.idp.createUserPoolClient({
    UserPoolId: userPoolId,
    ClientName: fresh("oauth"),
    ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"],
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthScopes: ["openid", "email", "profile"],
    SupportedIdentityProviders: ["COGNITO"],
    CallbackURLs: [CALLBACK],
    LogoutURLs: [SIGNED_OUT],
    ...settings,
  });
  return UserPoolClient;
}

/** Signs in as a visitor whom nobody knows yet. Returns the address that the app is called at. */
export const signIn = (url, username, password = PASSWORD) => new Visitor().signIn(url, username, password);

/** A browser of somebody, without scripts. `fetch`: how it reaches the server, where that is not as Node does. */
export class Visitor {
  #cookies = [];
  #fetch;

  constructor(fetch = globalThis.fetch) {
    this.#fetch = fetch;
  }

  /** Follows `url` to the login page, fills it in, and follows on: to the address that the app is called at. */
  async signIn(url, username, password = PASSWORD) {
    const page = await this.open(url);
    assert.ok(page.html, `no page, but ${page.left}`);
    const answer = await this.submit(page, { username, password });
    assert.ok(answer.left, `still a page: ${answer.said}`);
    return answer.left;
  }

  /**
   * Opens an address. `left` is the first one outside of the server that it leads to, else there is a page: `html`, `title`, and what
   * it says of an error.
   */
  async open(url, body) {
    const { origin } = new URL(url);
    for (let hop = 0; hop < 10; hop++) {
      const response = await this.#ask(url, body);
      const location = response.headers.get("location");
      if (!location) return page(url, response.status, await response.text());
      // What follows a form is fetched.
      body = undefined;
      url = absolute(location, url);
      if (new URL(url).origin !== origin) return { left: url };
    }
    throw new Error(`no end of redirects: ${url}`);
  }

  /** Fills in the first form of a page, with what it carries, and sends it. */
  submit(page, fields) {
    const { action, carried } = formOf(page);
    return this.open(action, new URLSearchParams({ ...carried, ...fields }));
  }

  async #ask(url, body) {
    const { host, pathname } = new URL(url);
    const mine = this.#cookies.filter((cookie) => cookie.host === host && within(pathname, cookie.path));
    const headers = mine.length ? { cookie: mine.map(({ name, value }) => `${name}=${value}`).join("; ") } : {};
    const response = await this.#fetch(url, { method: body ? "POST" : "GET", headers, body, redirect: "manual" });
    for (const text of response.headers.getSetCookie()) this.#keep(host, text);
    return response;
  }

  #keep(host, text) {
    const [pair, ...rest] = text.split(/;\s*/);
    const [name, value] = pair.split(/=(.*)/s);
    const { path = "/", "max-age": age } = Object.fromEntries(rest.map((part) => part.split("=")).map(([name, value]) => [name.toLowerCase(), value]));
    this.#cookies = this.#cookies.filter((known) => known.host !== host || known.name !== name || known.path !== path);
    if (age !== "0") this.#cookies.push({ host, path, name, value });
  }
}

/** The first form of a page: where it leads, and what it carries. */
export function formOf({ url, html }) {
  const [, head, inner] = html.match(/<form\b([^>]*)>([\s\S]*?)<\/form>/) ?? assert.fail(`no form: ${html}`);
  const inputs = [...inner.matchAll(/<input\b([^>]*)>/g)].map(([, text]) => attributes(text));
  const carried = inputs.filter(({ name, type }) => name && type !== "submit").map(({ name, value = "" }) => [name, value]);
  return { action: absolute(attributes(head).action, url), carried: Object.fromEntries(carried) };
}

/** RFC 6265 section 5.1.4. */
const within = (path, cookies) => path === cookies || path.startsWith(cookies.endsWith("/") ? cookies : `${cookies}/`);

/** A native app's address (`com.example.app:/cb`) is as good as any. */
const absolute = (location, base) => new URL(location, base).href;

function page(url, status, html) {
  const text = (pattern) => plain((html.match(pattern)?.[1] ?? "").replace(/<[^>]*>/g, " ")).trim();
  return { url, status, html, title: text(/<h1>([\s\S]*?)<\/h1>/), said: text(/role="alert">([\s\S]*?)<\/p>/) };
}

const attributes = (text) =>
  Object.fromEntries([...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name, value = ""]) => [name, plain(value)]));

const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"' };
const plain = (html) =>
  html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, number, name) =>
    name ? (NAMED[name] ?? whole) : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(number)),
  );
