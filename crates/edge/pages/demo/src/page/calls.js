// The list of calls that went over the wire, newest first.

import { onCall } from "../aws/observe.js";
import { meaningOf } from "../text/calls.js";
import { byId, el } from "./dom.js";

const KEPT = 24;

export function calls() {
  const list = byId("calls");
  onCall((call) => {
    byId("no-calls").hidden = true;
    list.hidden = false;
    list.prepend(row(call));
    while (list.childElementCount > KEPT) list.lastElementChild.remove();
  });
}

function row(call) {
  const { service, operation, status, error, milliseconds } = call;
  return el(
    "li",
    { "data-operation": operation, "data-status": status, class: status >= 200 && status < 300 ? "went" : "failed" },
    el("span", { class: "operation", text: operation }),
    el("span", { class: "status", text: status || "no answer" }),
    el("span", { class: "where", text: `${service}, ${milliseconds} ms` }),
    error && el("span", { class: "error-name", text: error }),
    el("span", { class: "meaning", text: meaningOf(call) }),
  );
}
