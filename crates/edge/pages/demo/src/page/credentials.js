// Temporary credentials as a small sheet: the secret is masked until asked for.

import { everySecond, left, moment } from "./clock.js";
import { el, pairs, revealer } from "./dom.js";

const MASK = "•".repeat(20);

/** By place: what stops the countdown of the sheet that is there. */
const countdowns = new Map();

/** Shows the credentials in `place`, in place of those that were there. */
export function showCredentials(place, credentials) {
  hideCredentials(place);
  const end = el("span", {});
  place.replaceChildren(
    el(
      "dl",
      { class: "pairs sheet" },
      ...pairs([
        ["Identity id", el("code", { text: credentials.identityId }), "identity-id"],
        ["Access key id", el("code", { text: credentials.accessKeyId }), "access-key-id"],
        ["Secret key", masked("secret key", credentials.secretAccessKey), "secret-key"],
        ["Session token", masked("session token", credentials.sessionToken), "session-token"],
        ["Good until", end, "expiration"],
      ]),
    ),
  );
  const tick = () => (end.textContent = `${moment(credentials.expiration)} (${left(credentials.expiration)})`);
  countdowns.set(place, everySecond(tick));
}

export function hideCredentials(place) {
  countdowns.get(place)?.();
  place.replaceChildren();
}

function masked(name, secret) {
  const value = el("code", { class: "secret" });
  const button = el("button", { type: "button", class: "quiet" });
  revealer(button, name, (shown) => (value.textContent = shown ? secret : MASK));
  return el("span", { class: "masked" }, value, button);
}
