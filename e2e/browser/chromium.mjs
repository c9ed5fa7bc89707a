// Chromium for the tests: one browser a file, a context of its own for each test, pictures into e2e/out.

import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

const OUT = fileURLToPath(new URL("../out/", import.meta.url));

/** Without these a headless Chromium asks the world outside for updates and lists. */
const QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];

export const SCREENS = {
  desk: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

export function launch(...flags) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", ...QUIET, ...flags],
  });
}

/** The flag by which Chromium takes the certificate of a server in dev, once its own authority has vouched for it. */
export async function trusting({ url, data }) {
  const ca = await readFile(join(data, "ca.pem"));
  const socket = connect({ host: "localhost", port: new URL(url).port, ca, servername: "localhost" });
  await once(socket, "secureConnect");
  const key = socket.getPeerX509Certificate().publicKey.export({ type: "spki", format: "der" });
  socket.destroy();
  return `--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`;
}

/** A page, and what went wrong on it: errors of scripts, violations of its policy, requests to anywhere but `origins`. */
export async function open(browser, screen, origins) {
  const context = await browser.newContext({ ...screen, locale: "en-GB", reducedMotion: "reduce" });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // The browser's own line for a refused call, which the tests provoke.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) faults.push(message.text());
  });
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && !origins.includes(origin)) faults.push(`asked ${origin}`);
  });
  return { page, faults, close: () => context.close() };
}

export async function picture(page, name) {
  await mkdir(OUT, { recursive: true });
  // The page's head stays at the top of the window, wherever that is.
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
}
