// Hosted login, by nothing but the browser: the code flow with PKCE (RFC 7636), as an OAuth library does it.

import { decoded } from "./jwt.js";

/** What was sent along and must come back, for as long as this tab is away. */
const KEY = "poolhouse-demo-login";

export class Login {
  #at;
  #clientId;
  #scopes;

  constructor({ endpoint, login, clientId, scopes }) {
    this.#at = login ? `${endpoint}${login}` : null;
    this.#clientId = clientId;
    this.#scopes = scopes;
  }

  /** Whether the pool has a domain to sign in at. */
  get isThere() {
    return this.#at !== null;
  }

  /** Whether the page was opened by the address that is a signpost to the login page and nothing else. */
  get isMeant() {
    return this.isThere && new URLSearchParams(location.search).has("hosted");
  }

  /** Leaves the page for the login page. */
  async go(email) {
    // The browser hashes only for pages whose address nobody on the way can change.
    if (!isSecureContext) throw new Error("Open this page by https or at localhost: elsewhere browsers have no SHA-256 for it.");
    const sent = { verifier: random(), state: random(), nonce: random() };
    sessionStorage.setItem(KEY, JSON.stringify(sent));
    this.#leave("oauth2/authorize", {
      response_type: "code",
      client_id: this.#clientId,
      redirect_uri: here(),
      scope: this.#scopes.join(" "),
      state: sent.state,
      nonce: sent.nonce,
      code_challenge: base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sent.verifier))),
      code_challenge_method: "S256",
      ...(email && { login_hint: email }),
    });
  }

  /** The tokens `{ id_token, access_token, refresh_token }` of who has come back from the login page, null if nobody has. */
  async returned() {
    const answer = new URLSearchParams(location.search);
    if (!answer.has("code") && !answer.has("error")) return null;
    // Neither a reload nor a bookmark gives the same answer again.
    history.replaceState(null, "", here());
    const sent = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    sessionStorage.removeItem(KEY);
    if (!sent.state || answer.get("state") !== sent.state) {
      throw named("Not asked for", "The answer of the login page is to no question that this tab has asked. Sign in once more.");
    }
    if (answer.has("error")) throw named(answer.get("error"), answer.get("error_description") ?? "");
    const tokens = await this.#trade(answer.get("code"), sent.verifier);
    if (decoded(tokens.id_token).claims.nonce !== sent.nonce) {
      throw named("Another's token", "The ID token's nonce is not the one that was sent along.");
    }
    return tokens;
  }

  /** Leaves the page to end the browser's session at the login page too, which leads back here. */
  signOut() {
    this.#leave("logout", { client_id: this.#clientId, logout_uri: here() });
  }

  async #trade(code, verifier) {
    const response = await fetch(`${this.#at}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: this.#clientId,
        redirect_uri: here(),
        code,
        code_verifier: verifier,
      }),
    });
    const answer = await response.json();
    if (!response.ok) throw named(answer.error, answer.error_description ?? "The login page's server takes this code for no tokens.");
    return answer;
  }

  #leave(page, query) {
    const address = `${this.#at}/${page}?${new URLSearchParams(query)}`;
    // The way back from the login page does not lead to a signpost, which would send there again.
    if (this.isMeant) location.replace(address);
    else location.assign(address);
  }
}

/** The page's own address, as the app client lists it: without a file's name and without a query. */
const here = () => new URL("./", location.href).href;

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
}

const named = (name, message) => Object.assign(new Error(message), { name });
