// The tokens in clear: claims with a line each, the encoded form on demand.

import { decoded } from "../aws/jwt.js";
import { ACCESS_TOKEN_CLAIMS, ID_TOKEN_CLAIMS, TIMES } from "../text/claims.js";
import { everySecond, left, moment } from "./clock.js";
import { byId, el, onClick, say } from "./dom.js";

let stopClock = () => {};

export function tokens(users) {
  tabs([byId("tab-id"), byId("tab-access")]);
  onClick(byId("refresh"), "tokens", async () => {
    show(await users.refresh());
    say("tokens", "ok", "Refreshed.", "New tokens of the same sign-in: auth_time stays, iat and exp move on.");
  });
}

export function show(session) {
  const id = session.getIdToken().getJwtToken();
  const access = session.getAccessToken().getJwtToken();
  byId("panel-id").replaceChildren(...token(id, ID_TOKEN_CLAIMS));
  byId("panel-access").replaceChildren(...token(access, ACCESS_TOKEN_CLAIMS));

  const end = new Date(session.getIdToken().getExpiration() * 1000);
  stopClock();
  stopClock = everySecond(() => (byId("token-end").textContent = `ID token ends in ${left(end)}`));
}

export function clear() {
  stopClock();
  for (const id of ["panel-id", "panel-access", "token-end"]) byId(id).replaceChildren();
}

function token(jwt, meanings) {
  const { parts, header, claims } = decoded(jwt);
  const rows = Object.entries(claims).map(([name, value]) => claim(name, value, meanings[name]));
  return [
    el("dl", { class: "claims" }, ...rows),
    el(
      "details",
      { class: "encoded" },
      el("summary", { text: `As sent: ${header.alg}, key ${header.kid}` }),
      el(
        "p",
        // It scrolls, so it must be reachable by keyboard.
        { class: "jwt", tabindex: "0", role: "region", "aria-label": "Encoded token", "data-test": "jwt" },
        ...encoded(parts),
      ),
      el("p", { class: "hint", text: "Header, claims, signature. Anyone can read a token; only its signature makes it count." }),
    ),
  ];
}

function encoded(parts) {
  return parts.flatMap((part, at) => [at > 0 && ".", el("span", { class: `part-${at}`, text: part })]).filter(Boolean);
}

function claim(name, value, meaning) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const time = TIMES.includes(name) && el("span", { class: "time", text: moment(new Date(value * 1000)) });
  return el(
    "div",
    { "data-claim": name },
    el("dt", {}, el("code", { text: name })),
    el("dd", {}, el("code", { text }), time, meaning && el("span", { class: "meaning", text: meaning })),
  );
}

/** Tabs as the ARIA practices have them: arrows go from one to the other, Tab goes on to the panel. */
function tabs(all) {
  const choose = (chosen) => {
    for (const tab of all) {
      const selected = tab === chosen;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !selected;
    }
  };
  all.forEach((tab, at) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!step) return;
      const next = all[(at + step + all.length) % all.length];
      choose(next);
      next.focus();
    });
  });
}
