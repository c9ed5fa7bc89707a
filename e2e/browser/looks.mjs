// What is wrong with a page to the eye and to the hand: measured in the page itself.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What does not fit, is cut off, lies on something else, or is too small for a finger. */
export function flaws(page, { forFingers }) {
  return page.evaluate(measured, { forFingers });
}

/** What axe finds, by rule. It comes by the debugger's way, which the page's policy does not hold. */
export async function barriers(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
  return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

/** By the keyboard through all of a page: every control in its order, each with the focus to be seen. Returns what is not so. */
export async function lost(page) {
  const controls = await page.evaluate(numbered);
  const seen = [];
  const wrong = [];
  // A date has more than one place to type in.
  for (let press = 0; press <= 2 * controls.length + 8 && seen.length < controls.length; press++) {
    await page.keyboard.press("Tab");
    const [number, ring] = await page.evaluate(focused);
    if (number === null || seen.includes(number)) continue;
    seen.push(number);
    if (!ring) wrong.push(`the focus is not to be seen on ${controls[number]}`);
  }
  const first = seen.indexOf(Math.min(...seen));
  const order = [...seen.slice(first), ...seen.slice(0, first)];
  for (const [number, control] of controls.entries()) {
    if (!order.includes(number)) wrong.push(`the keyboard does not reach ${control}`);
  }
  if (order.some((number, place) => place && number < order[place - 1])) wrong.push(`in disorder: ${order.map((number) => controls[number])}`);
  return wrong;
}

/** Bytes of the page and of all that it loads. */
export function weight(page) {
  return page.evaluate(() => {
    const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
    return loaded.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0);
  });
}

function numbered() {
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden], [tabindex]), textarea, summary")];
  const visible = controls.filter((control) => control.checkVisibility() && control.getClientRects().length);
  visible.forEach((control, number) => (control.dataset.number = number));
  return visible.map((control) => control.outerHTML.slice(0, 80));
}

function focused() {
  const { activeElement } = document;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(activeElement);
  const ring = (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
  return [activeElement.dataset.number === undefined ? null : Number(activeElement.dataset.number), ring];
}

function measured({ forFingers }) {
  const found = [];
  const called = (element) => `<${element.localName} ${element.className?.baseVal ?? element.className}> ${element.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}`;
  const box = (element) => element.getBoundingClientRect();
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest(".unseen") && box(element).width > 0 && box(element).height > 0;
  const all = [...document.body.querySelectorAll("*")].filter(isSeen);

  // A phone's window grows with what does not fit, the root element does not.
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth - clientWidth;
  if (wide > 0) found.push(`the page scrolls sideways by ${wide} px`);

  const card = box(document.querySelector(".card"));
  for (const element of all) {
    const { left, right, bottom } = box(element);
    const isOut = left < card.left - 0.5 || right > card.right + 0.5 || bottom > card.bottom + 0.5;
    if (isOut && element.closest(".card")) found.push(`sticks out of the card: ${called(element)}`);
    const { overflowX, overflowY } = getComputedStyle(element);
    const isCut =
      (overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1) || (overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1);
    if (isCut && !["input", "textarea"].includes(element.localName) && !element.closest("svg")) found.push(`is cut off: ${called(element)}`);
  }

  const isControl = (element) => element.matches("a[href], button, input:not([type=hidden]), textarea, summary");
  const controls = all.filter(isControl);
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  for (const [place, one] of controls.entries()) {
    for (const other of controls.slice(place + 1)) {
      if (overlap(box(one), box(other))) found.push(`${called(one)} lies on ${called(other)}`);
    }
    // A link in the middle of a sentence is as high as its line.
    if (forFingers && box(one).height < 44 && !one.closest(".legal")) found.push(`${box(one).height.toFixed(1)} px high: ${called(one)}`);
  }

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT, (text) =>
    text.data.trim() && isSeen(text.parentElement) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
  );
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    texts.push(...[...range.getClientRects()].map((rect) => ({ rect, node: walker.currentNode })));
  }
  for (const [place, one] of texts.entries()) {
    const { left, right } = one.rect;
    if (left < 0 || right > clientWidth + 0.5) found.push(`beyond the edge: ${one.node.data.trim()}`);
    for (const other of texts.slice(place + 1)) {
      // Lines may touch: what is above and below the letters is air.
      const air = one.rect.height * 0.2;
      const shrunk = { left, right, top: one.rect.top + air, bottom: one.rect.bottom - air };
      if (one.node !== other.node && overlap(shrunk, other.rect)) found.push(`"${one.node.data.trim()}" lies on "${other.node.data.trim()}"`);
    }
  }
  return [...new Set(found)];
}
