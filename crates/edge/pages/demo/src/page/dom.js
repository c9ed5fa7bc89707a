// The few things that every part of the page does to the document.

export const byId = (id) => document.getElementById(id);

/** An element: `el("p", { class: "hint", text: "…" }, child, …)`. Attributes that are null or undefined are left out. */
export function el(tag, { text, on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  if (text !== undefined) element.textContent = text;
  element.append(...children.filter(Boolean));
  return element;
}

const resultOf = (step) => document.querySelector(`[data-result="${step}"]`);

/** Says in a step how something went. `kind` is "ok", "refused" (a denial that was to be shown) or "error". */
export function say(step, kind, title, text, opening) {
  resultOf(step).replaceChildren(notice(kind, title, text, opening));
}

export function hush(step) {
  resultOf(step).replaceChildren();
}

export function notice(kind, title, text, opening) {
  return el(
    "p",
    { class: `notice ${kind}`, "data-kind": kind },
    opening && el("span", { text: opening }),
    el("b", { text: title }),
    text && el("span", { text }),
  );
}

/** AWS's name and sentence of an error; for a failure without them, what the browser says. */
export function sayError(step, error) {
  say(step, "error", error.name ?? "Error", error.message || String(error));
}

/** Does `work` with the control switched off, so that it can't be started twice. An error is said in the step. */
export async function busy(control, step, work) {
  if (control.getAttribute("aria-disabled") === "true") return;
  // Not `disabled`, which would take the focus away from the person at the keyboard.
  control.setAttribute("aria-disabled", "true");
  hush(step);
  try {
    await work();
  } catch (error) {
    sayError(step, error);
  } finally {
    control.removeAttribute("aria-disabled");
  }
}

/** Calls `work(fields, button)` when a form is sent with all its fields filled in, as `busy` does. */
export function onSubmit(form, step, work) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const empty = [...form.elements].find((field) => field.required && !field.value.trim());
    if (empty) {
      say(step, "error", "Not yet", `${empty.labels[0].textContent} is empty.`);
      empty.focus();
      return;
    }
    const button = event.submitter ?? form.querySelector("button:not([type])");
    busy(button, step, () => work(Object.fromEntries(new FormData(form)), button));
  });
}

export function onClick(control, step, work) {
  control.addEventListener("click", () => busy(control, step, work));
}

/** Terms and their values: each entry is `[term, value, name for tests]`; a value is text or an element. */
export function pairs(entries) {
  return entries.map(([term, value, test]) =>
    el("div", {}, el("dt", { text: term }), el("dd", { "data-test": test }, value)),
  );
}

/** Makes a button show and hide a secret by turns; `turn(shown)` does it. */
export function revealer(button, name, turn) {
  let shown = false;
  const draw = () => {
    button.textContent = shown ? "Hide" : "Show";
    button.setAttribute("aria-label", `${button.textContent} ${name}`);
    turn(shown);
  };
  button.addEventListener("click", () => {
    shown = !shown;
    draw();
  });
  draw();
}
