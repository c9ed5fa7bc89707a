// Which steps of the walk are behind the visitor, which is in front, which are open.
//
//   sign-up ──▶ confirm ──▶ sign-in ──▶ credentials ──▶ bucket
//      ▲───────────┴───────────┘ ▲                         │
//      (free to go to and fro)   └──────── sign out ◀──────┘

import { byId } from "./dom.js";

const BEFORE = ["sign-up", "confirm", "sign-in"];

/** By the place where the visitor stands: the steps that are done, and those that are open beside it. */
const PLACES = {
  "sign-up": { done: [], open: [] },
  confirm: { done: ["sign-up"], open: [] },
  "sign-in": { done: ["sign-up", "confirm"], open: [] },
  credentials: { done: [...BEFORE, "tokens"], open: ["tokens", "sign-out"] },
  bucket: { done: [...BEFORE, "tokens", "credentials"], open: ["tokens", "credentials", "doors", "sign-out"] },
};

const steps = () => [...document.querySelectorAll("[data-step]")];

export const isPlace = (name) => Object.keys(PLACES).includes(name);

/** Draws the walk with the visitor standing at `place`. */
export function draw(place) {
  const { done, open } = PLACES[place];
  const signedIn = done.includes("sign-in");
  for (const step of steps()) {
    const name = step.dataset.step;
    const state = name === place ? "current" : done.includes(name) ? "done" : "later";
    step.dataset.state = state;
    step.querySelector(".body").hidden = !(state === "current" || open.includes(name));
    if (state === "current") step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
    const opener = step.querySelector("[data-open]");
    if (opener) opener.hidden = signedIn || state === "current";
  }
  byId("guest").hidden = signedIn;
  byId("to-guest").hidden = signedIn;
  byId("who").hidden = !signedIn;
}

/** Brings a step into view and gives it the keyboard: its first empty field, or its heading. */
export function arriveAt(name) {
  const step = document.querySelector(`[data-step="${name}"]`);
  const fields = [...step.querySelectorAll("input:not([type=file])")];
  const field = fields.find((input) => input.offsetParent && !input.value);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  (field ?? step.querySelector("h2")).focus({ preventScroll: true });
  step.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}
