// Every page of hosted login as dev's preview has it: on a phone and at the desk, light and dark, of both designs, in the states that it may be
// in. Each is measured, judged by axe, and photographed into e2e/out/hosted.

import assert from "node:assert/strict";
import { mkdir, readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { makeHosted } from "../node/hosted.mjs";
import { Poolhouse } from "../node/poolhouse.mjs";
import { SCREENS, launch, open } from "./chromium.mjs";
import { barriers, flaws, lost, weight } from "./looks.mjs";

const OUT = fileURLToPath(new URL("../out/hosted/", import.meta.url));
const TEMPLATES = new URL("../../crates/edge/pages/templates/hosted/", import.meta.url);
const SIZES = { desk: { ...SCREENS.desk, viewport: { width: 1280, height: 800 } }, phone: SCREENS.phone };
const SCHEMES = ["light", "dark"];
const HEAVIEST = 30 * 1024;
/** Tabs that work beside each other. */
const HANDS = 3;

let server, browser, names, at;

before(async () => {
  server = await Poolhouse.start();
  // Pages are where passkeys can be: a name, not a number.
  at = `http://localhost:${new URL(server.url).port}/_poolhouse/pages`;
  browser = await launch();
  await mkdir(OUT, { recursive: true });
  const list = await (await fetch(at)).text();
  names = [...list.matchAll(/<strong>([\w-]+)<\/strong>/g)].map(([, name]) => name);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Every page as the preview has it in these words, by `HANDS` at once: nothing may be wrong with any. */
async function everyPage({ design, lang = "en", said = "nothing", query = "", screens = Object.keys(SIZES), schemes = SCHEMES }) {
  const views = screens.flatMap((screen) => names.map((name) => ({ screen, name })));
  const wrong = [];
  const work = async () => {
    const opened = {};
    for (let view = views.shift(); view; view = views.shift()) {
      const { screen, name } = view;
      const { page, faults } = (opened[screen] ??= await preview(screen));
      await page.goto(`${at}/${design}/${lang}/dynamic/${name}?said=${said}&${query}`);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme });
        const called = [design, query && "branded", lang, said, name, screen, colorScheme].filter(Boolean).join("-");
        const judged = await judge(page, { screen, colorScheme, called });
        wrong.push(...judged.map((what) => `${called}: ${what}`));
      }
      wrong.push(...faults.splice(0).map((fault) => `${name}: ${fault}`));
    }
    await Promise.all(Object.values(opened).map(({ close }) => close()));
  };
  await Promise.all(Array.from({ length: HANDS }, work));
  assert.deepEqual(wrong, []);
}

async function preview(screen) {
  const opened = await open(browser, SIZES[screen], [new URL(at).origin]);
  // They would send the page away, or ask for a passkey, before it is seen.
  await opened.page.route("**/{post,hosted}.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await opened.page.route("**/oauth2/idpresponse?*", (route) => route.fulfill({ status: 204 }));
  return opened;
}

async function judge(page, { screen, colorScheme, called }) {
  await page.screenshot({ path: `${OUT}${called}.png`, fullPage: true });
  const wrong = [...(await flaws(page, { forFingers: screen === "phone" })), ...(await barriers(page))];
  if (colorScheme === "light" && screen === "desk") wrong.push(...(await lost(page)));
  const bytes = await weight(page);
  if (bytes > HEAVIEST) wrong.push(`${bytes} bytes`);
  return wrong;
}

test("the preview lists every page that there is", async () => {
  const templates = (await readdir(TEMPLATES)).map((file) => file.replace(".html", "")).filter((name) => !["layout", "parts"].includes(name));
  const listed = new Set(names.map((name) => name.split("-")[0]));
  assert.deepEqual([...listed].sort(), templates.sort());
});

for (const design of ["managed", "classic"]) {
  test(`${design}: every page fits, is readable, small, and reached by the keyboard`, () => everyPage({ design }));

  test(`${design}: every page with something wrong above its form`, () => everyPage({ design, said: "error", screens: ["phone"], schemes: ["dark"] }));

  test(`${design}: every page in a language of long words, when its time was up`, () =>
    everyPage({ design, lang: "de", said: "expired", screens: ["phone"], schemes: ["light"] }));
}

test("a client's own look on every page", async () => {
  const hosted = await makeHosted(server, { pool: { UserPoolTags: { "poolhouse:title": "Harbour Ltd" } } });
  await hosted.admin.idp.createManagedLoginBranding({ UserPoolId: hosted.userPoolId, ClientId: hosted.clientId, ...BRAND });
  await everyPage({ design: "managed", query: `pool=${hosted.userPoolId}&client=${hosted.clientId}`, schemes: ["light"] });
});

test("the list of languages opens within the page", async () => {
  for (const screen of Object.keys(SIZES)) {
    const { page, faults, close } = await preview(screen);
    await page.goto(`${at}/managed/en/light/sign_in`);
    await page.locator("summary").click();
    await page.getByRole("link", { name: "Deutsch" }).waitFor();
    await page.screenshot({ path: `${OUT}managed-languages-${screen}.png` });
    const list = await page.locator(".languages ul").boundingBox();
    const { width, height } = SIZES[screen].viewport;
    assert.ok(list.x >= 0 && list.y >= 0 && list.x + list.width <= width && list.y + list.height <= height, JSON.stringify(list));
    assert.deepEqual(await barriers(page), []);
    await page.getByRole("link", { name: "Deutsch" }).click();
    await page.getByRole("heading", { name: "Anmelden", exact: true }).waitFor();
    assert.deepEqual(faults, []);
    await close();
  }
});

const drawing = (text) => new TextEncoder().encode(text);
const svg = (size, inner) => drawing(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}">${inner}</svg>`);
const asset = (Category, Bytes, ColorMode = "DYNAMIC") => ({ Category, ColorMode, Extension: "SVG", Bytes });

const BRAND = {
  Settings: {
    categories: { global: { pageHeader: { enabled: true }, pageFooter: { enabled: true }, spacingDensity: "COMPACT" }, form: { location: { horizontal: "START" } } },
    componentClasses: { buttons: { borderRadius: 24 }, input: { borderRadius: 2 }, link: { lightMode: { defaults: { textColor: "7a1fa2ff" } } } },
    components: {
      form: { borderRadius: 4, logo: { enabled: true, position: "BOTTOM", location: "START" } },
      pageBackground: { image: { enabled: true }, lightMode: { color: "f6effaff" } },
      pageHeader: { logo: { enabled: true, location: "START" } },
      primaryButton: { lightMode: { defaults: { backgroundColor: "7a1fa2ff" } } },
    },
  },
  Assets: [
    asset("FORM_LOGO", svg("160 40", '<rect width="40" height="40" rx="8" fill="#7a1fa2"/><path d="M52 12h100v16H52z" fill="#888"/>')),
    asset("PAGE_HEADER_LOGO", svg("40 40", '<circle cx="20" cy="20" r="18" fill="#7a1fa2"/>')),
    asset("PAGE_BACKGROUND", svg("100 100", '<path d="M0 100 100 0v100z" fill="#e6d3f0"/>')),
    asset("EMAIL_GRAPHIC", svg("120 80", '<rect x="4" y="4" width="112" height="72" rx="8" fill="none" stroke="#7a1fa2" stroke-width="4"/><path d="M8 12l52 36 52-36" fill="none" stroke="#7a1fa2" stroke-width="4"/>')),
  ],
};
