// The demo page: puts its parts together and keeps where the visitor stands.

// First, so that it sees the calls of the libraries that come after it.
import "./aws/observe.js";

import { Bucket } from "./aws/bucket.js";
import { loadConfig } from "./aws/config.js";
import { userIdentity } from "./aws/identity.js";
import { Login } from "./aws/login.js";
import { Users } from "./aws/users.js";
import { account } from "./page/account.js";
import { calls } from "./page/calls.js";
import { hideCredentials, showCredentials } from "./page/credentials.js";
import { busy, byId, el, hush, notice, onClick, pairs, say, sayError } from "./page/dom.js";
import { doors } from "./page/doors.js";
import { Files } from "./page/files.js";
import { guest } from "./page/guest.js";
import { remember, remembered } from "./page/memory.js";
import { arriveAt, draw, isPlace } from "./page/steps.js";
import * as tokens from "./page/tokens.js";

class Walk {
  #config;
  #users;
  #login;
  #files = new Files();
  #bucket = null;
  #identityId = null;

  constructor(config) {
    this.#config = config;
    this.#users = new Users(config);
    this.#login = new Login(config);
    account(config, this.#users, this);
    tokens.tokens(this.#users);
    doors(config, () => this.#bucket, () => this.#identityId);
    guest(config);
    byId("hosted").hidden = !this.#login.isThere;
    onClick(byId("hosted-login"), "sign-in", () => this.#login.go(this.email));
    onClick(byId("get-credentials"), "credentials", async () => {
      await this.#trade();
      arriveAt("credentials");
    });
    for (const button of document.querySelectorAll("[data-act=sign-out]")) {
      button.addEventListener("click", () => busy(button, "sign-in", () => this.#leave()));
    }
    for (const button of document.querySelectorAll("[data-open]")) {
      button.addEventListener("click", () => this.go(button.dataset.open));
    }
  }

  get email() {
    return remembered().email ?? "";
  }

  remember(changes) {
    remember(changes);
  }

  /** Draws the page for whoever comes from the login page, and else as it was left; sends there who opened it to sign in there. */
  async begin() {
    try {
      if (this.#login.isMeant) return await this.#login.go(this.email);
      const tokens = await this.#login.returned();
      if (tokens) return await this.#enterWith(tokens);
    } catch (error) {
      return await this.#refused(error);
    }
    const { left } = remembered();
    remember({ left: null });
    const isIn = await this.#resume();
    if (!left || isIn) return;
    this.go("sign-in");
    say("sign-in", ...left);
  }

  /** The login page, or who pretends to be it, brings no user. Whoever is signed in stays so. */
  async #refused(error) {
    if (await this.#resume()) {
      byId("page-notice").replaceChildren(notice("error", error.name, error.message));
      return;
    }
    this.go("sign-in");
    sayError("sign-in", error);
  }

  /** Draws the page as it was left. Whether the user pool still lets the user be in. */
  async #resume() {
    const { place } = remembered();
    const before = isPlace(place) ? place : "sign-up";
    const session = await this.#users.restoredSession().catch((error) => {
      sayError("sign-in", error);
      return null;
    });
    if (!session) {
      draw(["credentials", "bucket"].includes(before) ? "sign-in" : before);
      return false;
    }
    this.#welcome(session);
    draw("credentials");
    if (before === "bucket") await busy(byId("get-credentials"), "credentials", () => this.#trade());
    return true;
  }

  /** From here on it is all the same whence the tokens are, but for the way out. */
  async #enterWith(tokens) {
    this.#users.take(tokens);
    await this.enter();
    remember({ hosted: true });
  }

  /** Moves the visitor to another step. */
  go(place) {
    remember({ place });
    hush(place);
    draw(place);
    arriveAt(place);
  }

  /** The user pool has let the user in. */
  async enter() {
    remember({ hosted: false });
    this.#welcome(await this.#users.session());
    this.go("credentials");
    arriveAt("tokens");
  }

  #welcome(session) {
    byId("who-email").textContent = session.getIdToken().payload.email ?? this.email;
    tokens.show(session);
  }

  /** The ID token for credentials, and with them the bucket. */
  async #trade() {
    const idToken = async () => (await this.#users.session()).getIdToken();
    const { iss } = (await idToken()).payload;
    const identity = await userIdentity(
      this.#config,
      iss,
      async () => (await idToken()).getJwtToken(),
      (credentials) => {
        this.#identityId = credentials.identityId;
        showCredentials(byId("credentials"), credentials);
      },
    );
    this.#bucket = new Bucket(this.#config, identity);
    this.#offerTrade("second", "Trade again for new ones");
    remember({ place: "bucket" });
    draw("bucket");
    await this.#files.open(this.#bucket, this.#identityId).catch((error) => sayError("bucket", error));
  }

  #offerTrade(look, text) {
    const button = byId("get-credentials");
    button.className = look;
    button.textContent = text;
  }

  async #leave() {
    const { hosted } = remembered();
    const error = await this.#users.signOut().then(() => null, (refused) => refused);
    this.#left();
    if (hosted) {
      const revoked = "The refresh token is revoked, and the login page has forgotten this browser.";
      remember({ left: error ? ["error", error.name, error.message] : ["ok", "Signed out.", revoked] });
      this.#login.signOut();
    } else if (error) {
      throw error;
    } else {
      say("sign-in", "ok", "Signed out.", "The refresh token is revoked.");
    }
  }

  /** Whatever the user pool said: the tokens are out of this browser. */
  #left() {
    hideCredentials(byId("credentials"));
    this.#files.close();
    tokens.clear();
    this.#bucket = null;
    this.#offerTrade("", "Trade the ID token for credentials");
    for (const step of ["tokens", "credentials", "bucket", "doors"]) hush(step);
    this.go("sign-in");
  }
}

function showFacts(config) {
  const facts = [
    ["Endpoint", config.endpoint],
    ["Region", config.region],
    ["User pool", config.userPoolId],
    ["App client", config.clientId],
    ["Hosted login", config.login && `${config.endpoint}${config.login}`],
    ["Identity pool", config.identityPoolId],
    ["Bucket", config.bucket],
  ];
  const there = facts.filter(([, value]) => value);
  byId("facts").replaceChildren(...pairs(there.map(([term, value]) => [term, el("code", { text: value })])));
}

async function start() {
  calls();
  try {
    const config = await loadConfig();
    showFacts(config);
    await new Walk(config).begin();
  } catch (error) {
    byId("page-notice").replaceChildren(notice("error", "The demo can't start.", error.message));
  }
}

start();
